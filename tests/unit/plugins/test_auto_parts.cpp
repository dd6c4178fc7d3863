// The parts of the forecaster auto: members, weights, recursions and seasons, against numbers of numpy.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "auto/automatic_model.hpp"
#include "auto_reference.hpp"
#include "lag/recursive_fit.hpp"
#include "numerics/seasons.hpp"

using doctest::Approx;
using test::reference_values;

namespace {

// A series in memory of its own, without the SDK.
struct Direct {
    explicit Direct(const automatic::Plan& plan) : model(plan), floats(model.floats()) {}
    Direct(numerics::SeasonFinder finder, std::size_t horizon)
        : model(std::move(finder), horizon, 0, 0), floats(model.floats()) {}
    void learn(double value) {
        if (!std::isnan(value)) model.learn(state, floats, next, next, value);
        ++next;
    }
    [[nodiscard]] automatic::Kept kept() const { return {model.layout(state), floats}; }
    [[nodiscard]] automatic::OfMembers weights(std::size_t lead) const {
        return automatic::Weighing(model.plan(state), state, kept().errors).at(lead);
    }
    // What each member forecasts some steps ahead.
    [[nodiscard]] std::vector<double> members(int ahead) const {
        automatic::Ahead room;
        const automatic::Kept parts = kept();
        automatic::Outlook outlook(model.plan(state), state, parts, room);
        for (int i = 0; i < ahead; ++i) outlook.next();
        const automatic::OfMembers units = outlook.members();
        std::vector<double> result;
        for (const float z : units) result.push_back(state.units.outward(static_cast<double>(z)));
        return result;
    }
    automatic::Model model;
    automatic::State state;
    std::vector<float> floats;
    std::int64_t next = 0;
};

template <class Found>
void check_near(const Found& found, std::initializer_list<double> expected, double tolerance) {
    std::size_t i = 0;
    for (const double number : expected) {
        CAPTURE(i);
        CHECK(found[i++] == Approx(number).epsilon(tolerance));
    }
}

}  // namespace

TEST_CASE("members, leads and strides follow from the seasons and the horizon") {
    const automatic::Plan plan(168, 24, 48);
    CHECK(plan.first_season() == 24);
    CHECK(plan.second_season() == 168);
    CHECK(plan.members() == 16);
    CHECK(automatic::Plan(0, 1, 48).members() == 9);
    CHECK(automatic::Plan(0, 52, 13).members() == 14);
    CHECK(automatic::Plan(52, 52, 13).members() == 14);
    std::vector<std::uint32_t> steps, strides;
    for (std::size_t i = 0; i < plan.leads(); ++i) {
        steps.push_back(plan.lead(i).steps);
        strides.push_back(plan.lead(i).stride);
    }
    CHECK(steps == std::vector<std::uint32_t>{1, 4, 9, 16, 33, 47});
    CHECK(strides == std::vector<std::uint32_t>{1, 1, 5, 5, 17, 25});  // none has a factor of 24 or 168
    CHECK(plan.nearest(1) == 0);
    CHECK(plan.nearest(2) == 0);
    CHECK(plan.nearest(3) == 1);
    CHECK(plan.nearest(40) == 4);
    CHECK(plan.nearest(41) == 5);
    CHECK(plan.nearest(1'000'000) == 5);
}

TEST_CASE("no two forecasts that wait for their values share a slot, whatever the seasons and the horizon") {
    for (const std::size_t season : {0U, 2U, 7U, 12U, 60U, 288U})
        for (const std::size_t horizon : {1U, 2U, 3U, 7U, 48U, 288U, 1000U}) {
            CAPTURE(season);
            CAPTURE(horizon);
            const automatic::Plan plan(season, 7 * season, horizon);
            for (std::size_t i = 0; i < plan.leads(); ++i) {
                const automatic::Lead& lead = plan.lead(i);
                CHECK(lead.slots <= automatic::Plan::most_waiting);
                CHECK(lead.slots * lead.stride >= lead.steps);
                if (season > 0 && lead.stride > 1) CHECK(std::gcd<std::size_t>(lead.stride, season) == 1);
                CHECK(lead.first + lead.slots <= plan.slots());
                if (i > 0) CHECK(lead.first == plan.lead(i - 1).first + plan.lead(i - 1).slots);
            }
        }
}

