// Where each value begins in the text that it was read from. The JSON library does not tell, so the text is
// scanned a second time. It is known to be valid, so the scanner only looks for brackets, commas, strings and
// comments.
#ifndef FORECASTD_CONFIG_JSON_OFFSETS_HPP
#define FORECASTD_CONFIG_JSON_OFFSETS_HPP

#include <string_view>

#include "config/json.hpp"

namespace forecastd::config {

// Sets Value::offset in the whole tree. text: valid JSON with comments, from which root was made.
void set_offsets(std::string_view text, Value& root);

}  // namespace forecastd::config

#endif
