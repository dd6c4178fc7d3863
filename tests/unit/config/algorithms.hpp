// Two algorithms with a parameter of every type, for tests of the config that need no plugin file.
#ifndef TESTS_UNIT_CONFIG_ALGORITHMS_HPP
#define TESTS_UNIT_CONFIG_ALGORITHMS_HPP

#include <string>
#include <string_view>
#include <vector>

#include "config/read.hpp"
#include "plugin/catalogue.hpp"

namespace tests {

// "wave" forecasts, "limit" detects.
const forecastd::plugin::Catalogue& catalogue();

// What reading a config found. problems: each with its path; texts: each with line and column too.
struct Reading {
    forecastd::config::Config config;
    std::vector<std::string> problems, texts, hints;
};
Reading read(std::string_view json);

// Files and variables that a config may name, all of them made up: a.json, b.jsonc, folder/c.json, each with a
// pipeline of the file's name; limits.json; cycle.json, which includes itself; broken.json. HOST is db1, N is 24, ON is true,
// EMPTY is empty. The directory "folder" has c.json and d.jsonc.
const forecastd::config::Surroundings& surroundings();

// The same of one pipeline, whose braces and forecaster or detector the text brings.
Reading read_pipeline(const std::string& json);

}  // namespace tests

#endif
