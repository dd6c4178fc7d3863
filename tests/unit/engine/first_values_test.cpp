// A wrong value among the first ones of a series: that it is noticed, and that the models then begin again.
#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>

#include "engine/first_values.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

constexpr int count = FirstValues::count;

// 20, 21, 22, 20, ...: the longest step is 2.
double usual(int i) { return 20 + i % 3; }

// Whether the values of a series are wrong that has `value` at some places.
bool is_wrong(std::initializer_list<int> places, double value) {
    FirstValues first{};
    for (int i = 0; i < count; ++i) {
        const bool here = std::find(places.begin(), places.end(), i) != places.end();
        if (first.take(here ? value : usual(i), static_cast<std::uint32_t>(i))) return i + 1 == count;
    }
    return false;
}

// Thirty values, the wrong one 85 at one place; -1: at none.
std::string points(int place) {
    std::string text;
    for (int i = 0; i < 30; ++i) text += at(10 * i, i == place ? 85 : usual(i));
    return text;
}

std::vector<std::string> lines_of(const config::Pipeline& pipeline, int place,
                                  std::size_t batch = Engine::batch_points) {
    Rig rig(with({pipeline}), batch);
    rig.feed(points(place));
    return rig.lines();
}

bool has(const std::vector<std::string>& lines, const std::string& text) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("a wrong value is noticed that is more than ten steps away, wherever it comes before the seventh") {
    for (int place = 0; place < 7; ++place) {
        CAPTURE(place);
        CHECK(is_wrong({place}, 85));
        CHECK_FALSE(is_wrong({place}, 40));
    }
    CHECK(is_wrong({0, 1, 2}, -127));
    CHECK_FALSE(is_wrong({}, 0));
}

TEST_CASE("what comes later is left to the learning guard") {
    for (int place = 7; place < count; ++place) {
        CAPTURE(place);
        CHECK_FALSE(is_wrong({place}, 85));
    }
}

TEST_CASE("equal values behind another one are noticed, and equal values alone are not") {
    FirstValues first{}, equal{};
    for (std::uint32_t i = 0; i < FirstValues::count; ++i) {
        CHECK(first.take(i == 0 ? 85 : 20, i) == (i + 1 == FirstValues::count));
        CHECK_FALSE(equal.take(20, i));
    }
}

TEST_CASE("the forecaster begins again at the twelfth value, whatever the batch") {
    for (const std::size_t batch : std::initializer_list<std::size_t>{1, 7, 32}) {
        CAPTURE(batch);
        // Told each 100 s of 10 s points, before the first and behind each tenth.
        CHECK(has(lines_of(telling(100), -1, batch), "@200 points=21"));
        CHECK(has(lines_of(telling(100), 0, batch), "@200 points=10"));
    }
}

TEST_CASE("a forecaster that learns everything goes on") {
    config::Pipeline pipeline = telling(100);
    pipeline.forecast->learn_from_anomalies = config::LearnFrom::always;
    CHECK(has(lines_of(pipeline, 0), "@200 points=21"));
}

TEST_CASE("a detector begins again, with a forecaster or alone, and on an interval that is learned") {
    for (const auto& pipeline : {detecting(), doing_both(), detecting("p", 0), doing_both("p", 0)}) {
        CHECK(has(lines_of(pipeline, 0), "@110 y=22 warmup"));
        CHECK_FALSE(has(lines_of(pipeline, -1), "@110 y=22 warmup"));
    }
}

TEST_CASE("values outside the data range are not among the first ones") {
    config::Pipeline pipeline = detecting();
    pipeline.detect->data_range = {0, 50};
    CHECK_FALSE(has(lines_of(pipeline, 0), "@110 y=22 warmup"));
}

TEST_CASE("a series that is saved among its first values begins again as any other") {
    const config::Config config = with({detecting()});
    Rig through(config), first(config), other(config);
    const std::string all = points(0);
    std::size_t half = 0;
    for (int line = 0; line < 5; ++line) half = all.find('\n', half) + 1;
    through.feed(all);
    first.feed(all.substr(0, half));
    const auto saved = first.engine.save([&](const SavedSeries& one) {
        const auto loaded = other.engine.load(one);
        CHECK_MESSAGE(loaded, loaded.error().text);
    });
    REQUIRE(saved);
    other.feed(all.substr(half));
    CHECK(has(other.lines(), "@110 y=22 warmup"));
    CHECK(other.lines().back() == through.lines().back());
}

}  // namespace forecastd::engine
