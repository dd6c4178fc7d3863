// Fits by forecasts at several distances ahead. The numbers are those of tests/reference/leads.py, which
// makes each forecast step by step from the formulas alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "smoothing/leads.hpp"
#include "smoothing/leads_loss.hpp"
#include "smoothing/second_season.hpp"
#include "stream.hpp"

using doctest::Approx;
using smoothing::Form;
using smoothing::LeadsLoss;
using smoothing::Season;
using smoothing::Trend;
using test::Noise;
using test::Stream;
using test::Way;

namespace {

constexpr double lost = std::numeric_limits<double>::quiet_NaN();

// As in the script: two seasons, noise, lost steps, two outliers and a shift.
std::vector<double> hard_values() {
    std::vector<double> values;
    std::uint64_t random = 3;
    for (int t = 0; t < 120; ++t) {
        random = (random * 1103515245 + 12345) % (1u << 31);
        double value = 50 + 4 * std::sin(2 * std::numbers::pi * t / 6) + 3 * (t / 6 % 3 == 1 ? 1 : 0) +
                       static_cast<double>(random / 65536 % 1000) / 250;
        if (t == 30) value += 60;
        if (t == 75) value -= 45;
        if (t >= 95) value += 80;
        values.push_back(t == 17 || (t >= 40 && t <= 42) ? lost : value);
    }
    return values;
}

double loss_of(const Form& form, const smoothing::InitialStates& states, const smoothing::Weights& weights,
               std::size_t horizon) {
    const auto values = hard_values();
    LeadsLoss loss(values.size(), 6, 18);
    loss.take(values, smoothing::Leads(horizon, 60));
    loss.begin(form, states, weights);
    return loss.evaluate(weights);
}

const std::vector<double> season{0, 3, 3, 0, -3, -3};

double wave(std::int64_t step, std::int64_t length) {
    return std::sin(2 * std::numbers::pi * static_cast<double>(step % length) / static_cast<double>(length));
}

}  // namespace

TEST_CASE("leads are spread over the horizon, each once") {
    const auto leads = [](std::size_t horizon, std::size_t longest) {
        const smoothing::Leads found(horizon, longest);
        std::vector<std::size_t> steps;
        for (std::size_t i = 0; i < found.size(); ++i) steps.push_back(found[i]);
        return steps;
    };
    CHECK(leads(1, 100) == std::vector<std::size_t>{1});
    CHECK(leads(12, 100) == std::vector<std::size_t>{1, 4, 8, 12});
    CHECK(leads(48, 100) == std::vector<std::size_t>{1, 6, 16, 32, 48});
    CHECK(leads(48, 20) == std::vector<std::size_t>{1, 6, 16});
    CHECK(leads(2, 1) == std::vector<std::size_t>{1});
}

TEST_CASE("the loss is that of forecasts made one by one") {
    const smoothing::Weights weights{0.3, 0.1, 0.2, 0.9, 0.15};
    const Form line{smoothing::Error::additive, Trend::additive, true, Season::none};
    Form seasonal = line, ratio = line;
    seasonal.season = Season::additive;
    ratio.season = Season::multiplicative;
    std::vector<double> ratios, second(18, 0);
    for (const double value : season) ratios.push_back(1 + value / 50);
    std::fill_n(second.begin() + 6, 6, 2.0);
    std::fill_n(second.begin() + 12, 6, -1.0);
    CHECK(loss_of(line, {52, 0.1, {}, {}}, weights, 7) == Approx(35.5852709875).epsilon(1e-10));
    CHECK(loss_of(seasonal, {52, 0.1, season, {}}, weights, 20) == Approx(59.4700046943).epsilon(1e-10));
    CHECK(loss_of(ratio, {52, 0.1, ratios, {}}, weights, 20) == Approx(62.0647385971).epsilon(1e-10));
    CHECK(loss_of(seasonal, {52, 0.1, season, second}, weights, 40) == Approx(82.2172331237).epsilon(1e-10));
}

TEST_CASE("a multiplicative form ends where the level is not above 0") {
    const Form ratio{smoothing::Error::multiplicative, Trend::none, false, Season::multiplicative};
    const std::vector<double> ratios(6, 1);
    CHECK(std::isinf(loss_of(ratio, {-1, 0, ratios, {}}, {0.3, 0, 0.1, 1, 0}, 12)));
}

TEST_CASE("a second season is read off a window, less what chance would show") {
    constexpr double expected[] = {-2.85720716, -1.73011878, -1.75061023, -3.36847900, -1.95791333,
                                   1.26566917,  1.17599901,  1.92632444,  2.03792021,  2.91892647,
                                   2.17022648,  0.55586261,  2.15740935,  -0.22890661, -0.33519497,
                                   0.52447795,  -0.57401756, -2.29701066};
    const auto values = hard_values();
    std::vector<double> first(6), second(18), work(values.size()), counts(18);
    smoothing::second_season(values, first, second, work, counts);
    for (std::size_t j = 0; j < second.size(); ++j) CHECK(second[j] == Approx(expected[j]).epsilon(1e-7));
}

