// What no single value shows: runs of equal values, slow drifts, pauses; and the clock by which series are
// waited for.
#include <doctest/doctest.h>

#include <memory>
#include <random>

#include "engine/arrival_clock.hpp"
#include "engine/drift.hpp"
#include "engine/outcomes.hpp"
#include "engine/stages/no_data.hpp"
#include "engine/stages/rules.hpp"
#include "engine/stages/stuck.hpp"
#include "engine/state_summary.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

constexpr std::uint32_t day = 1440;
constexpr std::int64_t minute = 60 * second;

// Feeds equal values; how many of them were found to be stuck.
int feed(Runs& runs, double value, int count) {
    int found = 0;
    for (int i = 0; i < count; ++i) found += runs.take(value, day);
    return found;
}

// A series with runs of up to three values between 0 and 9, and none at the ends at last.
Runs varied() {
    Runs runs{};
    for (int i = 0; i < 60; ++i) feed(runs, i * 7 % 10, 1 + i % 3);
    feed(runs, 5, 1);
    return runs;
}

config::Config watched(std::int64_t interval_s = 10) {
    config::Config made = with({detecting("p", interval_s)});
    made.pipelines[0].output.event = "{measurement}_event";
    made.pipelines[0].detect->no_data_after = {5, 0};
    made.pipelines[0].detect->emit = config::Emit::anomalies;
    made.pipelines[0].detect->min_dev_from_expected = 1e9;
    return made;
}

// Points of a key from one step to another.
std::string steady(int from, int to, const std::string& key) {
    std::string text;
    for (int i = from; i < to; ++i) text += at(10 * i, i % 7, key);
    return text;
}
// Of two keys, in the order of time.
std::string both(int from, int to) {
    std::string text;
    for (int i = from; i < to; ++i) text += steady(i, i + 1, "m,h=a") + steady(i, i + 1, "m,h=b");
    return text;
}

}  // namespace

TEST_CASE("stuck: more than five times the longest run, and more than ten points") {
    Runs runs = varied();
    CHECK(feed(runs, 4, 15) == 0);
    CHECK(feed(runs, 4, 100) == 100);
    CHECK(feed(runs, 6, 1) == 0);
    SUBCASE("a run that was too long does not make the next one longer") { CHECK(feed(runs, 3, 100) == 85); }
    SUBCASE("but at its value: twice that run") { CHECK(feed(runs, 4, 300) == 300 - 230); }
    SUBCASE("at the ends of its values a series may rest for a day") {
        CHECK(feed(runs, 9, 2000) == 2000 - 1440);
        CHECK(feed(runs, 6, 1) == 0);
        CHECK(feed(runs, 100, 1440) == 0);
    }
}

