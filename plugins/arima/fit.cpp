#include "fit.hpp"

#include <nlopt.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

#include "conditional.hpp"
#include "likelihood.hpp"
#include "start.hpp"
#include "window_filter.hpp"

namespace arima {
namespace {

constexpr double greatest_x = 500;     // partial autocorrelations up to 1 - 2e-6
constexpr double step = 1e-6;          // of the differences that make a gradient
constexpr double start_limit = 0.97;   // of a partial autocorrelation to start from
constexpr std::size_t exact_gaps = 12;  // states up to which a window with holes is fitted exactly
constexpr std::uint32_t scattered = 32;  // points
constexpr std::uint32_t max_descents = 16;
constexpr double coarse = 1e-3, usual = 1e-4, fine = 1e-5;  // of a log-likelihood, where a descent ends
constexpr double worst = 1e10;       // of what cannot be judged
constexpr double least_apart = 0.3;  // of points to descend from: of their partial autocorrelations


using Vector = std::array<double, max_terms>;

struct FreeOptimizer {
    void operator()(nlopt_opt optimizer) const { nlopt_destroy(optimizer); }
};

// The i-th number of the Halton sequence of this base, in (0, 1).
double halton(std::uint32_t i, std::uint32_t base) {
    double result = 0, fraction = 1;
    for (; i > 0; i /= base) {
        fraction /= base;
        result += fraction * (i % base);
    }
    return result;
}
constexpr std::array<std::uint32_t, 12> primes{2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};

double distance(const Vector& a, const Vector& b, std::size_t n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double difference = to_partial(a[i]) - to_partial(b[i]);
        sum += difference * difference;
    }
    return std::sqrt(sum);
}

double finite_max(std::span<const double> values) {
    double greatest = 0;
    for (const double value : values)
        if (!std::isnan(value)) greatest = std::max(greatest, std::abs(value));
    return greatest;
}

}  // namespace

struct Workspace::Parts {
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
    std::vector<double> z, filled, w;  // scaled; without holes; differenced
    std::size_t count = 0;             // of z
    std::size_t missing = 0;
    std::size_t left = 0;  // of w
    double center = 0, scale = 1;
    Expanded model;
    std::array<std::unique_ptr<nlopt_opt_s, FreeOptimizer>, max_terms + 1> optimizers;

    struct Point {
        Vector x;
        double value;
    };
    std::array<Point, scattered> points;

    // The fit under way.
    Order order;
    bool conditionally = false;
    std::uint32_t evaluations = 0, budget = 0;
    Vector best{};
    double best_value = 0;
    nlopt_opt running = nullptr;

    void fill(std::size_t season);
    void difference_filled(int d, int D, std::size_t season);
    [[nodiscard]] bool by_window() const { return missing > 0 && order.states() <= exact_gaps; }

    [[nodiscard]] Coefficients coefficients(std::span<const double> x) const;
    Likelihood likelihood(std::span<const double> coefficients);
    double objective(std::span<const double> x);
    void descend(Vector x, double tolerance, std::uint32_t evaluations_at_most);
    void begin_at_last(const Fit& last);
    void search(const Effort& effort);
    void nearly_cancel(Vector& x) const;
    void scatter(std::size_t n);
    void descend_on_the_circle();
    [[nodiscard]] Vector roots_near_one() const;
    bool refined(const Effort& effort);
    static double nlopt_objective(unsigned n, const double* x, double* gradient, void* self);
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
            filled[t] = before && after ? (z[t - season] + z[t + season]) / 2 : z[before ? t - season : t + season];
            continue;
        }
        std::size_t next = t;  // a straight line; z[0] is there
        while (next < count && std::isnan(z[next])) ++next;
        filled[t] = next == count ? filled[t - 1]
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

