// What a check has found.
#ifndef FORECASTD_VERIFY_RESULT_HPP
#define FORECASTD_VERIFY_RESULT_HPP

#include <cstdint>
#include <string>
#include <utility>

namespace forecastd::verify {

enum class Outcome : std::uint8_t { pass, fail, skip };

struct Result {
    Outcome outcome = Outcome::pass;
    std::string why;  // of fail and skip: a sentence without its full stop
};

inline Result skip(std::string why) { return {Outcome::skip, std::move(why)}; }

// Thrown by a check: the plugin breaks the contract, as the sentence says.
struct Broken {
    std::string why;
};

}  // namespace forecastd::verify

#endif
