#include "scoring/labels.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>

#include "config/json.hpp"
#include "lineprotocol/key_text.hpp"
#include "lineprotocol/names.hpp"
#include "scoring/csv.hpp"

namespace forecastd::scoring {
namespace {

constexpr std::array<const char*, 3> columns{"series", "first_time_ns", "last_time_ns"};

Expected<std::string> canonical(const std::string& series) {
    lineprotocol::KeyText text;
    const auto point = text.read(series);
    if (point) return lineprotocol::canonical_key(lineprotocol::parse_key(series, point->measurement_size));
    return fail("found the series '" + series +
                "', expected a measurement and its tags, such as temperature,brew=pale_ale");
}

// Adds a window whose series is checked.
Expected<void> add(Labels& labels, const std::string& key, LabelledWindow window) {
    if (window.last_time_ns < window.first_time_ns)
        return fail("found a window that ends at " + std::to_string(window.last_time_ns) +
                    ", before it begins at " + std::to_string(window.first_time_ns) +
                    ", expected last_time_ns at or behind first_time_ns");
    labels[key].push_back(std::move(window));
    return {};
}

// ---- CSV ----------------------------------------------------------------------------------------------------

// Where each of the columns stands.
Expected<std::array<std::size_t, 3>> find_columns(const CsvRow& header) {
    std::array<std::size_t, 3> places{};
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto found = std::find(header.fields.begin(), header.fields.end(), columns[i]);
        if (found == header.fields.end())
            return fail(
                "found no column '" + std::string(columns[i]) +
                "' in the first row, expected series, first_time_ns and last_time_ns among its names, as "
                "'forecastd simulate --labels' writes them");
        places[i] = static_cast<std::size_t>(found - header.fields.begin());
    }
    return places;
}

Expected<std::int64_t> time_of(const std::string& text, const char* column) {
    std::int64_t time_ns = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), time_ns);
    if (error == std::errc() && end == text.data() + text.size()) return time_ns;
    return fail("found '" + text + "' as " + column +
                ", expected nanoseconds since 1970, such as 1700000000000000000");
}

Expected<void> add_row(Labels& labels, const CsvRow& row, const std::array<std::size_t, 3>& places,
                       const std::string& place) {
    if (row.fields.size() <= *std::max_element(places.begin(), places.end()))
        return fail("found " + std::to_string(row.fields.size()) +
                    " fields, expected one for each name in the first row");
    const auto key = canonical(row.fields[places[0]]);
    if (!key) return fail(key.error().text);
    const auto first = time_of(row.fields[places[1]], columns[1]),
               last = time_of(row.fields[places[2]], columns[2]);
    if (!first) return fail(first.error().text);
    if (!last) return fail(last.error().text);
    return add(labels, *key, {*first, *last, place});
}

Expected<Labels> parse_csv(const std::string& text, const std::string& name) {
    const auto rows = read_csv(text);
    if (!rows) return fail(name + ":" + rows.error().text);
    const CsvRow empty{1, {}};
    const CsvRow& header = rows->empty() ? empty : rows->front();
    const auto places = find_columns(header);
    if (!places) return fail(name + ":" + std::to_string(header.line) + ": " + places.error().text);
    Labels labels;
    for (std::size_t i = 1; i < rows->size(); ++i) {
        const std::string place = name + ":" + std::to_string((*rows)[i].line);
        if (const auto added = add_row(labels, (*rows)[i], *places, place); !added)
            return fail(place + ": " + added.error().text);
    }
    return labels;
}

// ---- JSON ---------------------------------------------------------------------------------------------------

Expected<void> add_windows(Labels& labels, const config::Member& member, const std::string& name,
                           const std::string& text) {
    const auto place = [&](const config::Value& value) {
        const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(value.offset, text.size()));
        return name + ":" + std::to_string(std::count(text.begin(), end, '\n') + 1);
    };
    const auto key = canonical(member.name);
    if (!key) return fail(place(member.value) + ": " + key.error().text);
    const auto unexpected = [&](const config::Value& found, const char* expected) {
        return fail(place(found) + ": found " + config::in_words(found) + " for the series '" + member.name +
                    "', expected " + expected);
    };
    const auto* const windows = member.value.list();
    if (!windows) return unexpected(member.value, "a list of windows [first_ns, last_ns]");
    labels[*key];  // also where it has none
    for (const config::Value& window : *windows) {
        const auto* const ends = window.list();
        const bool is_pair = ends && ends->size() == 2 && (*ends)[0].integer() && (*ends)[1].integer();
        if (!is_pair) return unexpected(window, "a window [first_ns, last_ns] in nanoseconds since 1970");
        const auto added = add(labels, *key, {*(*ends)[0].integer(), *(*ends)[1].integer(), place(window)});
        if (!added) return fail(place(window) + ": " + added.error().text);
    }
    return {};
}

Expected<Labels> parse_windows(const std::string& text, const std::string& name) {
    const auto root = config::parse_json(text);
    if (!root) {
        const auto end = text.begin() +
                         static_cast<std::ptrdiff_t>(std::min(root.error().offset.value_or(0), text.size()));
        return fail(name + ":" + std::to_string(std::count(text.begin(), end, '\n') + 1) + ": " +
                    root.error().text);
    }
    Labels labels;
    for (const config::Member& member : *root->object())
        if (const auto added = add_windows(labels, member, name, text); !added)
            return fail(added.error().text);
    return labels;
}

}  // namespace

Expected<Labels> parse_labels(const std::string& text, const std::string& name) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    return begin != std::string::npos && text[begin] == '{' ? parse_windows(text, name)
                                                            : parse_csv(text, name);
}

Expected<Labels> read_labels(const std::string& file) {
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (!stream.is_open() || stream.bad() || (text.empty() && errno != 0))
        return fail("cannot read the labels '" + file + "': " + std::strerror(errno != 0 ? errno : EIO));
    return parse_labels(text, file);
}

}  // namespace forecastd::scoring
