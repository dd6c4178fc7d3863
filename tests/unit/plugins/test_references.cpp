// The references of tests/reference are complete, and their fields are as their README defines them.
#include "unit/plugins/references.hpp"

#include <cmath>

namespace {

// The sum of squared errors of an additive trend, by the recursion of the references' README.
double sum_of_squares(const std::vector<double>& values, const nlohmann::json& fit) {
    const double alpha = fit.at("alpha"), beta = fit.at("beta"), phi = fit.value("phi", 1.0);
    double level = fit.at("initial").at(0), trend = fit.at("initial").at(1), squares = 0;
    for (const double value : values) {
        const double before = level, base = level + phi * trend;
        squares += (value - base) * (value - base);
        level = alpha * value + (1 - alpha) * base;
        trend = beta * (level - before) + (1 - beta) * phi * trend;
    }
    return squares;
}

}  // namespace

TEST_CASE("references: each record belongs to a series") {
    const auto series = references::all_series();
    CHECK(series.size() == 43);
    for (const char* name : {"holt", "seasonal", "arima", "ets", "auto_arima", "theta"}) {
        CAPTURE(name);
        const auto fits = references::read(name);
        CHECK(fits.size() > 40);
        for (const auto& fit : fits) CHECK(series.count(fit.at("id").get<std::string>()) == 1);
    }
}

TEST_CASE("references: statsmodels' sums of squares follow from its parameters") {
    const auto series = references::all_series();
    std::size_t checked = 0;
    for (const auto& fit : references::read("holt")) {
        const std::string form = fit.at("form");
        if (form != "linear" && form != "damped") continue;
        const auto& values = series.at(fit.at("id").get<std::string>()).values;
        double all = 0;
        for (const double value : values) all += value * value;
        const double sse = fit.at("sse"), best = fit.at("best");
        CAPTURE(fit.at("id").get<std::string>());
        CAPTURE(form);
        CHECK(std::abs(sum_of_squares(values, fit) - sse) <= 1e-9 * sse + 1e-12 * all);
        CHECK(best <= sse);
        ++checked;
    }
    CHECK(checked == 82);
}
