// Regression on lags: against numbers of numpy, and the hard cases.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "algorithm.hpp"
#include "lag/lag_set.hpp"
#include "lag/local_clock.hpp"
#include "lag/outlook.hpp"
#include "lag/recursive_fit.hpp"
#include "lag/ridge.hpp"
#include "lag/units.hpp"

using doctest::Approx;

namespace {

using Settings = std::vector<test::Setting>;

test::Model model(const Settings& settings, std::uint32_t grid_flags = 0) {
    return {test::algorithm("lag", "lag"), settings, test::Ends::initial, grid_flags};
}

std::vector<std::uint32_t> all(const lag::LagSet& lags) {
    std::vector<std::uint32_t> result;
    for (std::size_t i = 0; i < lags.size(); ++i) result.push_back(lags[i]);
    return result;
}

// A season of 7 and noise between 0 and 2; the same on every machine.
std::vector<double> reference_values(int count) {
    constexpr std::array<double, 7> season{0, 3, 5, 4, 1, -2, -3};
    std::vector<double> values;
    std::int64_t random = 7;
    for (std::size_t t = 0; t < static_cast<std::size_t>(count); ++t) {
        random = (random * 1103515245 + 12345) % (std::int64_t{1} << 31);
        values.push_back(20 + season[t % 7] + static_cast<double>(random / 65536 % 1000) / 500);
    }
    return values;
}

std::vector<double> in_units(std::vector<double> values) {
    const lag::Units units = lag::Units::of(values);
    for (double& value : values) value = units(value);
    return values;
}

// The lags of reference_values; what numpy makes of them stands beside each check: numpy 2.4,
// linalg.solve(X'X + .1 I, X'y + .1 prior), without a penalty on the constant.
const std::vector<double> numpy_weights{0.17939381522, 0.0826595575047,  -0.280044887242, 0.111582643539,
                                        0.23198877632, -0.0190872973894, 0.354203589596};
constexpr double numpy_constant = -0.0264711951274;

lag::RidgeFit fit(const std::vector<double>& y, const lag::LagSet& lags,
                  std::vector<std::uint8_t> known = {}) {
    if (known.empty()) known.assign(y.size(), 1);
    lag::RidgeRoom room(y.size());
    return lag::Ridge(y, known, lags, room).fit();
}

// Learns values at the steps from 0 on; NaN: lost.
void feed(test::Series& series, const std::vector<double>& values, std::int64_t first = 0) {
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isnan(values[i]))
            REQUIRE(series.advance({series.point(first + static_cast<std::int64_t>(i), values[i])}).size() ==
                    1);
}

double root_mean_square(const std::vector<double>& numbers) {
    return std::sqrt(std::inner_product(numbers.begin(), numbers.end(), numbers.begin(), 0.0) /
                     static_cast<double>(numbers.size()));
}

}  // namespace

TEST_CASE("the lags are the last three and those around each season, each once, in order") {
    CHECK(all({0, 0}) == std::vector<std::uint32_t>{1, 2, 3});
    CHECK(all({24, 168}) == std::vector<std::uint32_t>{1, 2, 3, 23, 24, 25, 48, 167, 168, 169});
    CHECK(all({168, 24}) == all({24, 168}));
    CHECK(all({0, 52}) == all({52, 1}));
    CHECK(all({52, 52}) == std::vector<std::uint32_t>{1, 2, 3, 51, 52, 53, 104});
    CHECK(all({2, 4}) == std::vector<std::uint32_t>{1, 2, 3, 4, 5});
    CHECK(lag::LagSet(24, 168).period() == 168);
    CHECK(lag::LagSet(0, 1).period() == 1);
}