TEST_CASE("not stuck: what never changed, or too seldom to know its runs") {
    Runs constant{};
    CHECK(feed(constant, 42, 100'000) == 0);
    Runs seldom{};
    for (int i = 0; i < 19; ++i) CHECK(feed(seldom, i % 3, 100 * i) == 0);
}

TEST_CASE("a stuck value is an anomaly, and no model learns it") {
    config::Config config = with({detecting()});
    config.pipelines[0].detect->stuck = true;
    Rig rig(config);
    std::string text;
    for (int i = 1; i <= 40; ++i) text += at(10 * i, i * 7 % 10);
    for (int i = 41; i <= 70; ++i) text += at(10 * i, 5);
    rig.feed(text);
    CHECK(rig.counters().anomalies > 15);
    CHECK(rig.lines().back() == "j m v p @700 y=5 score=1.5 anomaly (" + std::string(reason_stuck) + ")");
    CHECK(fed.size() == 50);
}

TEST_CASE("drift: found in either direction, and not in noise, waves, walks, slopes and steps") {
    std::mt19937 random(1);
    std::normal_distribution<double> noise;
    const auto found = [&](auto value) {
        Drift drift{};
        std::vector<int> at;
        for (int i = 0; i < 20'000; ++i) {
            const std::int8_t before = drift.side;
            drift.take(value(i), 100, 13);
            if (drift.side != before && drift.side != 0) at.push_back(drift.side * i);
        }
        return at;
    };
    const auto ramp = [](int i) { return 0.005 * std::clamp(i - 5000, 0, 3000); };
    const auto rises = found([&](int i) { return noise(random) + ramp(i); });
    REQUIRE(rises.size() == 1);
    CHECK(rises[0] > 5000);
    CHECK(rises[0] < 6600);
    const auto falls = found([&](int i) { return noise(random) - ramp(i); });
    REQUIRE(falls.size() == 1);
    CHECK(falls[0] < 0);
    double level = 0;
    CHECK(found([&](int) { return noise(random); }).empty());
    CHECK(found([&](int) { return level += noise(random); }).empty());
    CHECK(found([&](int i) { return noise(random) + 10 * std::sin(i * 0.004363); }).empty());
    CHECK(found([&](int i) { return i + noise(random); }).empty());
    CHECK(found([&](int i) { return (i > 10'000 ? 30 : 0) + noise(random); }).empty());
    CHECK(found([&](int) { return 42.0; }).empty());
}

TEST_CASE("the limit of a CUSUM for a time between false alarms") {
    CHECK(cusum_limit(335.4) == doctest::Approx(4).epsilon(0.02));  // Siegmund's, for one side
    CHECK(cusum_limit(1e4) > cusum_limit(1e3));
}

TEST_CASE("the arrival clock follows the timestamps, one interval at a time") {
    ArrivalClock clock;
    clock.set_wall(std::int64_t{1} << 60);  // far from the data
    for (int i = 0; i <= 10; ++i) clock.point(i * minute, minute);
    CHECK(clock.now_ns() == 10 * minute);
    clock.point(5 * minute, minute);   // late
    clock.point(15 * minute, minute);  // all have paused
    CHECK(clock.now_ns() == 11 * minute);
    clock.point(5000 * minute, minute);  // one wrong time
    clock.point(16 * minute, minute);
    CHECK(clock.now_ns() == 12 * minute);
    clock.pass(3600 * minute);  // no live data
    CHECK(clock.now_ns() == 12 * minute);
    for (int i = 0; i < 4; ++i) clock.point((7000 + i) * minute, minute);
    CHECK(clock.now_ns() == 13 * minute);
}

TEST_CASE("the arrival clock goes on by itself while the data is live") {
    ArrivalClock clock;
    clock.set_wall(1000 * minute);
    clock.pass(0);
    clock.point(999 * minute, minute);
    clock.point(1000 * minute, minute);
    clock.pass(10 * second);
    CHECK(clock.is_live());
    CHECK(clock.now_ns() == minute);  // the data went further
    clock.pass(10 * second);
    CHECK(clock.now_ns() == minute + 10 * second);
}

TEST_CASE("a series that stops is missed after five intervals, and is told of once") {
    Rig rig(watched());
    rig.feed(both(0, 50) + steady(50, 80, "m,h=b"));
    const Lines events = rig.lines("e");
    REQUIRE(events.size() == 1);
    CHECK(events[0].substr(0, 26) == "e m,h=a v p @550 open from");
    CHECK(rig.counters().silences == 1);
    CHECK(state_of(*rig.engine.pipelines()[0]).silent == 1);
    rig.feed(steady(80, 82, "m,h=a"));
    REQUIRE(rig.lines("e").size() == 2);
    CHECK(rig.lines("e")[1].substr(0, 30) == "e m,h=a v p @799.999999999 clo");
    CHECK(rig.sink.ids[0] == rig.sink.ids[1]);
    CHECK(state_of(*rig.engine.pipelines()[0]).silent == 0);
}

TEST_CASE("the row about it stands at the same place wherever batches end") {
    Lines first;
    for (const std::size_t batch : {std::size_t{32}, std::size_t{1}, std::size_t{7}}) {
        Rig rig(watched(), batch);
        rig.feed(both(0, 50) + steady(50, 80, "m,h=b") + both(80, 90));
        if (first.empty()) first = rig.lines();
        CHECK(rig.lines() == first);
    }
}

TEST_CASE("not missed: a series with few points, and one in the nursery") {
    Rig rig(watched());
    rig.feed(both(0, 20) + steady(20, 80, "m,h=b"));
    CHECK(rig.lines("e").empty());
    Rig learning(watched(0));
    learning.feed(both(0, 6) + steady(6, 80, "m,h=b"));
    CHECK(learning.lines("e").empty());
}

TEST_CASE("pauses and silence are saved with the series") {
    Rig rig(watched()), other(watched());
    rig.feed(both(0, 50) + steady(50, 80, "m,h=b"));
    REQUIRE(rig.lines("e").size() == 1);
    REQUIRE(rig.engine.save([&](const SavedSeries& one) { REQUIRE(other.engine.load(one)); }));
    other.feed(steady(80, 90, "m,h=b"));
    CHECK(other.lines("e").empty());  // it was told of
    other.feed(steady(90, 91, "m,h=a"));
    REQUIRE(other.lines("e").size() == 1);
    CHECK(other.lines("e")[0].find("closed") != std::string::npos);
    CHECK(other.sink.ids[0] == rig.sink.ids[0]);
}

TEST_CASE("silence that passed while nothing ran is seen two intervals after the start") {
    constexpr std::int64_t live_ns = 1'000'000'000 * second;
    const auto live = [](int from, int to, const std::string& key) {
        std::string text;
        for (int i = from; i < to; ++i)
            text += key + " v=1 " + std::to_string(live_ns + i * 10 * second) + "\n";
        return text;
    };
    const auto resumed = [&](std::int64_t away_s) {
        Rig rig(watched());
        auto other = std::make_unique<Rig>(watched());
        rig.feed(live(0, 50, "m,h=a"), live_ns / second + 500);
        rig.engine.pass(second, rig.sink);
        REQUIRE(other->engine.load_common(rig.engine.save_common()));
        REQUIRE(rig.engine.save([&](const SavedSeries& one) { REQUIRE(other->engine.load(one)); }));
        other->engine.resume(away_s * second);
        return other;
    };
    // How many seconds after the start it is told, as nothing comes.
    const auto told_after = [](Rig& rig) {
        for (int s = 1; s <= 100; ++s) {
            rig.engine.pass(second, rig.sink);
            if (!rig.lines("e").empty()) return s;
        }
        return 0;
    };
    const int at_once = told_after(*resumed(0)), an_hour_later = told_after(*resumed(3600));
    CHECK(at_once >= 50);
    CHECK(at_once <= 70);
    CHECK(an_hour_later > 20);
    CHECK(an_hour_later <= 40);
    // What comes again is not missed, and the time away is no pause that it usually makes.
    const auto other = resumed(3600);
    other->engine.pass(second, other->sink);
    other->feed(live(410, 411, "m,h=a"), live_ns / second + 4100);
    CHECK(other->lines("e").empty());
    const int later = told_after(*other);
    CHECK(later >= 50);
    CHECK(later <= 70);
}

TEST_CASE("runs and drifts are saved with the series") {
    config::Config config = watched();
    config.pipelines[0].detect->stuck = config.pipelines[0].detect->drift = true;
    std::string begin, end;
    for (int i = 1; i <= 45; ++i) begin += at(10 * i, i > 40 ? 5 : i * 7 % 10);
    for (int i = 46; i <= 70; ++i) end += at(10 * i, 5);
    Rig whole(config), rig(config), other(config);
    whole.feed(begin + end);
    rig.feed(begin);
    REQUIRE(rig.engine.save([&](const SavedSeries& one) { REQUIRE(other.engine.load(one)); }));
    other.feed(end);
    CHECK(other.counters().anomalies == whole.counters().anomalies);
    CHECK(other.counters().anomalies > 0);
}

TEST_CASE("one point far ahead is passed over, and a second one believed") {
    Rig rig(with({detecting()}));
    rig.feed(at(10, 1) + at(20, 1) + at(100'000, 1) + at(30, 1));
    CHECK(fed.size() == 3);
    CHECK(rig.counters().ahead == 1);
    CHECK(rig.counters().late == 0);
    rig.feed(at(200'000, 1) + at(200'010, 1) + at(200'020, 1));
    CHECK(fed.size() == 5);
    Rig sparse(with({detecting()}));
    for (int i = 0; i < 100; ++i) sparse.feed(at(10'000 * i, 1));
    CHECK(fed.size() == 99);
}

TEST_CASE("labels: suppress, resume and reset by tags") {
    config::Config config = with({detecting()});
    config.control = "control";
    config.pipelines[0].detect->emit = config::Emit::anomalies;
    Rig rig(config);
    const auto jump = [](int step, const std::string& key) { return at(10 * step, step % 2 * 5, key); };
    rig.feed(at(0, 0, "m,h=a") + at(0, 0, "m,h=b") +
             "control,h=a action=\"suppress\",duration=\"1m\" 1000000000\n");
    for (int i = 1; i <= 9; ++i) rig.feed(jump(i, "m,h=a") + jump(i, "m,h=b"));
    CHECK(rig.lines("j m,h=b").size() == 9);
    CHECK(rig.lines("j m,h=a").size() == 3);
    CHECK(rig.counters().suppressed == 6);
    CHECK(rig.counters().labels == 1);
    CHECK(rig.lines("= control").size() == 1);
    rig.feed("control action=\"reset\" 100000000000\n");
    CHECK(rig.counters().series == 0);
    rig.feed("control action=\"stop\" 100000000000\n");
    CHECK(rig.counters().bad_labels == 1);
    CHECK(rig.reports.size() == 1);
}

}  // namespace forecastd::engine
