// The forecaster auto: against numbers of numpy, and the hard cases.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "algorithm.hpp"
#include "auto/automatic_model.hpp"
#include "numerics/seasons.hpp"

using doctest::Approx;

namespace {

using Settings = std::vector<test::Setting>;
constexpr double lost = std::numeric_limits<double>::quiet_NaN();

test::Model model(const Settings& settings, std::uint32_t grid_flags = 0) {
    return {test::algorithm("auto", "auto"), settings, test::Ends::initial, grid_flags};
}

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

// A week within four, and noise between 0 and 2; the same on every machine, as in tests/reference/auto.py.
std::vector<double> reference_values() {
    constexpr std::array<double, 7> season{0, 3, 5, 4, 1, -2, -3};
    std::vector<double> values;
    std::int64_t random = 7;
    for (std::size_t t = 0; t < 230; ++t) {
        random = (random * 1103515245 + 12345) % (std::int64_t{1} << 31);
        values.push_back(20 + season[t % 7] + (t / 7 % 4 == 1 ? 3 : 0) +
                         static_cast<double>(random / 65536 % 1000) / 500);
    }
    for (const std::size_t t : {60U, 61U, 62U, 150U}) values[t] = lost;
    return values;
}

// Learns values at the steps from `first` on; NaN: lost.
void feed(test::Series& series, const std::vector<double>& values, std::int64_t first = 0) {
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isnan(values[i]))
            REQUIRE(series.advance({series.point(first + static_cast<std::int64_t>(i), values[i])}).size() ==
                    1);
}

template <class Found>
void check_near(const Found& found, std::initializer_list<double> expected, double tolerance) {
    std::size_t i = 0;
    for (const double number : expected) {
        CAPTURE(i);
        CHECK(found[i++] == Approx(number).epsilon(tolerance));
    }
}

