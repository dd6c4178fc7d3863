#include "search.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "polynomial.hpp"
#include "start.hpp"

namespace arima {
namespace {

constexpr double greatest_x = 500;  // partial autocorrelations up to 1 - 2e-6
constexpr double step = 1e-6;       // of the differences that make a gradient
constexpr std::uint32_t max_descents = 16;
constexpr double least_apart = 0.3;  // of points to descend from: of their partial autocorrelations

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

// Calls body(part, sign) for the numbers of p, q, P, Q in turn; theta is minus what its partials make.
template <class Body>
void for_each_part(const Order& order, std::span<double> x, Body body) {
    for (const auto& [length, sign] :
         {std::pair{order.p, 1.0}, {order.q, -1.0}, {order.P, 1.0}, {order.Q, -1.0}}) {
        body(x.first(static_cast<std::size_t>(length)), sign);
        x = x.subspan(static_cast<std::size_t>(length));
    }
}

}  // namespace

Coefficients coefficients_of(const Order& order, std::span<const double> x) {
    Coefficients result{};
    for (std::size_t i = 0; i < x.size(); ++i) result[i] = to_partial(x[i]);
    for_each_part(order, result, [](std::span<double> part, double sign) {
        from_partials(part);
        for (double& value : part) value *= sign;
    });
    return result;
}

Vector numbers_of(const Order& order, const Coefficients& coefficients) {
    Vector x = coefficients;
    for_each_part(order, x, [](std::span<double> part, double sign) {
        draw_inside(part, sign, 1 - 1e-5);
        for (double& value : part) value = from_partial(value);
    });
    return x;
}

Vector numbers_of_partials(const Order& order, const Vector& partials, double limit) {
    Vector x{};
    for (std::size_t i = 0; i < order.coefficients(); ++i)
        x[i] = from_partial(std::clamp(partials[i], -limit, limit));
    return x;
}

void Search::begin(const Order& order, Objective& objective, std::uint32_t budget) {
    order_ = order;
    objective_ = &objective;
    count_ = order.coefficients();
    evaluations_ = 0, budget_ = std::max(budget, 1u);
    best_ = {}, best_value_ = std::numeric_limits<double>::infinity();
}

double Search::judge(std::span<const double> x) {
    ++evaluations_;
    const Coefficients numbers = coefficients_of(order_, x);
    const double value = (*objective_)(std::span(numbers).first(count_));
    if (value < best_value_) {
        best_value_ = value;
        std::copy(x.begin(), x.end(), best_.begin());
    }
    return value;
}

double Search::of_nlopt(unsigned n, const double* x, double* gradient, void* self) {
    auto& search = *static_cast<Search*>(self);
    const double here = search.judge({x, n});
    if (search.spent()) {
        nlopt_force_stop(search.running_);
        if (gradient) std::fill_n(gradient, n, 0.0);
        return here;
    }
    if (!gradient) return here;
    Vector moved;
    std::copy_n(x, n, moved.begin());
    for (unsigned i = 0; i < n; ++i) {
        const double delta = step * (1 + std::abs(x[i])) * (x[i] > 0 ? -1 : 1);  // towards 0: within bounds
        moved[i] = x[i] + delta;
        gradient[i] = (search.judge({moved.data(), n}) - here) / delta;
        moved[i] = x[i];
    }
    return here;
}

// Goes down from x; the best point seen is kept.
void Search::descend(Vector x, double tolerance) {
    if (spent()) return;
    auto& optimizer = optimizers_[count_];
    if (!optimizer) {
        optimizer.reset(nlopt_create(NLOPT_LD_SLSQP, static_cast<unsigned>(count_)));
        nlopt_set_lower_bounds1(optimizer.get(), -greatest_x);
        nlopt_set_upper_bounds1(optimizer.get(), greatest_x);
    }
    nlopt_set_min_objective(optimizer.get(), of_nlopt, this);
    nlopt_set_ftol_abs(optimizer.get(), tolerance);
    nlopt_set_maxeval(optimizer.get(), static_cast<int>((budget_ - evaluations_) / (count_ + 1)) + 1);
    running_ = optimizer.get();
    double value = 0;
    nlopt_optimize(optimizer.get(), x.data(), &value);
}

bool Search::nearby(const Vector& last, const Vector* other) {
    descend(last, usual);
    if (!other) return true;
    const double reached = best_value_;
    return judge({other->data(), count_}) > reached - 0.1;
}

// From the guess; with roots near 1; from the best scattered points that lie apart; on the circle.
void Search::widely(const Vector& first, std::uint32_t descents) {
    const bool mixed = order_.p + order_.P > 0 && order_.q + order_.Q > 0;
    const std::uint32_t wanted = std::min(mixed ? descents : std::min(descents, 2u), max_descents);
    if (wanted < 2) return descend(first, usual);
    scatter();
    descend(first, coarse);
    if (mixed) descend(roots_near_one(), coarse);
    std::uint32_t made = mixed ? 2 : 1;
    for (std::size_t next = 0; made < wanted && next < points_.size() && !spent(); ++next) {
        const Point& point = points_[next];
        const auto apart = [&](const Point& other) {
            return distance(point.x, other.x, count_) > least_apart;
        };
        if (!(point.value < worst) || !std::all_of(points_.data(), points_.data() + next, apart)) continue;
        descend(point.x, coarse);
        ++made;
    }
    descend_on_the_circle();
    descend(best_, fine);
}

// Sets the moving average so that its roots lie near those of the autoregression.
void Search::nearly_cancel(Vector& x) const {
    const auto p = static_cast<std::size_t>(order_.p), q = static_cast<std::size_t>(order_.q);
    for (std::size_t i = 0; i < std::min(p, q); ++i) x[p + i] = from_partial(0.95 * to_partial(x[i]));
}

// From the best point with a root of the moving average moved to the unit circle: there a likelihood often
// has a second optimum beside one further out.
void Search::descend_on_the_circle() {
    if (order_.q == 0 || spent()) return;
    Vector x = best_;
    double& outermost = x[static_cast<std::size_t>(order_.p + order_.q) - 1];
    outermost = std::copysign(std::max(20.0, std::abs(outermost)), outermost);
    descend(x, coarse);
}

// A slow autoregression, and a moving average that takes back differences too many: what scattered points
// seldom judge well, since only both together are good.
Vector Search::roots_near_one() const {
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
    place(order_.p, {0.9, 0.6});
    place(order_.q, {0.98, 0.98});
    place(order_.P, {0.5});
    place(order_.Q, {0.9});
    return x;
}

Vector Search::scattered_point(std::uint32_t number) const {
    Vector x{};
    for (std::size_t i = 0; i < count_; ++i)
        x[i] = from_partial(1.96 * halton(number + 1, primes[i % primes.size()]) - 0.98);
    if (number % 2 == 0) nearly_cancel(x);
    return x;
}

// Judges scattered points, the best of them first.
void Search::scatter() {
    for (std::uint32_t k = 0; k < points_.size(); ++k) {
        points_[k].value = worst;
        if (spent()) continue;
        points_[k].x = scattered_point(k);
        points_[k].value = judge(std::span(points_[k].x).first(count_));
    }
    std::sort(points_.begin(), points_.end(),
              [](const Point& a, const Point& b) { return a.value < b.value; });
}

}  // namespace arima
