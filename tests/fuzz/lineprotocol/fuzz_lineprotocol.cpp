// Whatever the bytes and wherever chunks end, the same points and errors come out, also when another reader
// takes over after each chunk; every view lies within the fed bytes; names and values of every point can be
// read; a canonical key is read back as the same key.
//
// The first byte chooses the limit of a point's size, the second how chunks are cut; the rest is the text.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lineprotocol/names.hpp"
#include "lineprotocol/reader.hpp"
#include "lineprotocol/values.hpp"

namespace {

using namespace forecastd::lineprotocol;

void require(bool condition) {
    if (!condition) std::abort();
}

bool within(std::string_view part, std::string_view whole) {
    return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

void check_key(const PointView& point) {
    const Key key = parse_key(point.key, point.measurement_size);
    require(!key.measurement.empty());
    Key plain{key.measurement, key.tags};
    const std::string canonical = canonical_key(plain);

    Reader reader(canonical.size() + 16);
    const std::string text = canonical + " v=1\n";
    text.copy(reader.space(text.size()).data(), text.size());
    reader.filled(text.size());
    Points points;
    LineError error;
    require(reader.next(points, error) == Outcome::point);
    const Key again = parse_key(points.points[0].key, points.points[0].measurement_size);
    require(again.measurement == key.measurement && again.tags == key.tags);
    require(canonical_key(again) == canonical);
}

// A text of all that a point is; checks it on the way. buffer is what the reader holds.
std::string describe(const Points& points, const PointView& point, bool check) {
    require(within(point.key, point.bytes) && point.measurement_size > 0 &&
            point.measurement_size <= point.key.size());
    require(point.field_count > 0);
    if (point.newline_follows) require(*(point.bytes.data() + point.bytes.size()) == '\n');
    std::string text(point.bytes);
    text += "\x01" + std::string(point.key) + "\x01" + std::to_string(point.measurement_size) + "\x01" +
            std::to_string(point.has_time) + std::to_string(point.has_time ? point.time_ns : 0) +
            std::to_string(point.newline_follows) + std::to_string(point.has_string);
    for (std::uint32_t i = 0; i < point.field_count; ++i) {
        const FieldView& field = points.fields_of(point)[i];
        require(within(field.key, point.bytes) && within(field.value, point.bytes) && !field.key.empty());
        text += "\x01" + std::string(field.key) + "\x01" + std::string(field.value) + "\x01" +
                std::to_string(static_cast<int>(field.type));
        if (!check) continue;
        (void)unescape_name(field.key);
        (void)clean_name(unescape_name(field.key));
        if (field.type == FieldType::string) (void)unescape_string(field.value);
        const double number = to_number(field);
        require((number == number) == is_number(field.type));
    }
    if (check) check_key(point);
    return text;
}

enum class Readers { one, one_a_chunk };

// Reads text in chunks of `chunk` bytes, each `growth` bytes larger than the one before.
std::vector<std::string> read(std::string_view text, std::size_t limit, std::size_t chunk, std::size_t growth,
                              bool check, Readers readers = Readers::one) {
    std::optional<Reader> reader(limit);
    Points points;
    LineError error;
    std::vector<std::string> events;
    const auto take = [&](std::string_view fed_bytes) {
        for (;;) {
            const std::size_t before = points.points.size();
            const Outcome outcome = reader->next(points, error);
            require(points.points.size() == before + (outcome == Outcome::point));
            if (outcome == Outcome::incomplete) break;
            if (outcome == Outcome::error) {
                require(error.line >= error.first_line && error.first_line > 0 && error.column > 0);
                events.push_back("! " + error.text());
                continue;
            }
            const PointView& point = points.points.back();
            require(point.bytes.size() <= limit);
            if (!fed_bytes.empty()) require(within(point.bytes, fed_bytes));
            events.push_back(describe(points, point, check));
        }
        points.clear();
    };
    std::size_t from = 0;
    do {
        const std::size_t size = std::min(chunk, text.size() - from);
        const auto space = reader->space(size);
        require(space.size() >= size);
        text.substr(from, size).copy(space.data(), size);
        reader->filled(size);
        from += size;
        chunk += growth;
        const bool all_is_there = size == text.size();
        take(all_is_there ? std::string_view(space.data(), size) : std::string_view());
        if (readers == Readers::one_a_chunk) {
            const Reader::State state = reader->state();
            const std::string rest(reader->rest());
            reader.emplace(limit);
            reader->resume(state);
            rest.copy(reader->space(rest.size()).data(), rest.size());
            reader->filled(rest.size());
            take({});
        }
    } while (from < text.size());
    reader->end_of_input();
    take({});
    events.push_back(std::to_string(reader->lines()) + " lines, " + std::to_string(reader->rejected_bytes()) +
                     " bytes rejected");
    require(reader->rejected_bytes() <= text.size());
    return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::size_t limit = data[0] < 128 ? std::size_t{1} << 20 : static_cast<std::size_t>(data[0] - 127);
    const std::size_t chunk = data[1] % 32 + 1u;
    const std::size_t growth = data[1] / 32u;
    const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto whole = read(text, limit, text.size() + 1, 0, true);
    require(read(text, limit, chunk, growth, false) == whole);
    require(read(text, limit, 1, 0, false) == whole);
    require(read(text, limit, chunk, growth, false, Readers::one_a_chunk) == whole);
    return 0;
}
