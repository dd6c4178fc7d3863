// What a series has not done before, in several respects at once.
//
//   x, -x                                   a value higher or lower than usual
//   |dx|                                    a step between values, / sqrt(k) behind a gap of k intervals
//   |x - profile| / spread                  a value at an unusual time of day or week (profile.hpp)
//   |mean of 30 - slow mean|                the level; the slow mean forgets with a weight of 0.005
//   mean of 30, and its negative
//   mean of 10 and of 30 |dx|               restlessness
//   |mean of 10 (x - profile)|
//   distance of the last 12 values to the nearest shape that is known (shapes.hpp)
//
// Each has a tail (statistics/tail.hpp), which says how rare it is in this series. The rarest is the verdict:
//
//   score = log p / log(1 / N),   N: the points in which one value so rare is expected
//
// Means and shapes of several values take each value as at most 4 mean excesses above the threshold of x, or
// below that of -x (channel.hpp). The value itself shows a single spike; it must not fill the windows, and
// with them the tails of the means, for the next 30 points.
//
// x and -x tell that a series changes that was constant. The other quantities are judged from their first
// excess on: until then any would be infinitely rare, and each would tell the same change again.
//
// The lean form watches the first five, with the profile of the day alone. Behind a forecaster, what that
// expected takes the place of the profile.
//
// All is learned as distances from the first value, in units of the first difference (a power of two), so
// that single precision is enough for values of any size; a distance beyond 1e15 units counts as that.
#ifndef FORECASTD_PLUGINS_NOVELTY_NOVELTY_MODEL_HPP
#define FORECASTD_PLUGINS_NOVELTY_NOVELTY_MODEL_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "../numerics/steps.hpp"

#include "channel.hpp"
#include "profile.hpp"
#include "shapes.hpp"

namespace novelty {

enum Watched : std::size_t {
    above,
    below,
    step,
    time_of_day,
    level,  // the lean form ends here
    mean_above,
    mean_below,
    restless_10,
    restless_30,
    time_of_day_10,
    shape,
    watched_count
};
inline constexpr std::size_t lean_count = mean_above;

struct Point {
    std::int64_t step, local_step;
    double value, expected;  // NaN: there is no forecaster
};

// The state of one series, beside its channels.
struct State {
    double origin = 0, unit = 0;  // x = (value - origin) * unit; 0: only one value was seen yet
    double slow_mean = 0;
    double part_sum = 0;
    std::int64_t last_step = 0;
    std::uint32_t count = 0;           // points learned
    std::uint32_t part_count = 0;      // values in the part of the day that is running
    std::uint8_t filled = 0;           // values in the windows
    std::uint8_t part = 0;             // of the week
    std::uint8_t has_forecaster = 0;   // a number, so that any byte of a saved state is one
    std::uint32_t part_distances = 0;  // in the running part: of how many values part_distance is the sum
    double part_distance = 0;
    float mean_spread = 0;  // of day_spread; 0: not known yet
    float last = 0;         // x
    float recent[32] = {};  // x, clipped, by count
    float day[most_parts] = {};
    float day_spread[most_parts] = {};  // the mean of |x - usual|, clipped
};

// What only the full form keeps.
struct Memory {
    float steps[32] = {};      // |dx|
    float residuals[16] = {};  // x - profile, by residual_count
    std::uint32_t residual_count = 0, errors = 0;
    float day_error = 0, week_error = 0;
    float week[7 * most_parts] = {};
    Shapes shapes;
};

struct Judgement {
    double score, expected;
    std::uint32_t reason;  // 1 + the one of Watched that was rarest; 0: none was rare at all
};

// Thread: any; a model never changes. channels holds lean_count or watched_count, memory nothing or one.
class Model {
  public:
    struct Parts {
        State& state;
        std::span<Channel> channels;
        Memory* memory;  // nullptr: the lean form
    };
    struct ConstParts {
        const State& state;
        std::span<const Channel> channels;
        const Memory* memory;
    };

    Model() = default;
    Model(double points_a_false_alarm, std::int64_t interval_ns)
        : limit_(std::log10(points_a_false_alarm)), clock_(interval_ns) {}

    void start(Parts parts) const {
        constexpr float not_known = std::numeric_limits<float>::quiet_NaN();
        std::fill(std::begin(parts.state.day), std::end(parts.state.day), not_known);
        std::fill(std::begin(parts.state.day_spread), std::end(parts.state.day_spread), not_known);
        if (parts.memory) std::fill(std::begin(parts.memory->week), std::end(parts.memory->week), not_known);
    }

