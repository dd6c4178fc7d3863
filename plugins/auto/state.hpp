// What is kept of one series: a small plain part, and behind it numbers whose sizes follow from the Plan.
//
// Values are counted in units, z = (value - center) / scale, so that floats have digits enough for them. The
// center is the first value at first and the scale unknown (0) until a value differs; both then become the
// mean and the mean absolute deviation of the values so far, at each power of two until all that are kept
// have come, and stay.
//
// Values that no lag reaches are kept too, in half precision (half.hpp), to find seasons in.
#ifndef FORECASTD_PLUGINS_AUTO_STATE_HPP
#define FORECASTD_PLUGINS_AUTO_STATE_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../lag/local_clock.hpp"
#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "half.hpp"
#include "least_squares.hpp"
#include "plan.hpp"
#include "slot.hpp"

namespace automatic {

struct Units {
    double center = 0, scale = 0;  // scale 0: all values were the same

    [[nodiscard]] double inward(double value) const {
        const double distance = numerics::saturate(value - center);
        if (distance == 0 || !(scale > 0)) return 0;
        return std::clamp(distance / scale, -greatest, greatest);
    }
    [[nodiscard]] double outward(double z) const { return above(center, z); }
    // A value plus a number of units.
    [[nodiscard]] double above(double value, double units) const {
        return numerics::saturate(value + numerics::saturate(scale * units));
    }
    [[nodiscard]] double above(double value, float units) const {
        return above(value, static_cast<double>(units));
    }
    static constexpr double greatest = 1e6;  // squares and their sums stay far from the ends of a double
};

// A number in other units, z' = by z + shift.
inline float moved(float z, double by, double shift) {
    return numerics::settled_float(by * static_cast<double>(z) + shift);
}

// The weight of the newest of n values, of which each season brings one to a mean: 1/visits while that is
// more than the weight later.
inline float gain_at(std::uint64_t n, std::size_t season, float later) {
    constexpr std::uint64_t most_visits = 10;  // 1/visits is no more than any weight then
    if (n > most_visits * season) return later;
    const std::uint64_t visits = (n - 1) / season + 1;
    return std::max(later, 1 / static_cast<float>(visits));
}

// Exponential smoothing with fixed weights: smoothing.hpp.
struct Smoothing {
    std::array<float, 3> ses{};
    std::array<float, 2> holt_level{}, holt_trend{};
};

// The deviation from a profile, and its AR(1): profile.hpp.
struct Deviation {
    float last = 0, products = 0, squares = 0;
};

// Levels of the values less their season, and sums of them: level.hpp.
struct Levels {
    float level = 0, slow = 0, drift = 0;
    float count = 0, time = 0, time_squared = 0, sum = 0, time_sum = 0;  // time is 0 now, and falls backwards
};

// How the errors of a regression are bounded: regressions.hpp.
struct Errors {
    float mean = 0;  // absolute
    std::uint32_t count = 0;
};
inline constexpr std::size_t regressions = 3;

struct State {
    std::uint64_t learned = 0;  // steps, lost ones included; 0: nothing yet
    std::int64_t last_step = 0;
    lag::LocalClock clock;
    Units units;
    double last = 0;                // value, as it came or was filled in
    std::uint64_t judged_from = 0;  // forecasts that were made when fewer steps were learned are not judged
    float low = 0, high = 0;        // of the values seen, in units
    float next = 0;                 // the forecast of the next step, less `last`, in units
    std::uint32_t far = 0;          // values far from the center, one after another
    std::uint32_t shape = 0;        // the seasons in use: shapes.hpp
    std::uint32_t seen = 0;         // values, where seasons are looked for
    Smoothing smoothing;
    Levels levels;
    std::array<Deviation, 2> deviations;
    std::array<Errors, regressions> regression_errors;
    std::array<float, most_leads>
        together{};                          // the mixture's error at each lead, as the members' in judge.hpp
    std::array<float, most_leads> judged{};  // values at each lead; older ones count less
    std::array<numerics::ErrorVariance, most_leads>
        errors;  // of what is forecast in the end, in the values' unit

