// The parameters of an algorithm as a section of the config, made from its table.
#ifndef FORECASTD_CONFIG_PARAMS_HPP
#define FORECASTD_CONFIG_PARAMS_HPP

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/section.hpp"
#include "plugin/catalogue.hpp"

namespace forecastd::config {

using Params = std::vector<ParamValue>;

// Whether it is one of the names that people give to the length of a season.
bool means_season(std::string_view name);

// Whether a parameter is the length of a season, or of a second one, in steps.
bool is_season(const fcd_param& param);

// Each parameter's default, in the order of the table.
Params default_params(const plugin::Algorithm& algorithm);

// A diagnostic's type in words: "a number", "an integer", or the names of its choices.
std::string diagnostic_in_words(const fcd_diagnostic& diagnostic);

// Reads into Params that hold the defaults.
Section<Params> params_section(const plugin::Algorithm& algorithm);

}  // namespace forecastd::config

#endif