// Hours of a day that differ on the last two days of a week, the week's mean wandering slowly.
TEST_CASE("two seasons are told apart, on a window and point by point") {
    const Noise noise(1200, 5);
    const auto value = [&](std::int64_t i) {
        const bool weekend = i / 12 % 7 >= 5;
        return 100 + 10 * wave(i, 12) * (weekend ? 0.2 : 1) - (weekend ? 5 : 0) + 0.3 * noise(i);
    };
    const auto error = [&](const Way& way) {
        Stream stream(way);
        stream.learn(0, 84 * 8, value);
        double sum = 0;
        std::int64_t step = 84 * 8;
        for (const fcd_prediction& one : stream.forecast(step, 84)) sum += std::abs(one.mean - value(step++));
        return sum / 84;
    };
    const Way one{"one", "holt_winters", "holt-winters", {{"season_length", 12}, {"window", 504}}};
    CHECK(error(one) > 2);
    CHECK(error(one.with({{"second_season_length", 84}})) < 0.6);
    CHECK(error(one.with({{"second_season_length", 84}, {"fit", 1}})) < error(one.with({{"fit", 1}})));
    // In the other order it is the same model.
    const Way turned{"turned", "holt_winters", "holt-winters", {{"season_length", 84}, {"window", 504}}};
    CHECK(error(turned.with({{"second_season_length", 12}})) ==
          error(one.with({{"second_season_length", 84}})));
}

TEST_CASE("what a second season does not go with is refused") {
    const auto refused = [](const std::vector<test::Setting>& more) {
        std::vector<test::Setting> settings{{"season_length", 12}, {"second_season_length", 84}};
        settings.insert(settings.end(), more.begin(), more.end());
        return std::string(test::Model(test::algorithm("holt_winters", "holt-winters"), settings).error());
    };
    CHECK(refused({}).empty());
    CHECK(refused({{"seasonal", 2}}).empty());
    CHECK(refused({{"seasonal", 1}}).find("\"mul\"") != std::string::npos);
    CHECK(refused({{"loss", 1}}).find("\"squares\"") != std::string::npos);
    CHECK(refused({{"window", 168}}).find("169") != std::string::npos);
}

// One value in 40 is far off; without them the forecasts one step ahead are all but the same.
TEST_CASE("outliers in a window do not choose the weights, and do not move the level far") {
    const Noise noise(900, 8);
    const Stream::Value clean = [&](std::int64_t i) { return 50 + 0.02 * static_cast<double>(i) + noise(i); };
    const Stream::Value dirty = [&](std::int64_t i) {
        return clean(i) + (i % 40 == 13 || i == 399 ? 80 : 0);
    };
    for (const char* const plugin : {"ses", "holt"}) {
        const Way way{plugin, plugin, plugin, {{"fit", 0}, {"window", 300}, {"horizon", 6}}};
        CAPTURE(std::string(plugin));
        const auto moved_by_outliers = [&](const Way& its) {
            double moved = 0;
            for (const bool bad : {true, false}) {
                Stream stream(its.with({{"min_samples", 400}, {"refit_every", 400}}));
                stream.learn(0, 400, bad ? dirty : clean);  // the last one is an outlier
                moved += (bad ? 1 : -1) * stream.at(400).mean;
            }
            return std::abs(moved);
        };
        CHECK(moved_by_outliers(way) < 1.2);
        CHECK(moved_by_outliers(way.with({{"loss", 1}})) > 1.5);
    }
}

TEST_CASE("a level that shifts is followed at once, whatever the window said before") {
    const Noise noise(900, 9);
    for (const char* const plugin : {"ses", "holt"}) {
        CAPTURE(std::string(plugin));
        Stream stream(Way{plugin, plugin, plugin, {{"fit", 0}, {"window", 500}, {"refit_every", 500}}});
        stream.learn(0, 600, [&](std::int64_t i) { return 50 + noise(i); });
        stream.learn(600, 612, [&](std::int64_t i) { return 90 + noise(i); });
        CHECK(std::abs(stream.at(612).mean - 90) < 4);
    }
}

// A trend is not carried on for ever by itself: only where it is asked for.
TEST_CASE("an undamped trend is no choice over a horizon") {
    const Noise noise(400, 10);
    const auto climb = [&](std::int64_t i) { return 2 * static_cast<double>(i) + noise(i); };
    const Way open{"open", "holt", "holt", {{"fit", 0}, {"trend", 3}, {"damped_trend", 2}, {"horizon", 24}}};
    const auto trend = [&](const Way& way) {
        Stream stream(way);
        stream.learn(0, 200, climb);
        return stream.word("trend");
    };
    CHECK(trend(open) == "Ad");
    CHECK(trend(open.with({{"loss", 1}})) == "A");
    CHECK(trend({"undamped", "holt", "holt", {{"fit", 0}, {"trend", 3}, {"damped_trend", 0}}}) == "A");
}
