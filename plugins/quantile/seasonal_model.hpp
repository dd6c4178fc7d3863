// Judges a value by quantiles of those before: of all, or of those at the same part of a season.
//
//   score = |x - middle| / (limit on that side - middle)
//
// x is the value itself or, behind a forecaster, the residual, value - expected; when x changes its kind,
// learning starts over. What the middle and the limits are is the Part's own, one of:
//
//   MedianPart     middle = median, limits = middle +- threshold 1.4826 MAD, the median of |x - median|
//                  (F. R. Hampel, The influence curve and its role in robust estimation, JASA 69, 1974)
//   QuantilePart   middle = mid, limits = lo - iqr_threshold (hi - lo), hi + iqr_threshold (hi - lo)
//                  (J. W. Tukey, Exploratory Data Analysis, 1977, section 2D: "far out" is 3)
//
// Where more than half of the values are one number, or hi = lo (the spread is below a tenth of it), the
// mean of |x - median| takes the place of the spread: 1.2533 of it is the deviation of a normal distribution
// (B. Iglewicz & D. C. Hoaglin, How to Detect and Handle Outliers, 1993, section 3.3). Where that is 0 too,
// the spread is 1e-9 of the middle, and a score is at most 1e9.
//
// A series that moves by steps between which nothing happens would have its spread eaten by the values that
// are all alike, with scores that grow for ever; so it is at least that of its least step
// (numerics/least_step.hpp).
//
// From few values the spread is known roughly only, so the limits are wider, as those of Student's t are. The
// median absolute deviation and the distance of the quartiles of n normal values are as sure as the standard
// deviation of 0.37 n (P. J. Rousseeuw & C. Croux, Alternatives to the median absolute deviation, JASA 88,
// 1993), so with f = 0.37 n, and a limit that is z deviations off, by the first terms of the expansion of t
// (R. A. Fisher & E. A. Cornish, Technometrics 2, 1960) the reach is multiplied by
//
//   1 + (z^2 + 1) / (4 f) + (5 z^4 + 16 z^2 + 3) / (96 f^2),   at most 2
//
// A season is cut into at most 48 parts. A part is used once it has seen min_samples values, all values
// until then.
#ifndef FORECASTD_PLUGINS_QUANTILE_SEASONAL_MODEL_HPP
#define FORECASTD_PLUGINS_QUANTILE_SEASONAL_MODEL_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../numerics/finite.hpp"
#include "../numerics/least_step.hpp"
#include "../numerics/steps.hpp"

#include "p_square.hpp"

namespace quantile {

struct Limits {
    double lower, middle, upper;
};

// Below this part of what the mean deviation says, a spread counts as none.
inline constexpr double least_part = 0.1;

// The mean of |x - middle|, with a weight of 1 / n at first and that of the half-life later; a deviation
// counts as at most ten times the mean.
struct MeanDeviation {
    double mean = 0;
    void learn(double deviation, double count, double half_life) {
        const double weight = std::max(1 / (count + 1), std::min(0.693 / half_life, 1.0));
        mean += weight * ((mean > 0 ? std::min(deviation, 10 * mean) : deviation) - mean);
    }
    // An estimate of the standard deviation.
    [[nodiscard]] double scale(double middle, double min_scale) const {
        return std::max({1.2533 * mean, 1e-9 * std::abs(middle), min_scale, 1e-290});
    }
};

struct MedianPart {
    struct Rule {
        double threshold, min_scale;
        // The limit, in deviations of normal values.
        [[nodiscard]] double deviations() const { return threshold; }
    };
    static constexpr PSquare<1>::Levels half{0.5};

    void learn(double x, const Rule&, double half_life) {
        if (values.count() > 0) {
            const double deviation = std::abs(x - values.at(0, half));
            mean_deviation.learn(deviation, deviations.count(), half_life);
            deviations.learn(deviation, half, half_life);
        }
        values.learn(x, half, half_life);
    }
    // least: deviation.
    [[nodiscard]] Limits limits(const Rule& rule, double least) const {
        const double middle = values.at(0, half);
        double scale = deviations.count() > 0 ? 1.4826 * deviations.at(0, half) : 0;
        if (const double mean = mean_deviation.scale(middle, least); scale < least_part * mean) scale = mean;
        const double reach = rule.threshold * std::max(scale, least);
        return {middle - reach, middle, middle + reach};
    }
    [[nodiscard]] double count() const { return values.count(); }

    PSquare<1> values, deviations;
    MeanDeviation mean_deviation;
};

struct QuantilePart {
    struct Rule {
        PSquare<3>::Levels levels;
        double iqr_threshold, min_scale;
        // The limit, in deviations of normal values, as if the quantiles were quartiles.
        [[nodiscard]] double deviations() const { return 0.6745 + 1.349 * iqr_threshold; }
    };

