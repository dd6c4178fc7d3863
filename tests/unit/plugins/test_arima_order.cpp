// The choice of an order: its tests, and what it makes of series whose order is known.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "arima/order_search.hpp"
#include "arima/seasonal_strength.hpp"
#include "arima/unit_root.hpp"
#include "noise.hpp"

namespace {

using doctest::Approx;
using test::noise;

arima::Fit search(const std::vector<double>& values, arima::SearchLimits limits = {}) {
    arima::OrderSearch find(limits, values.size());
    arima::Workspace workspace(arima::room_for(limits, values.size()));
    workspace.load(values);
    return find(workspace);
}

}  // namespace

TEST_CASE("the KPSS statistic by hand") {
    // Deviations -1.5, -0.5, 0.5, 1.5; sums -1.5, -2, -1.5, 0; no lags: (2.25 + 4 + 2.25) / (16 * 5/4).
    CHECK(arima::kpss(std::vector<double>{1, 2, 3, 4}) == Approx(8.5 / 20));
}

TEST_CASE("differences are taken where the level wanders") {
    auto level = noise(200, 1), walk = level, twice = level;
    for (std::size_t t = 1; t < walk.size(); ++t) walk[t] += walk[t - 1];
    twice = walk;
    for (std::size_t t = 1; t < twice.size(); ++t) twice[t] += twice[t - 1];
    const auto needed = [](std::vector<double> values) {
        std::span<double> rest(values);
        return arima::differences_needed(rest, 2);
    };
    CHECK(needed(level) == 0);
    CHECK(needed(walk) == 1);
    CHECK(needed(twice) == 2);
    CHECK(needed(std::vector<double>(50, 7.0)) == 0);
}

TEST_CASE("a season is strong or not") {
    auto values = noise(144, 2);
    arima::SeasonalStrength strength(200);
    CHECK(strength(values, 12) < 0.5);
    for (std::size_t t = 0; t < values.size(); ++t)
        values[t] +=
            5 * std::sin(2 * 3.14159265358979 * static_cast<double>(t) / 12) + 0.1 * static_cast<double>(t);
    CHECK(strength(values, 12) > 0.9);
}

TEST_CASE("noise needs no coefficients") {
    const auto fit = search(noise(200, 3));
    CHECK(fit.order.d == 0);
    CHECK(fit.order.coefficients() <= 1);
    CHECK(fit.variance * fit.scale * fit.scale == Approx(1).epsilon(0.2));
}

TEST_CASE("an autoregression is seen") {
    auto values = noise(400, 4);
    for (std::size_t t = 2; t < values.size(); ++t) values[t] += 1.4 * values[t - 1] - 0.65 * values[t - 2];
    const auto fit = search(values);
    CHECK(fit.order.d == 0);
    CHECK(fit.order.p >= 2);
    CHECK(fit.variance * fit.scale * fit.scale == Approx(1).epsilon(0.2));
}

TEST_CASE("a strong season is differenced, and one longer than half the window is left out") {
    auto values = noise(96, 5);
    for (std::size_t t = 0; t < values.size(); ++t) values[t] += static_cast<double>(t % 12);
    CHECK(search(values, {.season = 12}).order.D == 1);
    const auto without = search(values, {.season = 60});
    CHECK(without.order.season == 1);
    CHECK(without.order.D + without.order.P + without.order.Q == 0);
}

TEST_CASE("the search stays within its limits") {
    auto values = noise(300, 6);
    for (std::size_t t = 3; t < values.size(); ++t)
        values[t] += 0.5 * values[t - 1] + 0.3 * values[t - 3] + 0.2 * std::sin(static_cast<double>(t));
    const auto few = search(values, {.max_p = 1, .max_q = 1});
    CHECK(few.order.p <= 1);
    CHECK(few.order.q <= 1);
    CHECK(search(values, {.max_order = 2}).order.coefficients() <= 2);
    CHECK(search(values, {.constant = arima::Constant::no}).order.constant == 0);
    for (const std::uint32_t budget : {100u, 1000u}) {
        arima::SearchLimits limits;
        limits.max_evaluations = budget;
        CHECK(search(values, limits).evaluations <= budget + 51);  // a fit at the end is always made
    }
}

TEST_CASE("series without a doubt have an answer, too") {
    const auto flat = search(std::vector<double>(60, 4.0));
    CHECK(flat.variance == 0);
    CHECK(flat.center + flat.scale * flat.mean == Approx(4));
    std::vector<double> line(60);
    for (std::size_t t = 0; t < line.size(); ++t) line[t] = 2.0 * static_cast<double>(t);
    const auto straight = search(line);
    CHECK(straight.order.d == 1);
    CHECK(straight.order.constant == 1);
    CHECK(straight.scale * straight.mean == Approx(2));
    CHECK(std::isfinite(search(noise(6, 7)).mean));
}

TEST_CASE("an order in use stays unless another is clearly better") {
    const auto values = noise(200, 8);
    arima::SearchLimits limits;
    arima::OrderSearch find(limits, values.size());
    arima::Workspace workspace(arima::room_for(limits, values.size()));
    workspace.load(values);
    const arima::Fit best = find(workspace);
    arima::Order beside = best.order;
    beside.p += 1;
    const arima::Fit near = workspace.fit(beside, {});
    REQUIRE(near.aicc > best.aicc);
    const arima::Fit again = find(workspace, &near);
    CHECK((near.aicc < best.aicc + arima::OrderSearch::margin) == (again.order == near.order));
}
