// Variables in the JSON schema: where a value is a number, a truth value or a text of a certain form, a text with a
// variable in it may stand as well (variables.hpp). What it then becomes is checked when the config is read.
//
// Threads: any.
#ifndef FORECASTD_CONFIG_SCHEMA_VARIABLES_HPP
#define FORECASTD_CONFIG_SCHEMA_VARIABLES_HPP

#include "config/json.hpp"

namespace forecastd::config {

// Allows them in a schema and all that it holds.
void allow_variables(Value& schema);

// What such a schema refers to: to be its "definitions".
Value variable_definition();

}  // namespace forecastd::config

#endif
