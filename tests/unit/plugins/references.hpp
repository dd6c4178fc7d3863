// The reference results of tests/reference: the results of statsmodels and R on series of our own. The README
// there explains each field.
#ifndef FORECASTD_TESTS_UNIT_PLUGINS_REFERENCES_HPP
#define FORECASTD_TESTS_UNIT_PLUGINS_REFERENCES_HPP

#include <doctest/doctest.h>

#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace references {

// The records of tests/reference/NAME.json: of "series" for the name "series", of "fits" for all others.
inline nlohmann::json read(const std::string& name) {
    const std::string path = FORECASTD_REFERENCE_DIRECTORY "/" + name + ".json";
    std::ifstream file(path);
    REQUIRE_MESSAGE(file.good(), path, " cannot be read");
    return nlohmann::json::parse(file).at(name == "series" ? "series" : "fits");
}

// A list of numbers; null becomes NaN.
inline std::vector<double> numbers(const nlohmann::json& list) {
    std::vector<double> result;
    result.reserve(list.size());
    for (const auto& item : list)
        result.push_back(item.is_null() ? std::numeric_limits<double>::quiet_NaN() : item.get<double>());
    return result;
}

struct Series {
    std::size_t season_length = 1;
    std::vector<double> values;  // NaN: missing
};

// All series by their id.
inline std::map<std::string, Series> all_series() {
    std::map<std::string, Series> result;
    for (const auto& record : read("series"))
        result[record.at("id").get<std::string>()] = {record.at("season_length").get<std::size_t>(),
                                                      numbers(record.at("values"))};
    return result;
}

}  // namespace references

#endif  // FORECASTD_TESTS_UNIT_PLUGINS_REFERENCES_HPP