    [[nodiscard]] bool can_judge(ConstParts parts) const { return parts.channels[above].tail.is_warm(); }

    // Only where can_judge() holds.
    [[nodiscard]] Judgement judge(ConstParts parts, const Point& point) const {
        const Measured measured = measure(parts, point);
        double greatest = 0;
        std::size_t rarest = 0;
        for (std::size_t i = 0; i < parts.channels.size(); ++i) {
            if (i > below && !parts.channels[i].has_width()) continue;
            const double surprise = parts.channels[i].surprise(measured.y[i], parts.state.count + 1);
            if (surprise > greatest) {
                greatest = surprise;
                rarest = i;
            }
        }
        return {greatest / limit_, expected(parts.state, point, measured),
                greatest > 0 ? static_cast<std::uint32_t>(rarest + 1) : 0};
    }

    void learn(Parts parts, const Point& point) const {
        State& state = parts.state;
        begin_scale(state, point.value);
        const bool has_forecaster = !std::isnan(point.expected);
        if ((state.has_forecaster != 0) != has_forecaster) forget_residuals(parts, has_forecaster);
        const Measured measured = measure({state, parts.channels, parts.memory}, point);
        const std::uint32_t now = ++state.count;
        if (parts.memory) learn_memory(*parts.memory, parts.channels, measured, now);
        for (std::size_t i = 0; i < parts.channels.size(); ++i) parts.channels[i].learn(measured.y[i], now);
        learn_part_of_day(parts, measured);
        learn_slow_mean(state, parts.channels[above].tail.spread(), measured.x);
        state.last = static_cast<float>(measured.x);
        state.recent[now % 32] = static_cast<float>(measured.clipped);
        state.filled = static_cast<std::uint8_t>(std::min(measured.filled + 1U, 32U));
        state.last_step = point.step;
    }

  private:
    struct Measured {
        std::array<double, watched_count> y;  // NaN: not known yet
        double x, clipped;
        double usual, by_day, by_week;  // usual: by the profile or by the forecaster
        double narrowness;              // the mean spread in relation to that at this time of day
        TimeOfWeek time;
        Between place;  // in the profile of the day
        std::uint32_t filled;
        Shapes::Shape shape;
        Shapes::Nearest nearest;
    };

    static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    static constexpr double greatest_x = 1e15;
    static constexpr std::uint32_t longest_window = 30;
    static constexpr double slow_weight = 0.005;
    static constexpr std::uint32_t slow_after = 150;
    static constexpr double least_spread = 0.5;  // of a part of the day, in mean spreads
    static constexpr double most_sparse = 4;     // the threshold of distances, in mean spreads

    static double scaled(double unit, double distance) {
        return unit > 0 ? std::clamp(distance * unit, -greatest_x, greatest_x) : 0;
    }

    // The unit of a series at a value that is not learned yet: the first other value after equal ones sets
    // it.
    static double unit_at(const State& state, double value) {
        const double difference = value - state.origin;
        if (state.unit > 0 || state.count == 0 || difference == 0) return state.unit;
        const int exponent = std::isfinite(difference) ? std::ilogb(difference) : 1000;
        return std::ldexp(1.0, -std::clamp(exponent, -1000, 1000));
    }
    static void begin_scale(State& state, double value) {
        if (state.count == 0) state.origin = value;
        state.unit = unit_at(state, value);
    }

    // The sum of the last `length` values up to the point that comes, whose own is `last`.
    template <std::size_t Size>
    static double sum(const float (&ring)[Size], std::uint32_t count, std::uint32_t length, double last) {
        // Two sums side by side: one waits half as long for the last addition.
        double total = last, odd = 0;
        std::uint32_t i = 0;
        for (; i + 2 < length; i += 2) {
            total += static_cast<double>(ring[(count - i) % Size]);
            odd += static_cast<double>(ring[(count - i - 1) % Size]);
        }
        if (i + 1 < length) total += static_cast<double>(ring[(count - i) % Size]);
        return total + odd;
    }