// tests/reference/auto.py, which has each formula in plain numpy. Floats and halves leave weights right to
// some three digits.
TEST_CASE("forecasts, members and weights are those of numpy, with lost steps, from the first season on") {
    Direct series(automatic::Plan(7, 28, 14));
    const auto forecast = [&] {
        std::vector<double> means;
        series.model.forecast(series.state, series.floats, [&](automatic::Combination& together) {
            for (std::int64_t h = 0; h < 16; ++h)
                means.push_back(together.at(series.next + h, series.next + h).mean);
        });
        return means;
    };
    const std::vector<double> values = reference_values();
    for (std::size_t t = 0; t < values.size(); ++t) {
        series.learn(values[t]);
        if (t == 6)
            check_near(
                forecast(),
                {17.068, 17.068, 17.068, 20.96928047, 19.84653067, 18.70974302, 18.13795417, 17.068, 17.068},
                2e-5);
        if (t == 29)
            check_near(forecast(),
                       {25.87908135, 24.571975, 21.71716043, 18.84147451, 17.53099457, 21.74348195,
                        24.49993386, 26.59921647, 25.01296399, 22.35016008, 19.84931519, 18.92347273,
                        20.94012471, 23.26058868, 25.25739944, 24.32226096},
                       2e-5);
        if (t == 99)
            check_near(forecast(),
                       {25.70746487, 24.68801302, 21.38145934, 19.28261711, 18.06994799, 21.02764643,
                        23.64855201, 26.47103445, 24.96384698, 21.80170509, 19.32104291, 17.85569547,
                        20.78506752, 24.37773181, 26.13253682, 24.9463793},
                       2e-5);
    }
    check_near(forecast(),
               {18.03617238, 23.78495993, 26.82388105, 29.02262952, 27.4921639, 24.60458214, 21.26105418,
                20.42722833, 21.42583759, 24.16896188, 26.47475658, 25.24038509, 21.81715572, 18.85354753,
                17.75574242, 20.72427141},
               2e-5);
    check_near(
        series.members(1),
        {19.302, 22.34181318, 22.05711976, 20.99881301, 21.48594774, 19.70905777, 18.56184929, 18.18401511,
         18.09439204, 18.87378123, 17.67, 18.42517386, 18.04493819, 18.44025456, 18.088, 17.68112149},
        2e-6);
    check_near(
        series.members(10),
        {19.302, 22.34181318, 22.05711976, 20.99881301, 20.96158091, 19.56993292, 23.56271795, 23.09238842,
         24.15629233, 24.47453546, 23.332, 24.6178905, 24.11520793, 24.51052429, 24.028, 24.04705288},
        2e-6);
    const auto near = series.weights(0), far = series.weights(4);
    CHECK(near[automatic::naive] == 0);
    CHECK(near[automatic::drift] == Approx(0.007611625991).epsilon(1e-3));
    CHECK(near[automatic::season_lags] == Approx(0.2368952202).epsilon(1e-3));
    CHECK(near[automatic::profile_second] == Approx(0.6184488354).epsilon(1e-3));
    CHECK(far[automatic::drift] == 0);
    CHECK(far[automatic::season_lags] == Approx(0.1694970857).epsilon(1e-3));
    CHECK(far[automatic::repeat_second] == Approx(0.1064354367).epsilon(1e-3));
}

TEST_CASE("weights are those of the errors: the least leads, twice that is left out, naive has a start") {
    const automatic::Plan plan(0, 0, 1);
    REQUIRE(plan.leads() == 1);
    automatic::State state;
    state.learned = 100;
    std::vector<float> errors(plan.members(), 110);
    CHECK(automatic::Weighing(plan, state, errors).at(0)[automatic::naive] == 1);  // nothing was judged
    state.judged[0] = 50;
    // E = e + 20 e / 50 + (1 or 1.1) naive / 50
    errors[automatic::naive] = 50;
    errors[automatic::ses_fast] = 55;
    const auto weights = automatic::Weighing(plan, state, errors).at(0);
    const double ratio = (50 * 1.4 + 1) / (55 * 1.4 + 1.1);
    CHECK(weights[automatic::ses_fast] / weights[automatic::naive] ==
          Approx(std::pow(ratio, 10)).epsilon(1e-6));
    CHECK(weights[automatic::ses_slow] == 0);  // 155.1 is above 2 x 71
    CHECK(std::accumulate(weights.begin(), weights.end(), 0.0F) == Approx(1));
    state.learned = 5;  // too young for those that regress
    errors.assign(plan.members(), 10);
    const auto young = automatic::Weighing(plan, state, errors).at(0);
    CHECK(young[automatic::last_values] == 0);
    CHECK(young[automatic::naive] > young[automatic::ses_slow]);
    std::fill(errors.begin(), errors.end(), 0.0F);  // of a constant series
    CHECK(automatic::Weighing(plan, state, errors).at(0)[automatic::naive] > 0);
}

