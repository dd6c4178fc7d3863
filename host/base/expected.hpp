// The one way in which the host reports that something could not be done: Expected<T> holds a T, or an Error
// with a sentence for a person. It stands on tl::expected, a library with the interface of C++23's
// std::expected.
//
//   Expected<Config> read(const std::string& file);
//
//   auto config = read(file);
//   if (!config) return fail(config.error().text);   // hand the error on
//   use(*config);
//
// What a program cannot do anything about, such as a broken precondition, is an assert and not an Error.
#ifndef FORECASTD_BASE_EXPECTED_HPP
#define FORECASTD_BASE_EXPECTED_HPP

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace forecastd {

// Why something could not be done: what was found, where, what was expected, what to do.
struct Error {
    std::string text;
    bool operator==(const Error&) const = default;
};

template <class T>
using Expected = tl::expected<T, Error>;

// An error to return from a function whose result is an Expected.
inline tl::unexpected<Error> fail(std::string text) { return tl::unexpected<Error>(Error{std::move(text)}); }

}  // namespace forecastd

#endif
