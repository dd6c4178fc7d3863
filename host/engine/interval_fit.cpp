#include "engine/interval_fit.hpp"

#include <boost/math/distributions/students_t.hpp>

namespace forecastd::engine {
namespace {

constexpr double degrees_of_freedom = 6;
constexpr double mean_size = 0.9185586535436918;  // E|t|, 6 degrees: 2 sqrt(6) G(3.5) / (5 sqrt(pi) G(3))
constexpr double normal_mean_size = 0.7978845608028654;  // E|z|: sqrt(2 / pi)
// An error of more deviations than this is not learned: the deviation says nothing about it. That of a model
// which has only seen a constant series is next to nothing.
constexpr double greatest_ratio = 30;
constexpr double least_scale = 0.05;
constexpr double least_quotient = 0.05, greatest_quotient = 20;

}  // namespace

IntervalFit::IntervalFit(const std::vector<double>& levels) {
    const boost::math::students_t errors(degrees_of_freedom);
    for (const double level : levels) {
        outside_.push_back(1 - level / 100);
        const double quantile = boost::math::quantile(errors, 0.5 + level / 200);
        quotients_.push_back(static_cast<float>(quantile / mean_size));
        steps_.push_back(1 / (2 * quantile * boost::math::pdf(errors, quantile)));
    }
}

void IntervalFit::begin(std::span<float> numbers) const {
    numbers[0] = 0;
    numbers[1] = static_cast<float>(normal_mean_size);
    std::copy(quotients_.begin(), quotients_.end(), numbers.begin() + 2);
}

void IntervalFit::begin(std::span<float> numbers, double scale) const {
    begin(numbers);
    numbers[1] = static_cast<float>(scale);
}

void IntervalFit::learn(std::span<float> numbers, double ratio, double weight, const Pace& pace,
                        double scale_of_series) const {
    if (ratio > greatest_ratio) return;
    double scale = numbers[1];
    double smallest = 0;
    for (std::size_t i = 0; i < outside_.size(); ++i) {
        const double quotient = numbers[2 + i];
        const double miss = ratio > scale_of_series * quotient ? 1 : 0;
        double rate = pace.rate;
        if (pace.faster_at_first) rate = std::max(rate, steps_[i] / (young_errors + numbers[0]));
        const double moved = quotient * std::exp(rate * weight * (miss - outside_[i]));
        // A wider level never reaches less far.
        smallest = std::clamp(moved, std::max(smallest, least_quotient), greatest_quotient);
        numbers[2 + i] = static_cast<float>(smallest);
    }
    const double share = std::max(weight / (prior_errors + numbers[0] + weight), weight / pace.errors);
    scale += share * (std::min(ratio, greatest_share * scale) - scale);
    numbers[1] = static_cast<float>(std::max(scale, least_scale));
    numbers[0] = static_cast<float>(std::min(numbers[0] + weight, 1e6));
}

}  // namespace forecastd::engine
