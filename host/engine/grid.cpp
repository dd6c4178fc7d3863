#include "engine/grid.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numbers>
#include <vector>

namespace forecastd::engine {
namespace {

std::int64_t median(std::vector<std::int64_t> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::vector<std::int64_t> distances_of(std::span<const std::int64_t> times_ns) {
    std::vector<std::int64_t> distances;
    for (std::size_t i = 1; i < times_ns.size(); ++i) distances.push_back(times_ns[i] - times_ns[i - 1]);
    return distances;
}

// How far distances may be from their median, as a part of it.
constexpr std::int64_t same = 100, similar = 20;
// Of shorter intervals, times are too coarse a measure for a line through them.
constexpr std::int64_t shortest_fitted_ns = 1000;

// How many lie within 1/part of a value.
std::size_t count_near(const std::vector<std::int64_t>& values, std::int64_t value, std::int64_t part) {
    return static_cast<std::size_t>(std::count_if(values.begin(), values.end(), [&](std::int64_t one) {
        return std::abs(one - value) <= value / part;
    }));
}

// The roundest number within a tolerance.
std::int64_t rounded(std::int64_t interval_ns, std::int64_t tolerance_ns) {
    const auto near = [&](std::int64_t unit) {
        const std::int64_t round = (interval_ns + unit / 2) / unit * unit;
        return round > 0 && std::abs(round - interval_ns) <= tolerance_ns ? round : 0;
    };
    constexpr std::int64_t second = 1'000'000'000;
    for (const std::int64_t unit : {86'400 * second, 3'600 * second, 60 * second, 10 * second})
        if (const std::int64_t round = near(unit)) return round;
    for (std::int64_t unit = second; unit > 1; unit /= 10)
        if (const std::int64_t round = near(unit)) return round;
    return std::max<std::int64_t>(interval_ns, 1);
}

struct Fit {
    double interval = std::numeric_limits<double>::quiet_NaN();  // NaN: the points lie on no grid
    double error = 0;                                            // its standard error
};

// How well points lie on the grid of an interval: 1 if all are at the same phase, near 0 if they are
// anywhere. It is the length of the mean of the unit vectors whose angles are the phases.
double concentration(std::span<const std::int64_t> times_ns, double interval, double& phase) {
    double x = 0, y = 0;
    for (const std::int64_t time : times_ns) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(time - times_ns[0]) / interval;
        x += std::cos(angle);
        y += std::sin(angle);
    }
    phase = std::atan2(y, x) / (2 * std::numbers::pi) * interval;
    return std::hypot(x, y) / static_cast<double>(times_ns.size());
}

// The interval by least squares, from one that is so near that each point's step is known.
Fit line_through(std::span<const std::int64_t> times_ns, double interval, double phase) {
    const auto n = static_cast<double>(times_ns.size());
    Fit fit;
    for (int round = 0; round < 3; ++round) {
        const auto time = [&](std::int64_t one) { return static_cast<double>(one - times_ns[0]); };
        const auto step = [&](std::int64_t one) { return std::round((time(one) - phase) / interval); };
        double step_sum = 0, time_sum = 0, products = 0, squares = 0, residuals = 0;
        for (const std::int64_t one : times_ns) {
            step_sum += step(one);
            time_sum += time(one);
        }
        for (const std::int64_t one : times_ns) {
            products += (step(one) - step_sum / n) * (time(one) - time_sum / n);
            squares += std::pow(step(one) - step_sum / n, 2);
        }
        if (!(squares > 0) || !(products > 0)) return {};
        const double slope = products / squares, origin = (time_sum - slope * step_sum) / n;
        for (const std::int64_t one : times_ns)
            residuals += std::pow(time(one) - origin - slope * step(one), 2);
        fit = {slope, std::sqrt(residuals / n / squares)};
        interval = slope;
        phase = origin;
    }
    return fit;
}

// Looks for the grid on which points with much jitter lie best, among intervals around a typical one.
Fit best_grid(std::span<const std::int64_t> times_ns, double typical) {
    constexpr double shortest = 0.6, longest = 1.6;  // twice the interval, or half of it, is another question
    constexpr double enough = 0.5;                   // 32 points that lie anywhere seldom reach 0.4
    const auto span = static_cast<double>(times_ns.back() - times_ns.front());
    double best = 0, best_interval = 0, best_phase = 0;
    // From one to the next, the last point's phase moves by an eighth of a turn.
    for (double one = shortest * typical; one < longest * typical; one += one * one / (8 * span)) {
        double phase = 0;
        const double reached = concentration(times_ns, one, phase);
        if (reached <= best) continue;
        best = reached;
        best_interval = one;
        best_phase = phase;
    }
    return best < enough ? Fit() : line_through(times_ns, best_interval, best_phase);
}

// The mean of the distances but the longest, which are gaps.
double mean_without_gaps(const std::vector<std::int64_t>& distances, std::int64_t typical) {
    double sum = 0, count = 0;
    for (const std::int64_t distance : distances) {
        if (distance / 2 > typical) continue;
        sum += static_cast<double>(distance);
        count += 1;
    }
    return sum / count;
}

}  // namespace

std::int64_t learned_interval(std::span<const std::int64_t> times_ns) {
    const std::vector<std::int64_t> distances = distances_of(times_ns);
    const std::int64_t typical = std::min(median(distances), longest_interval_ns);
    const bool is_long = times_ns.size() >= jittered_points;
    if (count_near(distances, typical, same) * 2 >= distances.size() || typical < shortest_fitted_ns ||
        typical == longest_interval_ns || (!is_long && !is_regular(times_ns)))
        return rounded(typical, typical / 100);
    const auto guess = static_cast<double>(typical);
    const Fit fit = is_long ? best_grid(times_ns, guess) : line_through(times_ns, guess, 0);
    // Not sure of the grid: at least of how many points there are in a time.
    if (std::isnan(fit.interval))
        return rounded(std::llround(mean_without_gaps(distances, typical)), typical / 25);
    const double tolerance = std::clamp(2 * fit.error, fit.interval / 100, fit.interval / 20);
    return rounded(std::llround(fit.interval), std::llround(tolerance));
}

bool is_regular(std::span<const std::int64_t> times_ns) {
    const std::vector<std::int64_t> distances = distances_of(times_ns);
    const std::int64_t typical = median(distances);
    return count_near(distances, typical, same) * 2 >= distances.size() ||
           count_near(distances, typical, similar) * 4 >= 3 * distances.size();
}

std::int64_t learned_phase(std::span<const std::int64_t> times_ns, std::int64_t interval_ns) {
    // Phases lie on a circle: take them as distances from the first point's, between -1/2 and 1/2 of the
    // interval.
    const std::int64_t origin = phase_of(times_ns[0], interval_ns);
    std::vector<std::int64_t> distances;
    for (const std::int64_t time : times_ns)
        distances.push_back(phase_of(phase_of(time, interval_ns) - origin + interval_ns / 2, interval_ns) -
                            interval_ns / 2);
    return phase_of(origin + median(distances), interval_ns);
}

}  // namespace forecastd::engine