TEST_CASE("where the mixture was worse than naive, at a lead and over all, naive alone is the forecast") {
    const automatic::Plan plan(0, 0, 10);
    automatic::State state;
    state.learned = 100;
    std::vector<float> errors(plan.members() * plan.leads(), 40);
    for (std::size_t lead = 0; lead < plan.leads(); ++lead) {
        state.judged[lead] = 50;
        state.together[lead] = 45;  // naive's is 40
    }
    const auto naive_weight = [&](std::size_t lead) {
        return automatic::Weighing(plan, state, errors).at(lead)[automatic::naive];
    };
    CHECK(naive_weight(0) == 1);
    CHECK(automatic::Weighing(plan, state, errors).mixture(0)[automatic::naive] < 0.5);
    state.together[0] = 39;
    CHECK(naive_weight(0) < 0.5);
    CHECK(naive_weight(1) == 1);
    state.together[0] = 20;
    state.together[2] = 20;
    CHECK(naive_weight(1) < 0.5);  // over all leads the mixture is better
}

TEST_CASE("a season is found by itself, then a second one, and given up when it is gone") {
    std::mt19937 random(4);
    std::normal_distribution<double> noise(0, 1);
    const auto truth = [](std::size_t t) {
        return 100 + 10 * std::sin(static_cast<double>(t % 24) * 0.2618) + (t / 24 % 7 >= 5 ? 15.0 : 0.0);
    };
    Direct series(numerics::SeasonFinder({24, 168}, automatic::longest_other), 48);
    const auto seasons = [&] { return series.model.seasons(series.state); };
    CHECK(seasons() == numerics::Seasons{});
    for (std::size_t t = 0; t < 200; ++t) series.learn(truth(t) + noise(random));
    CHECK(seasons() == numerics::Seasons{24, 0});
    for (std::size_t t = 200; t < 1000; ++t) series.learn(truth(t) + noise(random));
    CHECK(seasons() == numerics::Seasons{24, 168});
    double sum = 0;
    series.model.forecast(series.state, series.floats, [&](automatic::Combination& together) {
        for (std::size_t t = 1000; t < 1100; ++t) {
            const auto step = static_cast<std::int64_t>(t);
            sum += std::abs(together.at(step, step).mean - truth(t));
        }
    });
    CHECK(sum / 100 < 1.5);
    for (std::size_t t = 1000; t < 6000; ++t) series.learn(noise(random));
    CHECK(seasons() == numerics::Seasons{});
}

