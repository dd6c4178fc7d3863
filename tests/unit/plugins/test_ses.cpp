// Simple exponential smoothing: its fit against statsmodels and a search of the test's own, and the hard
// cases.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "numerics/finite.hpp"

#include "fitting/scale.hpp"
#include "references.hpp"
#include "smoothing/simple_fit.hpp"
#include "smoothing/simple_smoothing.hpp"
#include "stream.hpp"

using doctest::Approx;

namespace {

const double lost = numerics::unknown;

// The objective by its definition, in the plainest way.
double objective(const std::vector<double>& values, double alpha, double level) {
    double sum = 0, logs = 0, count = 0, steps = 1;
    for (const double value : values) {
        if (std::isnan(value)) {
            ++steps;
            continue;
        }
        const double variance = 1 + (steps - 1) * alpha * alpha;
        const double gain = (alpha + (steps - 1) * alpha * alpha) / variance;
        sum += (value - level) * (value - level) / variance;
        logs += std::log(variance);
        ++count;
        level += gain * (value - level);
        steps = 1;
    }
    return sum * std::exp(logs / count);
}

// The least objective at an alpha, by ternary search: it is a parabola of the first level.
double least(const std::vector<double>& values, double alpha, double low, double high) {
    for (int i = 0; i < 200; ++i) {
        const double third = (high - low) / 3;
        if (objective(values, alpha, low + third) < objective(values, alpha, high - third))
            high -= third;
        else
            low += third;
    }
    return objective(values, alpha, low);
}

// Fits are made at once, and nothing falls back.
test::Model model(std::vector<test::Setting> settings = {}) {
    settings.push_back({"fit_budget", 0});
    settings.push_back({"fallback", 0});
    return {test::algorithm("ses", "ses"), settings};
}

std::vector<fcd_prediction> forecast(const std::vector<test::Setting>& settings, std::size_t count,
                                     const std::function<double(std::size_t)>& value,
                                     std::uint32_t steps = 1) {
    return test::forecast_after(model(settings), count, value, steps);
}

// Both ways to estimate.
template <class Body>
void for_each_fit(Body body) {
    for (const double fit : {0.0, 1.0}) {
        CAPTURE(fit);
        body(std::vector<test::Setting>{{"fit", fit}});
    }
}

}  // namespace

// statsmodels 0.13.5 and a search of another kind; see tests/reference/README.md.
TEST_CASE("in every reference series the sum of squares is at most the best that is known") {
    const auto all = references::all_series();
    int fits = 0;
    for (const auto& record : references::read("holt")) {
        if (record.at("form") != "ses") continue;
        const std::string id = record.at("id");
        CAPTURE(id);
        std::vector<double> values = all.at(id).values;
        double squares = 0;
        for (const double value : values) squares += value * value;
        const double scale = fitting::bring_near_one(values);
        const auto fit = smoothing::fit_simple(values, 0.5);
        const double sse = fit.objective * scale * scale;
        CHECK(sse <= record.at("best").get<double>() * (1 + 1e-6) + 1e-12 * squares);
        CHECK(sse <= record.at("sse").get<double>() * (1 + 1e-6) + 1e-12 * squares);
        CHECK(fit.trials <= 96);
        CHECK(objective(values, fit.alpha, fit.first_level) ==
              Approx(fit.objective).epsilon(1e-8).scale(1e-9));
        ++fits;
    }
    CHECK(fits >= 35);
}

TEST_CASE("with lost steps the fit finds what a search over a thousand alphas finds") {
    for (unsigned seed = 1; seed <= 8; ++seed) {
        CAPTURE(seed);
        std::vector<double> values;
        double level = 0.1 * seed;
        for (std::size_t i = 0; i < 80; ++i) {
            level += 0.02 * seed * test::uniform_noise(i, seed);
            const bool gap = i > 0 && (test::uniform_noise(i, seed + 50) > 0.5 || (i > 40 && i < 50));
            values.push_back(gap ? lost : level + 0.1 * test::uniform_noise(i, seed + 100));
        }
        const auto fit = smoothing::fit_simple(values, 0.5);
        double searched = HUGE_VAL;
        for (int i = 0; i <= 1000; ++i) searched = std::min(searched, least(values, i / 1000.0, -10, 10));
        CHECK(fit.objective <= searched * (1 + 1e-9));
        CHECK(fit.objective == Approx(searched).epsilon(1e-4));
    }
}

TEST_CASE("a given alpha is followed by the formula") {
    // by hand: the first gains are at least 1/2, 1/3, 1/4, ... while few errors were seen; then alpha
    const auto ahead = forecast(
        {{"alpha", 0.3}}, 4,
        [](std::size_t i) {
            return std::vector{10., 12., 14., 6.}[i];
        },
        3);
    // 10; 10 + 2/2 = 11; 11 + 3/3 = 12; 12 - 6 * 0.3 = 10.2
    for (const auto& step : ahead) CHECK(step.mean == Approx(10.2));
    const double variance = (4.0 + 9 + 36) / 3;
    CHECK(ahead[0].deviation == Approx(std::sqrt(variance)));
    CHECK(ahead[2].deviation == Approx(std::sqrt(variance * (1 + 2 * 0.09))));
}

