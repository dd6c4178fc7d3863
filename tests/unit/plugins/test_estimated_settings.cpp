// The plugins holt and holt-winters follow their parameters: when they fit, how long, from which weights, and
// in how many bytes.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "fitting/fallback.hpp"
#include "fitting/schedule.hpp"
#include "smoothing/estimator.hpp"
#include "stream.hpp"

using doctest::Approx;
using test::Noise;
using test::Setting;
using test::Stream;
using test::Way;

namespace {

Way holt(const std::vector<Setting>& settings) {
    return Way{"holt", "holt", "holt", {{"fit", 0}}}.with(settings);
}
Way holt_winters(const std::vector<Setting>& settings) {
    return Way{"holt-winters", "holt_winters", "holt-winters", {{"season_length", 12}, {"fit", 0}}}.with(
        settings);
}

double wavy(std::int64_t step) {
    const auto t = static_cast<double>(step);
    return 50 + 5 * std::sin(t * std::numbers::pi / 6) + 2 * std::cos(0.7 * t) + std::sin(17 * t);
}

// The number of fits that the schedule makes of a number of points.
std::uint32_t fits_of(std::uint32_t points, std::uint32_t min_samples, std::uint32_t refit_every) {
    fitting::Schedule schedule;
    std::uint32_t fits = 0;
    for (std::uint32_t i = 0; i < points; ++i) {
        const std::uint32_t every = fitting::sooner_while_young(refit_every, schedule);
        if (schedule.tick(min_samples, every, fits > 0)) ++fits;
    }
    return fits;
}

bool known_as(const Way& way, const char* name, const char* alias) {
    const fcd_algorithm& algorithm = test::algorithm(way.file, way.id);
    for (std::uint32_t i = 0; i < algorithm.param_count; ++i) {
        if (std::string(algorithm.params[i].name) != name) continue;
        for (auto other = algorithm.params[i].aliases; other && *other; ++other)
            if (std::string(*other) == alias) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("the memory of a series is what is stated") {
    const auto rounded = [](std::size_t bytes) { return (bytes + 15) / 16 * 16; };
    const std::size_t estimate = sizeof(smoothing::Estimate) + sizeof(fitting::Fallback);
    const std::size_t line = sizeof(smoothing::Line);
    CHECK(Stream(Way{"online", "holt", "holt", {{"fit", 1}}}).size() < 200);
    CHECK(rounded(Stream(holt({})).size()) == rounded(line + estimate + 120 * sizeof(double)));
    CHECK(rounded(Stream(holt({{"window", 1000}})).size()) ==
          rounded(line + estimate + 1000 * sizeof(double)));
    CHECK(Stream(holt({{"alpha", 0.5}, {"beta", 0.1}, {"phi", 0.9}})).size() == line);
    // Beside the window of ten seasons there is one season of values.
    const std::size_t growth =
        Stream(holt_winters({{"window", 240}})).size() - Stream(holt_winters({})).size();
    CHECK(growth == 120 * sizeof(double));
}

TEST_CASE("fits come from min_samples points on, and again after refit_every") {
    for (const std::uint32_t min_samples : {4u, 10u, 60u}) {
        for (const std::uint32_t refit_every : {1u, 30u, 100u}) {
            CAPTURE(min_samples);
            CAPTURE(refit_every);
            const std::vector<Setting> settings{{"min_samples", static_cast<double>(min_samples)},
                                                {"refit_every", static_cast<double>(refit_every)}};
            Stream line(holt(settings)), season(holt_winters(settings));
            for (std::uint32_t points = 1; points <= 150; ++points) {
                REQUIRE(line.learn(points, wavy(points)));
                REQUIRE(season.learn(points, wavy(points)));
                if (points % 25 != 0 && points > min_samples + 1) continue;
                CAPTURE(points);
                // Four points are fewer than a damped trend's parameters, but a level can be fitted from five
                // on.
                if (min_samples > 4) CHECK(line.integer("fits") == fits_of(points, min_samples, refit_every));
                CHECK(season.integer("fits") == fits_of(points, std::max(min_samples, 25u), refit_every));
            }
        }
    }
}

TEST_CASE("a fit keeps to max_evaluations") {
    for (const double budget : {2.0, 20.0, 200.0}) {
        CAPTURE(budget);
        for (const Way& way :
             {holt({{"max_evaluations", budget}}), holt_winters({{"max_evaluations", budget}}),
              holt({{"max_evaluations", budget}, {"trend", 3}, {"damped_trend", 2}}),
              holt_winters(
                  {{"max_evaluations", budget}, {"trend", 3}, {"damped_trend", 2}, {"seasonal", 2}})}) {
            CAPTURE(std::string(way.name));
            Stream stream(way);
            stream.learn(0, 150, wavy);
            CHECK(stream.integer("fits") > 0);
            CHECK(stream.integer("evaluations") >= stream.integer("fits"));
            CHECK(static_cast<double>(stream.integer("evaluations")) <=
                  budget * static_cast<double>(stream.integer("fits")));
            CHECK(std::abs(stream.at(150).mean - 50) <= 50);  // in sight of the values, 42 to 58
        }
    }
}

TEST_CASE("weights that are given stay, and the others are estimated") {
    const auto stays = [](const Way& way, const char* name, double value) {
        CAPTURE(std::string(name));
        Stream stream(way.with({{name, value}}));
        stream.learn(0, 150, wavy);
        CHECK(stream.real(name) == value);
        for (const char* other : {"alpha", "beta", "phi"}) CHECK(std::isfinite(stream.real(other)));
    };
    stays(holt({}), "alpha", 0.25);
    stays(holt({}), "beta", 0.5);
    stays(holt({}), "phi", 0.7);
    stays(holt_winters({}), "alpha", 0.25);
    stays(holt_winters({}), "gamma", 0.35);

    Stream chosen(holt({{"trend", 3}, {"damped_trend", 2}, {"alpha", 0.25}}));
    chosen.learn(0, 150, wavy);
    CHECK(chosen.real("alpha") == 0.25);

    Stream given(holt({{"alpha", 0.5}, {"beta", 0.1}, {"phi", 0.9}}));
    given.learn(0, 150, wavy);
    CHECK(given.integer("fits") == 0);
}

// With every weight given there is nothing to estimate.
TEST_CASE("weights that are all given are the same in both ways to estimate") {
    const std::vector<Setting> weights{{"alpha", 0.5}, {"beta", 0.1}, {"phi", 0.9}};
    Stream online(Way{"online", "holt", "holt", {{"fit", 1}}}.with(weights)), window(holt(weights));
    online.learn(0, 100, wavy);
    window.learn(0, 100, wavy);
    CHECK(online.at(105).mean == window.at(105).mean);
    CHECK(online.at(105).deviation == window.at(105).deviation);
}

// The last fit is at the last point: from its weights and its sum, by hand.
TEST_CASE("the diagnostics are those of the model that forecasts") {
    const Noise noise(200, 11);
    Stream stream(holt({{"refit_every", 1}}));
    stream.learn(0, 120, [&](std::int64_t i) { return 100 + noise(i); });
    const auto far = stream.forecast(120, 30);
    const double phi = stream.real("phi");
    CHECK(far[0].deviation * far[0].deviation == Approx(stream.real("sse") / 120).epsilon(0.2));
    for (std::size_t h = 2; h < far.size(); ++h)
        CHECK(far[h].mean - far[h - 1].mean ==
              Approx(phi * (far[h - 1].mean - far[h - 2].mean)).epsilon(1e-6).scale(1e-6));
    // Variances grow by c_h^2 (smoothing/damped_trend.hpp).
    const double alpha = stream.real("alpha"), beta = stream.real("beta");
    double sum = 0, power = 1, variance = 1;
    for (const fcd_prediction& one : far) {
        CHECK(one.deviation / far[0].deviation == Approx(std::sqrt(variance)).epsilon(1e-9));
        power *= phi;
        sum += power;
        const double response = alpha * (1 + beta * sum);
        variance += response * response;
    }
}

TEST_CASE("parameters have statsmodels' names, too") {
    for (const Way& way : {holt({}), holt_winters({})}) {
        CAPTURE(std::string(way.name));
        CHECK(known_as(way, "alpha", "smoothing_level"));
        CHECK(known_as(way, "beta", "smoothing_trend"));
        CHECK(known_as(way, "phi", "damping_trend"));
        CHECK(known_as(way, "damped_trend", "damped"));
        CHECK(known_as(way, "min_samples", "min_n_samples_seen"));
    }
    CHECK(known_as(holt_winters({}), "gamma", "smoothing_seasonal"));
    CHECK(known_as(holt_winters({}), "season_length", "seasonal_periods"));
}
