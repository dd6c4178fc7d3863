// A series' life: what is forecast before the first fit, in gaps, and where values are hard.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "arima/model.hpp"

namespace {

using arima::Expected;
using doctest::Approx;

constexpr arima::Order ar1{.p = 1, .constant = 1};
constexpr arima::Order arima111{.p = 1, .d = 1, .q = 1};

arima::Settings settings(std::optional<arima::Order> order = {}, std::uint32_t window = 100) {
    arima::Settings result;
    result.order = order;
    result.window = window;
    result.refit_every = 10;
    result.min_samples = 20;
    return result;
}

// A model with one series.
class Run {
  public:
    explicit Run(const arima::Settings& settings) : model_(settings), tail_(model_.tail_length()) {}

    void learn(const std::vector<double>& values) {
        for (const double value : values) learn(step_ + 1, value);
    }
    void learn(std::int64_t step, double value) { model_.learn(state_, tail_, step_ = step, value); }
    std::vector<Expected> forecast(std::size_t steps, std::int64_t skip = 0) const {
        std::vector<Expected> result;
        model_.predict(state_, tail_, step_ + 1 + skip, steps,
                       [&](std::size_t, const Expected& step) { result.push_back(step); });
        return result;
    }
    const arima::State& state() const { return state_; }
    std::int64_t step() const { return step_; }

  private:
    arima::Model model_;
    arima::State state_;
    std::vector<double> tail_;
    std::int64_t step_ = 99;
};

std::vector<double> noise(std::size_t count, double level = 0, unsigned seed = 1) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal(level);
    std::vector<double> values(count);
    for (double& value : values) value = normal(random);
    return values;
}
std::vector<double> ar(std::size_t count, double phi, double level, unsigned seed = 1) {
    auto values = noise(count, 0, seed);
    for (std::size_t t = 1; t < count; ++t) values[t] += phi * values[t - 1];
    for (double& value : values) value += level;
    return values;
}

bool all_finite(const std::vector<Expected>& steps) {
    for (const Expected& step : steps)
        if (!std::isfinite(step.mean) || !(step.deviation >= 0) || std::isinf(step.deviation)) return false;
    return true;
}

}  // namespace

TEST_CASE("before the first fit the last value is the forecast") {
    Run run(settings(ar1));
    run.learn({5, 6, 4});
    CHECK(run.state().fits == 0);
    const auto steps = run.forecast(4);
    CHECK(steps[0].mean == 4);
    CHECK(steps[3].mean == 4);
    CHECK(steps[3].deviation == Approx(2 * steps[0].deviation));
}

TEST_CASE("an AR(1) is forecast by its formula, between fits as well") {
    Run run(settings(ar1));
    const auto values = ar(95, 0.7, 50);
    run.learn(values);  // fitted at 90 the last time
    REQUIRE(run.state().fitted == 1);
    const arima::Fit& fit = run.state().fit;
    const double mean = fit.center + fit.scale * fit.mean, phi = fit.coefficients[0];
    const double sigma = fit.scale * std::sqrt(fit.unbiased_variance());
    const auto steps = run.forecast(3);
    double squares = 0;
    for (int h = 1; h <= 3; ++h) {
        squares += std::pow(phi, 2 * (h - 1));
        const Expected& step = steps[static_cast<std::size_t>(h - 1)];
        CHECK(step.mean == Approx(mean + std::pow(phi, h) * (values.back() - mean)));
        CHECK(step.deviation == Approx(sigma * std::sqrt(squares)));
    }
}

TEST_CASE("deviations widen over a gap, and close again behind it") {
    for (const auto& order : {ar1, arima111}) {
        Run run(settings(order));
        run.learn(ar(95, 0.8, 0));
        const auto far = run.forecast(1, 9).at(0), near = run.forecast(1).at(0);
        CHECK(far.deviation > 1.05 * near.deviation);
        CHECK(far.deviation == run.forecast(10).at(9).deviation);
        run.learn(run.step() + 10, far.mean + 0.5);
        const auto behind = run.forecast(1).at(0);
        CHECK(behind.deviation < far.deviation);
        CHECK(behind.deviation >= near.deviation * (1 - 1e-12));
        CHECK(std::isfinite(behind.mean));
    }
}

