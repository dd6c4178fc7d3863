// Series saved, and loaded into a fresh engine: they go on as if nothing had happened.
#include <doctest/doctest.h>

#include <map>

#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

struct Saved {
    std::string pipeline, key, field;
    Bytes cohort, bytes;
};

std::vector<Saved> save(const Engine& engine) {
    std::vector<Saved> all;
    const auto done = engine.save([&](const SavedSeries& one) {
        all.push_back({std::string(one.pipeline), std::string(one.key), std::string(one.field),
                       Bytes(one.cohort.begin(), one.cohort.end()),
                       Bytes(one.state.begin(), one.state.end())});
    });
    REQUIRE_MESSAGE(done, done.error().text);
    return all;
}

Expected<void> load(Engine& engine, const Saved& one) {
    return engine.load({one.pipeline, one.key, one.field, one.cohort, one.bytes});
}

// Points of two keys, with jitter, a gap, spikes, and a counter that goes back.
std::string points(int from, int to) {
    std::string text;
    for (int i = from; i < to; ++i) {
        if (i % 17 == 5) continue;
        text += at(10 * i + (i % 3) * 0.1, (i * 7) % 40 + (i % 23 == 0 ? 200 : 0));
        text += at(10 * i, i % 40, R"(m,a\ b=1,c=\,)");
    }
    return text;
}

// The second half of the points comes to the same, whether or not the engine was a fresh one.
void check_round_trip(const config::Config& config, std::size_t series) {
    Rig through(config), first(config), other(config);
    through.feed(points(0, 60));
    through.lines().clear();
    through.feed(points(60, 120));
    first.feed(points(0, 60));
    const std::vector<Saved> saved = save(first.engine);
    CHECK(saved.size() == series);
    for (const Saved& one : saved) {
        const auto loaded = load(other.engine, one);
        REQUIRE_MESSAGE(loaded, loaded.error().text);
    }
    other.feed(points(60, 120));
    REQUIRE(through.lines().size() > 120);
    REQUIRE(other.lines() == through.lines());
    CHECK(other.counters().series == through.counters().series);
}

config::Config one(config::Pipeline pipeline) { return with({std::move(pipeline)}); }

}  // namespace

TEST_CASE("forecaster, detector and rules") {
    check_round_trip(one(doing_both()), 2);
    check_round_trip(one(detecting()), 2);
}

TEST_CASE("an interval that was learned") { check_round_trip(one(doing_both("p", 0)), 2); }

TEST_CASE("several pipelines, each with its own series") {
    check_round_trip(with({doing_both("a"), detecting("b", 0), forecasting("c", 20)}), 6);
}

TEST_CASE("rate") {
    config::Pipeline pipeline = doing_both();
    pipeline.rate = true;
    check_round_trip(one(pipeline), 2);
}

TEST_CASE("data range: the warm-up is over for a series that was loaded") {
    config::Pipeline pipeline = doing_both();
    pipeline.detect->data_range = {0, 100};
    check_round_trip(one(pipeline), 2);
}

TEST_CASE("forecasts, and when the next one is due; thresholds") {
    config::Pipeline pipeline = forecasting();
    pipeline.forecast->emit_every_ns = 70 * second;
    pipeline.forecast->horizon = {5, 0};
    pipeline.forecast->thresholds = {{"high", 30, config::Side::above}};
    check_round_trip(one(pipeline), 2);
}

TEST_CASE("diagnostics, and when the next ones are due") { check_round_trip(one(telling(70)), 2); }

TEST_CASE("accuracy: the last value is kept") {
    config::Config config = one(forecasting());
    config.metrics_every_ns = second;
    check_round_trip(config, 2);
    Rig first(config), other(config);
    first.feed(at(10, 1) + at(20, 3));
    REQUIRE(load(other.engine, save(first.engine)[0]));
    other.feed(at(30, 7));
    const auto* accuracy = other.engine.pipelines()[0]->cohorts()[0]->accuracy();
    REQUIRE(accuracy);
    CHECK(accuracy->mae() == 4);
    CHECK(accuracy->mase() == 1);
}

TEST_CASE("a series that is set aside, or has learned nothing, is not saved") {
    Rig rig(one(detecting("p", 10, {3, 0, 0, false})));
    rig.feed(at(10, 1) + at(20, 2) + at(30, 3) + at(10, 1, "n"));
    const auto saved = save(rig.engine);
    REQUIRE(saved.size() == 1);
    CHECK(saved[0].key == "n");
}