TEST_CASE("numbers that decay while a series stands still end as 0, not as subnormals, which are slow") {
    for (const int begin : {0, 1}) {  // the finder, or a season that is given
        CAPTURE(begin);
        Direct series = begin == 0 ? Direct(numerics::SeasonFinder({24}, automatic::longest_other), 48)
                                   : Direct(automatic::Plan(24, 168, 48));
        for (int t = 0; t < 100; ++t) series.learn(t % 24);
        for (int t = 0; t < 120'000; ++t) series.learn(series.state.units.center);
        int found = 0;
        const auto count = [&found](auto number) { found += std::fpclassify(number) == FP_SUBNORMAL; };
        const automatic::Kept kept = series.kept();
        for (const auto numbers : {kept.ring, kept.season, kept.errors})  // the past and slots hold halves
            for (const float number : numbers) count(number);
        for (std::size_t i = 0; i < automatic::regressions; ++i) {
            for (const float number : kept.coefficients[i]) count(number);
            for (const float number : kept.factors[i]) count(number);
        }
        for (const float number : series.state.together) count(number);
        for (const float number : series.state.smoothing.ses) count(number);
        for (const float number : series.state.smoothing.holt_trend) count(number);
        for (const auto& deviation : series.state.deviations)
            count(deviation.last), count(deviation.products), count(deviation.squares);
        for (const auto& errors : series.state.regression_errors) count(errors.mean);
        for (const auto& errors : series.state.errors) count(errors.variance());
        CHECK(found == 0);
    }
}

TEST_CASE("a number of seasons that no model has, as damaged bytes may, is that of none") {
    Direct series(numerics::SeasonFinder({24, 168}, automatic::longest_other), 48);
    series.state.shape = 4'000'000'000;
    for (int t = 0; t < 300; ++t) series.learn(t % 24);
    CHECK(series.model.plan(series.state).first_season() == 24);
}

TEST_CASE("a half has ten bits of fraction, ends at both sides, and one NaN") {
    using automatic::from_half;
    using automatic::to_half;
    for (const float number : {0.0F, 1.0F, -1.5F, 0.1F, -3.14159F, 1000.7F, 6.2e-5F, 130'000.0F}) {
        CAPTURE(number);
        CHECK(std::abs(from_half(to_half(number)) - number) <= std::abs(number) / 2048);
    }
    CHECK(from_half(to_half(1e9F)) == 131'008);
    CHECK(from_half(to_half(-1e30F)) == -131'008);
    CHECK(from_half(to_half(1e-6F)) == 0);
    CHECK(from_half(to_half(-1e-40F)) == 0);
    CHECK(std::isnan(from_half(to_half(std::numeric_limits<float>::quiet_NaN()))));
    int not_finite = 0;
    for (unsigned bits = 0; bits < 0x10000; ++bits)
        not_finite += !std::isfinite(from_half(static_cast<std::uint16_t>(bits)));
    CHECK(not_finite == 1);
    std::vector<float> room(2);
    const automatic::Halves<float> halves(room);
    for (std::size_t i = 0; i < 4; ++i) halves.set(i, static_cast<float>(i) - 1.5F);
    for (std::size_t i = 0; i < 4; ++i) CHECK(halves[i] == static_cast<float>(i) - 1.5F);
}

TEST_CASE("least squares in floats are those of the whole matrix in doubles, also where inputs are alike") {
    for (const std::size_t columns : {4U, 5U, 8U, 11U}) {
        CAPTURE(columns);
        std::mt19937 random(3);
        std::normal_distribution<double> noise(0, 1);
        std::vector<float> factors(automatic::LeastSquares::length(columns)), found(columns);
        std::vector<double> triangle(lag::RecursiveFit::length(columns));
        lag::RecursiveFit::Numbers exact{};
        automatic::LeastSquares fit(factors, columns);
        lag::RecursiveFit reference(triangle, columns);
        fit.begin();
        reference.begin();
        for (int t = 1; t <= 20'000; ++t) {
            automatic::Inputs x{};
            lag::RecursiveFit::Numbers same{};
            const double alike = 10 * noise(random);
            double value = noise(random) / 10, one = 0, other = 0;
            for (std::size_t k = 0; k < columns; ++k) {
                x[k] = static_cast<float>(k + 1 == columns ? 1 : alike + noise(random) / 100);
                same[k] = static_cast<double>(x[k]);
                value += same[k] * (k % 2 == 0 ? 0.5 : -0.25);
                one += static_cast<double>(found[k]) * same[k];
                other += exact[k] * same[k];
            }
            if (t > 1000) CHECK(std::abs(one - other) < 0.02);  // the noise is five times that
            fit.learn(x, static_cast<float>(value - one), found);
            reference.learn(same, value - other, exact);
            if (t % 16 == 0) fit.limit();
        }
    }
}

TEST_CASE("a season that no calendar has is kept, once it is found") {
    Direct series(numerics::SeasonFinder({}, automatic::longest_other), 0);
    std::mt19937 random(4);
    std::normal_distribution<double> noise(0, 0.5);
    int away = 0;
    for (int t = 0; t < 6000; ++t) {
        series.learn(5 * std::sin(t * 0.0628318531) + noise(random));
        away += t >= 600 && series.model.seasons(series.state) != numerics::Seasons{100, 0};
    }
    CHECK(away == 0);
}

TEST_CASE("a week that is found alone is forecast with the day beside it") {
    Direct series(numerics::SeasonFinder({24, 168}, automatic::longest_other), 48);
    std::mt19937 random(4);
    std::normal_distribution<double> noise(0, 1);
    for (int t = 0; t < 1500; ++t) series.learn((t / 24 % 7 >= 5 ? 15 : 0) + noise(random));
    CHECK(series.model.seasons(series.state) == numerics::Seasons{168, 0});
    CHECK(series.model.plan(series.state).first_season() == 24);
    CHECK(series.model.plan(series.state).second_season() == 168);
}
