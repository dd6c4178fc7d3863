// Numbers as text, against the standard library.
#include <doctest/doctest.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "output/number.hpp"

namespace forecastd::output {
namespace {

constexpr char canary = '\xa5';

// What put writes; "touched too much" if it changes a byte behind max_number_size, or any before.
template <class Put, class Value>
std::string_view written(Put put, Value value) {
    static char memory[16 + max_number_size + 16];
    std::memset(memory, canary, sizeof memory);
    char* const begin = memory + 16;
    char* const end = put(begin, value);
    for (const char* p = memory; p < memory + sizeof memory; ++p)
        if ((p < begin || p >= begin + max_number_size) && *p != canary) return "touched too much";
    if (end <= begin || end > begin + max_number_size) return "wrote too much";
    return {begin, static_cast<std::size_t>(end - begin)};
}

std::string derived(double value) { return std::string(written(put_derived, value)); }
std::string exact(double value) { return std::string(written(put_exact, value)); }

double read(std::string_view text) {
    double value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return end == text.data() + text.size() && error == std::errc()
               ? value
               : std::numeric_limits<double>::quiet_NaN();
}

// Counts the values on which either goes wrong.
struct Check {
    std::size_t wrong = 0;
    double example = 0;
    void operator()(double value) {
        const double back = read(written(put_derived, value));
        const bool near = value == 0 ? back == 0 : std::abs(back - value) <= 5.001e-12 * std::abs(value);
        const bool same = std::bit_cast<std::uint64_t>(read(written(put_exact, value))) ==
                          std::bit_cast<std::uint64_t>(value);
        if (near && same) return;
        if (wrong++ == 0) example = value;
    }
    ~Check() {
        CAPTURE(example);
        CHECK(wrong == 0);
    }
};

}  // namespace

// By hand: twelve significant digits, no trailing zeros.
TEST_CASE("derived numbers: known texts") {
    const struct {
        double value;
        const char* text;
    } cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-1, "-1"},
        {10, "10"},
        {99, "99"},
        {100, "100"},
        {0.1, "0.1"},
        {-0.04, "-0.04"},
        {19.96 - 20, "-0.04"},
        {1.0 / 3, "0.333333333333"},
        {2.0 / 3, "0.666666666667"},
        {1e5 / 3, "33333.3333333"},
        {0.5, "0.5"},
        {123456789012, "123456789012"},
        {12345678901.26, "12345678901.3"},
        {0.99999999999999, "1"},
        {9.9999999999996, "10"},
        {99999999999.95, "100000000000"},
        {-99999999999.95, "-100000000000"},
        {99999999999.94, "99999999999.9"},
        {999999999999, "999999999999"},
        {999999999999.4, "999999999999"},
        {1e12, "1e+12"},
        {1.5e12, "1.5e+12"},
        {1e-5, "1e-05"},
        {1.5e-5, "0.000015"},
        {9.9e-6, "9.9e-06"},
        {0.000123456789012345, "0.000123456789012"},
        {5e-324, "4.94065645841e-324"},
        {std::numeric_limits<double>::max(), "1.79769313486e+308"},
        {-std::numeric_limits<double>::max(), "-1.79769313486e+308"},
    };
    for (const auto& one : cases) {
        if (one.value == 1e-5) {
            // At the border either notation would do.
            CHECK(read(derived(1e-5)) == 1e-5);
            CHECK(read(derived(std::nextafter(1e-5, 0))) == 1e-5);
            CHECK(read(derived(std::nextafter(1e-5, 1))) == 1e-5);
            continue;
        }
        CHECK(derived(one.value) == one.text);
    }
    // What rounds up to the least number with thirteen digits, in whichever notation.
    CHECK(read(derived(999999999999.6)) == 1e12);
    CHECK(read(derived(std::nextafter(1e12, 0))) == 1e12);
}

TEST_CASE("exact numbers: known texts") {
    CHECK(exact(0) == "0");
    CHECK(exact(-0.0) == "-0");
    CHECK(exact(20) == "20");
    CHECK(exact(-0.1) == "-0.1");
    CHECK(exact(19.96 - 20) == "-0.03999999999999915");
    CHECK(exact(1.0 / 3) == "0.3333333333333333");
    CHECK(exact(5e-324) == "5e-324");
    CHECK(exact(0.1 + 0.2) == "0.30000000000000004");
    CHECK(exact(std::numeric_limits<double>::max()) == "1.7976931348623157e+308");
}