    [[nodiscard]] Measured measure(ConstParts parts, const Point& point) const {
        const State& state = parts.state;
        Measured m{};
        m.y.fill(unknown);
        const double unit = unit_at(state, point.value);
        m.x = scaled(unit, point.value - state.origin);
        const std::uint64_t gap = state.count == 0 ? 0 : numerics::steps_between(state.last_step, point.step);
        m.clipped = std::max(std::min(m.x, parts.channels[above].greatest_usual()),
                             -parts.channels[below].greatest_usual());
        m.filled = std::min<std::uint32_t>(state.filled, 32);
        m.y[above] = m.x;
        m.y[below] = -m.x;
        if (m.filled > 0) {
            const double distance = std::abs(m.x - static_cast<double>(state.last));
            m.y[step] = gap > 1 ? distance / std::sqrt(static_cast<double>(gap)) : distance;
        }
        if (m.filled + 1 >= longest_window) {
            const double mean = sum(state.recent, state.count, longest_window, m.clipped) / longest_window;
            if (state.count >= slow_after) m.y[level] = std::abs(mean - state.slow_mean);
            m.y[mean_above] = mean;
            m.y[mean_below] = -mean;
        }
        measure_profile(parts, point, unit, m);
        if (parts.memory) measure_memory(state, *parts.memory, m);
        return m;
    }

    void measure_profile(ConstParts parts, const Point& point, double unit, Measured& m) const {
        m.by_day = m.by_week = m.usual = unknown;
        if (clock_.parts() > 0) {
            m.time = clock_.at(point.local_step);
            m.place = between(m.time.day, clock_.parts());
            m.by_day = profile_at(parts.state.day, m.place);
            if (parts.memory)
                m.by_week = profile_at(parts.memory->week, between(m.time.week, 7 * clock_.parts()));
        }
        if (!std::isnan(point.expected))
            m.usual = scaled(unit, point.expected - parts.state.origin);
        else
            m.usual = uses_week(parts.memory, m) ? m.by_week : m.by_day;
        m.narrowness = std::isnan(point.expected) ? narrowness(parts, m.place) : 1;
        m.y[time_of_day] = std::abs(m.x - m.usual) * m.narrowness;
    }
    // Of a series that seldom leaves its profile, and then far, the mean distance in an hour says nothing:
    // the threshold of its distances is below their mean excess. Nor does it where most distances are near 0
    // and their threshold is far from that: by rare counts the hours differ by chance. Both count as equally
    // wide all day.
    [[nodiscard]] double narrowness(ConstParts parts, const Between& place) const {
        const double mean = static_cast<double>(parts.state.mean_spread);
        const forecastd::statistics::Tail& distances = parts.channels[time_of_day].tail;
        if (clock_.parts() < 2 || !(mean > 0) || !distances.is_warm() ||
            !(distances.threshold() > distances.mean_excess()) || distances.threshold() > most_sparse * mean)
            return 1;
        const double own = profile_at(parts.state.day_spread, place);
        return std::isnan(own) ? 1 : mean / std::max(own, least_spread * mean);
    }
    static bool uses_week(const Memory* memory, const Measured& m) {
        return memory && !std::isnan(m.by_week) && memory->errors > 0 &&
               memory->week_error < 0.9F * memory->day_error;
    }

    static void measure_memory(const State& state, const Memory& memory, Measured& m) {
        // Of m.filled + 1 values, all but the first have a step that leads to them.
        if (m.filled >= 10) m.y[restless_10] = sum(memory.steps, state.count, 10, m.y[step]) / 10;
        if (m.filled >= 30) m.y[restless_30] = sum(memory.steps, state.count, 30, m.y[step]) / 30;
        if (memory.residual_count >= 9)
            m.y[time_of_day_10] =
                std::abs(sum(memory.residuals, memory.residual_count, 10, m.x - m.usual)) / 10;
        if (m.filled + 1 < Shapes::length) return;
        constexpr std::uint32_t length = Shapes::length;
        const double mean = sum(state.recent, state.count, length, m.clipped) / length;
        for (std::uint32_t i = 0; i + 1 < length; ++i)
            m.shape[i] = static_cast<float>(state.recent[(state.count + i + 2 - length) % 32] - mean);
        m.shape[length - 1] = static_cast<float>(m.clipped - mean);
        m.nearest = memory.shapes.nearest(m.shape);
        m.y[novelty::shape] = m.nearest.distance;
    }

