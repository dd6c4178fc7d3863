// Measurements, tags and field keys between their raw form, with escapes, and their plain one.
//
// Identity: two raw keys are the same series if they have the same measurement and the same tags, in any order and
// however escaped; canonical_key() gives both the same text. Output: what is written in a name of ours must be read
// the same by Telegraf and by InfluxDB, so trailing backslashes are cut and bytes that InfluxDB rejects replaced.
//
// These run once for each series, not for each point, and may allocate.
#ifndef FORECASTD_LINEPROTOCOL_NAMES_HPP
#define FORECASTD_LINEPROTOCOL_NAMES_HPP

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace forecastd::lineprotocol {

std::string unescape_measurement(std::string_view raw);
std::string unescape_name(std::string_view raw);     // a tag key, tag value or field key
std::string unescape_string(std::string_view text);  // a string field's text, between its quotes

// Measurement and tags in their plain form; tags ascending by key bytes, the last of a duplicate key kept.
struct Key {
    std::string measurement;
    std::vector<std::pair<std::string, std::string>> tags;
    [[nodiscard]] const std::string* tag(std::string_view key) const;  // nullptr: none
};
Key parse_key(std::string_view raw, std::size_t measurement_size);

// Escapes and nothing else: what canonical_key() writes can be read back.
void append_measurement(std::string& out, std::string_view plain);
void append_name(std::string& out, std::string_view plain);
std::string canonical_key(const Key& key);

// A plain name made fit for output: without trailing backslashes, bytes that are not UTF-8 and control bytes replaced
// by U+FFFD. May be empty: then the tag is left out.
std::string clean_name(std::string_view plain);

}  // namespace forecastd::lineprotocol

#endif
