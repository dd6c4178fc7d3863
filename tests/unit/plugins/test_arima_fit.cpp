// Fits: what they find, within which budget, and what they make of values that are hard.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "arima/fit.hpp"

namespace {

using doctest::Approx;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// An ARMA(1,1) around 10.
std::vector<double> arma(std::size_t count, double phi, double theta, unsigned seed = 1) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    std::vector<double> values(count);
    double x = 0, last = 0;
    for (double& value : values) {
        const double e = normal(random);
        x = phi * x + e + theta * last;
        last = e;
        value = 10 + x;
    }
    return values;
}

arima::Fit fit(const std::vector<double>& values, const arima::Order& order,
               const arima::Effort& effort = {}) {
    arima::Workspace workspace({values.size(), 12, 12, 16});
    return arima::fit(values, order, workspace, effort);
}

constexpr arima::Order arma11{.p = 1, .q = 1, .constant = 1};

double mean_of(const arima::Fit& fit) { return fit.center + fit.scale * fit.mean; }

}  // namespace

TEST_CASE("coefficients, mean and variance are found again") {
    const auto found = fit(arma(4000, 0.7, 0.4), arma11);
    CHECK(found.coefficients[0] == Approx(0.7).epsilon(0.06));
    CHECK(found.coefficients[1] == Approx(0.4).epsilon(0.12));
    CHECK(mean_of(found) == Approx(10).epsilon(0.03));
    CHECK(found.variance * found.scale * found.scale == Approx(1).epsilon(0.06));
}

TEST_CASE("AR(0) is the mean and the variance of the values") {
    const std::vector<double> values{1, 2, 4, 9};
    const auto found = fit(values, {.constant = 1});
    CHECK(mean_of(found) == Approx(4));
    CHECK(found.variance * found.scale * found.scale == Approx(38.0 / 4));
    CHECK(found.unbiased_variance() * found.scale * found.scale == Approx(38.0 / 3));
}

TEST_CASE("a fit at another scale and place is the same fit") {
    const auto values = arma(200, 0.5, -0.3);
    const auto found = fit(values, arma11);
    for (const double unit : {1e-290, 1e290}) {
        auto moved = values;
        for (double& value : moved) value *= unit;
        const auto other = fit(moved, arma11);
        CHECK(other.coefficients[0] == Approx(found.coefficients[0]).epsilon(1e-3));
        CHECK(other.log_likelihood == Approx(found.log_likelihood - 200 * std::log(unit)).epsilon(1e-6));
    }
    auto far = values;
    for (double& value : far) value += 1e6;
    CHECK(fit(far, arma11).log_likelihood == Approx(found.log_likelihood).epsilon(1e-6));
}

TEST_CASE("the budget is kept and counted") {
    const auto values = arma(300, 0.5, 0.3);
    const arima::Order order{.p = 2, .q = 2, .constant = 1};
    for (const std::uint32_t budget : {20u, 100u, 1000u}) {
        arima::Effort effort;
        effort.max_evaluations = budget;
        const auto found = fit(values, order, effort);
        // One gradient may be under way when it ends, and the best point is judged once more.
        CHECK(found.evaluations <= budget + 6);
        CHECK(std::isfinite(found.log_likelihood));
    }
}

TEST_CASE("a refit begins where the last one ended") {
    const auto values = arma(240, 0.6, 0.2);
    const std::vector<double> first(values.begin(), values.begin() + 200),
        later(values.begin() + 40, values.end());
    const auto before = fit(first, arma11);
    const auto cold = fit(later, arma11);
    arima::Effort effort;
    effort.last = &before;
    const auto warm = fit(later, arma11, effort);
    CHECK(warm.log_likelihood >= cold.log_likelihood - 0.01);
    CHECK(warm.evaluations < cold.evaluations);
}

TEST_CASE("holes take values away, no more") {
    auto values = arma(400, 0.7, 0.4);
    const auto whole = fit(values, arma11);
    for (std::size_t t = 50; t < values.size(); t += 25) values[t] = missing;
    const auto holed = fit(values, arma11);
    CHECK(holed.values == 400 - 14);
    CHECK(holed.coefficients[0] == Approx(whole.coefficients[0]).epsilon(0.1));
    CHECK(mean_of(holed) == Approx(mean_of(whole)).epsilon(0.01));
}

TEST_CASE("constant and straight values need no search") {
    const auto flat = fit(std::vector<double>(50, 3.0), arma11);
    CHECK(flat.variance == 0);
    CHECK(mean_of(flat) == Approx(3));
    std::vector<double> line;
    for (int t = 0; t < 50; ++t) line.push_back(5 + 0.25 * t);
    const auto straight = fit(line, {.p = 1, .d = 1, .q = 1, .constant = 1});
    CHECK(straight.variance == 0);
    CHECK(straight.scale * straight.mean == Approx(0.25));
}

TEST_CASE("the state goes on where the values end") {
    // AR(1): the state is phi times the last deviation from the mean.
    const auto values = arma(100, 0.6, 0);
    arima::Workspace workspace({values.size(), 12, 12, 16});
    const auto found = arima::fit(values, {.p = 1, .constant = 1}, workspace);
    double mean[2] = {};
    double columns[4] = {};
    arima::Shocks state{mean, columns, 0, 2};
    workspace.settle(found, state);
    CHECK(state.count == 0);
    CHECK(mean_of(found) + found.scale * mean[0] ==
          Approx(mean_of(found) + found.coefficients[0] * (values.back() - mean_of(found))));
}
