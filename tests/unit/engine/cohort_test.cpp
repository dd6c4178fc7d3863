// Batches of points and the models that they go to.
#include <doctest/doctest.h>

#include "unit/engine/cohort_rig.hpp"

namespace forecastd::engine {

TEST_CASE(
    "a model that fails at the third point: earlier ones are answered, later ones of the series are not") {
    CohortRig rig(detecting("p", 10, {3, 0, 0, false}));
    Series& bad = rig.create("bad");
    Series& good = rig.create("good");
    std::vector<std::size_t> of_bad, of_good;
    for (int i = 1; i <= 5; ++i) {
        of_bad.push_back(rig.add(bad, i, i));
        if (i < 3) of_good.push_back(rig.add(good, i, i));
    }
    rig.cohort->run();
    CHECK(rig.reports ==
          Lines{"pipeline 'p', series 'bad', field 'v': plugin 'probe' failed: broke at point 3; this series "
                "is set aside and its points pass on; further failures of the pipeline are only counted"});
    CHECK(bool{bad.set_aside});
    for (std::size_t i = 0; i < 5; ++i) CHECK(rig.row(of_bad[i]).left_out == (i >= 2));
    CHECK(rig.row(of_bad[1]).judgement.score == 1);
    for (const std::size_t row : of_good) CHECK_FALSE(rig.row(row).left_out);
    CHECK(fed.size() == 4);
    rig.cohort->rows().clear();
    CHECK(rig.cohort->rows().empty());
}

TEST_CASE("an infinite verdict is a failure, from that point on") {
    CohortRig rig(detecting("p", 10, {0, 2, 0, false}));
    Series& series = rig.create();
    for (int i = 1; i <= 3; ++i) rig.add(series, i, i);
    rig.cohort->run();
    REQUIRE(rig.reports.size() == 1);
    CHECK(rig.reports[0].find("returned a verdict that is infinite, or a score or a deviation below 0") !=
          std::string::npos);
    CHECK_FALSE(rig.row(0).left_out);
    CHECK(rig.row(1).left_out);
    CHECK(rig.row(2).left_out);
}

TEST_CASE("where the forecaster failed, the detector is not fed") {
    CohortRig rig(doing_both("p", 10, {2, 0, 0, false}));
    Series& series = rig.create();
    for (int i = 1; i <= 3; ++i) rig.add(series, i, i);
    rig.cohort->run();
    CHECK(rig.counters.plugin_failures == 1);
    CHECK(fed == std::vector<Fed>{{10, 1, 1}, {10, 1, 1}});
}

TEST_CASE("the detector gets what the forecaster expected") {
    CohortRig rig(doing_both());
    Series& series = rig.create();
    for (int i = 1; i <= 3; ++i) rig.add(series, i, 5 * i);
    rig.cohort->run();
    CHECK(rig.reports.empty());
    CHECK(std::isnan(rig.row(0).judgement.yhat));
    CHECK(rig.row(2).judgement.yhat == 10);
    CHECK(rig.row(2).deviation == 1);
    CHECK(rig.row(2).judgement.score == 5);
    CHECK(rig.row(2).judgement.is_anomaly);
}

TEST_CASE("an array in a plugin's larger size") {
    plugin::Array<fcd_point> points(sizeof(fcd_point) + 24);
    for (int i = 0; i < 1000; ++i) points.append() = {nullptr, i, i, i, 1.0 * i, 0, 0, 0, 0, 0, nullptr};
    CHECK(points.size() == 1000);
    for (int i = 0; i < 1000; ++i) {
        const auto n = static_cast<std::size_t>(i);
        CHECK(points[n].time_ns == i);
        CHECK(reinterpret_cast<char*>(&points[n]) ==
              reinterpret_cast<char*>(points.data()) + n * (sizeof(fcd_point) + 24));
    }
    points.resize(5000);
    CHECK(points.size() == 5000);
    CHECK(points[999].step == 999);
    points.clear();
    CHECK(points.size() == 0);
}

namespace {

// A plugin of a later minor version, whose array elements are longer than ours.
struct LaterPoint : fcd_point {
    double more[2];
};
struct LaterVerdict : fcd_verdict {
    double more[3];
};
struct LaterPrediction : fcd_prediction {
    double more[1];
};

fcd_model* later_new(const fcd_value*, const fcd_grid*, std::size_t* size, fcd_error*) {
    *size = sizeof(double);
    static int model = 0;
    return reinterpret_cast<fcd_model*>(&model);
}
void later_free(fcd_model*) {}
std::size_t later_advance(const fcd_model*, const fcd_point* points, std::size_t count, fcd_verdict* verdicts,
                          fcd_error*) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto& point = static_cast<const LaterPoint*>(points)[i];
        auto& verdict = static_cast<LaterVerdict*>(verdicts)[i];
        auto& last = *static_cast<double*>(point.series);
        verdict = {{std::abs(point.value - last), last, 1, last - 1, last + 1, 0, 0}, {7, 8, 9}};
        last = point.value;
    }
    return count;
}
std::int32_t later_forecast(const fcd_model*, const void* series, const fcd_horizon* horizon,
                            fcd_prediction* out, fcd_error*) {
    for (std::uint32_t i = 0; i < horizon->steps; ++i)
        static_cast<LaterPrediction*>(out)[i] = {{*static_cast<const double*>(series) + i, 1}, {5}};
    return FCD_OK;
}