TEST_CASE(
    "the neighbourhood of a season is used as a whole, and the longest season in use is the naive one") {
    const lag::LagSet lags(24, 168);
    std::vector<std::size_t> whole;
    for (std::size_t count = 1; count <= lags.size(); ++count)
        if (lags.is_whole(count)) whole.push_back(lags[count - 1]);
    CHECK(whole == std::vector<std::size_t>{1, 2, 3, 25, 48, 169});
    CHECK(lags[lags.naive_place(3)] == 1);
    CHECK(lags[lags.naive_place(6)] == 24);
    CHECK(lags[lags.naive_place(10)] == 168);
}

TEST_CASE("a lag of a season goes back to the same local time, any other does not know the clocks") {
    lag::LocalClock clock;
    const lag::Calendar zone{24, 24};
    clock.begin(0, 5, zone);
    clock.follow(100, 106, zone);  // set forward
    CHECK(clock.back(110, 24, zone) == 23);
    CHECK(clock.back(130, 24, zone) == 24);
    CHECK(clock.was_skipped(123, 24, zone));  // 105, between 104 and 106
    CHECK_FALSE(clock.was_skipped(122, 24, zone));
    CHECK_FALSE(clock.was_skipped(124, 24, zone));
    clock.follow(200, 205, zone);  // set back
    CHECK(clock.back(210, 24, zone) == 25);
    CHECK(clock.back(224, 24, zone) == 24);
}

TEST_CASE("units are mean absolute deviations from the mean, of any finite values") {
    const lag::Units units = lag::Units::of(std::vector<double>{1, 3, 8});
    CHECK(units.center == Approx(4));
    CHECK(units.scale == Approx(8.0 / 3));
    CHECK(lag::Units::of(std::vector<double>{5, 5}).scale == 0);
    CHECK(std::isfinite(lag::Units::of(std::vector<double>{1.7e308, -1.7e308, 1.7e308}).scale));
}

TEST_CASE("the ridge has the weights, the constant and the left-out errors of numpy") {
    const lag::RidgeFit found = fit(in_units(reference_values(90)), {7, 0});
    REQUIRE(found.count == numpy_weights.size());
    CHECK(found.rows == 76);
    for (std::size_t i = 0; i < numpy_weights.size(); ++i)
        CHECK(found.weights[i] == Approx(numpy_weights[i]).epsilon(1e-9));
    CHECK(found.constant == Approx(numpy_constant).epsilon(1e-9));
    // numpy: each value left out in turn, and fitted again
    CHECK(found.variance == Approx(0.0802654953975).epsilon(1e-9));
}

TEST_CASE("an outlier moves the weights little") {
    std::vector<double> values = reference_values(90), spiked = values;
    spiked[60] += 60;
    const auto good = fit(in_units(values), {7, 0});
    // Where the spike is what explains, it is not bounded: those rows are left out, as the host's guard does.
    std::vector<std::uint8_t> known(90, 1);
    for (const std::size_t later : {61U, 62U, 63U, 66U, 67U, 68U, 74U}) known[later] = 0;
    const lag::Units units = lag::Units::of(values);
    for (double& value : spiked) value = units(value);
    const auto with = fit(spiked, {7, 0}, known);
    for (std::size_t i = 0; i < good.count; ++i) CHECK(std::abs(with.weights[i] - good.weights[i]) < 0.15);
    CHECK(std::abs(with.constant) < 0.15);
}

TEST_CASE("a fit takes as many lags as it has values for, and none of what was lost is explained") {
    const auto y = in_units(reference_values(90));
    const auto count = [&](std::size_t values) {
        return fit({y.begin(), y.begin() + static_cast<std::ptrdiff_t>(values)}, {7, 0}).count;
    };
    CHECK(count(4) == 0);
    CHECK(count(5) == 1);
    CHECK(count(21) == 3);
    CHECK(count(22) == 6);  // 8 steps back, and two values for each of 7 columns
    CHECK(count(30) == 7);
    std::vector<std::uint8_t> known(90, 1);
    std::vector<double> wrong = y;
    for (std::size_t t = 80; t < 90; ++t) known[t] = 0, wrong[t] = 1e3;
    CHECK(fit(wrong, {7, 0}, known).constant == fit({y.begin(), y.begin() + 80}, {7, 0}).constant);
}

