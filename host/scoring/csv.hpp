// Comma-separated values, with fields in quotes where they need them ("" is a quote inside), as spreadsheets write them.
//
// Threads: any.
#ifndef FORECASTD_SCORING_CSV_HPP
#define FORECASTD_SCORING_CSV_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"

namespace forecastd::scoring {

struct CsvRow {
    std::size_t line = 0;  // on which it begins, from 1 on
    std::vector<std::string> fields;
};

// The rows that are not empty. The error begins with the line: "3: found ...".
Expected<std::vector<CsvRow>> read_csv(std::string_view text);

}  // namespace forecastd::scoring

#endif