// x of the order's parts to its coefficients.
Coefficients Workspace::Parts::coefficients(std::span<const double> x) const {
    Coefficients result{};
    for (std::size_t i = 0; i < x.size(); ++i) result[i] = to_partial(x[i]);
    std::size_t first = 0;
    for (const auto& [length, sign] : {std::pair{order.p, 1.0}, {order.q, -1.0}, {order.P, 1.0}, {order.Q, -1.0}}) {
        const auto part = std::span(result).subspan(first, static_cast<std::size_t>(length));
        from_partials(part);
        for (double& value : part) value *= sign;
        first += part.size();
    }
    return result;
}

Likelihood Workspace::Parts::likelihood(std::span<const double> numbers) {
    const bool gaps = by_window() && !conditionally;
    model.set(order, numbers, 0, gaps);
    const auto values = std::span<const double>(w).first(left);
    if (conditionally) return conditional(values, model.ar(), model.ma(), order.constant != 0);
    if (gaps) return window(std::span<const double>(z).first(count), model, order.constant != 0);
    return exact(values, model.ar(), model.ma(), order.constant != 0);
}

// Minus the log-likelihood at the best mean and variance, but for a constant.
double Workspace::Parts::objective(std::span<const double> x) {
    ++evaluations;
    const Coefficients numbers = coefficients(x);
    const Likelihood result = likelihood(std::span(numbers).first(x.size()));
    if (!std::isfinite(result.squares) || result.count == 0) return worst;
    const double n = static_cast<double>(conditionally ? left : result.count);
    const double value =
        0.5 * (n * std::log(std::max(result.variance(), 1e-300)) + result.log_determinant);
    if (!std::isfinite(value)) return worst;
    if (value < best_value) {
        best_value = value;
        std::copy(x.begin(), x.end(), best.begin());
    }
    return value;
}

double Workspace::Parts::nlopt_objective(unsigned n, const double* x, double* gradient, void* self) {
    auto& parts = *static_cast<Parts*>(self);
    const double here = parts.objective({x, n});
    if (parts.evaluations >= parts.budget) {
        nlopt_force_stop(parts.running);
        if (gradient) std::fill_n(gradient, n, 0.0);
        return here;
    }
    if (!gradient) return here;
    Vector moved;
    std::copy_n(x, n, moved.begin());
    for (unsigned i = 0; i < n; ++i) {
        const double delta = step * (1 + std::abs(x[i])) * (x[i] > 0 ? -1 : 1);  // towards 0: within bounds
        moved[i] = x[i] + delta;
        gradient[i] = (parts.objective({moved.data(), n}) - here) / delta;
        moved[i] = x[i];
    }
    return here;
}

// Goes down from x; the best point seen is kept.
void Workspace::Parts::descend(Vector x, double tolerance, std::uint32_t evaluations_at_most) {
    const std::size_t n = order.coefficients();
    auto& optimizer = optimizers[n];
    if (!optimizer) {
        optimizer.reset(nlopt_create(NLOPT_LD_SLSQP, static_cast<unsigned>(n)));
        nlopt_set_lower_bounds1(optimizer.get(), -greatest_x);
        nlopt_set_upper_bounds1(optimizer.get(), greatest_x);
    }
    nlopt_set_min_objective(optimizer.get(), nlopt_objective, this);
    nlopt_set_ftol_abs(optimizer.get(), tolerance);
    nlopt_set_maxeval(optimizer.get(), static_cast<int>(evaluations_at_most / (n + 1)) + 1);
    running = optimizer.get();
    double value = 0;
    nlopt_optimize(optimizer.get(), x.data(), &value);
}

void Workspace::Parts::begin_at_last(const Fit& last) {
    Vector x = last.coefficients;
    std::size_t first = 0;
    for (const auto& [length, sign] : {std::pair{order.p, 1.0}, {order.q, -1.0}, {order.P, 1.0}, {order.Q, -1.0}}) {
        const auto part = std::span(x).subspan(first, static_cast<std::size_t>(length));
        draw_inside(part, sign, 1 - 1e-5);
        for (double& value : part) value = from_partial(value);
        first += part.size();
    }
    objective(std::span(x).first(first));
}