    void learn(double x, const Rule& rule, double half_life) {
        if (values.count() > 0)
            mean_deviation.learn(std::abs(x - values.at(1, rule.levels)), values.count() - 1, half_life);
        values.learn(x, rule.levels, half_life);
    }
    // least: deviation.
    [[nodiscard]] Limits limits(const Rule& rule, double least) const {
        const double low = values.at(0, rule.levels), middle = values.at(1, rule.levels),
                     high = values.at(2, rule.levels);
        // The quartiles of a normal distribution are 1.349 deviations apart.
        const double mean = 1.349 * mean_deviation.scale(middle, least);
        const double least_range = high - low < least_part * mean ? mean : 1.349 * least;
        const double range = std::max(high - low, least_range);
        const double reach = rule.iqr_threshold * range;
        return {std::min(low, middle - least_range / 2) - reach, middle,
                std::max(high, middle + least_range / 2) + reach};
    }
    [[nodiscard]] double count() const { return values.count(); }

    PSquare<3> values;
    MeanDeviation mean_deviation;
};

struct State {
    numerics::LeastStep least_step;
    std::uint8_t kind = 0;  // of x: 0 none yet, 1 values, 2 residuals
};

struct Point {
    std::int64_t local_step;
    double value, expected;  // NaN: there is no forecaster
};

struct Judgement {
    double score, expected, lower, upper;
};

// Thread: any; a model never changes. The span holds one part for all values, then those of the season.
template <class Part>
class SeasonalModel {
  public:
    struct Parameters {
        typename Part::Rule rule{};
        double half_life = 1;
        double min_samples = 1;
        std::size_t season_length = 0;
    };
    static constexpr std::size_t most_parts = 48;

    SeasonalModel() = default;
    explicit SeasonalModel(const Parameters& given) : given_(given) {
        const double square = given.rule.deviations() * given.rule.deviations();
        wider_ = (square + 1) / 4;
        still_wider_ = (5 * square * square + 16 * square + 3) / 96;
    }

    [[nodiscard]] static std::size_t parts(std::size_t season_length) {
        return 1 + (season_length > 1 ? std::min(season_length, most_parts) : 0);
    }
    [[nodiscard]] bool can_judge(const State& state, std::span<const Part> parts, const Point& point) const {
        return state.kind == kind_of(point) && parts[0].count() >= given_.min_samples;
    }
    // Only where can_judge() holds.
    [[nodiscard]] Judgement judge(const State& state, std::span<const Part> parts, const Point& point) const {
        const Part& own = parts[part_of(point)];
        const Limits limits = limits_of(state, own.count() >= given_.min_samples ? own : parts[0]);
        const double origin = kind_of(point) == residuals ? point.expected : 0, x = value_of(point);
        const double reach = x < limits.middle ? limits.middle - limits.lower : limits.upper - limits.middle;
        const double score = std::min(std::abs(x - limits.middle) / std::max(reach, 1e-300), 1e9);
        return {std::isnan(score) ? 1e9 : score, numerics::saturate(origin + limits.middle),
                numerics::saturate(origin + limits.lower), numerics::saturate(origin + limits.upper)};
    }
    void learn(State& state, std::span<Part> parts, const Point& point) const {
        if (state.kind != kind_of(point)) {
            std::fill(parts.begin(), parts.end(), Part{});
            state.kind = kind_of(point);
        }
        const double x = value_of(point);
        state.least_step.learn(point.value);
        parts[0].learn(x, given_.rule, given_.half_life);
        if (const std::size_t part = part_of(point); part > 0)
            parts[part].learn(x, given_.rule, given_.half_life);
    }

  private:
    static constexpr std::uint8_t values = 1, residuals = 2;

    static std::uint8_t kind_of(const Point& point) {
        return std::isnan(point.expected) ? values : residuals;
    }
    static double value_of(const Point& point) {
        const double x =
            std::isnan(point.expected) ? point.value : numerics::saturate(point.value - point.expected);
        return std::clamp(x, -1e150, 1e150);
    }
    [[nodiscard]] Limits limits_of(const State& state, const Part& part) const {
        const double least = std::max(given_.rule.min_scale, state.least_step.floor(given_.half_life));
        const Limits limits = part.limits(given_.rule, least);
        const double freedom = 0.37 * part.count();
        const double wider = std::min(1 + (wider_ + still_wider_ / freedom) / freedom, 2.0);
        return {limits.middle - wider * (limits.middle - limits.lower), limits.middle,
                limits.middle + wider * (limits.upper - limits.middle)};
    }
    [[nodiscard]] std::size_t part_of(const Point& point) const {
        if (given_.season_length < 2) return 0;
        const std::size_t phase = numerics::phase_of(point.local_step, given_.season_length);
        return 1 + phase * std::min(given_.season_length, most_parts) / given_.season_length;
    }

    Parameters given_;
    double wider_ = 0, still_wider_ = 0;  // terms of the limit for few values
};

}  // namespace quantile

#endif  // FORECASTD_PLUGINS_QUANTILE_SEASONAL_MODEL_HPP
