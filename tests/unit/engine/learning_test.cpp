// Series whose interval is learned.
#include <doctest/doctest.h>

#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

std::string points(double first, double interval, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += at(first + i * interval, i + 1);
    return text;
}

}  // namespace

TEST_CASE("eight points are held back, then learned in their order") {
    for (const std::size_t batch : std::initializer_list<std::size_t>{1, 3, 128}) {
        Rig rig(with({doing_both("p", 0)}), batch);
        rig.feed(points(10, 10, 7));
        CHECK(fed.empty());
        CHECK(rig.lines("j").size() == 7);
        CHECK(rig.lines("j").back() == "j m v p @70 y=7 warmup");
        rig.feed(at(80, 8));
        // The forecaster and then the detector learn each of them.
        REQUIRE(fed.size() == 16);
        for (std::size_t i = 0; i < 16; ++i) {
            const auto n = static_cast<std::int64_t>(i / 2 + 1);
            CHECK(fed[i] == Fed{10 * n, n, static_cast<double>(n)});
        }
        CHECK(rig.lines("j").back() == "j m v p @80 y=8 warmup");
        CHECK(rig.lines("f").empty());
        rig.feed(at(90, 9));
        CHECK(rig.lines("j").back() == "j m v p @90 y=9 yhat=8 score=1 above");
        CHECK(rig.lines("f").back() == "f m v p @90: 100=9");
        CHECK(rig.counters().series == 1);
    }
}

TEST_CASE("late and duplicate points do not count while an interval is learned") {
    Rig rig(with({forecasting("p", 0)}));
    rig.feed(at(10, 1) + at(20, 2) + at(20, 9) + at(10, 9) + at(30, 3) + points(40, 10, 5));
    CHECK(fed.size() == 8);
    CHECK(rig.counters().duplicates == 1);
    CHECK(rig.counters().late == 1);
}

TEST_CASE("jitter: the learned interval is round, the phase the median") {
    Rig rig(with({forecasting("p", 0)}));
    rig.feed(at(3, 1) + at(13.4, 2) + at(22.7, 3) + at(33, 4) + at(43, 5) + at(52.9, 6) + at(63.1, 7) +
             at(73, 8) + at(83, 9));
    REQUIRE(fed.size() == 9);
    for (std::size_t i = 0; i < 9; ++i) CHECK(fed[i].step == static_cast<std::int64_t>(i));
    CHECK(rig.lines("f") == Lines{"f m v p @83: 93=9"});
}

TEST_CASE("series of one pipeline with two intervals have a model for each") {
    Rig rig(with({forecasting("p", 0)}));
    std::string text;
    for (int i = 0; i < 9; ++i) text += at(10 * i, i, "slow") + at(i, i, "quick");
    rig.feed(text);
    CHECK(rig.engine.pipelines()[0]->cohorts().size() == 2);
    CHECK(rig.lines("f") == Lines{"f slow v p @80: 90=8", "f quick v p @8: 9=8"});
}

TEST_CASE("sixteen crowded points in a row: the interval is learned again") {
    Rig rig(with({forecasting("p", 0)}));
    rig.feed(points(10, 10, 8));
    rig.feed(points(80.1, 0.1, 15));
    CHECK(rig.counters().restarted == 0);
    CHECK(fed.size() == 8);
    rig.feed(points(81.6, 0.1, 8));
    CHECK(rig.counters().restarted == 1);
    CHECK(rig.counters().crowded == 16);
    CHECK(rig.counters().series == 1);
    CHECK(fed.size() == 16);
    CHECK(rig.engine.pipelines()[0]->cohorts().back()->interval_ns() == second / 10);
}

TEST_CASE("sixty-four gaps in a row: the interval is learned again") {
    Rig rig(with({forecasting("p", 0)}));
    rig.feed(points(10, 10, 8));
    rig.feed(points(110, 30, 63));
    CHECK(rig.counters().gaps == 63);
    CHECK(rig.counters().restarted == 0);
    CHECK(fed.size() == 8 + 63);
    rig.feed(points(2000, 30, 8));
    CHECK(rig.counters().restarted == 1);
    CHECK(fed.size() == 8 + 63 + 8);
    CHECK(rig.engine.pipelines()[0]->cohorts().back()->interval_ns() == 30 * second);
}

TEST_CASE("a point on time among the gaps: the interval stays") {
    Rig rig(with({forecasting("p", 0)}));
    rig.feed(points(10, 10, 8));
    rig.feed(points(100, 20, 60) + at(1290, 1) + points(1310, 20, 60));
    CHECK(rig.counters().restarted == 0);
}

TEST_CASE("what lies outside data_range is not learned from the held points either") {
    config::Config config = with({detecting("p", 0)});
    config.pipelines[0].detect->data_range.high = 5;
    Rig rig(config);
    rig.feed(points(10, 10, 8));
    CHECK(fed.size() == 5);
    CHECK(rig.lines("j").size() == 8);
}

