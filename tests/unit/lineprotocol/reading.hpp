// Reads text in chunks and tells what came out, as text that can be compared.
#ifndef FORECASTD_TESTS_LINEPROTOCOL_READING_HPP
#define FORECASTD_TESTS_LINEPROTOCOL_READING_HPP

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "lineprotocol/reader.hpp"

namespace forecastd::lineprotocol {

inline constexpr std::size_t no_limit = std::size_t{1} << 20;

// All of a point: "m,t=a|1|v=real:1|5", with the measurement's size, " newline" if one follows the bytes, and
// " string".
inline std::string text_of(const Points& points, const PointView& point) {
    std::string text(point.bytes);
    text += " => " + std::string(point.key) + "|" + std::to_string(point.measurement_size);
    static constexpr const char* types[] = {"real", "integer", "uinteger", "boolean", "string"};
    for (std::uint32_t i = 0; i < point.field_count; ++i) {
        const FieldView& field = points.fields_of(point)[i];
        text += "|" + std::string(field.key) + "=" + types[static_cast<std::size_t>(field.type)] + ":" +
                std::string(field.value);
    }
    text += "|" + (point.has_time ? std::to_string(point.time_ns) : std::string("no time"));
    if (point.newline_follows) text += " newline";
    if (point.has_string) text += " string";
    return text;
}

// What a reader makes of text, cut before the places in cuts: points as text_of() has them, errors behind a
// "! ".
inline std::vector<std::string> read(std::string_view text, const std::vector<std::size_t>& cuts = {},
                                     std::size_t limit = no_limit) {
    Reader reader(limit);
    Points points;
    LineError error;
    std::vector<std::string> events;
    const auto take = [&] {
        for (;;) {
            const std::size_t before = points.points.size();
            const Outcome outcome = reader.next(points, error);
            if (outcome == Outcome::incomplete) break;
            if (outcome == Outcome::error)
                events.push_back("! " + error.text());
            else if (points.points.size() == before + 1)
                events.push_back(text_of(points, points.points.back()));
            else
                events.emplace_back("a point was not appended");
        }
        points.clear();
    };
    std::size_t from = 0;
    const auto feed = [&](std::size_t to) {
        const auto space = reader.space(to - from);
        std::copy(text.begin() + static_cast<std::ptrdiff_t>(from),
                  text.begin() + static_cast<std::ptrdiff_t>(to), space.begin());
        reader.filled(to - from);
        from = to;
        take();
    };
    for (const std::size_t cut : cuts) feed(cut);
    feed(text.size());
    reader.end_of_input();
    take();
    return events;
}

// Cuts behind every `size` bytes.
inline std::vector<std::size_t> every(std::size_t size, std::size_t text_size) {
    std::vector<std::size_t> cuts;
    for (std::size_t at = size; at < text_size; at += size) cuts.push_back(at);
    return cuts;
}

}  // namespace forecastd::lineprotocol

#endif
