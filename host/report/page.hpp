// The report of a backtest: one page of HTML with everything in it, which a browser shows without a network.
//
// The page holds the data as they are given (README.md has their format) and draws all from them. It must never load
// anything, nor let what stands in the data act: a key such as "</script>" is text.
//
// Threads: any. Errors: the stream's state.
#ifndef FORECASTD_REPORT_PAGE_HPP
#define FORECASTD_REPORT_PAGE_HPP

#include <iosfwd>

#include <nlohmann/json.hpp>

namespace forecastd::report {

// Writes the whole page. What is not UTF-8 in the data is replaced by U+FFFD, what is no finite number by null.
void write_page(std::ostream& out, const nlohmann::ordered_json& data);

}  // namespace forecastd::report

#endif
