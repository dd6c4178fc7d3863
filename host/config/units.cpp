#include "config/units.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <span>

namespace forecastd::config {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t factor;
    bool shown;  // used in writing; the others are only read
};

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t day = 86'400 * second;
constexpr std::size_t max_length = 64;
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

// From the greatest to the least, as they are written.
constexpr std::array<Unit, 11> duration_units{{{"w", 7 * day, false},
                                               {"d", day, true},
                                               {"h", 3600 * second, true},
                                               {"m", 60 * second, true},
                                               {"min", 60 * second, false},
                                               {"s", second, true},
                                               {"ms", 1'000'000, true},
                                               {"us", 1'000, true},
                                               {"\u00b5s", 1'000, false},  // the micro sign
                                               {"\u03bcs", 1'000, false},  // the Greek letter, as Go has it
                                               {"ns", 1, true}}};

constexpr std::array<Unit, 10> size_units{{{"TiB", std::int64_t{1} << 40, true},
                                           {"TB", 1'000'000'000'000, true},
                                           {"GiB", std::int64_t{1} << 30, true},
                                           {"GB", 1'000'000'000, true},
                                           {"MiB", std::int64_t{1} << 20, true},
                                           {"MB", 1'000'000, true},
                                           {"KiB", std::int64_t{1} << 10, true},
                                           {"KB", 1'000, true},
                                           {"B", 1, false},
                                           {"", 1, true}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_while(std::string_view& text, bool (*belongs)(char)) {
    std::size_t length = 0;
    while (length < text.size() && belongs(text[length])) ++length;
    const std::string_view taken = text.substr(0, length);
    text.remove_prefix(length);
    return taken;
}

// value = value * factor + digit and such, refused where it would overflow.
bool multiply_add(std::int64_t& value, std::int64_t factor, std::int64_t more) {
    if (value > (largest - more) / factor) return false;
    value = value * factor + more;
    return true;
}

const Unit* find(std::span<const Unit> units, std::string_view name) {
    for (const auto& unit : units)
        if (unit.name == name) return &unit;
    return nullptr;
}

std::string unit_list(std::span<const Unit> units) {
    std::string list;
    for (auto unit = units.rbegin(); unit != units.rend(); ++unit)
        if (static_cast<unsigned char>(unit->name[0]) < 0x80 && !unit->name.empty())
            list += (list.empty() ? "" : ", ") + std::string(unit->name);
    return list;
}

// Adds up "1h30m": each number with its unit.
Expected<std::int64_t> parse(std::string_view text, std::span<const Unit> units) {
    if (text.empty()) return fail("it is empty");
    if (text.size() > max_length) return fail("it is too long");
    std::int64_t total = 0;
    while (!text.empty()) {
        const std::string_view rest = text;
        const std::string_view digits = take_while(text, is_digit);
        const bool point = !digits.empty() && text.starts_with('.');
        if (point) text.remove_prefix(1);
        const std::string_view decimals = point ? take_while(text, is_digit) : "";
        if (digits.empty() || (point && decimals.empty()))
            return fail("'" + std::string(rest) + "' does not begin with a number such as 10 or 1.5");
        const std::string_view name = take_while(text, [](char c) { return !is_digit(c); });
        const Unit* unit = find(units, name);
        if (!unit)
            return fail(
                (name.empty() ? "the unit is missing" : "there is no unit '" + std::string(name) + "'") +
                "; the units are " + unit_list(units));
        std::int64_t whole = 0;
        bool fits = true;
        for (const char digit : digits) fits = fits && multiply_add(whole, 10, digit - '0');
        double fraction = 0;
        for (auto digit = decimals.rbegin(); digit != decimals.rend(); ++digit)
            fraction = (fraction + (*digit - '0')) / 10;
        const auto part = std::llround(fraction * static_cast<double>(unit->factor));
        if (!fits || !multiply_add(whole, unit->factor, part) || !multiply_add(total, 1, whole))
            return fail("it is too large");
    }
    return total;
}

}  // namespace

const char* const duration_pattern = "^(0|([0-9]+(\\.[0-9]+)?(ns|us|\u00b5s|\u03bcs|ms|s|m|min|h|d|w))+)$";
const char* const size_pattern =
    "^([0-9]+(\\.[0-9]+)?(B|KB|KiB|MB|MiB|GB|GiB|TB|TiB))*([0-9]+(\\.[0-9]+)?(B|KB|KiB|MB|MiB|GB|GiB|TB|TiB)?"
    ")$";

Expected<std::int64_t> parse_duration(std::string_view text) {
    if (text == "0") return 0;
    return parse(text, duration_units);
}

Expected<std::int64_t> parse_size(std::string_view text) { return parse(text, size_units); }

std::string format_duration(std::int64_t ns) {
    std::string text;
    for (const auto& unit : duration_units) {
        if (!unit.shown || ns < unit.factor) continue;
        text += std::to_string(ns / unit.factor) + std::string(unit.name);
        ns %= unit.factor;
    }
    return text.empty() ? "0s" : text;
}

std::string format_size(std::int64_t bytes) {
    if (bytes == 0) return "0";
    for (const auto& unit : size_units)
        if (unit.shown && bytes % unit.factor == 0)
            return std::to_string(bytes / unit.factor) + std::string(unit.name);
    return std::to_string(bytes);
}

}  // namespace forecastd::config
