// What was put wrong in made-up data, and where: the truth that a detector's alarms are compared with.
#ifndef FORECASTD_SIMULATION_LABEL_HPP
#define FORECASTD_SIMULATION_LABEL_HPP

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace forecastd::simulation {

struct Label {
    std::string series;  // measurement and tags, as in the data
    const char* kind;    // "spike", "level_shift", "drop_out" or "stuck"
    std::int64_t first_time_ns;
    std::int64_t last_time_ns;  // of the last point concerned; the first and last lost one of a drop-out
    std::optional<std::int64_t>
        size_hundredths;      // what was added to the values, in 1/100 of the field's unit
    std::string description;  // a few words, without quotes
};

// The labels as CSV, after a line with the names of the columns:
// series,kind,first_time_ns,last_time_ns,size,description. Texts are in quotes, size is empty if there is
// none.
std::string to_csv(std::span<const Label> labels);

}  // namespace forecastd::simulation

#endif
