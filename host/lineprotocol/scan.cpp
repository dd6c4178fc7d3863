#include "lineprotocol/scan.hpp"

#include <cstring>
#include <limits>

#include "lineprotocol/bytes.hpp"
#include "lineprotocol/values.hpp"

namespace forecastd::lineprotocol {
namespace {

constexpr std::uint64_t max_time = std::numeric_limits<std::int64_t>::max();

// The main path reads straight down in scan(); each part moves p over what it took and returns false where
// the point is wrong or the data ends, which failed() tells apart.
class Scanner {
  public:
    Scanner(const char* begin, const char* end, bool at_end, std::vector<FieldView>& fields)
        : p_(begin), end_(end), at_end_(at_end), fields_(fields) {}

    Outcome scan(PointView& point, const char** next) {
        const char* const begin = p_;
        const auto first_field = static_cast<std::uint32_t>(fields_.size());
        if (!measurement()) return outcome_;
        point.measurement_size = static_cast<std::size_t>(p_ - begin);
        if (!tags()) return outcome_;
        point.key = {begin, static_cast<std::size_t>(p_ - begin)};
        skip_blanks();
        if (!field_set()) return outcome_;
        skip_blanks();
        point.has_string = has_string_;
        point.has_time = false;
        if (*p_ != '\n' && *p_ != '\r' && !time(point)) return outcome_;
        const char* const last = p_;
        if (!line_end()) return outcome_;

        point.bytes = {begin, static_cast<std::size_t>(last - begin)};
        point.newline_follows = last < end_ && *last == '\n';
        point.first_field = first_field;
        point.field_count = static_cast<std::uint32_t>(fields_.size()) - first_field;
        *next = p_;
        return Outcome::point;
    }

    Fault fault;
    OpenString open;

  private:
    // The byte at `at` does not fit. If it is the sentinel, the data ended here, and more may follow.
    bool failed(const char* at, const char* expected) {
        if (at >= end_ && !at_end_) {
            outcome_ = Outcome::incomplete;
        } else {
            outcome_ = Outcome::error;
            fault = {at, at, expected};
        }
        return false;
    }

    void skip_blanks() {
        const char* p = p_;  // a copy, here and in the other loops: p_ itself could be one of the bytes read
        while (is_blank(*p)) ++p;
        p_ = p;
    }

    // Moves over plain bytes up to one that stops.
    template <bool (*Stops)(char)>
    void skip_plain() {
        const char* p = p_;
        while (!Stops(*p)) ++p;
        p_ = p;
    }

    bool measurement() {
        const char* const begin = p_;
        for (;; p_ += 2) {  // a backslash takes the next byte along
            skip_plain<stops_measurement>();
            if (*p_ != '\\') break;
            if (is_forbidden_in_name(p_[1]))
                return failed(
                    p_ + 1,
                    "expected another byte than a tab or line end after the backslash in the measurement");
        }
        if (p_ == begin) return failed(p_, "expected a measurement name");
        if (*p_ != ',' && !is_blank(*p_))
            return failed(p_, "expected a space and then fields, or a comma and then tags");
        return true;
    }

    // In tags a run of backslashes counts by its last one: a backslash before a backslash stands for itself.
    bool tag_text(const char* expected) {
        const char* const begin = p_;
        for (;;) {
            skip_plain<stops_name>();
            if (*p_ != '\\') break;
            if (is_forbidden_in_name(p_[1]))
                return failed(p_ + 1,
                              "expected another byte than a tab or line end after the backslash in the tag");
            p_ += p_[1] == '\\' ? 1 : 2;
        }
        return p_ != begin || failed(p_, expected);
    }

    bool tags() {
        while (*p_ == ',') {
            ++p_;
            if (!tag_text("expected a tag key after the comma (a comma in a name is written '\\,')"))
                return false;
            if (*p_ != '=') return failed(p_, "expected '=' and a value after the tag key");
            ++p_;
            if (!tag_text("expected a tag value after '='")) return false;
            if (*p_ != ',' && !is_blank(*p_))
                return failed(
                    p_, *p_ == '='
                            ? "expected a comma or a space after the tag value ('=' in it is written '\\=')"
                            : "expected a space and then fields, or a comma and another tag");
        }
        return true;
    }

    bool field_set() {
        for (;;) {
            FieldView& field = fields_.emplace_back();
            if (!field_key(field) || !field_value(field)) return false;
            if (*p_ != ',') break;
            ++p_;
        }
        return is_blank(*p_) || *p_ == '\n' || *p_ == '\r' ||
               failed(p_, "expected a comma, a space or the line's end after the field's value");
    }

    bool field_key(FieldView& field) {
        const char* const begin = p_;
        for (;; p_ += 2) {
            skip_plain<stops_name>();
            if (*p_ != '\\') break;
            if (is_forbidden_in_name(p_[1]))
                return failed(
                    p_ + 1,
                    "expected another byte than a tab or line end after the backslash in the field key");
        }
        if (p_ == begin) return failed(p_, "expected a field key");
        if (*p_ != '=') return failed(p_, "expected '=' and a value after the field key");
        field.key = {begin, static_cast<std::size_t>(p_ - begin)};
        ++p_;
        return true;
    }

    bool field_value(FieldView& field) {
        switch (*p_) {
            case '"':
                return string(field);
            case 't':
            case 'T':
            case 'f':
            case 'F':
                return boolean(field);
            default:
                return number(field);
        }
    }

    bool string(FieldView& field) {
        const char* const quote = p_;
        const char* const closing = find_closing_quote(quote + 1, end_, &open.resume);
        if (!closing) {
            failed(end_, "expected a closing quote for the string that begins here");
            fault.at = quote;  // fault.found stays the end of the data
            return false;
        }
        has_string_ = true;
        field.type = FieldType::string;
        field.value = {quote + 1, static_cast<std::size_t>(closing - quote - 1)};
        p_ = closing + 1;
        return true;
    }