    [[nodiscard]] bool is_local_as_before(std::int64_t step, std::int64_t local_step) const {
        return clock.local(step) == local_step;
    }
};

// Sizes of the numbers behind a state.
struct Layout {
    // room: floats that there are at least. Those that the plan does not need keep more of the past.
    explicit Layout(const Plan& plan, std::size_t room = 0)
        : ring(plan.ring()),
          season(plan.first_season()),
          profiles{plan.first_season(), plan.second_season()},
          errors(plan.members() * plan.leads()),
          waiting(slot_size(plan.members()) * plan.slots()),
          columns{5, 4, plan.first_season() == 0 ? 0 : plan.lags().size() + 1} {
        past = std::max(room, floats()) - floats();
    }
    [[nodiscard]] std::size_t floats() const {
        std::size_t count = ring + past + season + profiles[0] + profiles[1] + errors + waiting;
        for (const std::size_t width : columns) count += width + LeastSquares::length(width);
        return count;
    }
    [[nodiscard]] std::size_t values() const { return ring + 2 * past; }  // that are kept

    std::size_t ring, past = 0, season;
    std::array<std::size_t, 2> profiles;
    std::size_t errors, waiting;
    std::array<std::size_t, regressions> columns;
};

// Those numbers. Float is const where nothing is learned.
template <class Float>
struct Parts {
    Parts(const Layout& layout, std::span<Float> floats) {
        const auto take = [&floats](std::size_t count) {
            const std::span<Float> part = floats.first(count);
            floats = floats.subspan(count);
            return part;
        };
        ring = take(layout.ring);
        past = Halves<Float>(take(layout.past));
        season = take(layout.season);
        profiles = {take(layout.profiles[0]), take(layout.profiles[1])};
        errors = take(layout.errors);
        waiting = take(layout.waiting);
        for (std::size_t i = 0; i < regressions; ++i) {
            coefficients[i] = take(layout.columns[i]);
            factors[i] = take(LeastSquares::length(layout.columns[i]));
        }
    }
    Parts() = default;

    // The same, to be read alone.
    [[nodiscard]] Parts<const float> kept() const {
        Parts<const float> result;
        result.ring = ring;
        result.past = Halves<const float>(past.room());
        result.season = season;
        result.errors = errors;
        result.waiting = waiting;
        for (std::size_t i = 0; i < 2; ++i) result.profiles[i] = profiles[i];
        for (std::size_t i = 0; i < regressions; ++i) {
            result.coefficients[i] = coefficients[i];
            result.factors[i] = factors[i];
        }
        return result;
    }

    std::span<Float> ring;    // the last values, at (step's number) % size
    Halves<Float> past;       // those before them, in the same way
    std::span<Float> season;  // level.hpp
    std::array<std::span<Float>, 2> profiles;
    std::span<Float> errors;   // lead by lead, of each member: judge.hpp
    std::span<Float> waiting;  // slot by slot: slot.hpp
    std::array<std::span<Float>, regressions> coefficients, factors;
};
using Kept = Parts<const float>;
using Learning = Parts<float>;

// The value `steps` before the newest; steps < values_kept().
template <class Float>
float back(const State& state, const Parts<Float>& parts, std::uint64_t steps) {
    const std::uint64_t number = state.learned - 1 - steps;
    if (steps < parts.ring.size()) return parts.ring[remainder(number, parts.ring.size())];
    return parts.past[remainder(number, parts.past.size())];
}
template <class Float>
std::uint64_t values_kept(const State& state, const Parts<Float>& parts) {
    return std::min<std::uint64_t>(state.learned, parts.ring.size() + parts.past.size());
}
// Of these, those in single precision, which lags reach.
inline std::uint64_t values_kept(const State& state, std::size_t ring) {
    return std::min<std::uint64_t>(state.learned, ring);
}

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_STATE_HPP
