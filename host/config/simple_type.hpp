// How a type of the config is made that is read in one step. For the files that define types.
#ifndef FORECASTD_CONFIG_SIMPLE_TYPE_HPP
#define FORECASTD_CONFIG_SIMPLE_TYPE_HPP

#include <functional>
#include <string>
#include <utility>

#include "base/expected.hpp"
#include "config/types.hpp"

namespace forecastd::config {

// Returns the value, or an error whose text says why the value is not what was expected; it may be empty
// where nothing is to be added to "found ..., expected ...".
template <class T>
using Parse = std::function<Expected<T>(const Value&)>;

template <class T>
Type<T> simple(const std::string& expected, const Value::Object& schema, Parse<T> parse,
               std::function<Value(const T&)> write) {
    Type<T> type;
    type.expected = expected;
    type.schema = schema;
    type.read = [parse = std::move(parse), expected](const Value& found, T& into, const Place& place) {
        auto value = parse(found);
        if (!value)
            place.unexpected(found, expected, value.error().text);
        else
            into = std::move(*value);
        return value.has_value();
    };
    type.write = std::move(write);
    return type;
}

template <class T>
Value as_it_is(const T& value) {
    return value;
}

// The value, if `fits`: for types whose error has nothing to add.
template <class T>
Expected<T> only_if(bool fits, T value) {
    if (fits) return value;
    return fail("");
}

}  // namespace forecastd::config

#endif
