// Forecasts of the numerics handed to the SDK.
#ifndef FORECASTD_PLUGINS_GLUE_PREDICTIONS_HPP
#define FORECASTD_PLUGINS_GLUE_PREDICTIONS_HPP

#include <cstddef>
#include <cstdint>
#include <forecastd/plugin.hpp>

#include "../numerics/error_variance.hpp"
#include "../numerics/steps.hpp"

namespace glue {

// The SDK's form of a forecast: same unit as the values, NaN where unknown.
inline forecastd::Prediction prediction(const numerics::Expected& expected) {
    return {expected.mean, expected.deviation};
}

// Fills a horizon from expect(step, local_step), which returns numerics::Expected. Local steps jump where the
// clocks change.
template <class Expect>
void fill(forecastd::Forecast& out, Expect expect) {
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = prediction(expect(numerics::step_after(out.first_step(), i), out.local_step(i)));
}

}  // namespace glue

#endif  // FORECASTD_PLUGINS_GLUE_PREDICTIONS_HPP
