// Durations and sizes as people write them.
//
// A duration is numbers with units, as in Go and Telegraf: "10s", "1h30m", "1.5s", with the units ns us ms s
// m h, and besides them d (24 hours), w (7 days) and min (the same as m). "0" needs no unit. A size is a
// number of bytes: "65536", "64KB", "1.5GB", "512MiB"; as in Telegraf, KB MB GB TB count in thousands and KiB
// MiB GiB TiB in 1024s. Neither can be negative.
#ifndef FORECASTD_CONFIG_UNITS_HPP
#define FORECASTD_CONFIG_UNITS_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include "base/expected.hpp"

namespace forecastd::config {

// In nanoseconds. The error says why the text is no duration: "there is no unit 'x'; ...".
Expected<std::int64_t> parse_duration(std::string_view text);

// "1h30m", "10s", "0s": what parse_duration reads back. ns >= 0.
std::string format_duration(std::int64_t ns);

// The same for sizes, in bytes.
Expected<std::int64_t> parse_size(std::string_view text);

// "2GiB", "64KB", "1234": in the greatest unit that keeps it whole. bytes >= 0.
std::string format_size(std::int64_t bytes);

// What a duration and a size look like, as regular expressions for the JSON schema. Each text can match in
// one way only, so that an engine that goes back and tries again takes time in proportion to the text.
extern const char* const duration_pattern;
extern const char* const size_pattern;

}  // namespace forecastd::config

#endif
