// The parameters of an algorithm as a section of the config, made from its table.
#ifndef FORECASTD_CONFIG_PARAMS_HPP
#define FORECASTD_CONFIG_PARAMS_HPP

#include <vector>

#include "config/config.hpp"
#include "config/section.hpp"
#include "loader/catalogue.hpp"

namespace forecastd::config {

using Params = std::vector<ParamValue>;

// Each parameter's default, in the order of the table.
Params default_params(const loader::Algorithm& algorithm);

// Reads into Params that hold the defaults.
Section<Params> params_section(const loader::Algorithm& algorithm);

}  // namespace forecastd::config

#endif