TEST_CASE("a key that no point has is refused, and harms no other") {
    Rig rig(one(doing_both())), other(one(doing_both()));
    rig.feed(points(0, 10));
    Saved saved = save(rig.engine)[0];
    const std::string key = saved.key;
    for (const std::string wrong : {"", ",", "m,", "m,a", "m,a=", "m,=b", "m,a=b ", " m", "#m", "m\n", "m\\",
                                    "m v=\"", "m,a=b,c", "m\nn"}) {
        saved.key = wrong;
        const auto loaded = load(other.engine, saved);
        REQUIRE_FALSE(loaded);
        CHECK(loaded.error().text == "the saved key '" + wrong + "' is not that of a point");
    }
    CHECK(other.counters().series == 0);
    saved.key = key;
    CHECK(load(other.engine, saved));
}

TEST_CASE("what does not fit is refused with a sentence, and the series begins at its next point") {
    Rig rig(one(doing_both()));
    rig.feed(points(0, 10));
    const Saved saved = save(rig.engine)[0];
    const auto error = [&](config::Pipeline pipeline, const Saved& from) {
        Rig other(one(std::move(pipeline)));
        const auto loaded = load(other.engine, from);
        REQUIRE_FALSE(loaded);
        CHECK(other.counters().series == 0);
        other.feed(at(1000, 5));
        CHECK(other.counters().series <= 1);
        return loaded.error().text;
    };
    CHECK(error(doing_both("p", 20), saved) ==
          "the series was saved with an interval of 10000000000 ns, and the config now says 20000000000 ns");
    CHECK(error(doing_both("p", 10, {9, 0, 0, false}), saved) ==
          "plugin 'probe': the state was saved with other parameters");
    CHECK(error(doing_both("other"), saved) == "no pipeline 'p' watches the field 'v' of 'm' any more");
    for (std::size_t size = 0; size < saved.bytes.size(); ++size) {
        Saved cut = saved;
        cut.bytes.resize(size);
        Rig other(one(doing_both()));
        // Cut between two parts, what is there is loaded.
        if (!load(other.engine, cut)) CHECK(other.counters().series == 0);
    }
    Saved noise = saved;
    for (std::size_t i = 0; i < noise.bytes.size(); ++i) {
        noise.bytes[i] = static_cast<char>(noise.bytes[i] + 1);
        Rig other(one(doing_both()));
        (void)load(other.engine, noise);  // refused or not, it does not crash
    }
}

TEST_CASE("a stage that came or went leaves the others alone") {
    Rig rig(one(doing_both()));
    rig.feed(at(10, 1) + at(20, 2));
    Rig other(one(forecasting()));
    REQUIRE(load(other.engine, save(rig.engine)[0]));
    other.feed(at(30, 4));
    CHECK(other.lines("f") == Lines{"f m v p @30: 40=4"});
    const Saved saved = save(other.engine)[0];
    REQUIRE(load(rig.engine, Saved{"p", "n", "v", saved.cohort, saved.bytes}));
}

TEST_CASE("values as bytes: little-endian, and never read behind the end") {
    Bytes bytes;
    ByteWriter out(bytes);
    out.put(std::uint16_t{0x1234});
    out.put(std::int64_t{-2});
    out.put(1.5);
    out.put(std::span<const char>("abc", 3));
    CHECK(bytes.size() == 2 + 8 + 8 + 4 + 3);
    CHECK(bytes[0] == 0x34);
    CHECK(bytes[1] == 0x12);
    ByteReader in(bytes);
    CHECK(in.take<std::uint16_t>() == 0x1234);
    CHECK(in.take<std::int64_t>() == -2);
    CHECK(in.take_double() == 1.5);
    CHECK(in.take_bytes().size() == 3);
    CHECK(in.at_end());
    CHECK(in.take<std::uint8_t>() == 0);
    CHECK_FALSE(in.complete());
    ByteReader huge(std::span<const char>("\xff\xff\xff\xff", 4));
    CHECK(huge.take_bytes().empty());
    CHECK_FALSE(huge.complete());
}

TEST_CASE("what a series knows of its interval being wrong is saved") {
    // Learned as 11.7 s, and the points come each 10 s: it begins again, in either engine at the same point.
    const auto part = [](int from, int to) {
        std::string text;
        for (int i = from; i < to; ++i) text += at(i < 8 ? 11.7 * i : 117 + 10 * (i - 8), 1);
        return text;
    };
    Rig through(one(forecasting("p", 0))), first(one(forecasting("p", 0))), other(one(forecasting("p", 0)));
    const int middle = 30;
    through.feed(part(0, 400));
    first.feed(part(0, middle));
    CHECK(first.counters().restarted == 0);
    const std::vector<Saved> saved = save(first.engine);
    REQUIRE(saved.size() == 1);
    REQUIRE(load(other.engine, saved[0]));
    other.feed(part(middle, 400));
    CHECK(through.counters().restarted == 1);
    CHECK(other.counters().restarted == 1);
    CHECK(first.counters().crowded + other.counters().crowded == through.counters().crowded);
}

}  // namespace forecastd::engine