    static void learn_memory(Memory& memory, std::span<const Channel> channels, const Measured& m,
                             std::uint32_t now) {
        memory.steps[now % 32] = static_cast<float>(m.filled > 0 ? m.y[step] : 0);
        if (!std::isnan(m.usual))
            memory.residuals[++memory.residual_count % 16] = static_cast<float>(m.x - m.usual);
        if (m.filled + 1 < Shapes::length) return;
        const forecastd::statistics::Tail& distances = channels[shape].tail;
        const double known = distances.is_warm() ? distances.threshold() : distances.median();
        memory.shapes.learn(m.shape, m.nearest, m.nearest.distance > known);
    }

    void learn_part_of_day(Parts parts, const Measured& m) const {
        if (clock_.parts() == 0) return;
        State& state = parts.state;
        if (Memory* const memory = parts.memory; memory && !std::isnan(m.by_day) && !std::isnan(m.by_week)) {
            if (memory->errors < UINT32_MAX) ++memory->errors;
            const double weight =
                std::max(1.0 / memory->errors, 1 / (7 * most_parts * clock_.steps_a_part()));
            memory->day_error += static_cast<float>(weight * (std::abs(m.x - m.by_day) - memory->day_error));
            memory->week_error +=
                static_cast<float>(weight * (std::abs(m.x - m.by_week) - memory->week_error));
        }
        const std::size_t part = part_of(m.time.week, 7 * clock_.parts());
        if (part != state.part) {
            if (state.part_count > 0) end_part(parts);
            state.part = static_cast<std::uint8_t>(part);
            state.part_sum = 0;
            state.part_count = 0;
        }
        if (!std::isnan(m.usual)) {
            const double distance = std::abs(m.x - m.usual);
            const forecastd::statistics::Tail& known = parts.channels[time_of_day].tail;
            const double most =
                known.is_warm() ? std::max(known.threshold(), known.spread()) / m.narrowness : distance;
            state.part_distance += std::min(distance, most);
            ++state.part_distances;
        }
        state.part_sum += m.x;
        if (state.part_count < UINT32_MAX) ++state.part_count;
    }
    void end_part(Parts parts) const {
        const double mean = parts.state.part_sum / parts.state.part_count;
        const std::size_t part = parts.state.part % (7 * clock_.parts());
        learn_part(parts.state.day[part % clock_.parts()], mean, 0.15);
        end_spread(parts.state, part % clock_.parts());
        if (parts.memory) learn_part(parts.memory->week[part], mean, 0.3);
    }

    void end_spread(State& state, std::size_t part) const {
        if (state.part_distances == 0) return;
        learn_part(state.day_spread[part], state.part_distance / state.part_distances, 0.15);
        state.part_distance = 0;
        state.part_distances = 0;
        double sum = 0;
        int count = 0;
        for (std::size_t i = 0; i < clock_.parts(); ++i) {
            if (std::isnan(state.day_spread[i])) continue;
            sum += static_cast<double>(state.day_spread[i]);
            ++count;
        }
        state.mean_spread = static_cast<float>(sum / count);
    }

    // What is learned is clipped at three spreads: an incident must not move the level that it is judged by.
    static void learn_slow_mean(State& state, double spread, double x) {
        double error = x - state.slow_mean;
        if (state.count > slow_after) error = std::clamp(error, -3 * spread, 3 * spread);
        state.slow_mean += std::max(1.0 / state.count, slow_weight) * error;
    }

    static void forget_residuals(Parts parts, bool has_forecaster) {
        parts.state.has_forecaster = has_forecaster ? 1 : 0;
        parts.channels[time_of_day] = {};
        parts.state.part_distance = 0;
        parts.state.part_distances = 0;
        if (!parts.memory) return;
        parts.channels[time_of_day_10] = {};
        parts.memory->residual_count = 0;
    }

    static double expected(const State& state, const Point& point, const Measured& m) {
        if (!std::isnan(point.expected)) return point.expected;
        if (!(state.unit > 0)) return state.origin;
        const double x = std::isnan(m.usual) ? state.slow_mean : m.usual;
        constexpr double greatest = std::numeric_limits<double>::max();
        return std::clamp(state.origin + x / state.unit, -greatest, greatest);
    }

    double limit_ = 1;
    Clock clock_;
};

}  // namespace novelty

#endif  // FORECASTD_PLUGINS_NOVELTY_NOVELTY_MODEL_HPP
