// Simple exponential smoothing that finds its alpha without keeping any points. Levels with six fixed alphas
// run side by side, and the forecast is their average, weighted by their recent errors
// (smoothing/expert_bank.hpp).
//
// The average behaves as one level with the average alpha; that one gives the deviation some steps ahead.
#ifndef FORECASTD_PLUGINS_SES_ONLINE_MODEL_HPP
#define FORECASTD_PLUGINS_SES_ONLINE_MODEL_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"

#include "../smoothing/expert_bank.hpp"
#include "../smoothing/simple_smoothing.hpp"

namespace ses {

// The state of one series besides the level in use: plain bytes, all zero at first.
struct Experts {
    static constexpr std::array<double, 6> alphas{0.02, 0.1, 0.25, 0.5, 0.8, 1};
    using Bank = smoothing::ExpertBank<alphas.size()>;

    Bank::Numbers levels{};
    Bank bank;
};

// Learns the value at a later step.
inline void learn(smoothing::SimpleLevel& simple, Experts& experts, std::int64_t step, double value) {
    if (!simple.begun()) {
        experts.levels.fill(value);
        simple.learn(step, value);
        return;
    }
    const std::uint64_t steps = numerics::steps_between(simple.last_step, step);
    const double haste = simple.haste();
    Experts::Bank::Numbers errors;
    for (std::size_t i = 0; i < errors.size(); ++i) {
        errors[i] = numerics::saturate(value - experts.levels[i]);
        const double gain = std::max(smoothing::SimpleGain::of(Experts::alphas[i], steps).gain, haste);
        experts.levels[i] = numerics::saturate(experts.levels[i] + gain * errors[i]);
    }
    if (steps == 1) experts.bank.learn(errors);
    simple.learn(step, value);  // its error, before the level is taken over
    const auto weights = experts.bank.weights();
    simple.level = numerics::saturate(Experts::Bank::average(weights, experts.levels));
    simple.alpha = Experts::Bank::average(weights, Experts::alphas);
}

}  // namespace ses

#endif  // FORECASTD_PLUGINS_SES_ONLINE_MODEL_HPP