// From the last coefficients; false if Hannan and Rissanen's point says that there is better elsewhere.
bool Workspace::Parts::refined(const Effort& effort) {
    const std::size_t n = order.coefficients();
    begin_at_last(*effort.last);
    descend(best, usual, budget);
    Vector other;
    if (!start(std::span<const double>(w).first(left), order, other)) return true;
    for (std::size_t i = 0; i < n; ++i) other[i] = from_partial(std::clamp(other[i], -start_limit, start_limit));
    const double reached = best_value;
    return objective(std::span(other).first(n)) > reached - 0.1;
}

// Sets the moving average so that its roots lie near those of the autoregression.
void Workspace::Parts::nearly_cancel(Vector& x) const {
    const auto p = static_cast<std::size_t>(order.p), q = static_cast<std::size_t>(order.q);
    for (std::size_t i = 0; i < std::min(p, q); ++i) x[p + i] = from_partial(0.95 * to_partial(x[i]));
}

// Hannan and Rissanen's point, then the best of the scattered ones that lie apart from each other.
void Workspace::Parts::search(const Effort& effort) {
    const std::size_t n = order.coefficients();
    Vector first{};
    first.fill(0.1);
    if (start(std::span<const double>(w).first(left), order, first))
        for (std::size_t i = 0; i < n; ++i) first[i] = from_partial(std::clamp(first[i], -start_limit, start_limit));
    const bool mixed = order.p + order.P > 0 && order.q + order.Q > 0;
    const std::size_t descents = std::min<std::size_t>(mixed ? effort.descents : std::min(effort.descents, 2u),
                                                       max_descents);
    scatter(descents > 1 ? n : 0);
    descend(first, descents > 1 ? coarse : usual, budget);
    if (mixed && descents > 1) descend(roots_near_one(), coarse, budget - evaluations);
    for (std::size_t made = mixed ? 2 : 1, next = 0; made < descents && next < points.size() && evaluations < budget; ++next) {
        const auto apart = [&](const Point& other) { return distance(points[next].x, other.x, n) > least_apart; };
        if (!(points[next].value < worst) || !std::all_of(points.begin(), points.begin() + next, apart)) continue;
        descend(points[next].x, coarse, budget - evaluations);
        ++made;
    }
    if (descents > 1) descend_on_the_circle();
    if (descents > 1 && evaluations < budget) descend(best, fine, budget - evaluations);
}

// From the best point with a root of the moving average moved to the unit circle: there a likelihood often has a
// second optimum beside one further out.
void Workspace::Parts::descend_on_the_circle() {
    if (order.q == 0 || evaluations >= budget) return;
    Vector x = best;
    double& outermost = x[static_cast<std::size_t>(order.p + order.q) - 1];
    outermost = std::copysign(std::max(20.0, std::abs(outermost)), outermost);
    descend(x, coarse, budget - evaluations);
}

// A slow autoregression, and a moving average that takes back differences too many: what scattered points seldom
// judge well, since only both together are good.
Vector Workspace::Parts::roots_near_one() const {
    Vector x{};
    std::size_t first = 0;
    const auto place = [&](std::int32_t length, std::initializer_list<double> roots) {
        const auto part = std::span(x).subspan(first, static_cast<std::size_t>(length));
        auto root = roots.begin();
        for (std::size_t k = 0; k < part.size() && root != roots.end(); ++k, ++root) {  // times 1 - root B
            for (std::size_t i = k; i > 0; --i) part[i] -= *root * part[i - 1];
            part[0] += *root;
        }
        to_partials(part);
        for (double& value : part) value = from_partial(std::clamp(value, -0.999, 0.999));
        first += part.size();
    };
    place(order.p, {0.9, 0.6});
    place(order.q, {0.98, 0.98});
    place(order.P, {0.5});
    place(order.Q, {0.9});
    return x;
}