// numpy: (sum f^(n-t) x x' + f^n .1 I)^-1 (sum f^(n-t) x y + f^n .1 b_0), b_0 = (1, 0, 0, 0)
TEST_CASE("the recursion has the weights of least squares with forgetting") {
    const auto y = in_units(reference_values(90));
    std::array<double, lag::RecursiveFit::length(4)> triangle{};
    lag::RecursiveFit recursion(triangle, 4);
    recursion.begin();
    lag::RecursiveFit::Numbers weights{1};
    for (std::size_t t = 3; t < 60; ++t) {
        const lag::RecursiveFit::Numbers x{y[t - 1], y[t - 2], y[t - 3], 1};
        double expected = 0;
        for (std::size_t i = 0; i < 4; ++i) expected += weights[i] * x[i];
        recursion.learn(x, y[t] - expected, weights);
    }
    const double numpy[]{0.465958577888, -0.0398149364875, -0.743097888789, 0.0102688816126};
    for (std::size_t i = 0; i < 4; ++i) CHECK(weights[i] == Approx(numpy[i]).epsilon(1e-6));
    CHECK(triangle[0] == Approx(0.0883734446828).epsilon(1e-6));
    CHECK(triangle[4] == Approx(-0.0978923656503).epsilon(1e-6));  // of the second and third
}