TEST_CASE("behind a gap the level takes over its regression on the error") {
    smoothing::SimpleLevel simple;
    simple.alpha = 0.5;
    simple.learn(0, 10);
    simple.learn(5, 20);  // four lost: variance 1 + 4/4 = 2, gain (1/2 + 1) / 2 = 3/4
    CHECK(simple.level == Approx(17.5));
    CHECK(simple.errors.variance() == Approx(100.0 / 2));
    simple.learn(1'000'000'005, 30);
    CHECK(simple.level == Approx(30).epsilon(1e-6));
}

TEST_CASE("a constant series is forecast as what it is, without a doubt") {
    for_each_fit([](const auto& settings) {
        for (const double constant : {0.0, 5.0, -1e-300, 1e300}) {
            const auto ahead = forecast(
                settings, 300, [&](std::size_t) { return constant; }, 2);
            CHECK(ahead[1].mean == Approx(constant));
            CHECK(ahead[1].deviation <= 1e-12 * std::abs(constant));
        }
    });
}

TEST_CASE("white noise is forecast near its mean, a random walk by its last value, whatever their size") {
    for_each_fit([](const auto& settings) {
        for (const double size : {1.0, 1e-140, 1e140, -1.0}) {
            CAPTURE(size);
            const auto mean =
                forecast(settings, 400, [&](std::size_t i) { return size * (10 + test::uniform_noise(i)); });
            CHECK(std::abs(mean[0].mean / size - 10) < 0.3);
            CHECK(std::abs(mean[0].deviation / size) == Approx(std::sqrt(1 / 3.0)).epsilon(0.2));
            double level = 10, last = 0;
            const auto walk = forecast(settings, 400, [&](std::size_t i) {
                return last = size * (level += test::uniform_noise(i));
            });
            CHECK(std::abs(walk[0].mean - last) < 0.6 * std::abs(size));
        }
    });
}

TEST_CASE("small noise on a great height is not lost to rounding") {
    for_each_fit([](const auto& settings) {
        const auto ahead =
            forecast(settings, 400, [](std::size_t i) { return 1e9 + 1e-3 * test::uniform_noise(i); });
        CHECK(std::abs(ahead[0].mean - 1e9) < 5e-4);
        CHECK(ahead[0].deviation == Approx(1e-3 * std::sqrt(1 / 3.0)).epsilon(0.2));
    });
}

TEST_CASE("one spike moves the forecast by little, and widens the interval at most twofold") {
    for_each_fit([](const auto& settings) {
        const auto spiked = [](std::size_t i) { return i == 290 ? 100 : test::uniform_noise(i); };
        const auto ahead = forecast(settings, 300, spiked),
                   calm = forecast(settings, 300, [](std::size_t i) { return test::uniform_noise(i); });
        CHECK(std::abs(ahead[0].mean - calm[0].mean) < 3);  // a spike of 100, ten points ago
        CHECK(ahead[0].deviation < 2.5 * calm[0].deviation);
    });
}

TEST_CASE("a shift of the level is followed within twenty points") {
    for_each_fit([](const auto& settings) {
        const auto ahead = forecast(
            settings, 320, [](std::size_t i) { return (i < 300 ? 0 : 50) + test::uniform_noise(i); });
        CHECK(ahead[0].mean > 45);
        CHECK(ahead[0].mean < 51);
    });
}

TEST_CASE("lost steps leave the level, and widen what lies behind a gap") {
    for_each_fit([](const auto& settings) {
        for (const bool squares : {true, false}) {
            CAPTURE(squares);
            auto all = settings;
            all.push_back({"loss", squares ? 1.0 : 0.0});
            double level = 0;
            const auto gappy = [&](std::size_t i) {
                level += test::uniform_noise(i);
                return i >= 150 && test::uniform_noise(i, 3) > -0.5 ? lost : level;  // three of four are lost
            };
            const auto ahead = forecast(all, 300, gappy, 40);
            CHECK(std::abs(ahead[0].mean - level) < 5);
            // A window with few values left may ask for a small alpha, if all leads count.
            const bool few = settings[0].number == 0 && !squares;
            CHECK(ahead[39].deviation > (few ? 1.2 : 2) * ahead[0].deviation);
        }
    });
}

TEST_CASE("values from end to end of a double and gaps as long as time leave the numbers finite") {
    for_each_fit([](auto settings) {
        settings.push_back({"min_samples", 2});
        const auto ahead = forecast(
            settings, 200, [](std::size_t i) { return i % 2 ? 1.7e308 : -1.7e308; }, 3);
        for (const auto& step : ahead) {
            CHECK(std::isfinite(step.mean));
            CHECK(std::isfinite(step.deviation));
        }
    });
}

TEST_CASE("a series without a window needs under 200 bytes, one with a given alpha under 100") {
    CHECK(model({{"fit", 1}}).series_size() < 200);
    CHECK(model({{"alpha", 0.3}}).series_size() < 100);
    CHECK(model().series_size() < 250 + 120 * 8);
}