// Means of the absolute errors of `ahead` steps, of auto and of the last value.
struct Compared {
    double ours = 0, naive = 0;
};
Compared compare(test::Series& series, const std::vector<double>& values, std::size_t begin,
                 std::uint32_t ahead) {
    Compared sum;
    for (std::size_t t = 0; t < values.size(); ++t) {
        if (t > begin && t + ahead <= values.size()) {
            const double found = series.forecast(static_cast<std::int64_t>(t), ahead).at(ahead - 1).mean;
            sum.ours += std::abs(found - values[t + ahead - 1]);
            sum.naive += std::abs(values[t - 1] - values[t + ahead - 1]);
        }
        feed(series, {values[t]}, static_cast<std::int64_t>(t));
    }
    return sum;
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

// tests/reference/auto.py, which has each formula in plain numpy. Floats and halves leave weights right to some
// three digits.
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

TEST_CASE("the first forecast is the first value") {
    const test::Model plugin = model({{"season_length", 7}});
    test::Series series(plugin);
    feed(series, {42.5});
    for (const auto& one : series.forecast(1, 10)) CHECK(one.mean == 42.5);
}

TEST_CASE("a constant series is forecast as exactly what it is, and later as what it became") {
    for (const double season : {0, 1, 7}) {
        const test::Model plugin = model({{"season_length", season}});
        test::Series series(plugin);
        feed(series, std::vector<double>(300, 0.1));
        for (const auto& one : series.forecast(300, 20)) {
            CHECK(one.mean == 0.1);
            CHECK(one.deviation == 0);
        }
        feed(series, std::vector<double>(400, 8), 300);
        for (const auto& one : series.forecast(700, 20)) CHECK(one.mean == Approx(8).epsilon(1e-3));
    }
}

TEST_CASE("two seasons are forecast together") {
    std::mt19937 random(5);
    const auto noise = [&] { return (static_cast<double>(random() % 2000) - 1000) / 4000; };
    const auto truth = [](std::size_t t) {
        return 50 + 5 * std::sin(static_cast<double>(t % 12) * 0.5236) + (t / 12 % 7 >= 5 ? 20.0 : 0.0);
    };
    const test::Model plugin = model({{"season_length", 12}, {"second_season_length", 84}, {"horizon", 84}});
    test::Series series(plugin);
    std::vector<double> values;
    for (std::size_t t = 0; t < 420; ++t) values.push_back(truth(t) + noise());
    feed(series, values);
    const auto ahead = series.forecast(420, 84);
    double sum = 0;
    for (std::size_t h = 0; h < 84; ++h) sum += std::abs(ahead[h].mean - truth(420 + h));
    CHECK(sum / 84 < 0.5);
}

TEST_CASE("a random walk, a flat and a quantised series are forecast no worse than by the last value") {
    for (const int kind : {0, 1, 2}) {
        CAPTURE(kind);
        for (const std::uint32_t ahead : {1U, 10U}) {
            CAPTURE(ahead);
            std::mt19937 random(static_cast<unsigned>(11 + kind));
            std::normal_distribution<double> noise(0, 1);
            std::vector<double> values;
            double level = 100;
            for (int t = 0; t < 2000; ++t) {
                if (kind == 0) level += noise(random);
                if (kind == 1 && random() % 50 == 0) level += noise(random);  // steps, flat between them
                if (kind == 2) level += noise(random) / 4;                    // in whole numbers
                values.push_back(kind == 2 ? std::round(level) : level);
            }
            const test::Model plugin = model({{"season_length", 24}, {"horizon", 10}});
            test::Series series(plugin);
            const Compared found = compare(series, values, 500, ahead);
            CHECK(found.ours < 1.03 * found.naive);
        }
    }
}

TEST_CASE("a lost step takes its forecast, so that no gap turns the season") {
    const test::Model plugin = model({{"season_length", 7}});
    const auto value = [](std::int64_t t) { return static_cast<double>(t % 7 * (t % 7)); };
    test::Series series(plugin);
    std::vector<double> values;
    for (std::int64_t t = 0; t < 200; ++t) values.push_back(value(t));
    for (const std::size_t gone : {30U, 50U, 51U, 52U, 90U, 100U, 101U}) values[gone] = lost;
    feed(series, values);
    for (const std::int64_t gap : {0, 3, 40, 5000, 1'000'000'000}) {
        CAPTURE(gap);
        test::Series later = series;
        const std::int64_t step = 200 + gap;
        CHECK(later.forecast(step, 1).at(0).mean == Approx(value(step)).epsilon(0.02));
        later.advance({later.point(step, value(step))});
        const auto ahead = later.forecast(step + 1, 14);
        for (std::int64_t h = 0; h < 14; ++h)
            CHECK(std::abs(ahead[static_cast<std::size_t>(h)].mean - value(step + 1 + h)) < 0.5);
    }
}

TEST_CASE("no regression runs away: forecasts stay within the values seen and half of their range") {
    const test::Model plugin = model({{"horizon", 100}});
    test::Series series(plugin);
    std::vector<double> values;
    for (int t = 0; t < 40; ++t) values.push_back(std::ldexp(1, t));  // doubles at each step
    feed(series, values);
    const double range = values.back() - values.front();
    for (const auto& one : series.forecast(40, 200)) {
        CHECK(one.mean <= values.back() + range / 2);
        CHECK(one.mean >= values.front() - range / 2);
        CHECK(std::isfinite(one.deviation));
    }
}

TEST_CASE("a series that becomes a million times larger or smaller, or moves far away, is followed") {
    for (const int kind : {0, 1, 2}) {
        CAPTURE(kind);
        std::mt19937 random(9);
        const test::Model plugin = model({{"season_length", 5}});
        test::Series series(plugin);
        const double by = kind == 0 ? 1e6 : kind == 1 ? 1e-6 : 1, offset = kind == 2 ? 1e9 : 0;
        std::vector<double> values;
        for (std::size_t t = 0; t < 1500; ++t) {
            const double value = 3 + static_cast<double>(t % 5) + static_cast<double>(random() % 100) / 1000;
            values.push_back(t < 300 ? value : by * value + offset);
        }
        feed(series, values);
        const auto ahead = series.forecast(1500, 10);
        for (std::size_t h = 0; h < 10; ++h)
            CHECK((ahead[h].mean - offset) / by == Approx(3.05 + static_cast<double>(h % 5)).epsilon(0.1));
    }
}

TEST_CASE("deviations are those of the errors, and grow with the lead") {
    std::mt19937 random(2);
    std::normal_distribution<double> noise(0, 1);
    std::vector<double> walk{100};
    while (walk.size() < 3000) walk.push_back(walk.back() + noise(random));
    const test::Model plugin = model({{"horizon", 25}});
    test::Series series(plugin);
    feed(series, walk);
    const auto ahead = series.forecast(3000, 100);
    CHECK(ahead[0].deviation == Approx(1).epsilon(0.2));
    CHECK(ahead[24].deviation == Approx(5).epsilon(0.35));
    CHECK(ahead[99].deviation == Approx(10).epsilon(0.35));
    for (std::size_t h = 1; h < 100; ++h) CHECK(ahead[h].deviation > 0.8 * ahead[h - 1].deviation);
}

TEST_CASE("the widths of lost steps' intervals do not depend on how many there were") {
    std::mt19937 random(2);
    std::normal_distribution<double> noise(10, 1);
    const test::Model plugin = model({});
    test::Series series(plugin);
    std::vector<double> values;
    for (int t = 0; t < 900; ++t) values.push_back(t % 90 < 30 ? noise(random) : lost);
    values.resize(840);
    feed(series, values);
    CHECK(series.forecast(840, 1).at(0).deviation == Approx(1).epsilon(0.25));
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

TEST_CASE("the default finds seasons; 1 is none") {
    for (const int season : {0, 1}) {
        CAPTURE(season);
        const test::Model plugin = model({{"season_length", static_cast<double>(season)}, {"horizon", 20}});
        test::Series series(plugin);
        std::mt19937 random(3);
        std::vector<double> values;
        for (std::size_t t = 0; t < 300; ++t)
            values.push_back(t % 20 == 3 ? 9.0 : static_cast<double>(random() % 100) / 100);
        feed(series, values);
        CHECK((series.forecast(300, 20).at(3).mean > 5) == (season == 0));
    }
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

TEST_CASE("values at the ends of what a double holds leave forecasts finite") {
    for (const double huge : {1.7e308, 5e-324}) {
        const test::Model plugin = model({{"season_length", 4}});
        test::Series series(plugin);
        std::vector<double> values;
        for (int t = 0; t < 200; ++t) values.push_back(t % 3 == 0 ? -huge : t % 3 == 1 ? huge : 0);
        feed(series, values);
        for (const auto& one : series.forecast(200, 30)) {
            CHECK(std::isfinite(one.mean));
            CHECK(std::isfinite(one.deviation));
        }
    }
}

TEST_CASE("a state is its bytes: a copy goes on as the series itself") {
    const test::Model plugin = model({{"season_length", 7}, {"second_season_length", 28}});
    test::Series series(plugin);
    feed(series, reference_values());
    test::Series restored(plugin);
    const std::string saved = series.bytes();
    std::copy(saved.begin(), saved.end(), static_cast<char*>(restored.data()));
    feed(series, reference_values(), 230);
    feed(restored, reference_values(), 230);
    CHECK(series.bytes() == restored.bytes());
    CHECK(series.forecast(460, 1).at(0).mean == restored.forecast(460, 1).at(0).mean);
}

TEST_CASE("memory follows from the seasons, the horizon, and the seasons that may be found") {
    const auto bytes = [](double first, double second, double horizon, std::int64_t interval_s = 1) {
        const std::vector<test::Setting> settings{
            {"season_length", first}, {"second_season_length", second}, {"horizon", horizon}};
        return test::Model(test::algorithm("auto", "auto"), settings, test::Ends::initial, 0,
                           interval_s * 1'000'000'000)
            .series_size();
    };
    CHECK(bytes(1, 0, 12) < 1300);
    CHECK(bytes(24, 0, 24) < 2000);
    CHECK(bytes(24, 168, 48) < 3500);
    CHECK(bytes(288, 2016, 288) < 20'500);
    CHECK(bytes(0, 0, 0) < 4500);  // at an interval of a second, which has seasons of up to 128 steps
    CHECK(bytes(0, 0, 0, 3600) < 4500);
    CHECK(bytes(0, 0, 0, 300) < 23'000);
    CHECK(bytes(0, 0, 0, 60) < 25'000);
    CHECK(model({{"season_length", 24}}, FCD_GRID_LOCAL).series_size() > bytes(24, 0, 0));  // an hour longer
}
