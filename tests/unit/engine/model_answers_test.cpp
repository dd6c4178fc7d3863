// What plugins are shown and asked, and what is done with each kind of answer: codes of failures, reasons,
// inputs.
#include <doctest/doctest.h>

#include <cstdio>
#include <map>

#include "engine/series_id.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

// Repeats the number of values that it has learned since it began. Some values and some last values make it
// fail.
struct Moody {
    double last;
    std::int64_t count;
};
struct Seen {
    std::map<std::uint64_t, std::int64_t> begun;  // first times by hash
    std::vector<double> hours, hours_ahead;
    bool asked_of_empty = false;
} seen;

void write(fcd_error* error, std::int32_t code, const char* text) {
    error->code = code;
    std::snprintf(error->text, sizeof error->text, "%s", text);
}

fcd_model* moody_new(const fcd_value*, const fcd_grid*, std::size_t* size, fcd_error*) {
    *size = sizeof(Moody);
    static int model = 0;
    return reinterpret_cast<fcd_model*>(&model);
}
void moody_free(fcd_model*) {}
std::int32_t moody_init(const fcd_model*, void*, const fcd_series_info* info, fcd_error*) {
    seen.begun[info->id_hash] = info->first_time_ns;
    return FCD_OK;
}
std::size_t moody_advance(const fcd_model*, const fcd_point* points, std::size_t count, fcd_verdict* verdicts,
                          fcd_error* error) {
    for (std::size_t i = 0; i < count; ++i) {
        auto& state = *static_cast<Moody*>(points[i].series);
        const double value = points[i].value;
        if (value == 101) return write(error, FCD_SET_ASIDE, "had enough"), i;
        if (value == 102) return write(error, FCD_BEGIN_AGAIN, "lost its way"), i;
        if (value == 103) return write(error, FCD_ASK_LATER, "is busy"), i;
        seen.hours.push_back(points[i].inputs[0]);
        const std::uint32_t reason = value == 60 ? 9 : value > 50 ? 2 : 0;
        verdicts[i] = {std::abs(value - state.last), state.last, 1, nan, nan, reason, 0};
        state.last = value;
        ++state.count;
    }
    return count;
}
std::int32_t moody_forecast(const fcd_model*, const void* series, const fcd_horizon* horizon,
                            fcd_prediction* out, fcd_error* error) {
    const auto& state = *static_cast<const Moody*>(series);
    if (state.count == 0) seen.asked_of_empty = true;
    if (state.last == 13) return write(error, FCD_ASK_LATER, "is busy"), FCD_ERROR;
    if (state.last == 14) return write(error, FCD_BEGIN_AGAIN, "lost its way"), FCD_ERROR;
    for (std::uint32_t i = 0; i < horizon->steps; ++i) {
        out[i] = {static_cast<double>(state.count), 1};
        seen.hours_ahead.push_back(horizon->inputs[i * horizon->input_count]);
    }
    return FCD_OK;
}

config::ModelChoice moody() {
    static constexpr fcd_input inputs[] = {
        {"calendar.hour", "The hour.", FCD_INPUT_AHEAD | FCD_INPUT_REQUIRED, 0}};
    static const char* const reasons[] = {"It fell.", "It rose."};
    static fcd_algorithm algorithm{};
    algorithm.struct_size = sizeof algorithm;
    algorithm.abilities = FCD_FORECASTS | FCD_DETECTS;
    algorithm.state_version = 1;
    algorithm.id = "moody";
    algorithm.version = "1.0.0";
    algorithm.summary = "Fails in every way.";
    algorithm.model_new = moody_new;
    algorithm.model_free = moody_free;
    algorithm.series_init = moody_init;
    algorithm.advance = moody_advance;
    algorithm.forecast = moody_forecast;
    algorithm.inputs = inputs;
    algorithm.input_count = 1;
    algorithm.reasons = reasons;
    algorithm.reason_count = 2;
    static const fcd_algorithm* const algorithms[] = {&algorithm};
    static const fcd_library library{sizeof(fcd_library),
                                     FCD_ABI_MAJOR,
                                     FCD_ABI_MINOR,
                                     0,
                                     sizeof(fcd_param),
                                     sizeof(fcd_point),
                                     sizeof(fcd_verdict),
                                     sizeof(fcd_prediction),
                                     sizeof(fcd_input),
                                     sizeof(fcd_saved_param),
                                     0,
                                     1,
                                     algorithms};
    static const plugin::Catalogue catalogue = [] {
        plugin::Catalogue made;
        made.add(&library, "in the test");
        return made;
    }();
    seen = {};
    REQUIRE(catalogue.find("moody"));
    return {catalogue.find("moody"), {}};
}

config::Config forecasting_moodily() {
    config::Config config = with({forecasting()});
    config.pipelines[0].forecast->model = moody();
    return config;
}
config::Config detecting_moodily() {
    config::Config config = with({detecting()});
    config.pipelines[0].detect->model = moody();
    return config;
}

// Values at 10 s, 20 s, ...
std::string series(const std::vector<double>& values) {
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) text += at(10.0 * static_cast<double>(i + 1), values[i]);
    return text;
}

// The lines of a kind, which no cut into batches may change.
Lines lines_of(const config::Config& config, const char* kind, const std::vector<double>& values) {
    Rig rig(config);
    rig.feed(series(values));
    for (const std::size_t batch : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
        Rig cut(config, batch);
        cut.feed(series(values));
        CHECK(cut.lines() == rig.lines());
    }
    CHECK_FALSE(seen.asked_of_empty);
    return rig.lines(kind);
}

}  // namespace