// Judges scattered points, the best of them first.
void Workspace::Parts::scatter(std::size_t n) {
    for (std::uint32_t k = 0; k < points.size(); ++k) {
        points[k].value = worst;
        if (n == 0 || evaluations >= budget) continue;
        for (std::size_t i = 0; i < n; ++i)
            points[k].x[i] = from_partial(1.96 * halton(k + 1, primes[i % primes.size()]) - 0.98);
        if (k % 2 == 0) nearly_cancel(points[k].x);
        points[k].value = objective(std::span(points[k].x).first(n));
    }
    std::sort(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.value < b.value; });
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
    for (std::size_t i = 0; i < values.size(); ++i) parts.z[i] = (values[i] / unit - middle) * (unit / parts.scale);
}

std::span<const double> Workspace::differenced(int d, int D, int season) {
    parts_->difference_filled(d, D, static_cast<std::size_t>(season));
    return std::span<const double>(parts_->w).first(parts_->left);
}

Fit Workspace::fit(const Order& order, const Effort& effort) {
    Parts& parts = *parts_;
    parts.order = order;
    parts.conditionally = effort.conditional;
    parts.difference_filled(order.d, order.D, static_cast<std::size_t>(order.season));
    parts.evaluations = 0, parts.budget = std::max(effort.max_evaluations, 1u);
    parts.best = {}, parts.best_value = std::numeric_limits<double>::infinity();

    Fit fit;
    fit.order = order;
    fit.center = parts.center, fit.scale = parts.scale;
    const auto w = std::span<const double>(parts.w).first(parts.left);
    if (w.empty()) return fit;
    const auto [least, greatest] = std::minmax_element(w.begin(), w.end());
    const double size = std::max(finite_max(std::span(parts.z).first(parts.count)), 1.0);
    if (*greatest - *least <= 1e-12 * size) {  // nothing to search
        fit.mean = order.constant != 0 ? (*least + *greatest) / 2 : 0;
        fit.values = static_cast<std::uint32_t>(w.size());
        return fit;
    }
    if (order.coefficients() == 0) {
        parts.objective({});
    } else if (!effort.last || !(effort.last->order == order) || !parts.refined(effort)) {
        parts.search(effort);
    }
    fit.coefficients = parts.coefficients(std::span(parts.best).first(order.coefficients()));
    const Likelihood result = parts.likelihood(std::span(fit.coefficients).first(order.coefficients()));
    ++parts.evaluations;
    fit.evaluations = parts.evaluations;
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

void Workspace::settle(const Fit& fit, Shocks& state) {
    Parts& parts = *parts_;
    const auto numbers = std::span(fit.coefficients).first(fit.order.coefficients());
    if (parts.missing == 0) {
        parts.difference_filled(fit.order.d, fit.order.D, static_cast<std::size_t>(fit.order.season));
        parts.model.set(fit.order, numbers, fit.mean);
        for (std::size_t t = 0; t < parts.left; ++t) parts.w[t] -= fit.mean;
        parts.exact(std::span<const double>(parts.w).first(parts.left), parts.model.ar(), parts.model.ma(), false);
        if (parts.exact.settled()) {
            const std::size_t r = parts.model.process.arma;
            state.count = 0;
            parts.exact.next_state(0, {state.mean, r});
            for (std::size_t i = 0; i < parts.model.process.lags; ++i) state.mean[r + i] = parts.z[parts.count - 1 - i];
            return;
        }
    }
    parts.model.set(fit.order, numbers, fit.mean);
    parts.window(std::span<const double>(parts.z).first(parts.count), parts.model, false);
    parts.window.copy(parts.model.process, state);
}

Fit fit(std::span<const double> values, const Order& order, Workspace& workspace, const Effort& effort) {
    workspace.load(values);
    return workspace.fit(order, effort);
}

}  // namespace arima
