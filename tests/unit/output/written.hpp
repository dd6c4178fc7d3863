// The engine and the writer together: line protocol in, line protocol out.
#ifndef FORECASTD_TESTS_OUTPUT_WRITTEN_HPP
#define FORECASTD_TESTS_OUTPUT_WRITTEN_HPP

#include <doctest/doctest.h>

#include <string>

#include "lineprotocol/reader.hpp"
#include "output/line_writer.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::output {

// Whether every line is a point, and where it is not, the first error.
inline std::string first_error(std::string_view text) {
    lineprotocol::Reader reader;
    text.copy(reader.space(text.size()).data(), text.size());
    reader.filled(text.size());
    reader.end_of_input();
    lineprotocol::Points points;
    lineprotocol::LineError error;
    for (;;) {
        const auto outcome = reader.next(points, error);
        if (outcome == lineprotocol::Outcome::incomplete) return "";
        if (outcome == lineprotocol::Outcome::error) return error.text();
    }
}

// Everything that is written for a text. It is checked that it can be read back.
inline std::string written(const config::Config& config, std::string_view text) {
    engine::Engine engine(config, [](config::LogLevel, const std::string&) {});
    Buffer buffer;
    LineWriter writer(buffer);
    lineprotocol::Reader reader;
    text.copy(reader.space(text.size()).data(), text.size());
    reader.filled(text.size());
    reader.end_of_input();
    lineprotocol::Points points;
    lineprotocol::LineError error;
    while (reader.next(points, error) != lineprotocol::Outcome::incomplete) {
        if (!points.points.empty()) engine.process(points, 0, writer);
        points.clear();
    }
    CHECK_MESSAGE(first_error(buffer.view()) == "", buffer.view());
    return std::string(buffer.view());
}

}  // namespace forecastd::output

#endif