TEST_CASE("a plugin that fails on the held points sets the series aside") {
    Rig rig(with({forecasting("p", 0, {3, 0, 0, false})}));
    rig.feed(points(10, 10, 12));
    CHECK(fed.size() == 2);
    CHECK(rig.counters().plugin_failures == 1);
    CHECK(rig.reports.size() == 1);
    CHECK(rig.lines("=").size() == 12);
}

TEST_CASE("a series that cannot begin once its interval is known counts as one failure") {
    Rig rig(with({forecasting("p", 0, {0, 0, 0, true})}));
    rig.feed(points(10, 10, 12));
    CHECK(rig.lines("=").size() == 12);
    CHECK(rig.reports.size() == 1);
    CHECK(rig.counters().plugin_failures == 1);
}

namespace {

// Points with jitter of up to a share of the interval to either side; by a generator of our own, so that they
// are the same everywhere.
std::vector<double> jittered(double first, double interval, double share, int count, std::uint64_t seed) {
    std::vector<double> times;
    for (int i = 0; i < count; ++i) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        const double unit = static_cast<double>(seed >> 33) / 2147483648.0;
        times.push_back(first + interval * (i + (2 * unit - 1) * share));
    }
    return times;
}

std::int64_t last_interval(Rig& rig) { return rig.engine.pipelines()[0]->cohorts().back()->interval_ns(); }

}  // namespace

TEST_CASE("points with much jitter: the interval is learned from more of them") {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        CAPTURE(seed);
        Rig rig(with({forecasting("p", 0)}));
        std::string text;
        for (const double time : jittered(1000, 10, 0.25, 40, seed)) text += at(time, 1);
        rig.feed(text);
        CHECK(rig.counters().series == 1);
        REQUIRE(rig.engine.pipelines()[0]->cohorts().size() == 1);
        CHECK(last_interval(rig) == 10 * second);
        CHECK(fed.size() >= 36);
    }
}

TEST_CASE("an interval that was learned wrong is learned again while the series runs") {
    // The first points come in another rhythm than all others; neither they nor the few that meet a step
    // twice or miss one would restart the series by themselves.
    for (const double first : {11.7, 9.0, 8.5}) {
        CAPTURE(first);
        Rig rig(with({forecasting("p", 0)}));
        rig.feed(points(0, first, 8) + points(10 * first, 10, 600));
        CHECK(rig.counters().restarted == 1);
        CHECK(last_interval(rig) == 10 * second);
    }
}

TEST_CASE("a series on the grid of another interval, as there are too many, does not begin again") {
    Rig rig(with({forecasting("p", 0)}));
    std::string text;
    for (int s = 1; s <= 64; ++s)
        for (int i = 0; i < 8; ++i) text += at(10 * s * i, i, "m,s=" + std::to_string(s));
    rig.feed(text);
    REQUIRE(rig.engine.pipelines()[0]->cohorts().size() == 64);
    text.clear();
    for (int i = 0; i < 600; ++i) text += at(14 * i, i, "further") + at(7 * i, i, "denser");
    rig.feed(text);
    CHECK(rig.engine.pipelines()[0]->cohorts().size() == 64);
    CHECK(rig.counters().restarted == 0);
}

TEST_CASE("a regular series that loses points, or has one twice now and then, never begins again") {
    std::string lossy, doubled, shifted;
    std::uint64_t random = 7;
    for (int i = 0; i < 5000; ++i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        if (i < 8 || (random >> 33) % 10 >= 4) lossy += at(10 * i, 1);
        doubled += at(10 * i, 1);
        if (i > 8 && (random >> 33) % 10 < 2) doubled += at(10 * i + 3, 1);
        shifted += at(10 * i + (i > 100 ? 5.1 : 0), 1);
    }
    for (const std::string& text : {lossy, doubled, shifted}) {
        Rig rig(with({forecasting("p", 0)}));
        rig.feed(text);
        CHECK(rig.counters().restarted == 0);
        CHECK(last_interval(rig) == 10 * second);
    }
}

TEST_CASE("a detector alone judges each value that is later than the last one, on a grid or not") {
    // Distances from 1 to 30 s at random, a pair within a second now and then, and a burst.
    std::string text;
    double time = 100;
    std::uint64_t random = 5;
    for (int i = 0; i < 3000; ++i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        time += i % 50 == 0 || (i > 1000 && i < 1020) ? 0.5 : 1.0 + static_cast<double>((random >> 33) % 30);
        text += at(time, 1);
    }
    Rig alone(with({detecting("p", 0)}));
    fed_local_steps.clear();
    alone.feed(text);
    CHECK(alone.counters().restarted == 0);
    CHECK(alone.counters().crowded == 0);
    REQUIRE(fed.size() == 3000);
    for (std::size_t i = 1; i < fed.size(); ++i) CHECK(fed[i].step > fed[i - 1].step);
    // The local step follows the time, so that times of day stay right.
    const double interval_s = static_cast<double>(last_interval(alone)) / 1e9;
    const auto local_span = static_cast<double>(fed_local_steps.back() - fed_local_steps.front());
    CHECK(std::abs(local_span * interval_s - (time - 116)) < 40);

    // With a forecaster, values stand on a grid, and not all can.
    Rig forecast(with({forecasting("p", 0)}));
    forecast.feed(text);
    CHECK(forecast.counters().crowded > 100);
}

