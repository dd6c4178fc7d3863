// Every built-in algorithm in each of its ways to work, and a usual series for it.
#ifndef FORECASTD_TESTS_UNIT_PLUGINS_BUILTINS_HPP
#define FORECASTD_TESTS_UNIT_PLUGINS_BUILTINS_HPP

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "algorithm.hpp"

namespace test {

struct Builtin {
    const char* file;
    const char* id;
    std::vector<Setting> settings;
};

inline const std::vector<Builtin>& builtins() {
    static const std::vector<Builtin> list{
        {"arima", "arima", {}},
        {"arima", "arima", {{"season_length", 7}, {"refit_every", 10}, {"window", 60}}},
        {"arima", "arima", {{"order", {2, 1, 2}}}},
        {"arima", "arima", {{"order", {1, 0, 1}}, {"seasonal_order", {1, 1, 1, 7}}}},
        {"auto", "auto", {}},
        {"auto", "auto", {{"season_length", 7}}},
        {"auto", "auto", {{"season_length", 7}, {"second_season_length", 28}, {"horizon", 30}}},
        {"naive", "naive", {}},
        {"naive", "seasonal-naive", {{"season_length", 7}}},
        {"naive", "seasonal-naive", {{"season_length", 7}, {"second_season_length", 28}}},
        {"holt", "holt", {}},
        {"holt", "holt", {{"damped_trend", 0}}},
        {"holt", "holt", {{"trend", 2}}},
        {"holt", "holt", {{"trend", 3}, {"damped_trend", 2}}},
        {"holt", "holt", {{"fit", 0}}},
        {"holt", "holt", {{"fit", 1}}},
        {"holt", "holt", {{"alpha", 0.5}, {"beta", 0.1}, {"phi", 0.9}}},
        {"holt_winters", "holt-winters", {{"season_length", 7}, {"second_season_length", 28}}},
        {"holt_winters", "holt-winters", {{"season_length", 7}, {"second_season_length", 28}, {"fit", 1}}},
        {"holt_winters", "holt-winters", {{"season_length", 7}}},
        {"holt_winters", "holt-winters", {{"season_length", 7}, {"seasonal", 1}, {"trend", 0}}},
        // Few evaluations: to search all forms on hard series to the end would take most of the time of all
        // checks.
        {"holt_winters",
         "holt-winters",
         {{"season_length", 7}, {"seasonal", 2}, {"trend", 3}, {"damped_trend", 2}, {"max_evaluations", 30}}},
        {"holt_winters", "holt-winters", {{"season_length", 7}, {"fit", 1}, {"trend", 2}}},
        {"holt_winters",
         "holt-winters",
         {{"season_length", 7}, {"alpha", 0.5}, {"beta", 0.1}, {"gamma", 0.2}, {"phi", 0.9}}},
        {"lag", "lag", {}},
        {"lag",
         "lag",
         {{"season_length", 7}, {"second_season_length", 14}, {"window", 60}, {"refit_every", 10}}},
        {"lag", "lag", {{"season_length", 7}, {"fit", 1}}},
        {"novelty", "novelty", {}},
        {"novelty", "novelty", {{"form", 1}}},
        {"quantile", "mad", {}},
        {"quantile", "mad", {{"season_length", 7}}},
        {"quantile", "quantile", {}},
        {"quantile", "quantile", {{"season_length", 7}}},
        {"ses", "ses", {}},
        {"ses", "ses", {{"alpha", 0.3}}},
        {"ses", "ses", {{"fit", 1}}},
        {"theta", "theta", {}},
        {"theta", "theta", {{"alpha", 0.3}}},
        {"theta", "theta", {{"season_length", 7}, {"window", 50}}},
        {"trend", "trend", {}},
        {"trend", "trend", {{"window", 40}, {"season_length", 7}}},
        {"trend", "trend", {{"window", 100}, {"season_length", 7}, {"second_season_length", 28}}},
        {"zscore", "zscore", {}},
        {"zscore", "zscore", {{"window", 40}}},
    };
    return list;
}

// Runs body for a model of every built-in algorithm.
template <class Body>
void for_each_model(Body body) {
    for (const Builtin& builtin : builtins()) {
        CAPTURE(std::string(builtin.id));
        const Model model(algorithm(builtin.file, builtin.id), builtin.settings);
        REQUIRE_MESSAGE(model.get(), model.error());
        body(model);
    }
}

// Values above 0 with a season, noise and a spike.
inline std::vector<double> usual_values(std::size_t count, unsigned seed = 1) {
    std::mt19937 random(seed);
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) {
        const double noise = static_cast<double>(random() % 1000) / 1000;
        values.push_back(20 + 3 * std::sin(static_cast<double>(i % 7)) + noise + (i == 60 ? 50 : 0));
    }
    return values;
}

// Steps with now and then a gap.
inline std::vector<fcd_point> points_of(Series& series, const std::vector<double>& values) {
    std::vector<fcd_point> points;
    std::int64_t step = 1000;
    for (std::size_t i = 0; i < values.size(); ++i) {
        step += i % 11 == 10 ? 4 : 1;
        points.push_back(series.point(step, values[i]));
    }
    return points;
}

}  // namespace test

#endif  // FORECASTD_TESTS_UNIT_PLUGINS_BUILTINS_HPP