TEST_CASE("a point for which a forecaster asks to be asked later is left out, and nothing is wrong") {
    const config::Config config = forecasting_moodily();
    CHECK(lines_of(config, "f", {1, 103, 3}) == Lines{"f m v p @10: 20=1", "f m v p @30: 40=2"});
    Rig rig(config);
    rig.feed(series({1, 103, 3}));
    CHECK(rig.counters().plugin_failures == 0);
    CHECK(rig.reports.empty());
}

TEST_CASE("a forecaster that begins again has forgotten the values before, and goes on with the next") {
    const config::Config config = forecasting_moodily();
    CHECK(lines_of(config, "f", {1, 2, 102, 4, 5}) ==
          Lines{"f m v p @10: 20=1", "f m v p @20: 30=2", "f m v p @40: 50=1", "f m v p @50: 60=2"});
    Rig rig(config);
    rig.feed(series({1, 2, 102, 4, 5}));
    CHECK(rig.counters().restarted == 1);
    CHECK(rig.counters().plugin_failures == 0);
}

TEST_CASE("a forecast that is asked for later, and one behind which the series begins again") {
    CHECK(lines_of(forecasting_moodily(), "f", {1, 13, 3}) ==
          Lines{"f m v p @10: 20=1", "f m v p @30: 40=3"});
    CHECK(lines_of(forecasting_moodily(), "f", {1, 14, 3}) ==
          Lines{"f m v p @10: 20=1", "f m v p @30: 40=1"});
}

TEST_CASE("the same of a detector: no judgement of that point") {
    CHECK(lines_of(detecting_moodily(), "j", {1, 103, 3}) ==
          Lines{"j m v p @10 y=1 yhat=0 score=1 above", "j m v p @30 y=3 yhat=1 score=2 above anomaly"});
    CHECK(lines_of(detecting_moodily(), "j", {1, 102, 3}) ==
          Lines{"j m v p @10 y=1 yhat=0 score=1 above", "j m v p @30 y=3 yhat=0 score=3 above anomaly"});
    config::Config config = with({doing_both()});
    config.pipelines[0].detect->model = moody();
    CHECK(lines_of(config, "f", {1, 103, 3}).size() == 3);  // the forecaster has nothing to do with it
}

TEST_CASE("any other failure sets the series aside") {
    CHECK(lines_of(forecasting_moodily(), "f", {1, 101, 3, 4}) == Lines{"f m v p @10: 20=1"});
}

TEST_CASE("a forecast is never asked of a series that has learned nothing") {
    CHECK(lines_of(forecasting_moodily(), "f", {103, 103, 3}) == Lines{"f m v p @30: 40=1"});
    CHECK(lines_of(forecasting_moodily(), "f", {1, 102, 103, 3}) ==
          Lines{"f m v p @10: 20=1", "f m v p @40: 50=1"});
}

TEST_CASE("a reason is handed on as the algorithm's sentence, where the rules leave the score") {
    config::Config config = detecting_moodily();
    CHECK(lines_of(config, "j", {1, 55}).back() ==
          "j m v p @20 y=55 yhat=1 score=54 above anomaly (It rose.)");
    config.pipelines[0].detect->direction = config::Direction::below_expected;
    CHECK(lines_of(config, "j", {1, 55}).back() == "j m v p @20 y=55 yhat=1 score=0 above");
}

TEST_CASE("a reason that is not declared is a failure") {
    Rig rig(detecting_moodily());
    rig.feed(series({1, 60, 3}));
    CHECK(rig.lines("j").size() == 1);
    REQUIRE(rig.reports.size() == 1);
    CHECK(rig.reports[0].find(
              "returned the reason 9, expected at most 2, the number of reasons that it declares") !=
          std::string::npos);
}

TEST_CASE("a series begins with a hash that is the same in every run, and its first time") {
    Rig rig(forecasting_moodily());
    rig.feed(at(10, 1) + at(20, 1, "n"));
    const auto first = seen.begun;
    CHECK(first.size() == 2);
    Rig again(forecasting_moodily());
    again.feed(at(30, 1, "n") + at(30, 1));
    REQUIRE(seen.begun.size() == 2);
    for (const auto& [hash, time_ns] : seen.begun) {
        CHECK(first.count(hash) == 1);
        CHECK(time_ns == 30 * second);
    }
    // The number is a promise to whoever seeds by it: it must never change.
    CHECK(series_id_hash("p", "m", "v") == 13352620742751974376u);
    CHECK(first.count(series_id_hash("p", "m", "v")) == 1);
    CHECK(series_id_hash("p", "m", "v") != series_id_hash("pm", "", "v"));
    CHECK(series_id_hash("p", "m", "v") != series_id_hash("p", "m", "w"));
}

TEST_CASE("inputs are filled for points and for the steps ahead") {
    config::Config config = forecasting_moodily();
    config.pipelines[0].interval_ns = 3600 * second;
    config.pipelines[0].forecast->horizon = {3, 0};
    Rig rig(config);
    rig.feed(at(22 * 3600 + 1800, 1));
    CHECK(seen.hours == std::vector<double>{22.5});
    CHECK(seen.hours_ahead == std::vector<double>{23.5, 0.5, 1.5});
}

}  // namespace forecastd::engine
