// Times until thresholds are crossed. Every expected time is worked out by hand: on a straight line from a at
// step k - 1 to b at step k, the limit lies at k - 1 + (limit - a) / (b - a).
#include <doctest/doctest.h>

#include "engine/crossing.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

config::Threshold above(double value) { return {"full", value, config::Side::above}; }
config::Threshold below(double value) { return {"empty", value, config::Side::below}; }

// A mean that climbs by `slope` a step from the last value; at a given lead it runs off to infinity.
struct Climber {
    static constexpr About about{"climber", "1.0.0", "Climbs."};
    static constexpr auto params() {
        return std::tuple{
            real<&Climber::slope>("slope", 1, -1000, 1000, "A step."),
            real<&Climber::deviation>("deviation", 0, 0, 1000, "At each step."),
            integer<&Climber::infinite_at>("infinite_at", 0, 0, 1000000, "A lead."),
        };
    }
    double slope = 1, deviation = 0;
    std::int64_t infinite_at = 0;
    struct Series {
        double last = 0;
        std::int64_t step = 0;
    };
    void observe(Series& series, const Point& point) const { series = {point.value, point.step}; }
    void forecast(const Series& series, Forecast& out) const {
        std::int64_t lead = out.first_step() - series.step;
        for (auto& step : out) {
            step = {lead == infinite_at ? infinity : series.last + slope * static_cast<double>(lead),
                    deviation};
            ++lead;
        }
    }
};

config::Pipeline climbing(double slope, double deviation, std::vector<config::Threshold> thresholds,
                          std::int64_t infinite_at = 0) {
    static const plugin::Catalogue climbers = [] {
        plugin::Catalogue result;
        result.add(detail::library<Climber>(), "in the test");
        return result;
    }();
    config::Pipeline made = pipeline("p");
    made.forecast.emplace();
    made.forecast->model = {climbers.find("climber"), std::vector<config::ParamValue>(3)};
    made.forecast->model.params[0].value.real = slope;
    made.forecast->model.params[1].value.real = deviation;
    made.forecast->model.params[2].value.integer = infinite_at;
    made.forecast->thresholds = std::move(thresholds);
    made.forecast->max_horizon = config::Steps{100, 0};
    return made;
}

}  // namespace

TEST_CASE("a crossing is found between two steps, by the mean and by both bounds") {
    CrossingSearch search;
    const std::vector<config::Threshold> thresholds{above(15)};
    search.begin(thresholds, 10);
    for (const double mean : {12.0, 14.0, 16.0, 18.0}) search.add_step(mean, 1);
    REQUIRE(search.result().size() == 1);
    const Crossing& found = search.result()[0];
    CHECK(found.threshold == &thresholds[0]);
    CHECK(found.mean == doctest::Approx(2.5));      // from 14 to 16
    CHECK(found.earliest == doctest::Approx(2.0));  // 13, 15
    CHECK(found.latest == doctest::Approx(3.0));    // 11, 13, 15
    CHECK(search.done());
}

TEST_CASE("the first stretch begins at the last value, where nothing is uncertain") {
    CrossingSearch search;
    const std::vector<config::Threshold> thresholds{above(15)};
    search.begin(thresholds, 10);
    search.add_step(20, 10);
    CHECK(search.result()[0].mean == doctest::Approx(0.5));       // 10 to 20
    CHECK(search.result()[0].earliest == doctest::Approx(0.25));  // 10 to 30
    CHECK(std::isnan(search.result()[0].latest));                 // 10 to 10
    CHECK_FALSE(search.done());
}

TEST_CASE("a threshold below is the same, turned round") {
    CrossingSearch search;
    const std::vector<config::Threshold> thresholds{below(-15)};
    search.begin(thresholds, -10);
    for (const double mean : {-12.0, -14.0, -16.0, -18.0}) search.add_step(mean, 1);
    CHECK(search.result()[0].mean == doctest::Approx(2.5));
    CHECK(search.result()[0].earliest == doctest::Approx(2.0));
    CHECK(search.result()[0].latest == doctest::Approx(3.0));
}

TEST_CASE("who is there already is there at once; who turns back before does not cross") {
    CrossingSearch search;
    const std::vector<config::Threshold> thresholds{above(10), below(10), above(13)};
    search.begin(thresholds, 10);
    for (const double mean : {12.0, 8.0, 12.0}) search.add_step(mean, 0.5);
    const auto& found = search.result();
    for (const std::size_t i : {0u, 1u}) {
        CHECK(found[i].mean == 0);
        CHECK(found[i].earliest == 0);
        CHECK(found[i].latest == 0);
    }
    CHECK(std::isnan(found[2].mean));
    CHECK(std::isnan(found[2].earliest));
    CHECK_FALSE(search.done());
}

