#include "round.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "bench.hpp"
#include "model.hpp"

namespace arima {
namespace {

constexpr double expensive = 8;              // a pass of the exact likelihood that costs more
constexpr std::uint32_t starts = 7;          // of a given order
constexpr std::uint32_t least_steps = 3;     // gradients of a piece
constexpr std::uint32_t enough = 600;        // passes for a challenger
constexpr std::uint32_t most_at_once = 600;  // passes of a piece

bool same_differences(const Order& a, const Order& b) { return a.d == b.d && a.D == b.D; }

}  // namespace

void Model::begin(State& state) const {
    Round& round = state.round;
    const bool first = state.fitted == 0;
    const bool whole =
        first || state.window.filled >= 2 * std::uint64_t{state.searched} || state.has_changed(state.fit);
    if (round.under_way() && (!whole || round.whole != 0)) return;
    const bool test = !settings_.order && (whole || state.refits >= State::search_after);
    const auto [bounds, next] = std::pair{round.bounds, whole ? 0 : round.next};
    round = {};
    round.bounds = bounds;
    round.next = next;
    round.present = first ? 0 : 1;
    round.tests = test ? 1 : 0;
    round.whole = whole ? 1 : 0;
    round.left = !whole ? 1 : settings_.order ? starts : OrderSearch::move_count;
    ++state.fits;
    state.refits = test ? 0 : state.refits + 1;
    if (whole) state.searched = state.window.filled;
    if (first) state.schedule.since = state.budget.offset(settings_.refit_every);
}

void Model::go_on(State& state, std::span<double> tail) const {
    const double share = settings_.budget;
    if (!state.budget.earn(share)) return;
    const auto bench = benches_->borrow();
    const std::uint32_t filled = state.window.filled;
    state.window.copy(tail.first(settings_.window), bench->values.data());
    const auto values = std::span<const double>(bench->values).first(filled);
    const auto known = static_cast<std::size_t>(
        std::count_if(values.begin(), values.end(), [](double value) { return !std::isnan(value); }));
    const bool gaps = known < filled;
    bench->workspace.load(values);
    state.budget.spend(piece_cost(filled), share);
    while (state.budget.credit > 0) {
        if (state.round.tests != 0) {
            const bool season = settings_.search.season > 1;
            if (test_cost(filled, season) > share && std::exchange(state.round.spread, 1u) == 0)
                state.budget.spread(test_cost(filled, season), share);
            else
                state.budget.spend(test_differences(state, *bench), share);
            continue;
        }
        if (!choose_next(state, bench->search, known)) break;
        const Order& order = state.round.trial.order;
        const bool holes = gaps && order.states() <= Workspace::exact_gaps;
        const double each = pass_cost(order, filled, false, holes);
        const bool conditional = state.round.present == 0 && each > expensive;
        const double least = least_steps * static_cast<double>(order.coefficients() + 1) *
                             (conditional ? pass_cost(order, filled, true, false) : each);
        if (least > share && std::exchange(state.round.spread, 1u) == 0)
            state.budget.spread(least, share);
        else
            state.budget.spend(try_piece(state, tail, *bench, holes), share);
    }
    if (!state.round.under_way() && state.fitted != 0 && state.round.whole != 0) {
        state.searched_deviation = state.fit.deviation();
        state.round.whole = 0;
    }
}

double Model::test_differences(State& state, Bench& bench) const {
    Round& round = state.round;
    round.tests = 0;
    round.bounds = bench.search.bounds(bench.workspace);
    if (state.fitted != 0 && !same_differences(round.bounds.base, state.fit.order)) {
        round.whole = 1;
        round.next = 0;
        round.begun = 0;
        round.left = OrderSearch::move_count;
        round.present = 0;
    }
    return test_cost(state.window.filled, settings_.search.season > 1);
}

// Sees to it that someone is being tried. False: the fit is over.
bool Model::choose_next(State& state, const OrderSearch& search, std::size_t values) const {
    Round& round = state.round;
    if (round.trying != 0) return true;
    round.evaluations = 0;
    round.trial = {};
    const bool other = settings_.order && !(reduced(*settings_.order, values) == state.fit.order);
    if (round.present != 0 && state.fitted != 0 && !other) {
        round.trial = state.fit;
        round.trying = 1;
        return true;
    }
    round.present = 0;
    if (round.left > 0 && round.all_evaluations < settings_.max_evaluations) {
        if (settings_.order) {
            --round.left;
            round.trial.order = reduced(*settings_.order, values);
            round.trying = 1;
        } else {
            round.trying = choose_order(state, search) ? 1 : 0;
        }
    }
    if (round.trying == 0) round.left = 0;
    return round.trying != 0;
}

bool Model::choose_order(State& state, const OrderSearch& search) {
    Round& round = state.round;
    while (round.whole != 0 && round.begun < OrderSearch::first_count) {
        round.trial.order = search.first(round.bounds, round.begun++);
        if (search.within(round.bounds, round.trial.order)) return true;
    }
    if (state.fitted == 0) {  // nothing to go on from
        round.trial.order = round.bounds.base;
        return round.left-- == OrderSearch::move_count;
    }
    while (round.left > 0) {
        --round.left;
        const std::uint32_t move = round.next++ % OrderSearch::move_count;
        round.trial.order = search.moved(state.fit.order, move);
        if (!(round.trial.order == state.fit.order) && search.within(round.bounds, round.trial.order))
            return true;
    }
    return false;
}

// Improves who is being tried by a few passes.
double Model::try_piece(State& state, std::span<double> tail, Bench& bench, bool gaps) const {
    Round& round = state.round;
    const Order order = round.trial.order;
    const std::size_t filled = state.window.filled;
    Effort effort;
    const bool same = round.present != 0 || round.evaluations > 0;
    effort.conditional = round.present == 0 && pass_cost(order, filled, false, gaps) > expensive;
    effort.descents = 1;
    if (same) effort.last = &round.trial, effort.only_last = true;
    // The starts of a given order; the first is the guess.
    if (!same && settings_.order) effort.start = round.next++ % starts;
    const double each = pass_cost(order, filled, effort.conditional, gaps);
    const double guess = same ? 0 : guess_cost(order, filled);
    const auto step = static_cast<double>(order.coefficients() + 1);
    effort.max_evaluations = static_cast<std::uint32_t>(
        std::clamp((static_cast<double>(state.budget.credit) - guess) / each, least_steps * step,
                   std::max(least_steps * step, static_cast<double>(most_at_once))));
    const Fit before = round.trial;
    if (effort.last) effort.last = &before;
    const Fit fit = bench.workspace.fit(order, effort);
    state.evaluations += fit.evaluations;
    round.evaluations += fit.evaluations;
    round.all_evaluations += fit.evaluations;
    double cost = guess + each * (fit.evaluations + 2);
    // A descent that ended by itself, by its tolerance.
    const bool done = fit.evaluations <= effort.max_evaluations || round.evaluations >= enough;
    round.trial = fit;
    if (done || state.fitted == 0) cost += judge(state, tail, fit, bench, gaps);
    if (done) round.trying = round.present = 0;
    return cost;
}

// Takes the fit into use if it is better than what is.
double Model::judge(State& state, std::span<double> tail, Fit fit, Bench& bench, bool gaps) const {
    Round& round = state.round;
    const std::size_t filled = state.window.filled;
    double cost = 0;
    const auto exact = [&](const Fit& of) {
        Effort effort;
        effort.max_evaluations = 1;
        effort.last = &of;
        effort.only_last = true;
        cost += 3 * pass_cost(of.order, filled, false, gaps);
        return bench.workspace.fit(of.order, effort);
    };
    const bool challenges = state.fitted != 0 && round.present == 0;
    if (fit.values == 0) return cost;
    if (round.present == 0) fit = exact(fit);
    if (challenges) {
        if (!settings_.order && !OrderSearch::is_safe(fit)) return cost;
        const bool comparable =
            settings_.order ? fit.order == state.fit.order : same_differences(fit.order, state.fit.order);
        if (comparable) {
            const Fit present = exact(state.fit);
            const double margin = round.whole != 0 || settings_.order ? 0 : OrderSearch::margin;
            if (!(fit.aicc < present.aicc - margin)) return cost;
        }
        if (!settings_.order && round.whole != 0 && round.all_evaluations < settings_.max_evaluations)
            round.left = OrderSearch::move_count, round.next = 0;
    }
    adopt(state, tail, fit, bench);
    return cost + 3 * pass_cost(fit.order, filled, false, gaps);
}

}  // namespace arima
