// What an algorithm costs as JSON, as `verify` and `bench` print it.
#ifndef FORECASTD_COMMANDS_COSTS_JSON_HPP
#define FORECASTD_COMMANDS_COSTS_JSON_HPP

#include "commands/json_line.hpp"
#include "verify/growth.hpp"

namespace forecastd::commands {

// {"ns_a_point": ..., "ns_a_forecast": ..., "bytes_a_series": ..., "points_learned": ...}; null for a forecast
// that it has too little for.
Json as_json(const verify::Costs& costs);

// Measures {"window": [{"value": "20", "ns_a_point": ...}, {"value": "100000", "why": "..."}]}. A value is text, as a
// config has it.
Json growth_json(const verify::Setting& setting);

}  // namespace forecastd::commands

#endif