TEST_CASE("fits over gaps use what is there") {
    Run run(settings(ar1, 200));
    const auto values = ar(300, 0.7, 20);
    for (std::size_t t = 0; t < values.size(); ++t)
        if (t % 7 != 3 && t % 40 > 4) run.learn(static_cast<std::int64_t>(t), values[t]);
    REQUIRE(run.state().fitted == 1);
    CHECK(run.state().fit.coefficients[0] == Approx(0.7).epsilon(0.2));
}

TEST_CASE("a gap as long as the window starts the series again") {
    Run run(settings(ar1));
    run.learn(ar(95, 0.7, 50));
    run.learn(run.step() + 101, 80);
    CHECK(run.state().fitted == 0);
    CHECK(run.forecast(2).at(1).mean == 80);
}

TEST_CASE("constant values are forecast as they are, without deviation") {
    for (const auto& order : {std::optional(ar1), std::optional(arima111), std::optional<arima::Order>()}) {
        Run run(settings(order));
        run.learn(std::vector<double>(150, 7.5));
        for (const Expected& step : run.forecast(20)) {
            CHECK(step.mean == Approx(7.5).epsilon(1e-12));
            CHECK(step.deviation == Approx(0));
        }
    }
}

TEST_CASE("nearly constant values are forecast within their range") {
    std::vector<double> values(150, 1000);
    for (std::size_t t = 0; t < values.size(); t += 9) values[t] += 1e-7;
    Run run(settings());
    run.learn(values);
    for (const Expected& step : run.forecast(20)) {
        CHECK(step.mean == Approx(1000).epsilon(1e-9));
        CHECK(step.deviation < 1e-6);
    }
}

TEST_CASE("huge and tiny values are forecast like any") {
    const auto values = ar(150, 0.6, 30);
    Run plain(settings());
    plain.learn(values);
    const auto expected = plain.forecast(5);
    for (const double unit : {1e-290, 1e290, 1e306}) {
        CAPTURE(unit);
        auto moved = values;
        for (double& value : moved) value *= unit;
        Run run(settings());
        run.learn(moved);
        const auto steps = run.forecast(5);
        REQUIRE(all_finite(steps));
        for (std::size_t i = 0; i < 5; ++i) {
            CHECK(steps[i].mean / unit == Approx(expected[i].mean).epsilon(1e-3));
            CHECK(steps[i].deviation / unit == Approx(expected[i].deviation).epsilon(1e-3));
        }
    }
}

TEST_CASE("one spike passes") {
    auto values = noise(300, 10);
    values[120] = 1e6;
    for (const auto& order : {std::optional(arima111), std::optional<arima::Order>()}) {
        Run run(settings(order));
        run.learn(values);  // the spike has left the window
        for (const Expected& step : run.forecast(10)) {
            CHECK(std::abs(step.mean - 10) < 2);
            CHECK(step.deviation < 3);
        }
    }
}

TEST_CASE("a level shift is followed") {
    auto values = noise(160, 10);
    for (std::size_t t = 90; t < values.size(); ++t) values[t] += 100;
    for (const auto& order : {std::optional(arima111), std::optional<arima::Order>()}) {
        Run run(settings(order));
        run.learn(values);
        CHECK(std::abs(run.forecast(1).at(0).mean - 110) < 5);
        for (const Expected& step : run.forecast(10))
            CHECK(std::abs(step.mean - 110) < 40);  // not back to 10
    }
}

