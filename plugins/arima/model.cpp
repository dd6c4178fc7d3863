#include "model.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"

#include "bench.hpp"
#include "process.hpp"

namespace arima {
namespace {

constexpr std::uint32_t most_columns = 16;
constexpr std::uint64_t furthest = 2000;   // steps ahead; later ones are forecast as this one
constexpr double greatest_scaled = 1e100;  // so that no square of a state overflows

double clamped(double value) { return std::min(std::max(value, -greatest_scaled), greatest_scaled); }

bool within(std::int32_t value, std::int32_t most) { return value >= 0 && value <= most; }

Room room_for(const Settings& settings) {
    if (!settings.order) return room_for(settings.search, settings.window);
    const Order& order = *settings.order;
    return {settings.window, order.ar_length(), order.ma_length(), order.lags()};
}

}  // namespace

Model::Model(const Settings& settings) : settings_(settings), room_(room_for(settings)) {
    if (room_.states() > max_states)
        throw std::invalid_argument("the order needs " + std::to_string(room_.states()) +
                                    " states, expected at most " + std::to_string(max_states) +
                                    ": take a shorter season, or a smaller seasonal order");
    capacity_ = std::min(static_cast<std::uint32_t>(room_.states()) + 1, most_columns);
    settings_.search.max_evaluations = settings_.max_evaluations;
    benches_ = std::make_unique<fitting::Pool<Bench>>(
        [this_settings = settings_, room = room_] { return std::make_unique<Bench>(this_settings, room); });
    const std::size_t numbers = room_.states() * (capacity_ + 2);
    aheads_ = std::make_unique<fitting::Pool<Ahead>>(
        [numbers] { return std::make_unique<Ahead>(Ahead{std::vector<double>(numbers)}); });
}

Model::~Model() = default;

std::size_t Model::tail_length() const { return settings_.window + room_.states() * (capacity_ + 1); }

// Bytes that are no state of this model must not lead outside of its memory.
bool Model::sound(const State& state) const {
    return state.window.next < settings_.window && state.window.filled <= settings_.window &&
           (state.fitted == 0 || (has_room(state.fit.order) && state.columns <= capacity_)) &&
           (state.round.trying == 0 || has_room(state.round.trial.order));
}

bool Model::has_room(const Order& order) const {
    constexpr auto most = static_cast<std::int32_t>(max_states);
    return within(order.p, most) && within(order.q, most) && within(order.P, most) && within(order.Q, most) &&
           within(order.d, most) && within(order.D, most) && order.season >= 1 && order.season <= most &&
           order.coefficients() <= max_terms && order.ar_length() <= room_.ar_terms &&
           order.ma_length() <= room_.ma_terms && order.lags() <= room_.lags;
}

double Model::seen_at(const State& state, std::span<const double> tail, std::int64_t step) const {
    const std::uint64_t behind = numerics::steps_between(step, state.window.last_step);
    if (!sound(state) || behind >= state.window.filled) return numerics::unknown;
    return state.window.back(tail.first(settings_.window), behind);
}

bool Model::ready(const State& state) const { return sound(state) && !std::isnan(state.last); }

// The filter's state in `numbers`, which holds room for mean and columns.
Shocks Model::shocks(const State& state, double* numbers) const {
    return {numbers, numbers + room_.states(), state.columns, capacity_};
}

Model::Lookout::Lookout(const Model& model, const State& state, std::span<const double> tail,
                        std::int64_t first_step)
    : state_(state),
      wanted_(std::max<std::uint64_t>(numerics::steps_between(state.window.last_step, first_step), 1)),
      fitted_(false),
      ready_(model.ready(state)) {
    fitted_ = ready_ && state.fitted != 0;
    if (!fitted_) return;
    expanded_.set(state.fit.order, std::span(state.fit.coefficients).first(state.fit.order.coefficients()),
                  state.fit.mean);
    ahead_.emplace(*model.aheads_);
    double* const numbers = (*ahead_)->numbers.data();
    const Process& process = expanded_.process;
    const std::size_t n = process.states(), room = model.room_.states();
    shocks_ = model.shocks(state, numbers);
    const auto kept = tail.subspan(model.settings_.window);
    std::copy_n(kept.begin(), n, shocks_.mean);
    std::copy_n(kept.begin() + static_cast<std::ptrdiff_t>(room), n * state.columns, shocks_.columns);
    newest_ = numbers + room * (model.capacity_ + 1);
    std::copy_n(process.shock, process.arma, newest_);
    std::fill_n(newest_ + process.arma, process.lags, 0.0);
}

Expected Model::Lookout::next() {
    const std::uint64_t steps = wanted_++;
    if (!ready_) return {numerics::unknown, numerics::unknown};
    if (!fitted_) return {state_.last, state_.changes.deviation(static_cast<double>(steps))};
    ShockFilter filter(expanded_.process, shocks_);
    for (; done_ < std::min(steps, furthest); ++done_) {
        filter.look_ahead(newest_);
        const double weight = filter.seen(newest_);
        later_ += weight * weight;
    }
    const double sigma = std::sqrt(state_.fit.unbiased_variance()) * state_.fit.scale;
    const Expected result{
        numerics::saturate(state_.fit.center + clamped(filter.expected()) * state_.fit.scale),
        numerics::saturate(sigma * std::sqrt(filter.variance() + later_))};
    if (std::isnan(result.mean) || std::isnan(result.deviation)) return {state_.last, numerics::unknown};
    return result;
}

void Model::learn(State& state, std::span<double> tail, std::int64_t step, double value) const {
    if (!sound(state)) state.clear();
    const auto slots = tail.first(settings_.window);
    if (numerics::steps_between(step, state.window.last_step) < state.window.filled) {
        state.window.push_local(slots, step, value);
        return;
    }
    if (!std::isnan(state.last)) {
        const std::uint64_t steps =
            std::max<std::uint64_t>(numerics::steps_between(state.window.last_step, step), 1);
        state.changes.learn(numerics::saturate(value - state.last), static_cast<double>(steps));
        if (steps > slots.size()) {  // nothing in the window is of use any more
            const State before = state;
            state.clear();
            state.changes = before.changes, state.fits = before.fits, state.evaluations = before.evaluations;
        } else if (state.fitted != 0) {
            filter(state, tail, steps, value);
        }
    }
    state.window.push(slots, step, value);
    state.last = value;
    const bool due = state.schedule.tick(settings_.min_samples, settings_.refit_every, state.fitted != 0);
    if (settings_.budget == 0) {
        if (due) refit(state, tail);
        return;
    }
    if (due) begin(state);
    if (state.round.under_way()) go_on(state, tail);
}

// Takes the filter over the lost steps to the value.
void Model::filter(State& state, std::span<double> tail, std::uint64_t steps, double value) const {
    Expanded model;
    model.set(state.fit.order, std::span(state.fit.coefficients).first(state.fit.order.coefficients()),
              state.fit.mean);
    Shocks numbers = shocks(state, tail.data() + settings_.window);
    ShockFilter filter(model.process, numbers);
    for (std::uint64_t lost = 1; lost < steps; ++lost) filter.skip();
    filter.learn(clamped((value / state.fit.scale) - state.fit.center / state.fit.scale));
    state.columns = numbers.count;
}

void Model::refit(State& state, std::span<double> tail) const {
    const auto bench = benches_->borrow();
    const std::uint32_t filled = state.window.filled;
    state.window.copy(tail.first(settings_.window), bench->values.data());
    bench->workspace.load(std::span<const double>(bench->values).first(filled));
    bool search_again = state.fitted == 0 || state.refits >= State::search_after ||
                        filled >= 2 * std::uint64_t{state.searched};
    Fit fitted = fit(state, *bench, search_again);
    state.evaluations += fitted.evaluations;
    if (!search_again && state.has_changed(fitted)) {
        search_again = true;
        fitted = fit(state, *bench, search_again);
        state.evaluations += fitted.evaluations;
    }
    ++state.fits;
    state.refits = search_again ? 0 : state.refits + 1;
    if (search_again) state.searched = filled, state.searched_deviation = fitted.deviation();
    adopt(state, tail, fitted, *bench);
}

void Model::adopt(State& state, std::span<double> tail, const Fit& fitted, Bench& bench) const {
    state.fitted = 0;
    if (fitted.values == 0 || !std::isfinite(fitted.mean) || !std::isfinite(fitted.variance)) return;

    state.fit = fitted;
    state.reduced = settings_.order && !(*settings_.order == fitted.order) ? 1 : 0;
    Shocks numbers = shocks(state, tail.data() + settings_.window);
    bench.workspace.settle(fitted, numbers, settings_.budget > 0);
    state.columns = numbers.count;
    const auto finite = [](double number) { return std::isfinite(number); };
    if (std::all_of(numbers.mean, numbers.mean + fitted.order.states(), finite)) state.fitted = 1;
}

Fit Model::fit(const State& state, Bench& bench, bool search_again) const {
    const Fit* const last = state.fitted != 0 ? &state.fit : nullptr;
    if (!settings_.order && search_again) return bench.search(bench.workspace, last);
    Effort effort;
    effort.max_evaluations = settings_.max_evaluations;
    std::size_t values = 0;
    for (const double value : std::span(bench.values).first(state.window.filled))
        if (!std::isnan(value)) ++values;
    const Order order = reduced(settings_.order ? *settings_.order : state.fit.order, values);
    if (!search_again) effort.last = last;
    return bench.workspace.fit(order, effort);
}

Order Model::reduced(Order order, std::size_t values) {
    const auto season = static_cast<std::size_t>(order.season);
    if (order.season > 1 && values < 2 * season + 2 && order.P + order.D + order.Q > 0)
        order.P = order.D = order.Q = 0, order.season = 1;
    const auto fits = [&] {
        return values >= order.lags() + order.estimated() + 3 &&
               values >= order.lags() + std::max(order.ar_length(), order.ma_length()) + 3;
    };
    while (!fits()) {
        if (order.P + order.Q > 0)
            order.P = std::max(order.P - 1, 0), order.Q = std::max(order.Q - 1, 0);
        else if (order.p + order.q > 0)
            (order.p > order.q ? order.p : order.q) -= 1;
        else if (order.D > 0)
            order.D = 0;
        else if (order.d > 1)
            --order.d;
        else
            break;
    }
    if (order.P + order.D + order.Q == 0) order.season = 1;
    return order;
}

}  // namespace arima
