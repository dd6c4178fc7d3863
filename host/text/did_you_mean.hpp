// A hint for a misspelt name, to be put into a sentence.
#ifndef FORECASTD_TEXT_DID_YOU_MEAN_HPP
#define FORECASTD_TEXT_DID_YOU_MEAN_HPP

#include <string>
#include <string_view>
#include <vector>

namespace forecastd::text {

// ", did you mean 'forecast'?" with the nearest known name, or "" when none is near: one edit in three
// characters is. An edit adds, drops or changes a character, or swaps two neighbours; case does not count.
// The first of equally near names wins.
std::string did_you_mean(std::string_view found, const std::vector<std::string>& known);

}  // namespace forecastd::text

#endif
