// What the reader makes of one point: views into its buffer, nothing copied, nothing unescaped.
#ifndef FORECASTD_LINEPROTOCOL_POINT_HPP
#define FORECASTD_LINEPROTOCOL_POINT_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace forecastd::lineprotocol {

enum class FieldType : std::uint8_t { real, integer, uinteger, boolean, string };

// One field. value is the text of a number without its suffix, of a boolean, or between a string's quotes.
// The reader has checked its form and its range.
struct FieldView {
    std::string_view key;  // raw: with its escapes
    std::string_view value;
    FieldType type = FieldType::real;
};

// One point; valid until the reader is given more input.
struct PointView {
    std::string_view bytes;            // as it came, without its line end
    std::string_view key;              // raw measurement and tags: "cpu,host=a"
    std::size_t measurement_size = 0;  // of the raw measurement, which key begins with
    std::uint32_t first_field = 0;     // its fields stand in Points::fields
    std::uint32_t field_count = 0;
    bool newline_follows =
        false;                // bytes is followed in the buffer by a newline, so both can go out in one piece
    bool has_string = false;  // a field of type string
    bool has_time = false;
    std::int64_t time_ns = 0;

    [[nodiscard]] std::string_view measurement() const { return key.substr(0, measurement_size); }
};

// Some points in their order; the fields of all of them stand side by side. clear() keeps the memory.
struct Points {
    std::vector<PointView> points;
    std::vector<FieldView> fields;

    [[nodiscard]] const FieldView* fields_of(const PointView& point) const {
        return fields.data() + point.first_field;
    }
    void clear() {
        points.clear();
        fields.clear();
    }
};

}  // namespace forecastd::lineprotocol

#endif
