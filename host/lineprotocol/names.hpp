// Measurements, tags and field keys between their raw form, with escapes, and their plain one.
//
// Identity: two raw keys are the same series if they have the same measurement and the same tags, in any
// order and however escaped; canonical_key() gives both the same text. Output: what is written in a name of
// ours must be read the same by Telegraf and by InfluxDB, so trailing backslashes are cut and bytes that
// InfluxDB rejects replaced.
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

// A plain name made fit for output: without trailing backslashes, bytes that are not UTF-8 and control bytes
// replaced by U+FFFD. May be empty: then the tag is left out.
std::string clean_name(std::string_view plain);

// The same for a measurement: a '#' in front, which would make the line a comment, is replaced by '_'.
std::string clean_measurement(std::string_view plain);

// Why a name cannot be written as it is: "it ends in a backslash, ..."; "" if it can.
std::string name_fault(std::string_view plain);
std::string measurement_fault(std::string_view plain);

// A name in a line that the host writes. It is made from plain text, cleaned and escaped there, and nowhere
// else, so a line that is put together from these types can be read back. It is never empty: where nothing is
// left of the plain text, it is "_". Immutable, so any thread may use it.
enum class NameKind { measurement, tag_key, tag_value, field_key };

template <NameKind Kind>
class Name {
  public:
    explicit Name(std::string_view plain);
    [[nodiscard]] const std::string& text() const { return text_; }  // escaped, as it is written
    bool operator==(const Name&) const = default;

  private:
    std::string text_;
};
using MeasurementName = Name<NameKind::measurement>;
using TagKey = Name<NameKind::tag_key>;
using TagValue = Name<NameKind::tag_value>;
using FieldKey = Name<NameKind::field_key>;

// A measurement that contains that of a point: what is written before and behind the point's own, which is
// cleaned and escaped already.
struct MeasurementParts {
    MeasurementParts(std::string_view plain_before, std::string_view plain_after);
    std::string before, after;
};

// Adds a tag to the tags of a line, ",a=1,b=2", in its place in their order. If there is one with this key,
// ours gets the key "forecastd_<key>".
void insert_tag(std::string& tags, std::string_view plain_key, const TagValue& value);

}  // namespace forecastd::lineprotocol

#endif
