#include "fit.hpp"

#include <algorithm>
#include <cmath>

#include "conditional.hpp"
#include "likelihood.hpp"
#include "search.hpp"
#include "start.hpp"
#include "window_filter.hpp"

namespace arima {
namespace {

constexpr std::size_t most_settling = 60'000;  // values times states times columns, some 0.3 ms
constexpr double start_limit = 0.97;           // of a partial autocorrelation to start from

double finite_max(std::span<const double> values) {
    double greatest = 0;
    for (const double value : values)
        if (!std::isnan(value)) greatest = std::max(greatest, std::abs(value));
    return greatest;
}

}  // namespace

struct Workspace::Parts final : Search::Objective {
    explicit Parts(const Room& room)
        : exact(room.values, room.ar_terms, room.ma_terms),
          conditional(room.values, std::max(room.ar_terms, room.ma_terms)),
          window(room.ar_terms, room.ma_terms, room.states()),
          start(room.values),
          z(room.values),
          filled(room.values),
          w(room.values) {}

    ExactFilter exact;
    ConditionalFilter conditional;
    WindowFilter window;
    HannanRissanen start;
    Search search;
    std::vector<double> z, filled, w;  // scaled; without holes; differenced
    std::size_t count = 0;             // of z
    std::size_t missing = 0;
    std::size_t left = 0;  // of w
    double center = 0, scale = 1;
    Expanded model;

    // The fit under way.
    Order order;
    bool conditionally = false;

    void fill(std::size_t season);
    void difference_filled(int d, int D, std::size_t season);
    [[nodiscard]] std::span<const double> differenced() const {
        return std::span<const double>(w).first(left);
    }
    [[nodiscard]] std::span<const double> scaled() const { return std::span<const double>(z).first(count); }