TEST_CASE("where nothing new comes, no coefficient becomes less certain than at first") {
    std::array<double, lag::RecursiveFit::length(4)> triangle{};
    lag::RecursiveFit recursion(triangle, 4);
    recursion.begin();
    lag::RecursiveFit::Numbers weights{1};
    for (int i = 0; i < 200'000; ++i) recursion.learn({1, 1, 1, 1}, 0, weights);
    for (std::size_t i = 0; i < 4; ++i) CHECK(triangle[i * (i + 3) / 2] <= lag::RecursiveFit::greatest);
    recursion.learn({1, -1, 0, 0}, 1, weights);
    CHECK(std::isfinite(weights[0]));
}

// numpy: the weights iterated; and the sums of the squares of (1, 1) in the powers of their companion matrix.
TEST_CASE("forecasts iterate the weights, and deviations grow by what an error does to later steps") {
    const auto values = reference_values(90);
    const test::Model plugin = model({{"season_length", 7}, {"min_samples", 90}, {"window", 90}});
    test::Series series(plugin);
    feed(series, values);
    const double means[]{18.19685682, 20.88158261, 24.00413355, 26.03698171, 24.6563885,
                         21.51959615, 18.71185285, 18.08080898, 20.72053514, 24.23651469};
    const double factors[]{1,           1.032182141, 1.045370757, 1.105206953, 1.112368829,
                           1.116933488, 1.14284486,  1.232244656, 1.24693627,  1.246943541};
    const double deviation = 2.5901718518518515 * std::sqrt(0.0802654953975);
    const auto ahead = series.forecast(90, 10);
    for (std::size_t h = 0; h < 10; ++h) {
        CHECK(ahead[h].mean == Approx(means[h]).epsilon(1e-8));
        CHECK(ahead[h].deviation == Approx(deviation * std::sqrt(factors[h])).epsilon(1e-8));
    }
}

TEST_CASE("before the first fit the last season is repeated, and before its end the last value") {
    for (const double fit : {0, 1}) {
        const test::Model plugin =
            model({{"season_length", 4}, {"second_season_length", 12}, {"min_samples", 1000}, {"fit", fit}});
        test::Series series(plugin);
        feed(series, {1, 2, 3});
        for (const auto& one : series.forecast(3, 3)) CHECK(one.mean == 3);
        feed(series, {4, 5, 6}, 3);
        const auto ahead = series.forecast(6, 6);
        for (std::size_t h = 0; h < 6; ++h) CHECK(ahead[h].mean == 3.0 + static_cast<double>(h % 4));
        feed(series, {7, 8, 9, 10, 11, 12}, 6);
        CHECK(series.forecast(12, 1).at(0).mean == 1);
        CHECK(series.forecast(22, 1).at(0).mean == 11);
    }
}

TEST_CASE("two seasons are learned together") {
    std::mt19937 random(5);
    const auto noise = [&] { return (static_cast<double>(random() % 2000) - 1000) / 4000; };
    const auto truth = [](std::size_t t) {
        return 50 + 5 * std::sin(static_cast<double>(t % 12) * 0.5236) + (t / 12 % 7 >= 5 ? 20.0 : 0.0);
    };
    for (const double fit : {0, 1}) {
        CAPTURE(fit);
        std::vector<double> errors, errors_of_one;
        for (const double second : {84, 0}) {
            const test::Model plugin =
                model({{"season_length", 12}, {"second_season_length", second}, {"fit", fit}});
            test::Series series(plugin);
            std::vector<double> values;
            for (std::size_t t = 0; t < 420; ++t) values.push_back(truth(t) + noise());
            feed(series, values);
            const auto ahead = series.forecast(420, 84);
            for (std::size_t h = 0; h < 84; ++h)
                (second > 0 ? errors : errors_of_one).push_back(ahead[h].mean - truth(420 + h));
        }
        CHECK(root_mean_square(errors) < (fit > 0 ? 1.5 : 0.5));
        CHECK(root_mean_square(errors_of_one) > 5);
    }
}

TEST_CASE("a lost step takes its forecast, so that no gap turns the season") {
    for (const double fit : {0, 1}) {
        CAPTURE(fit);
        const test::Model plugin = model({{"season_length", 7}, {"fit", fit}});
        test::Series series(plugin);
        std::vector<double> values;
        for (std::size_t t = 0; t < 200; ++t) values.push_back(static_cast<double>(t % 7 * (t % 7)));
        for (const std::size_t lost : {30U, 50U, 51U, 52U, 90U, 100U, 101U})
            values[lost] = std::numeric_limits<double>::quiet_NaN();
        feed(series, values);
        for (const std::int64_t gap : {0, 3, 40, 5000}) {
            CAPTURE(gap);
            test::Series later = series;
            const std::int64_t step = 200 + gap;
            const auto value = [](std::int64_t t) { return static_cast<double>(t % 7 * (t % 7)); };
            CHECK(later.forecast(step, 1).at(0).mean == Approx(value(step)).epsilon(0.02));
            later.advance({later.point(step, value(step))});
            const auto ahead = later.forecast(step + 1, 14);
            for (std::int64_t h = 0; h < 14; ++h)
                CHECK(std::abs(ahead[static_cast<std::size_t>(h)].mean - value(step + 1 + h)) < 0.5);
        }
    }
}

TEST_CASE("lost steps do not make the intervals narrower") {
    std::mt19937 random(2);
    std::normal_distribution<double> noise(10, 1);
    std::vector<double> values;
    for (int t = 0; t < 900; ++t)
        values.push_back(t % 90 < 30 ? noise(random) : std::numeric_limits<double>::quiet_NaN());
    while (std::isnan(values.back())) values.pop_back();
    const test::Model plugin = model({{"window", 900}, {"refit_every", 1}});
    test::Series series(plugin);
    feed(series, values);
    CHECK(series.forecast(static_cast<std::int64_t>(values.size()), 1).at(0).deviation ==
          Approx(1).epsilon(0.15));
}

TEST_CASE("a constant series is forecast as what it is, also once it was something else") {
    for (const double fit : {0, 1}) {
        const test::Model plugin = model({{"season_length", 7}, {"fit", fit}, {"window", 100}});
        test::Series series(plugin);
        feed(series, std::vector<double>(300, 5));
        for (const auto& one : series.forecast(300, 20)) {
            CHECK(one.mean == 5);
            CHECK(one.deviation == 0);
        }
        feed(series, std::vector<double>(300, 8), 300);
        for (const auto& one : series.forecast(600, 20)) CHECK(one.mean == Approx(8).epsilon(1e-3));
    }
}

TEST_CASE("no forecast leaves the values seen by more than half of their range") {
    // Doubles at each step, so the weights are those of a recursion without a bound.
    for (const double fit : {0, 1}) {
        const test::Model plugin = model({{"fit", fit}});
        test::Series series(plugin);
        std::vector<double> values;
        for (int t = 0; t < 40; ++t) values.push_back(std::ldexp(1, t));
        feed(series, values);
        const double range = values.back() - values.front();
        for (const auto& one : series.forecast(40, 200)) {
            CHECK(one.mean <= values.back() + range / 2);
            CHECK(one.mean >= values.front() - range / 2);
            CHECK(std::isfinite(one.deviation));
        }
    }
}

TEST_CASE("a series that becomes a thousand times larger is learned again") {
    std::mt19937 random(9);
    for (const double fit : {0, 1}) {
        CAPTURE(fit);
        const test::Model plugin = model({{"season_length", 5}, {"fit", fit}, {"window", 200}});
        test::Series series(plugin);
        std::vector<double> values;
        for (std::size_t t = 0; t < 1000; ++t)
            values.push_back((t < 300 ? 1.0 : 1e6) *
                             (3 + static_cast<double>(t % 5) + static_cast<double>(random() % 100) / 1000));
        feed(series, values);
        const auto ahead = series.forecast(1000, 10);
        for (std::size_t h = 0; h < 10; ++h)
            CHECK(ahead[h].mean == Approx(1e6 * (3.05 + static_cast<double>(h % 5))).epsilon(0.1));
    }
}

TEST_CASE("seasons follow local time over an hour that is repeated, online too") {
    const auto value = [](std::int64_t local) {
        return 100.0 + static_cast<double>(local % 24 * (local % 24));
    };
    const Settings settings{{"season_length", 24}, {"fit", 1}};
    const test::Model plugin = model(settings, FCD_GRID_LOCAL);
    CHECK(plugin.series_size() > model(settings).series_size());  // an hour longer
    test::Series series(plugin);
    constexpr std::int64_t change = 400;
    for (std::int64_t step = 0; step < change; ++step) series.advance({series.point(step, value(step))});
    std::vector<std::int64_t> local_steps;
    for (std::int64_t step = change; step < change + 24; ++step) local_steps.push_back(step - 1);
    const auto ahead = series.forecast(change, 24, local_steps);
    for (std::size_t h = 0; h < 24; ++h) CHECK(ahead[h].mean == Approx(value(local_steps[h])).epsilon(0.1));
}

TEST_CASE("a state is its bytes: a copy goes on as the series itself") {
    for (const double fit : {0, 1}) {
        const test::Model plugin = model({{"season_length", 7}, {"fit", fit}});
        test::Series series(plugin);
        feed(series, reference_values(120));
        test::Series restored(plugin);
        const std::string saved = series.bytes();
        std::copy(saved.begin(), saved.end(), static_cast<char*>(restored.data()));
        feed(series, reference_values(200), 120);
        feed(restored, reference_values(200), 120);
        CHECK(series.bytes() == restored.bytes());
        CHECK(series.forecast(320, 1).at(0).mean == restored.forecast(320, 1).at(0).mean);
    }
}

TEST_CASE("a window that is shorter than the longest lag is refused") {
    const test::Model refused =
        model({{"season_length", 24}, {"second_season_length", 168}, {"window", 169}});
    CHECK(refused.get() == nullptr);
    CHECK(std::string(refused.error()).find("the longest lag 169") != std::string::npos);
    CHECK(model({{"season_length", 24}, {"second_season_length", 168}, {"window", 170}}).get() != nullptr);
    CHECK(model({{"season_length", 24}, {"window", 10}, {"fit", 1}}).get() != nullptr);
}