const fcd_library* later() {
    static fcd_algorithm algorithm{};
    algorithm.struct_size = sizeof algorithm;
    algorithm.abilities = FCD_FORECASTS | FCD_DETECTS;
    algorithm.state_version = 1;
    algorithm.id = "later";
    algorithm.version = "1.0.0";
    algorithm.summary = "Has longer structs.";
    algorithm.model_new = later_new;
    algorithm.model_free = later_free;
    algorithm.advance = later_advance;
    algorithm.forecast = later_forecast;
    static const fcd_algorithm* const algorithms[] = {&algorithm};
    static const fcd_library library{sizeof(fcd_library),
                                     FCD_ABI_MAJOR,
                                     9,
                                     0,
                                     sizeof(fcd_param),
                                     sizeof(LaterPoint),
                                     sizeof(LaterVerdict),
                                     sizeof(LaterPrediction),
                                     sizeof(fcd_input),
                                     sizeof(fcd_saved_param),
                                     0,
                                     1,
                                     algorithms};
    return &library;
}

}  // namespace

TEST_CASE("a plugin whose elements are longer than the host's") {
    plugin::Catalogue catalogue;
    catalogue.add(later(), "in the test");
    REQUIRE(catalogue.find("later"));
    config::Pipeline pipeline = doing_both();
    pipeline.forecast->model = {catalogue.find("later"), {}};
    pipeline.detect->model = {catalogue.find("later"), {}};
    pipeline.forecast->horizon = {3, 0};
    Rig rig(with({pipeline}));
    std::string text;
    for (int i = 1; i <= 50; ++i) text += at(10 * i, i, "a") + at(10 * i, 2 * i, "b");
    rig.feed(text);
    CHECK(rig.lines("j a").size() == 50);
    CHECK(rig.lines("j a").back() == "j a v p @500 y=50 yhat=49 score=1 above");
    CHECK(rig.lines("j b").back() == "j b v p @500 y=100 yhat=98 score=2 above anomaly");
    CHECK(rig.lines("f b").back() == "f b v p @500: 510=100 520=101 530=102");
}

TEST_CASE("no model: the plugin's sentence") {
    config::Pipeline pipeline = forecasting();
    pipeline.forecast->horizon = {1'000'001, 0};
    const auto size = record_size(pipeline, 10 * second, false);
    REQUIRE_FALSE(size);
    CHECK(size.error().text == "the horizon is 1000001 steps of this interval, expected at most 1000000");
}

TEST_CASE("a stage that the pipeline has not costs no byte") {
    // 16 bytes of state, and the guard behind them; each series keeps its first values.
    constexpr std::size_t probe = 32, core = sizeof(Series) + 16;
    CHECK(*record_size(detecting(), 10 * second, true) == core + probe);
    CHECK(*record_size(forecasting(), 10 * second, false) == core + 32 + probe);
    CHECK(*record_size(forecasting(), 10 * second, true) == core + 32 + probe + 16);
    CHECK(*record_size(doing_both(), 10 * second, false) == core + 32 + 2 * probe);
    config::Pipeline counting = detecting();
    counting.rate = true;
    CHECK(*record_size(counting, 10 * second, false) == core + 16 + probe);
}

}  // namespace forecastd::engine
