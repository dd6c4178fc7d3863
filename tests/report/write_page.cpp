// The page of the data on standard input, to standard output. What is tried without a backtest goes through it.
#include <exception>
#include <iostream>

#include <nlohmann/json.hpp>

#include "report/page.hpp"

int main() {
    try {
        forecastd::report::write_page(std::cout, nlohmann::ordered_json::parse(std::cin));
    } catch (const std::exception& problem) {
        std::cerr << "write_page: standard input is no JSON: " << problem.what() << '\n';
        return 1;
    }
    return std::cout.flush() ? 0 : 1;
}
