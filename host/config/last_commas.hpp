// Commas behind the last item of a list or an object, as editors write them into JSON with comments (.jsonc). The JSON
// library does not take them.
#ifndef FORECASTD_CONFIG_LAST_COMMAS_HPP
#define FORECASTD_CONFIG_LAST_COMMAS_HPP

#include <string>
#include <string_view>

namespace forecastd::config {

// The text with a blank in the place of each such comma, so that all else stays where it is. A comma that follows no item
// is left, as an error to be found.
std::string without_last_commas(std::string_view text);

}  // namespace forecastd::config

#endif
