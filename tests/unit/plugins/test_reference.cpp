// Holt's and Holt-Winters' recursions over some hundred recorded fits whose results are known: opt-in, since
// the records are no part of this repository. FORECASTD_SHARED names the folder that holds data/reference.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "holt/holt_model.hpp"
#include "smoothing/recursion.hpp"

namespace {

using nlohmann::json;

double number_or(const json& fit, const char* key, double otherwise) {
    return fit.at(key).is_null() ? otherwise : fit.at(key).get<double>();
}

// What a sum of squares may differ by: a billionth of it, and what rounding leaves of fits without error.
void check_sum(double squares, const json& fit, const std::vector<double>& values) {
    double all = 0;
    for (const double value : values) all += value * value;
    const double sse = fit.at("sse");
    REQUIRE(std::abs(squares - sse) <= 1e-9 * sse + 1e-12 * all);
}

void check_holt(const std::vector<double>& values, const json& fit, smoothing::Trend form) {
    const holt::Model model(form, smoothing::DampedTrend(fit.at("smoothing_level"), fit.at("smoothing_trend"),
                                                         number_or(fit, "damping_trend", 1)));
    auto state = holt::State::known(fit.at("initial_level"), fit.at("initial_trend"), -1);
    double squares = 0;
    std::int64_t step = 0;
    for (const double value : values) {
        const double error = value - model.expect(state, model.reach(state, step)).mean;
        squares += error * error;
        model.learn(state, step++, value);
    }
    check_sum(squares, fit, values);
    for (const double mean : fit.at("forecast"))
        REQUIRE(model.expect(state, model.reach(state, step++)).mean == doctest::Approx(mean).epsilon(1e-9));
}

void check_holt_winters(const std::vector<double>& values, const json& fit, smoothing::Season form) {
    std::vector<double> season = fit.at("initial_seasons");
    const smoothing::Recursion recursion(
        {.season = form},
        smoothing::DampedTrend(fit.at("smoothing_level"), number_or(fit, "smoothing_trend", 0),
                               number_or(fit, "damping_trend", 1), fit.at("smoothing_seasonal"),
                               season.size()));
    auto line = holt::State::known(fit.at("initial_level"), number_or(fit, "initial_trend", 0), -1);
    double squares = 0;
    std::int64_t step = 0;
    const auto phase = [&] { return static_cast<std::size_t>(step) % season.size(); };
    for (const double value : values) {
        const double error =
            value - recursion.expect(line, season[phase()], recursion.reach(line, step)).mean;
        squares += error * error;
        recursion.learn(line, season[phase()], step, value);
        ++step;
    }
    check_sum(squares, fit, values);
    for (const double mean : fit.at("forecast")) {
        REQUIRE(recursion.expect(line, season[phase()], recursion.reach(line, step)).mean ==
                doctest::Approx(mean).epsilon(1e-9));
        ++step;
    }
}

// Calls check(values, fit, name) for every record's fits.
template <class Check>
void for_each_fit(const char* records, Check check) {
    const char* const shared = std::getenv("FORECASTD_SHARED");
    if (!shared) {
        MESSAGE("skipped: FORECASTD_SHARED is not set; it names the folder that holds data/reference");
        return;
    }
    std::ifstream file(std::string(shared) + "/data/reference/statsmodels_holt.json");
    REQUIRE_MESSAGE(file, "FORECASTD_SHARED is set, but data/reference/statsmodels_holt.json is not there");
    const json document = json::parse(file);
    int fits = 0;
    for (const auto& record : document.at(records)) {
        for (const auto& fit : record.at("fits").items()) {
            CAPTURE(record.at("id").dump());
            CAPTURE(fit.key());
            if (!fit.value().contains("smoothing_level")) continue;  // none: values that are not above 0
            check(record.at("values").get<std::vector<double>>(), fit.value(), fit.key());
            ++fits;
        }
    }
    MESSAGE(fits << " fits reproduced");
    CHECK(fits > 0);
}

}  // namespace

TEST_CASE("recorded fits of Holt's method are reproduced") {
    for_each_fit("windows", [](const std::vector<double>& values, const json& fit, const std::string& name) {
        const bool multiplicative = name.find("exponential") != std::string::npos;
        check_holt(values, fit,
                   multiplicative ? smoothing::Trend::multiplicative : smoothing::Trend::additive);
    });
}

TEST_CASE("recorded fits of Holt-Winters' method are reproduced") {
    for_each_fit("seasonal", [](const std::vector<double>& values, const json& fit, const std::string& name) {
        const bool multiplicative = name.ends_with("_mul");
        check_holt_winters(values, fit,
                           multiplicative ? smoothing::Season::multiplicative : smoothing::Season::additive);
    });
}
