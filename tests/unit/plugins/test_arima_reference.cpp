// ARIMA beside statsmodels and R: the committed results of tests/reference, and, opt-in, further recorded
// ones in the folder that FORECASTD_SHARED names.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "arima/fit.hpp"
#include "arima/window_filter.hpp"
#include "references.hpp"

namespace {

using nlohmann::json;

struct Given {
    arima::Order order;
    std::vector<double> coefficients;
    double mean = 0, variance = 1;
};

Given given(const json& fit, arima::Order order) {
    Given result{order, {}, 0, fit.at("sigma2")};
    for (const char* part : {"ar", "ma", "sar", "sma"})
        if (fit.contains(part))
            for (const double value : fit.at(part)) result.coefficients.push_back(value);
    if (!fit.at("mean").is_null()) result.mean = fit.at("mean");
    result.order.constant = fit.at("mean").is_null() ? 0 : 1;
    return result;
}

// At the given coefficients: the log-likelihood, and the greatest distances of means and deviations.
struct Distances {
    double log_likelihood, means = 0,
                           deviations = 0;  // means in deviations of the first step; deviations relative
};
Distances distances(std::vector<double> values, const Given& at, const json& means, const json& deviations) {
    // In units of an innovation, and around the first value if the level does not matter: as fits do it.
    const double unit = std::sqrt(at.variance), center = at.order.lags() > 0 ? values[0] : at.mean;
    for (double& value : values) value = (value - center) / unit;
    arima::Expanded model;
    model.set(at.order, at.coefficients, (at.mean - (at.order.lags() > 0 ? 0 : center)) / unit);
    arima::WindowFilter filter(at.order.ar_length(), at.order.ma_length(), at.order.states() + 1);
    const auto likelihood = filter(values, model, false);
    std::vector<double> mean(at.order.states()), columns(mean.size() * (mean.size() + 2));
    arima::Shocks state{mean.data(), columns.data(), 0, static_cast<std::uint32_t>(mean.size() + 2)};
    filter.copy(model.process, state);
    arima::ShockFilter ahead(model.process, state);
    Distances result{likelihood.log_likelihood(1) - static_cast<double>(likelihood.count) * std::log(unit)};
    for (std::size_t h = 0; h < means.size(); ++h) {
        const double first = deviations.at(0), deviation = deviations.at(h);
        result.means = std::max(
            result.means, std::abs(center + unit * ahead.expected() - means.at(h).get<double>()) / first);
        result.deviations =
            std::max(result.deviations, std::abs(unit * std::sqrt(ahead.variance()) / deviation - 1));
        ahead.skip();
    }
    return result;
}

arima::Order order_of(const json& pdq, const json& seasonal) {
    return {.p = pdq[0],
            .d = pdq[1],
            .q = pdq[2],
            .P = seasonal[0],
            .D = seasonal[1],
            .Q = seasonal[2],
            .season = seasonal[3],
            .constant = 0};
}

double fitted(const std::vector<double>& values, const arima::Order& order) {
    arima::Workspace workspace({values.size(), order.ar_length(), order.ma_length(), order.lags()});
    return arima::fit(values, order, workspace).log_likelihood;
}

}  // namespace

TEST_CASE(
    "committed ARIMA results: likelihoods and forecasts at given coefficients, and fits as good as the best "
    "known") {
    const auto series = references::all_series();
    int fits = 0;
    for (const json& fit : references::read("arima")) {
        const std::string id = fit.at("id");
        CAPTURE(id);
        CAPTURE(fit.at("order").dump());
        CAPTURE(fit.at("seasonal_order").dump());
        const auto& values = series.at(id).values;
        const Given at = given(fit, order_of(fit.at("order"), fit.at("seasonal_order")));
        const auto apart = distances(values, at, fit.at("forecast_exact"), fit.at("se_exact"));
        CHECK(std::abs(apart.log_likelihood - fit.at("loglik_exact").get<double>()) <= 1e-6);
        CHECK(apart.means <= 1e-6);
        CHECK(apart.deviations <= 1e-6);
        CHECK(fitted(values, at.order) >= fit.at("best_loglik_exact").get<double>() - 0.01);
        ++fits;
    }
    CHECK(fits > 100);
}

TEST_CASE("recorded ARIMA results, opt-in") {
    const char* const shared = std::getenv("FORECASTD_SHARED");
    if (!shared) {
        MESSAGE("skipped: FORECASTD_SHARED is not set; it names the folder that holds data/reference");
        return;
    }
    std::ifstream file(std::string(shared) + "/data/reference/statsmodels_arima.json");
    REQUIRE_MESSAGE(file, "FORECASTD_SHARED is set, but data/reference/statsmodels_arima.json is not there");
    int fits = 0, likelihoods = 0, means = 0, deviations = 0;
    const json document = json::parse(file);
    for (const json& record : document.at("series")) {
        const std::vector<double> values = record.at("values");
        for (const auto& item : record.at("fits").items()) {
            const std::string& name = item.key();
            const json& fit = item.value();
            if (name.starts_with("autoreg") || !fit.contains("ar")) continue;
            CAPTURE(record.at("id").dump());
            CAPTURE(name);
            const Given at = given(fit, {.p = name[0] - '0', .d = name[1] - '0', .q = name[2] - '0'});
            const auto apart = distances(values, at, fit.at("forecast"), fit.at("se"));
            likelihoods += std::abs(apart.log_likelihood - fit.at("loglik_exact").get<double>()) <= 1e-6;
            means += apart.means <= 1e-6;
            deviations += apart.deviations <= 1e-6;
            CHECK(fitted(values, at.order) >= fit.at("best_loglik_exact").get<double>() - 0.01);
            ++fits;
        }
    }
    MESSAGE(fits << " fits; within 1e-6: likelihoods " << likelihoods << ", means " << means
                 << ", deviations " << deviations);
    // One recorded likelihood is itself off by 7e-5: arithmetic with 50 digits agrees with ours.
    CHECK(likelihoods >= fits - 1);
    CHECK(means >= fits - 1);
    CHECK(deviations >= fits - 1);
}
