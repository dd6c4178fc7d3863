// Forms that multiply are defined for values above 0 alone; this is the message for any other value.
#ifndef FORECASTD_PLUGINS_SMOOTHING_POSITIVE_VALUES_HPP
#define FORECASTD_PLUGINS_SMOOTHING_POSITIVE_VALUES_HPP

#include <stdexcept>
#include <string>

namespace smoothing {

// Throws std::domain_error unless value > 0. parameter: the name of the one that asks for a form that
// multiplies.
inline void require_positive(double value, const char* parameter) {
    if (value > 0) return;
    throw std::domain_error("found a value that is not above 0, expected values above 0 alone since " +
                            std::string(parameter) + " is \"mul\"; set it to \"add\"");
}

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_POSITIVE_VALUES_HPP