    bool boolean(FieldView& field) {
        const char* q = p_;
        while (is_letter(*q)) ++q;
        if (q == end_ && !at_end_) return failed(q, "");
        const std::string_view word(p_, static_cast<std::size_t>(q - p_));
        if (!is_boolean(word)) return failed(p_, "expected true, t, false, f or their capitals");
        field.type = FieldType::boolean;
        field.value = word;
        p_ = q;
        return true;
    }

    static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

    bool number(FieldView& field) {
        const char* const begin = p_;
        const char* q = p_;
        if (*q == '-') ++q;
        const char* const digits = q;
        while (is_digit(*q)) ++q;
        const auto whole = q - digits;
        if (*q == 'i' || *q == 'u') return whole_number(field, begin, digits, q);

        std::ptrdiff_t fraction = 0;
        if (*q == '.') {
            const char* const point = ++q;
            while (is_digit(*q)) ++q;
            fraction = q - point;
        }
        if (whole + fraction == 0) return failed(q, "expected a number, a quoted string, or true or false");
        bool exponent = false;
        if (*q == 'e' || *q == 'E') {
            exponent = true;
            ++q;
            if (*q == '+' || *q == '-') ++q;
            if (!is_digit(*q)) return failed(q, "expected digits after the exponent's 'e'");
            while (is_digit(*q)) ++q;
        }
        field.type = FieldType::real;
        field.value = {begin, static_cast<std::size_t>(q - begin)};
        constexpr std::ptrdiff_t surely_finite = 300;  // digits before the point
        if ((exponent || whole > surely_finite) && (q < end_ || at_end_) && !is_finite(field.value)) {
            return failed(q, "expected a number below 1.8e308 in size");
        }
        p_ = q;
        return true;
    }

    bool whole_number(FieldView& field, const char* begin, const char* digits, const char* suffix) {
        const bool is_unsigned = *suffix == 'u';
        if (suffix == digits) return failed(suffix, "expected digits before the suffix");
        if (*digits == '0' && suffix - digits > 1)
            return failed(suffix, "expected an integer without leading zeros");
        if (is_unsigned && digits != begin)
            return failed(suffix, "expected an unsigned integer without a sign");
        field.type = is_unsigned ? FieldType::uinteger : FieldType::integer;
        field.value = {begin, static_cast<std::size_t>(suffix - begin)};
        p_ = suffix + 1;
        constexpr std::ptrdiff_t surely_fits = 18;  // digits
        if (suffix - digits <= surely_fits || fits(field)) return true;
        return failed(p_, is_unsigned
                              ? "expected an unsigned integer of at most 18446744073709551615"
                              : "expected an integer from -9223372036854775808 to 9223372036854775807");
    }

    bool time(PointView& point) {
        const bool negative = *p_ == '-';
        if (negative) ++p_;
        const char* const digits = p_;
        const char* p = digits;
        std::uint64_t size = 0;  // nineteen digits fit
        for (; end_ - p >= 8 && p - digits <= 8 && are_eight_digits(p); p += 8)
            size = size * 100'000'000 + eight_digits(p);
        for (; is_digit(*p) && p - digits < 19; ++p) size = size * 10 + static_cast<std::uint64_t>(*p - '0');
        p_ = p;
        if (is_digit(*p_)) return failed(p_, "expected a time of at most 19 digits");
        if (p_ == digits) return failed(p_, "expected a time in nanoseconds, or the line's end");
        if (!is_blank(*p_) && *p_ != '\n' && *p_ != '\r')
            return failed(p_, "expected the line's end after the time");
        if (size > max_time + (negative ? 1 : 0))
            return failed(p_, "expected a time within 64 bits of nanoseconds, the years 1678 to 2262");
        point.has_time = true;
        point.time_ns = static_cast<std::int64_t>(negative ? 0 - size : size);
        skip_blanks();
        return true;
    }

    bool line_end() {
        if (p_ < end_ && *p_ == '\r') {
            if (p_ + 1 == end_ && at_end_) {  // a bare CR at the end of input
                p_ = end_;
                return true;
            }
            if (p_[1] != '\n' || p_ + 1 == end_)
                return failed(p_ + 1, "expected a newline after the carriage return");
            p_ += 2;
            return true;
        }
        if (*p_ != '\n') return failed(p_, "expected the line's end");
        if (p_ == end_) {
            if (!at_end_) return failed(p_, "");
            return true;
        }
        ++p_;
        return true;
    }

    const char* p_;
    const char* const end_;
    const bool at_end_;
    std::vector<FieldView>& fields_;
    Outcome outcome_ = Outcome::error;
    bool has_string_ = false;
};

}  // namespace

const char* find_closing_quote(const char* from, const char* end, const char** resume) {
    for (const char* p = from; p < end; ++p) {
        if (*p == '"') return p;
        if (*p == '\\') {
            if (p + 1 == end) {
                *resume = p;  // the next byte decides what this one is
                return nullptr;
            }
            ++p;
        }
    }
    *resume = end;
    return nullptr;
}

Outcome scan_point(const char* begin, const char* end, bool at_end, PointView& point,
                   std::vector<FieldView>& fields, const char** next, Fault& fault, OpenString& open) {
    Scanner scanner(begin, end, at_end, fields);
    const Outcome outcome = scanner.scan(point, next);
    if (outcome != Outcome::point) {
        fault = scanner.fault;
        open = scanner.open;
    }
    return outcome;
}

}  // namespace forecastd::lineprotocol
