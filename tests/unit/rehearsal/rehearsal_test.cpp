#include "rehearsal/rehearsal.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <forecastd/plugin.hpp>
#include <stdexcept>
#include <utility>

#include "plugin/catalogue.hpp"
#include "plugin/messages.hpp"

namespace forecastd {
namespace {

constexpr std::int64_t second = 1'000'000'000;

// Repeats the last value once it has seen some; its score is the distance from a level of 100, in multiples of a limit.
struct Counting {
    static constexpr About about{"counting", "1.0.0", "Counts its points."};
    static constexpr auto params() {
        return std::tuple{integer<&Counting::after>("after", 5, 0, 1'000'000, "Points that it needs."),
                          integer<&Counting::limit>("limit", 30, 1, 1'000'000, "A score of 1."),
                          integer<&Counting::fail_at>("fail_at", 0, 0, 1000, "The point at which it fails.")};
    }
    std::int64_t after = 5, limit = 30, fail_at = 0;

    struct Series {
        double last = 0;
        std::int64_t count = 0;
    };
    bool ready(const Series& series) const { return series.count >= after; }
    void observe(Series& series, const Point& point) const {
        if (++series.count == fail_at) throw std::runtime_error("broke");
        series.last = point.value;
    }
    Verdict judge(const Series& series, const Point& point) const {
        if (series.count < after) return {};
        const double score = std::abs(point.value - 100) / static_cast<double>(limit);
        return {score, 100, 1, 100.0 - static_cast<double>(limit), 100.0 + static_cast<double>(limit)};
    }
    Prediction expect(const Series& series, const Point&) const { return {series.last, 1}; }
    void forecast(const Series& series, Forecast& out) const {
        for (auto& step : out) step = {series.last, 1};
    }
};

const plugin::Catalogue& catalogue() {
    static const plugin::Catalogue made = [] {
        plugin::Catalogue result;
        result.add(detail::library<Counting>(), "in the test");
        return result;
    }();
    return made;
}

config::ModelChoice counting(std::int64_t after, std::int64_t limit = 30, std::int64_t fail_at = 0) {
    config::ModelChoice choice{catalogue().find("counting"), std::vector<config::ParamValue>(3)};
    choice.params[0].value.integer = after;
    choice.params[1].value.integer = limit;
    choice.params[2].value.integer = fail_at;
    return choice;
}

config::Pipeline named(const std::string& name) {
    config::Pipeline pipeline;
    pipeline.name = name;
    pipeline.interval_ns = 10 * second;
    return pipeline;
}
config::Pipeline forecasting(std::int64_t after) {
    config::Pipeline pipeline = named("p");
    pipeline.selection.namepass = config::GlobList();
    pipeline.forecast.emplace();
    pipeline.forecast->model = counting(after);
    return pipeline;
}
config::Pipeline detecting(std::int64_t after, std::int64_t limit = 30) {
    config::Pipeline pipeline = named("p");
    pipeline.detect.emplace();
    pipeline.detect->model = counting(after, limit);
    pipeline.detect->emit = config::Emit::anomalies;
    pipeline.alarm.raise = {1, 1, 0, false};
    return pipeline;
}

rehearsal::Found found(const config::Pipeline& pipeline, std::size_t most = 2'000) {
    rehearsal::Bounds bounds;
    bounds.points = most;
    return rehearsal::rehearse({}, pipeline, 10 * second, bounds);
}

using Point = std::optional<std::size_t>;

TEST_CASE("the first forecast comes when the model is ready, and min_samples asks for no more") {
    CHECK(found(forecasting(5)).forecast == Point(5));
    config::Pipeline pipeline = forecasting(5);
    pipeline.forecast->min_samples = 40;
    CHECK(found(pipeline).forecast == Point(40));
    CHECK(found(pipeline).score == Point());
    pipeline.interval_ns = 0;  // learned from 8 points, so the 9th is the first that is forecast from
    pipeline.forecast->min_samples = 1;
    CHECK(found(pipeline).forecast == Point(9));
}

TEST_CASE("the first score, and the first alarm") {
    const auto plain = found(detecting(50));
    CHECK(plain.score == Point(51));
    CHECK(plain.alarm == Point(51));
    CHECK(plain.fault_points == 1);
    CHECK(plain.forecast == Point());
    config::Pipeline pipeline = detecting(50);
    pipeline.alarm.raise = {3, 4, 0, false};
    CHECK(found(pipeline).alarm == Point(51));
    CHECK(found(pipeline).fault_points == 3);
    pipeline.alarm.raise = {1, 1, 25 * second, false};
    CHECK(found(pipeline).fault_points == 4);
    pipeline.output.event.reset();  // an anomaly is all that there is
    CHECK(found(pipeline).fault_points == 1);
}

TEST_CASE("an alarm that needs more than a score comes later") {
    config::Pipeline pipeline = detecting(50, 15);
    CHECK(found(pipeline).alarm == Point(51));
    pipeline.alarm.raise = {1, 1, 0, true};  // rare for the series
    const auto rare = found(pipeline);
    REQUIRE(rare.alarm);
    CHECK(*rare.alarm > 51);
    pipeline.detect->false_alarms_ns = std::int64_t{30} * 86'400 * second;
    const auto late = found(pipeline);
    REQUIRE(late.alarm);
    CHECK(*late.alarm > 51);  // by the detector's own limit made wider, until the tail is known
}

TEST_CASE("a rate is that of a counter") {
    config::Pipeline pipeline = detecting(50);
    pipeline.rate = true;
    CHECK(found(pipeline).score == Point(52));
    CHECK(found(pipeline).alarm == Point(52));
}

TEST_CASE("where no spike alarms, a value outside of data_range may") {
    config::Pipeline pipeline = detecting(50, 1000);
    CHECK(found(pipeline).alarm == Point());
    CHECK(found(pipeline).outside_alarm == Point());
    CHECK(found(pipeline).looked_at == 2'000);
    pipeline.detect->data_range = {0, 1000};
    CHECK(found(pipeline).alarm == Point());
    const auto outside = found(pipeline).outside_alarm;
    REQUIRE(outside);
    CHECK(*outside >= 51);
    CHECK(*outside <= 52);
}

TEST_CASE("it does not look for ever") {
    const auto late = found(detecting(5'000));
    CHECK(late.score == Point());
    CHECK(late.looked_at == 2'000);
    int calls = 0;
    rehearsal::Bounds bounds;
    bounds.may_go_on = [&calls] { return ++calls < 4; };
    const auto stopped = rehearsal::rehearse({}, detecting(5'000), 10 * second, bounds);
    CHECK(stopped.score == Point());
    CHECK(stopped.looked_at < 200);
}

TEST_CASE("what goes wrong is told by the engine, and what plugins say is not") {
    std::vector<std::string> heard;
    auto before = plugin::listen([&heard](plugin::Level, const std::string& text) { heard.push_back(text); });
    config::Pipeline pipeline = detecting(50);
    pipeline.detect->model = counting(50, 30, 7);
    const auto failed = found(pipeline);
    CHECK(failed.failure.find("broke") != std::string::npos);
    CHECK(failed.score == Point());
    CHECK(heard.empty());
    plugin::tell(plugin::Level::warn, "again");
    CHECK(heard.size() == 1);
    plugin::listen(std::move(before));
}

}  // namespace
}  // namespace forecastd