TEST_CASE("random values of every size: derived within 5e-12, exact bit by bit") {
    std::mt19937_64 random(1);
    Check check;
    for (int i = 0; i < 1'000'000; ++i) {
        const double any = std::bit_cast<double>(random());
        if (std::isfinite(any)) check(any);
        const double unit = static_cast<double>(random() >> 11) * 0x1p-53;
        check(std::pow(10, 36 * unit - 18));
        check(-std::pow(10, 18 * unit - 6));
    }
}

TEST_CASE("random decimals of few digits, as sensors give them") {
    std::mt19937_64 random(2);
    Check check;
    for (int i = 0; i < 1'000'000; ++i) {
        const auto digits = static_cast<double>(random() % 100'000'000'000'000 >> random() % 46);
        check(digits / detail::powers_of_ten[random() % 17]);
    }
}

TEST_CASE("around every power of ten and of two, and halves of the last digit") {
    Check check;
    for (int e = -30; e <= 30; ++e) {
        for (const double power : {std::pow(10, e), std::ldexp(1, e), std::ldexp(1, e * 2)}) {
            double up = power, down = power;
            for (int i = 0; i < 200; ++i) {
                check(up);
                check(-down);
                up = std::nextafter(up, std::numeric_limits<double>::max());
                down = std::nextafter(down, 0);
            }
            for (int i = -50; i <= 50; ++i) check(power * (1 + i * 0.5e-12));
        }
    }
    for (double v = 0; v < 2000; v += 0.5) check(v);
    check(std::numeric_limits<double>::min());
    check(std::numeric_limits<double>::denorm_min());
}

TEST_CASE("derived numbers have at most twelve significant digits") {
    std::mt19937_64 random(3);
    std::size_t wrong = 0;
    for (int i = 0; i < 300'000; ++i) {
        const std::string text =
            derived(std::pow(10, static_cast<double>(random() >> 11) * 0x1p-53 * 17 - 5));
        std::size_t digits = 0, zeros = 0;
        for (const char c : text.substr(0, text.find('e'))) {
            if (c < '0' || c > '9' || (c == '0' && digits == 0)) continue;
            ++digits;
            zeros = c == '0' ? zeros + 1 : 0;
        }
        wrong += digits > 12 && digits - zeros > 12;
        wrong +=
            text.find('.') != std::string::npos && text.find('e') == std::string::npos && text.back() == '0';
    }
    CHECK(wrong == 0);
}

TEST_CASE("times are as std::to_chars has them") {
    std::size_t wrong = 0;
    const auto check = [&](std::int64_t time) { wrong += written(put_time, time) != std::to_string(time); };
    for (const std::int64_t around :
         {std::int64_t{0}, std::int64_t{1'000'000'000'000'000'000}, std::int64_t{1'700'000'000'000'000'000},
          std::int64_t{9'000'000'000'000'000'000}, std::int64_t{10'000'000'000'000'000},
          std::int64_t{99'999'999}, std::int64_t{-1'000'000'000'000'000'000}})
        for (std::int64_t i = -100; i <= 100; ++i) check(around + i);
    check(std::numeric_limits<std::int64_t>::max());
    check(std::numeric_limits<std::int64_t>::min());
    std::mt19937_64 random(4);
    for (int i = 0; i < 1'000'000; ++i) {
        check(static_cast<std::int64_t>(random()));
        check(static_cast<std::int64_t>(random() >> 1 >> random() % 60));
    }
    CHECK(wrong == 0);
}

TEST_CASE("eight digits, all of the smaller ones and random ones") {
    std::size_t wrong = 0;
    const auto check = [&](std::uint32_t number) {
        char text[9] = {};
        detail::put_eight(text, detail::eight_digits(number));
        char expected[9];
        std::snprintf(expected, sizeof expected, "%08u", number);
        wrong += std::string_view(text) != expected;
    };
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        check(i);
        check(i * 1000 + 999);
        check(99'999'999 - i);
    }
    std::mt19937 random(5);
    for (int i = 0; i < 300'000; ++i) check(static_cast<std::uint32_t>(random() % 100'000'000));
    CHECK(wrong == 0);
}

}  // namespace forecastd::output
