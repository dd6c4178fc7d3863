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

namespace forecastd::config {

// False: text is no duration, error says why ("there is no unit 'x'; ..."), and ns is left alone.
bool parse_duration(std::string_view text, std::int64_t& ns, std::string& error);

// "1h30m", "10s", "0s": what parse_duration reads back. ns >= 0.
std::string format_duration(std::int64_t ns);

// The same for sizes.
bool parse_size(std::string_view text, std::int64_t& bytes, std::string& error);

// "2GiB", "64KB", "1234": in the greatest unit that keeps it whole. bytes >= 0.
std::string format_size(std::int64_t bytes);

// What a duration and a size look like, as regular expressions for the JSON schema.
extern const char* const duration_pattern;
extern const char* const size_pattern;

}  // namespace forecastd::config

#endif
