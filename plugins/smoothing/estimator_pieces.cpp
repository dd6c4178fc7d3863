// Fits of the estimator in pieces: see round.hpp.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "estimator.hpp"

namespace smoothing {

void Estimator::begin(Estimate& estimate, bool afresh) const {
    Round& round = estimate.round;
    const bool young = estimate.schedule.points < 2 * settings_.window;
    const bool whole = afresh || young || !estimate.fitted();
    if (round.under_way() && (!whole || round.whole != 0)) return;
    const bool first = !estimate.fitted();
    const std::uint32_t next = whole ? 0 : round.next;
    round = {};
    round.next = next;
    round.left = whole ? challengers_.at_first() : 1;
    round.whole = whole ? 1 : 0;
    round.first = first ? 1 : 0;
    round.present = first ? 0 : 1;
    if (!first) return;
    estimate.schedule.since =
        estimate.budget.offset(fitting::sooner_while_young(settings_.refit_every, estimate.schedule));
}

void Estimator::go_on(Estimate& estimate, Line& line, Seasons seasons, std::span<const double> slots,
                      std::int64_t step) const {
    const double share = settings_.budget;
    if (!estimate.budget.earn(share)) return;
    const auto workspace = workspaces_.borrow();
    estimate.window.copy(slots, workspace->values.data());
    const auto values = std::span<const double>(workspace->values).first(estimate.window.filled);
    workspace->take(values);
    const Piece piece{estimate, line, seasons, step, *workspace, values};
    estimate.budget.spend(piece_cost(values.size()), share);
    while (estimate.budget.credit > 0 && choose_next(estimate, workspace->fitter)) {
        const double least = work_of(estimate.round.form, values.size()).at_least();
        if (least > share && std::exchange(estimate.round.spread, 1u) == 0)
            estimate.budget.spread(least, share);
        else
            estimate.budget.spend(try_piece(piece), share);
    }
}

bool Estimator::may_be_tried(const Form& form, const Fitter& fitter) const {
    const bool costly = form.has_season() && !form.linear() && !settings_.requested.season &&
                        fitter.observed() * settings_.season_length > most_curved_work;
    return fitter.fits(form) && !costly;
}

// Sees to it that someone is being tried. False: the fit is over.
bool Estimator::choose_next(Estimate& estimate, const Fitter& fitter) const {
    Round& round = estimate.round;
    if (round.trying != 0 && may_be_tried(round.form, fitter)) return true;
    round.trying = 0;
    round.evaluations = 0;
    if (round.present != 0 && fitter.fits(estimate.form)) {
        round.form = estimate.form;
        round.best = estimate.weights;
        round.trying = 1;
        return true;
    }
    round.present = 0;
    std::uint32_t passed = 0;
    while (round.left > 0 && round.all_evaluations < settings_.max_evaluations) {
        const std::uint32_t place = round.next % challengers_.count();
        Form form = challengers_.form(place);
        bool fits = may_be_tried(form, fitter);
        while (!fits && !settings_.requested.chooses() && make_plainer(form))
            fits = may_be_tried(form, fitter);
        round.next = (place + 1) % challengers_.count();
        if (!fits) {
            if (round.whole != 0 || ++passed >= challengers_.count()) --round.left;
            continue;
        }
        --round.left;
        round.form = form;
        round.best = challengers_.start(place);
        round.trying = 1;
        return true;
    }
    const std::uint32_t next = round.next;
    round = {};
    round.next = next;
    return false;
}

FitOptions Estimator::options_from(const Weights& start) const {
    FitOptions options;
    options.given = settings_.given;
    if (settings_.requested.chooses()) options.region = SearchBox::Region::usual;
    options.start = &start;
    return options;
}

// Improves who is being tried by a few evaluations. Returns what that cost.
double Estimator::try_piece(const Piece& piece) const {
    Estimate& estimate = piece.estimate;
    Round& round = estimate.round;
    constexpr double most = 60;                                       // evaluations of a piece
    const std::uint32_t enough = settings_.horizon > 0 ? 60u : 100u;  // of a challenger
    const Work work = work_of(round.form, piece.values.size());
    FitOptions options = options_from(round.best);
    options.first_step /=
        1 + round.evaluations / work.least;  // a search goes on as it was left, more or less
    const double affordable = (static_cast<double>(estimate.budget.credit) - work.begin) / work.each;
    options.max_evaluations = static_cast<std::uint32_t>(std::clamp(affordable, work.least, most));
    const Fit fit = piece.workspace.fit(round.form, options, piece.workspace.season);
    double cost = work.begin + work.each * fit.evaluations;
    fitting::add(estimate.evaluations, fit.evaluations);
    fitting::add(round.evaluations, fit.evaluations);
    fitting::add(round.all_evaluations, fit.evaluations);
    const bool done = !fit.found || fit.evaluations < options.max_evaluations || round.evaluations >= enough;
    if (fit.found) {
        round.best = fit.weights;
        if (done || !estimate.fitted()) cost += judge(piece, fit);
    }
    if (done) round.trying = round.present = 0;
    return cost;
}

// Takes the fit into use if it is better than what is. Returns what that cost.
double Estimator::judge(const Piece& piece, const Fit& fit) const {
    Estimate& estimate = piece.estimate;
    const Fitter& fitter = piece.workspace.fitter;
    double cost = 0;
    if (estimate.fitted() && estimate.round.present == 0 && fitter.fits(estimate.form)) {
        FitOptions options = options_from(estimate.weights);
        options.max_evaluations = 2;  // one would leave it no place
        const Fit present = piece.workspace.fit(estimate.form, options, piece.workspace.scratch);
        const Work work = work_of(estimate.form, piece.values.size());
        cost = work.begin + 2 * work.each;
        const double margin = estimate.round.first != 0 ? 0 : hysteresis;
        if (present.found &&
            charged_aicc(present) - (present.form == fit.form ? 0 : margin) <= charged_aicc(fit))
            return cost;
    }
    if (!estimate.fitted() || estimate.round.present != 0) fitting::add(estimate.fits, 1);
    adopt(piece, fit);
    return cost;
}

}  // namespace smoothing
