// Variables in the strings of a config: ${NAME}, and ${NAME:-default} for one that is not set or empty. $${ stands for the
// characters ${ themselves.
//
// They are put in place once the JSON is read, in strings and not in the text, so no value can add keys or change what
// stands beside it. A value is taken as it is: variables in it stay. A string that is a variable and nothing else also
// passes for a number, or for true or false, where one is expected.
//
// Threads: any.
#ifndef FORECASTD_CONFIG_VARIABLES_HPP
#define FORECASTD_CONFIG_VARIABLES_HPP

#include <functional>
#include <optional>
#include <string>

#include "base/expected.hpp"
#include "config/json.hpp"
#include "config/place.hpp"

namespace forecastd::config {

// The value of a variable; nothing: it is not set.
using Variables = std::function<std::optional<std::string>(const std::string& name)>;

// A text with its variables in place. The error, a sentence, names the one that is not set, or what is no variable.
Expected<std::string> with_variables(const std::string& text, const Variables& variables);

// The same for each string in a value, keys aside. For each that has a problem, adds one; then the string's pipeline is
// marked as faulty, and what is in none is taken out, so that its default holds. root: a whole config; top: its place.
void put_variables(Value& root, const Variables& variables, const Place& top);

}  // namespace forecastd::config

#endif
