// The models of a pipeline: that of its forecaster, and those of its detectors.
#ifndef FORECASTD_ENGINE_ANY_MODEL_HPP
#define FORECASTD_ENGINE_ANY_MODEL_HPP

#include <algorithm>

#include "config/config.hpp"

namespace forecastd::engine {

// Whether is(algorithm) is true for one of them.
template <class Is>
bool any_model(const config::Pipeline& pipeline, Is is) {
    const auto holds = [&is](const config::ModelChoice& model) {
        return model.algorithm && is(*model.algorithm);
    };
    return (pipeline.forecast && holds(pipeline.forecast->model)) ||
           (pipeline.detect && holds(pipeline.detect->model)) ||
           std::any_of(pipeline.voters.begin(), pipeline.voters.end(),
                       [&](const config::Detect& voter) { return holds(voter.model); });
}

}  // namespace forecastd::engine

#endif
