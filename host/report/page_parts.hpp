// The page without its data, compiled into the program: page/ and uplot/, put together by assemble.cmake.
#ifndef FORECASTD_REPORT_PAGE_PARTS_HPP
#define FORECASTD_REPORT_PAGE_PARTS_HPP

#include <span>
#include <string_view>

namespace forecastd::report {

// What stands before the data and behind them, in pieces to be written one after the other.
std::span<const std::string_view> before_data();
std::span<const std::string_view> after_data();

}  // namespace forecastd::report

#endif