TEST_CASE("a detector alone begins again where a regular series changes its interval for good") {
    for (const double other : {3.0, 30.0}) {
        CAPTURE(other);
        Rig rig(with({detecting("p", 0)}));
        rig.feed(points(10, 10, 200) + points(2010 + other, other, 400));
        CHECK(rig.counters().restarted == 1);
        CHECK(static_cast<double>(last_interval(rig)) == other * second);
    }
    // Ten points that come early begin a review of 32 more.
    Rig reviewed(with({detecting("p", 0)}));
    reviewed.feed(points(10, 10, 200) + points(2003, 3, 41));
    CHECK(reviewed.counters().restarted == 0);
    reviewed.feed(points(2003 + 41 * 3, 3, 1));
    CHECK(reviewed.counters().restarted == 1);
    // A little longer or shorter is no reason to forget what was learned.
    for (const double other : {9.0, 7.0, 11.7, 14.0}) {
        CAPTURE(other);
        Rig rig(with({detecting("p", 0)}));
        rig.feed(points(10, 10, 200) + points(2010 + other, other, 400));
        CHECK(rig.counters().restarted == 0);
        CHECK(fed.size() == 600);
    }
}

TEST_CASE("a given interval keeps one value for each step, without a forecaster too") {
    Rig rig(with({detecting("p", 10)}));
    for (int i = 0; i < 100; ++i) rig.feed(at(10 * i, 1) + at(10 * i + 3, 2));
    CHECK(rig.counters().crowded == 100);
}

TEST_CASE("series with jitter that expire while their interval is learned") {
    config::Config config = with({forecasting("p", 0)});
    config.limits.ttl_ns = 100 * second;
    Rig rig(config);
    std::string text;
    for (const double time : jittered(0, 10, 0.3, 20, 1)) text += at(time, 1, "gone");
    for (int i = 20; i <= 60; ++i) text += at(10 * i, i, "stays");
    rig.feed(text);
    CHECK(rig.counters().expired_series == 1);
    CHECK(rig.counters().series == 1);
}

TEST_CASE(
    "one of many values for each step, as with an interval of minutes for data of seconds, is no fault") {
    Rig rig(with({forecasting()}));
    for (int i = 0; i < 3000; ++i) rig.feed(at(10 + i, i));
    CHECK(rig.reports.empty());
    CHECK(rig.counters().crowded == 2699);

    // Six for each step, of many series that come one after the other.
    Rig many(with({forecasting()}));
    for (int i = 0; i < 100; ++i)
        for (int series = 0; series < 50; ++series)
            many.feed(at(10 + i * 10.0 / 6, i, std::to_string(series)));
    CHECK(many.reports.empty());
    CHECK(many.counters().crowded > 4000);
}

TEST_CASE("two sources in one series: one warning") {
    Rig rig(with({forecasting()}));
    for (int i = 0; i < 100; ++i) rig.feed(at(10 + i * 10, i) + at(13 + i * 10, 5));
    REQUIRE(rig.reports.size() == 1);
    CHECK(rig.reports[0].find("Do several sources write the same series?") != std::string::npos);
}

TEST_CASE("most values within the interval of the one before: one warning, with what to do") {
    Rig rig(with({forecasting()}));
    std::string text;
    for (int i = 0; i < 2000; ++i) text += at(10 + i * 0.0001, i);
    rig.feed(text);
    REQUIRE(rig.reports.size() == 1);
    CHECK(rig.reports[0] ==
          "pipeline 'p': most of its values are not used, since they come within the interval of the value "
          "before "
          "them. Is 'interval' longer than that of the data? Are their timestamps in seconds or "
          "milliseconds, and "
          "read as nanoseconds? Do several sources write the same series? Then give them a tag, such as "
          "host, that "
          "tells them apart");
}

TEST_CASE("most values late: one warning; a few: none") {
    Rig rig(with({forecasting()}));
    for (int i = 1; i <= 300; ++i) rig.feed(at(10 * i, 1) + at(10 * i - 4, 1) + at(10 * i, 1));
    REQUIRE(rig.reports.size() == 1);
    CHECK(rig.reports[0].find("are not later than the value before them") != std::string::npos);
    Rig other(with({forecasting()}));
    for (int i = 1; i <= 3000; ++i) other.feed(at(10 * i, 1) + (i % 3 == 0 ? at(10 * i - 4, 1) : ""));
    CHECK(other.reports.empty());
}

}  // namespace forecastd::engine
