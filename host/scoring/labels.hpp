// Where something is wrong in which series: the truth that alarms are compared with.
//
// Threads: any.
#ifndef FORECASTD_SCORING_LABELS_HPP
#define FORECASTD_SCORING_LABELS_HPP

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/expected.hpp"

namespace forecastd::scoring {

// From the first to the last point concerned, or between points where these are missing.
struct LabelledWindow {
    std::int64_t first_time_ns, last_time_ns;
    std::string place;  // "labels.csv:3"
};

// By the key of the series: measurement and tags in their canonical form, so that their order means nothing.
using Labels = std::map<std::string, std::vector<LabelledWindow>>;

// A file: CSV with the columns series, first_time_ns and last_time_ns, in any order and among others; or, if it begins
// with '{', JSON: {"cpu,host=a": [[first_ns, last_ns], ...]}. The error names the file and the line.
Expected<Labels> read_labels(const std::string& file);

// The same of a text; name: what errors call it.
Expected<Labels> parse_labels(const std::string& text, const std::string& name);

}  // namespace forecastd::scoring

#endif