    Likelihood likelihood(std::span<const double> coefficients);
    double operator()(std::span<const double> coefficients) override;
    void find(const Effort& effort);
};

// ---- Values ---------------------------------------------------------------------------------------------

void Workspace::Parts::fill(std::size_t season) {
    std::copy_n(z.begin(), count, filled.begin());
    if (missing == 0) return;
    for (std::size_t t = 0; t < count; ++t) {
        if (!std::isnan(z[t])) continue;
        const bool before = season > 1 && t >= season && !std::isnan(z[t - season]);
        const bool after = season > 1 && t + season < count && !std::isnan(z[t + season]);
        if (before || after) {
            filled[t] =
                before && after ? (z[t - season] + z[t + season]) / 2 : z[before ? t - season : t + season];
            continue;
        }
        std::size_t next = t;  // a straight line; z[0] is there
        while (next < count && std::isnan(z[next])) ++next;
        filled[t] = next == count
                        ? filled[t - 1]
                        : filled[t - 1] + (z[next] - filled[t - 1]) / static_cast<double>(next - t + 1);
    }
}

void Workspace::Parts::difference_filled(int d, int D, std::size_t season) {
    fill(season);
    std::copy_n(filled.begin(), count, w.begin());
    left = count;
    for (int i = 0; i < D; ++i) left = difference(std::span(w).first(left), season);
    for (int i = 0; i < d; ++i) left = difference(std::span(w).first(left), 1);
}

// ---- Search ---------------------------------------------------------------------------------------------

Likelihood Workspace::Parts::likelihood(std::span<const double> coefficients) {
    const bool gaps = missing > 0 && !conditionally && order.states() <= Workspace::exact_gaps;
    model.set(order, coefficients, 0, gaps);
    if (conditionally) return conditional(differenced(), model.ar(), model.ma(), order.constant != 0);
    if (gaps) return window(scaled(), model, order.constant != 0);
    return exact(differenced(), model.ar(), model.ma(), order.constant != 0);
}

// Minus the log-likelihood at the best mean and variance, but for a constant.
double Workspace::Parts::operator()(std::span<const double> coefficients) {
    const Likelihood result = likelihood(coefficients);
    if (!std::isfinite(result.squares) || result.count == 0) return Search::worst;
    const double n = static_cast<double>(conditionally ? left : result.count);
    const double value = 0.5 * (n * std::log(std::max(result.variance(), 1e-300)) + result.log_determinant);
    return std::isfinite(value) ? value : Search::worst;
}

void Workspace::Parts::find(const Effort& effort) {
    search.begin(order, *this, effort.max_evaluations);
    if (order.coefficients() == 0) {
        search.judge({});
        return;
    }
    const bool continues = effort.last && effort.last->order == order;
    if (effort.only_last && continues) return search.only(numbers_of(order, effort.last->coefficients));
    if (effort.start > 0) return search.only(search.start(effort.start));
    Vector guess{};
    guess.fill(0.1);
    const bool guessed = start(differenced(), order, guess);
    if (guessed) guess = numbers_of_partials(order, guess, start_limit);
    if (continues && search.nearby(numbers_of(order, effort.last->coefficients), guessed ? &guess : nullptr))
        return;
    search.widely(guess, effort.descents);
}

// ---- Workspace ------------------------------------------------------------------------------------------

Workspace::Workspace(const Room& room) : parts_(std::make_unique<Parts>(room)) {}
Workspace::~Workspace() = default;

void Workspace::load(std::span<const double> values) {
    Parts& parts = *parts_;
    parts.count = values.size();
    const double greatest = finite_max(values);
    const double unit = greatest > 0 ? greatest : 1;
    double sum = 0;
    std::size_t there = 0;
    for (const double value : values)
        if (!std::isnan(value)) sum += value / unit, ++there;
    parts.missing = values.size() - there;
    const double middle = there > 0 ? sum / static_cast<double>(there) : 0;
    double squares = 0;  // of changes between neighbours, or of values where there are none
    std::size_t changes = 0;
    for (std::size_t i = 1; i < values.size(); ++i) {
        const double change = values[i] / unit - values[i - 1] / unit;
        if (!std::isnan(change)) squares += change * change, ++changes;
    }
    double spread = changes > 0 ? std::sqrt(squares / static_cast<double>(changes)) : 0;
    if (!(spread > 1e-14)) spread = 1;
    parts.center = middle * unit;
    parts.scale = std::max(spread * unit, std::numeric_limits<double>::min());
    for (std::size_t i = 0; i < values.size(); ++i)
        parts.z[i] = (values[i] / unit - middle) * (unit / parts.scale);
}

std::span<const double> Workspace::differenced(int d, int D, int season) {
    parts_->difference_filled(d, D, static_cast<std::size_t>(season));
    return parts_->differenced();
}

Fit Workspace::fit(const Order& order, const Effort& effort) {
    Parts& parts = *parts_;
    parts.order = order;
    parts.conditionally = effort.conditional;
    parts.difference_filled(order.d, order.D, static_cast<std::size_t>(order.season));

    Fit fit;
    fit.order = order;
    fit.center = parts.center, fit.scale = parts.scale;
    const auto w = parts.differenced();
    if (w.empty()) return fit;
    const auto [least, greatest] = std::minmax_element(w.begin(), w.end());
    const double size = std::max(finite_max(parts.scaled()), 1.0);
    if (*greatest - *least <= 1e-12 * size) {  // nothing to search
        fit.mean = order.constant != 0 ? (*least + *greatest) / 2 : 0;
        fit.values = static_cast<std::uint32_t>(w.size());
        return fit;
    }
    parts.find(effort);
    fit.coefficients = parts.search.best();
    const Likelihood result = parts.likelihood(std::span(fit.coefficients).first(order.coefficients()));
    fit.evaluations = parts.search.evaluations() + 1;
    if (!std::isfinite(result.squares) || result.count == 0) return fit;
    fit.mean = result.mean;
    fit.variance = result.variance();
    fit.values = static_cast<std::uint32_t>(effort.conditional ? parts.left : result.count);
    const auto n = static_cast<double>(fit.values);
    const auto k = static_cast<double>(order.estimated());
    Likelihood counted = result;
    if (effort.conditional) counted.count = parts.left, counted.squares = fit.variance * n;
    fit.log_likelihood = counted.log_likelihood() - n * std::log(fit.scale);
    if (n > k + 1) fit.aicc = -2 * fit.log_likelihood + 2 * k + 2 * k * (k + 1) / (n - k - 1);
    return fit;
}

void Workspace::settle(const Fit& fit, Shocks& state, bool quickly) {
    Parts& parts = *parts_;
    const auto numbers = std::span(fit.coefficients).first(fit.order.coefficients());
    const std::size_t work = parts.count * fit.order.states() * fit.order.arma_states();
    const bool roughly = quickly && work > most_settling;
    if (parts.missing == 0 || roughly) {
        parts.difference_filled(fit.order.d, fit.order.D, static_cast<std::size_t>(fit.order.season));
        parts.model.set(fit.order, numbers, fit.mean);
        for (std::size_t t = 0; t < parts.left; ++t) parts.w[t] -= fit.mean;
        parts.exact(parts.differenced(), parts.model.ar(), parts.model.ma(), false);
        if (parts.exact.settled() || roughly) {
            const std::size_t r = parts.model.process.arma;
            state.count = 0;
            parts.exact.next_state(0, {state.mean, r});
            for (std::size_t i = 0; i < parts.model.process.lags; ++i)
                state.mean[r + i] = parts.filled[parts.count - 1 - i];
            return;
        }
    }
    parts.model.set(fit.order, numbers, fit.mean);
    parts.window(parts.scaled(), parts.model, false);
    parts.window.copy(parts.model.process, state);
}

Fit fit(std::span<const double> values, const Order& order, Workspace& workspace, const Effort& effort) {
    workspace.load(values);
    return workspace.fit(order, effort);
}

}  // namespace arima
