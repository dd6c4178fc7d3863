// The measurements of the host's own metrics. No pipeline watches them.
#ifndef FORECASTD_CONFIG_OWN_NAMES_HPP
#define FORECASTD_CONFIG_OWN_NAMES_HPP

#include <algorithm>
#include <array>
#include <string_view>

namespace forecastd::config {

inline constexpr std::string_view own_measurement = "forecastd";
inline constexpr std::string_view own_plugin_measurement = "forecastd_plugin";
inline constexpr std::string_view own_accuracy_measurement = "forecastd_accuracy";
inline constexpr std::string_view own_model_measurement = "forecastd_model";
inline constexpr std::string_view own_state_measurement = "forecastd_state";

constexpr bool is_own_measurement(std::string_view name) {
    constexpr std::array names{own_measurement, own_plugin_measurement, own_accuracy_measurement,
                               own_model_measurement, own_state_measurement};
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace forecastd::config

#endif
