// The accuracy of one-step forecasts: numbers that were worked out by hand.
#include <doctest/doctest.h>

#include "engine/accuracy.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

config::Config measured(std::vector<config::Pipeline> pipelines) {
    config::Config config = with(std::move(pipelines));
    config.metrics_every_ns = second;
    return config;
}

Accuracy& accuracy_of(Rig& rig) { return *rig.engine.pipelines()[0]->cohorts()[0]->accuracy(); }

}  // namespace

TEST_CASE("mean absolute error, the naive one's share of it, and coverage") {
    Accuracy accuracy(2);
    CHECK(std::isnan(accuracy.mae()));
    CHECK(std::isnan(accuracy.mase()));
    CHECK(std::isnan(accuracy.coverage(0)));
    const std::vector<double> both{1, 2}, unknown{nan, nan};
    accuracy.add(1, 2, both);       // inside both: the limit belongs to the interval
    accuracy.add(-1.5, -2, both);   // inside the wide one
    accuracy.add(3, 1, both);       // inside none
    accuracy.add(0.5, 3, unknown);  // has no interval
    accuracy.add(nan, 1, both);     // these do not count at all:
    accuracy.add(1, nan, both);
    accuracy.add(1e300, 1, both);
    CHECK(accuracy.points() == 4);
    CHECK(accuracy.mae() == doctest::Approx(6.0 / 4));
    CHECK(accuracy.mase() == doctest::Approx(6.0 / 8));
    CHECK(accuracy.coverage(0) == doctest::Approx(1.0 / 3));
    CHECK(accuracy.coverage(1) == doctest::Approx(2.0 / 3));
    CHECK(accuracy.width(1) == doctest::Approx(4));
    CHECK(accuracy.bias() == doctest::Approx((1 - 1.5 + 3 + 0.5) / 4));
}

TEST_CASE("a series that does not move has no naive error to compare with") {
    Accuracy accuracy(1);
    accuracy.add(0, 0, std::vector<double>{0});
    CHECK(accuracy.mae() == 0);
    CHECK(std::isnan(accuracy.mase()));
    CHECK(accuracy.coverage(0) == 1);
}

TEST_CASE("a hundred points of each series halve the weight of those before them") {
    Accuracy accuracy(1);
    const std::vector<double> one{1};
    for (int i = 0; i < 200; ++i) accuracy.add(4, 2, one);
    accuracy.forget(2);  // 200 points of 2 series: half of them, 100, stay
    for (int i = 0; i < 100; ++i) accuracy.add(1, 2, one);
    CHECK(accuracy.mae() == doctest::Approx((100 * 4 + 100 * 1) / 200.0));
    CHECK(accuracy.mase() == doctest::Approx(500.0 / 400));
    CHECK(accuracy.coverage(0) == doctest::Approx(0.5));
    CHECK(accuracy.points() == 300);
    accuracy.forget(1);
    CHECK(accuracy.mae() == doctest::Approx(2.5));  // nothing new came: what is known stays
    accuracy.forget(1);
    CHECK(accuracy.mae() == doctest::Approx(2.5));
}

TEST_CASE("the engine measures the forecasts that the models made before each point, in any batches") {
    // Repeats the last value, so it is as good as naive. Its deviation is 1, and 95 % reach 1.96 of it.
    for (const std::size_t batch : {std::size_t{1}, Engine::batch_points}) {
        config::Pipeline pipeline = forecasting();
        pipeline.forecast->level = {50, 95};
        Rig rig(measured({pipeline}), batch);
        // Errors of a: 1, 0.5, -3; of b: 2.
        rig.feed(at(0, 5, "a") + at(10, 6, "a") + at(0, 100, "b") + at(20, 6.5, "a") + at(10, 102, "b") +
                 at(10, 102, "b") + at(30, 3.5, "a"));
        const Accuracy& accuracy = accuracy_of(rig);
        CHECK(accuracy.points() == 4);
        CHECK(accuracy.mae() == doctest::Approx(6.5 / 4));
        CHECK(accuracy.mase() == doctest::Approx(1));
        CHECK(accuracy.coverage(0) == doctest::Approx(1.0 / 4));  // within 0.67
        CHECK(accuracy.coverage(1) == doctest::Approx(2.0 / 4));  // within 1.96
    }
}

TEST_CASE("the points that taught the interval do not count, but the next one knows the last of them") {
    Rig rig(measured({forecasting("p", 0)}));
    std::string text;
    for (int i = 0; i < 8; ++i) text += at(10 * i, i * i);
    rig.feed(text + at(80, 52));
    CHECK(accuracy_of(rig).points() == 1);
    CHECK(accuracy_of(rig).mae() == doctest::Approx(52 - 49));
    CHECK(accuracy_of(rig).mase() == doctest::Approx(1));
}

TEST_CASE("without metrics nothing is measured, nor kept") {
    Rig off(with({forecasting()})), on(measured({forecasting()}));
    const auto cohort_of = [](Rig& rig) { return rig.engine.pipelines()[0]->cohorts()[0].get(); };
    CHECK(cohort_of(off)->accuracy() == nullptr);
    CHECK(cohort_of(on)->slab().record_size() == cohort_of(off)->slab().record_size() + 16);
    Rig detects(measured({detecting()}));
    CHECK(cohort_of(detects)->accuracy() == nullptr);
}

TEST_CASE("a slab knows how many records are in use") {
    Slab slab(64);
    void* const first = slab.allocate();
    for (int i = 0; i < 1000; ++i) slab.allocate();
    slab.release(first);
    CHECK(slab.count() == 1000);
}

TEST_CASE(
    "of a counter, the accuracy is that of its rates, also of what came before the interval was known") {
    config::Config config = with({forecasting("p", 0)});
    config.metrics_every_ns = second;
    config.pipelines[0].rate = true;
    Rig rig(config);
    std::string text;
    double reading = 1000;
    for (int i = 0; i < 9; ++i) text += at(10 * i, reading += 10 * (i % 2 ? 3 : 5));
    rig.feed(text);
    const Accuracy* const accuracy = rig.engine.pipelines()[0]->cohorts()[0]->accuracy();
    REQUIRE(accuracy);
    CHECK(accuracy->points() == 1);
    CHECK(accuracy->mae() == 2);
    CHECK(accuracy->mase() == 1);  // the probe repeats the last rate, as the naive forecast does
}

}  // namespace forecastd::engine