TEST_CASE("an order that the window is too short for is reduced") {
    using arima::Model;
    const arima::Order order{.p = 2, .d = 1, .q = 2, .P = 1, .D = 1, .Q = 1, .season = 12};
    CHECK(Model::reduced(order, 200) == order);
    CHECK(Model::reduced(order, 25) == arima::Order{.p = 2, .d = 1, .q = 2});  // fewer than two seasons
    CHECK(Model::reduced(order, 28).D == 1);  // two seasons, but too few values for the coefficients
    CHECK(Model::reduced(order, 28).P == 0);
    const arima::Order small = Model::reduced(order, 6);
    CHECK(small.coefficients() <= 1);
    CHECK(Model::reduced({.p = 8, .d = 2, .q = 8}, 3).coefficients() == 0);

    arima::Settings short_window = settings(order, 20);
    short_window.min_samples = 10;
    Run run(short_window);
    run.learn(noise(40, 5));
    CHECK(run.state().fitted == 1);
    CHECK(run.state().reduced == 1);
    CHECK(run.state().fit.order.season == 1);
    CHECK(all_finite(run.forecast(30)));
}

TEST_CASE("an order with too many states is refused with a sentence") {
    CHECK_THROWS_WITH_AS(arima::Model(settings(arima::Order{.P = 3, .D = 1, .season = 366})),
                         doctest::Contains("take a shorter season"), std::invalid_argument);
}

TEST_CASE("a season is forecast with its shape") {
    auto values = noise(168);
    for (std::size_t t = 0; t < values.size(); ++t)
        values[t] = 0.3 * values[t] + 10 * static_cast<double>(t % 12 == 3);
    arima::Settings seasonal = settings({}, 144);
    seasonal.search.season = 12;
    Run run(seasonal);
    run.learn(values);
    const auto steps = run.forecast(24);  // 168 % 12 == 0
    for (std::size_t h = 0; h < 24; ++h) CHECK(std::abs(steps[h].mean - (h % 12 == 3 ? 10 : 0)) < 1.5);
}

TEST_CASE("work is counted") {
    Run run(settings(ar1));
    run.learn(ar(60, 0.5, 3));
    CHECK(run.state().fits == 5);  // at 20, 30, 40, 50, 60
    CHECK(run.state().evaluations > 5);
}

TEST_CASE("many columns become few, of the same variance") {
    // An AR(2) in its differences: after 30 steps missing, the variance of the step after is that of 31
    // weights.
    const std::vector<double> ar{0.5, 0.3}, shock{1, 0}, delta{1};
    const arima::Process process{2, 1, ar.data(), shock.data(), delta.data(), 0};
    double psi[31] = {}, sum = 0, squares = 0;
    for (int j = 0; j < 31; ++j) {
        psi[j] = j == 0 ? 1 : 0.5 * psi[j - 1] + (j > 1 ? 0.3 * psi[j - 2] : 0);
        sum += psi[j];
        squares += sum * sum;
    }
    for (const std::uint32_t capacity : {4u, 5u, 40u}) {
        std::vector<double> mean(3), columns(3 * capacity);
        arima::Shocks state{mean.data(), columns.data(), 0, capacity};
        arima::ShockFilter filter(process, state);
        for (int step = 0; step < 30; ++step) filter.skip();
        CHECK(state.count <= capacity);
        CHECK(filter.variance() == Approx(squares));
    }
}

TEST_CASE("with less room than states, what is seen keeps about its variance") {
    // A season of 12, differenced: shocks at 12 places of the state.
    std::vector<double> ar(1), shock{1}, delta(12);
    delta[11] = 1;
    const arima::Process process{1, 12, ar.data(), shock.data(), delta.data(), 0};
    std::vector<double> mean(13), columns(13 * 6);
    arima::Shocks state{mean.data(), columns.data(), 0, 6};
    arima::ShockFilter filter(process, state);
    for (int step = 0; step < 24; ++step) filter.skip();
    CHECK(filter.variance() == Approx(3).epsilon(0.25));
}
