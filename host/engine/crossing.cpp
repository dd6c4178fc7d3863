#include "engine/crossing.hpp"

#include <cmath>
#include <limits>

namespace forecastd::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// A threshold below becomes one above if everything is turned round.
double sign_of(const config::Threshold& threshold) {
    return threshold.direction == config::Side::above ? 1 : -1;
}

}  // namespace

void CrossingSearch::begin(std::span<const config::Threshold> thresholds, double last_value) {
    crossings_.clear();
    open_ = 0;
    step_ = 0;
    mean_ = last_value;
    reach_ = 0;
    for (const config::Threshold& threshold : thresholds) {
        const bool there = sign_of(threshold) * (last_value - threshold.value) >= 0;
        const double at = there ? 0 : nan;
        crossings_.push_back({&threshold, at, at, at});
        if (!there) open_ += 3;
    }
}

void CrossingSearch::add_step(double mean, double reach) {
    for (Crossing& crossing : crossings_) {
        const double sign = sign_of(*crossing.threshold);
        const double limit = sign * crossing.threshold->value, before = sign * mean_, now = sign * mean;
        advance(crossing.earliest, before + reach_, now + reach, limit);
        advance(crossing.mean, before, now, limit);
        advance(crossing.latest, before - reach_, now - reach, limit);
    }
    ++step_;
    mean_ = mean;
    reach_ = reach;
}

void CrossingSearch::advance(double& at, double before, double now, double limit) {
    if (!std::isnan(at) || !(now >= limit)) return;
    at = step_ + (limit - before) / (now - before);
    --open_;
}

}  // namespace forecastd::engine