TEST_CASE("the first of several crossings counts") {
    CrossingSearch search;
    const std::vector<config::Threshold> thresholds{above(5)};
    search.begin(thresholds, 0);
    for (const double mean : {10.0, 0.0, 10.0}) search.add_step(mean, 0);
    CHECK(search.result()[0].mean == doctest::Approx(0.5));
}

TEST_CASE("without a deviation the mean crosses alone") {
    CrossingSearch search;
    const std::vector<config::Threshold> thresholds{above(1)};
    search.begin(thresholds, 0);
    search.add_step(2, nan);
    search.add_step(4, nan);
    CHECK(search.result()[0].mean == doctest::Approx(0.5));
    CHECK(std::isnan(search.result()[0].earliest));
    CHECK(std::isnan(search.result()[0].latest));
}

TEST_CASE("a crossing is told behind the forecast, as often as forecasts are made, with bounds") {
    // At 0 and a step further for each 10 s. The 95 % interval reaches 1.95996 deviations: earliest when
    // lead + 1.95996 = 5, on the straight line from there a step before; the other is at 5 + 1.95996.
    config::Config config = with({climbing(1, 1, {above(5)})});
    config.pipelines[0].forecast->emit_every_ns = 20 * second;
    config.pipelines[0].forecast->calibrate = false;
    for (const std::size_t batch : {1u, 32u}) {
        Rig rig(config, batch);
        rig.feed(at(20, 0) + at(30, 1) + at(40, 2));
        CHECK(rig.lines() == Lines{"= m v=0 20000000000", "f m v p @20: 30=1",
                                   "c m v p @20 full in 50 from 30.4003601546 to 69.5996398454",
                                   "= m v=1 30000000000", "= m v=2 40000000000", "f m v p @40: 50=3",
                                   "c m v p @40 full in 30 from 10.4003601546 to 49.5996398454"});
    }
}

TEST_CASE("crossings are looked for beyond the horizon, up to max_horizon and no further") {
    config::Config config =
        with({climbing(-1, 0, {below(-200), below(-201), {"shut", 3, config::Side::above}})});
    config.pipelines[0].forecast->thresholds[1].name = "too far";
    config.pipelines[0].forecast->max_horizon = config::Steps{200, 0};
    Rig rig(config);
    rig.feed(at(10, 0));
    CHECK(rig.lines("c ") == Lines{"c m v p @10 empty in 2000 from 2000 to 2000"});
}

TEST_CASE("max_horizon may be a duration, of a learned interval too; left out, it is the horizon") {
    config::Config config = with({climbing(1, 0, {above(18), {"far", 28, config::Side::above}})});
    config::Pipeline& only = config.pipelines[0];
    only.interval_ns = 0;
    SUBCASE("a duration") { only.forecast->max_horizon = config::Steps{0, 100 * second}; }
    SUBCASE("the horizon") {
        only.forecast->max_horizon.reset();
        only.forecast->horizon = {10, 0};
    }
    SUBCASE("the furthest lead") {
        only.forecast->max_horizon.reset();
        only.forecast->forecast_at = {{10, 0}, {2, 0}};
    }
    Rig rig(config);
    std::string text;
    for (int i = 1; i <= 9; ++i) text += at(10 * i, i);
    rig.feed(text);
    CHECK(rig.lines("c ") == Lines{"c m v p @90 full in 90 from 90 to 90"});
}

TEST_CASE("a model that runs off to infinity on the way sets nothing aside") {
    Rig rig(with({climbing(1, 0, {above(90), {"near", 20, config::Side::above}}, 70)}));
    rig.feed(at(10, 0) + at(20, 0));
    CHECK(rig.lines("c ") ==
          Lines{"c m v p @10 near in 200 from 200 to 200", "c m v p @20 near in 200 from 200 to 200"});
    CHECK(rig.reports.empty());
}

TEST_CASE("without a threshold no step beyond the horizon is asked for") {
    Rig rig(with({climbing(1, 0, {}, 2)}));
    rig.feed(at(10, 0));
    CHECK(rig.lines() == Lines{"= m v=0 10000000000", "f m v p @10: 20=1"});
}

}  // namespace forecastd::engine
