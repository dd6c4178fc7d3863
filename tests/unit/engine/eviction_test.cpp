// Idle series give way to new ones, and return as they were.
#include <doctest/doctest.h>

#include <map>
#include <tuple>

#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

// Keeps series in memory.
class Memory : public Spill {
  public:
    void put(const SavedSeries& saved) override {
        kept_[name(saved.names())] = {Bytes(saved.cohort.begin(), saved.cohort.end()),
                                      Bytes(saved.state.begin(), saved.state.end())};
    }
    void end_group() override {}
    bool take(const SeriesNames& names, const std::function<void(const SavedSeries&)>& to) override {
        const auto found = kept_.find(name(names));
        if (found == kept_.end()) return false;
        const auto [cohort, state] = found->second;
        kept_.erase(found);
        to({names.pipeline, names.key, names.field, cohort, state});
        return true;
    }
    void forget(const SeriesNames& names) override { kept_.erase(name(names)); }
    [[nodiscard]] std::size_t size() const { return kept_.size(); }

  private:
    using Name = std::tuple<std::string, std::string, std::string>;
    static Name name(const SeriesNames& names) {
        return {std::string(names.pipeline), std::string(names.key), std::string(names.field)};
    }
    std::map<Name, std::pair<Bytes, Bytes>> kept_;
};

std::string key(int i) { return "m,i=" + std::to_string(100'000 + i); }

// Points of some keys at the steps from..to.
std::string points(int first_key, int keys, int from, int to) {
    std::string text;
    for (int step = from; step < to; ++step)
        for (int i = first_key; i < first_key + keys; ++i) text += at(10 * step, (i + step) % 7, key(i));
    return text;
}

config::Config limited(std::int64_t max_series, config::Pipeline pipeline = doing_both()) {
    config::Config config = with({std::move(pipeline)});
    config.limits.max_series = max_series;
    return config;
}

}  // namespace

TEST_CASE("series without a point for ten intervals give way, those first that are idle longest") {
    Rig rig(limited(10));
    rig.feed(points(0, 5, 0, 10) + points(5, 5, 0, 20));
    rig.feed(points(5, 5, 20, 30) + points(10, 3, 30, 31));
    CHECK(rig.counters().evicted_series == 5);
    CHECK(rig.counters().refused_series == 0);
    CHECK(rig.counters().series == 8);
    REQUIRE(rig.reports.size() == 1);
    CHECK(rig.reports[0].find("give way to new ones") != std::string::npos);
    // The five that are still written go on.
    rig.lines().clear();
    rig.feed(points(5, 5, 30, 31));
    CHECK(rig.lines("j").size() == 5);
    for (const std::string& line : rig.lines("j")) CHECK(line.find("warmup") == std::string::npos);
}

TEST_CASE("series that are still written never give way") {
    Rig rig(limited(10));
    rig.feed(points(0, 10, 0, 10));
    for (int step = 10; step < 40; ++step)
        rig.feed(points(0, 10, step, step + 1) + points(100 + step, 1, step, step + 1));
    CHECK(rig.counters().evicted_series == 0);
    CHECK(rig.counters().refused_series == 30);
    CHECK(rig.counters().series == 10);
}

TEST_CASE("evict none: new series pass") {
    config::Config config = limited(10);
    config.limits.evict = config::Limits::Evict::none;
    Rig rig(config);
    rig.feed(points(0, 10, 0, 10) + points(50, 10, 100, 110));
    CHECK(rig.counters().evicted_series == 0);
    CHECK(rig.counters().refused_series == 10);
}

TEST_CASE("a point from the far future makes no series idle") {
    Rig rig(limited(10));
    rig.feed(points(0, 10, 0, 10) + at(1e9, 1, "m,far=1") + points(0, 10, 10, 20));
    CHECK(rig.counters().evicted_series == 0);
}

TEST_CASE("a series that returns goes on where it was, at any size of the batches") {
    for (const std::int64_t interval : {10, 0}) {
        Lines first;
        for (const std::size_t batch : std::initializer_list<std::size_t>{1, 7, 32}) {
            Memory memory;
            Rig rig(limited(20, doing_both("p", interval)), batch),
                through(limited(1000, doing_both("p", interval)));
            rig.engine.set_spill(&memory);
            const std::string text = points(0, 20, 0, 40) + points(20, 20, 100, 140);
            rig.feed(text);
            CHECK(rig.counters().evicted_series == 20);
            CHECK(memory.size() == 20);
            rig.feed(points(0, 20, 200, 240));
            through.feed(text + points(0, 20, 200, 240));
            CHECK(rig.counters().returned_series == 20);
            CHECK(rig.counters().series == 20);
            CHECK(rig.lines() == through.lines());
            if (first.empty()) first = rig.lines();
            CHECK(rig.lines() == first);
        }
    }
}

TEST_CASE("one that is older than the time to live begins again, as does one that a label resets") {
    Memory memory;
    config::Config config = limited(2);
    config.limits.ttl_ns = 1000 * second;
    Rig rig(config);
    rig.engine.set_spill(&memory);
    rig.feed(points(0, 2, 0, 10) + points(2, 2, 20, 30));
    CHECK(memory.size() == 2);
    rig.feed(points(2, 2, 30, 200) + points(0, 1, 210, 211));
    CHECK(rig.counters().returned_series == 0);
}

TEST_CASE("an open event of a series that gives way is closed") {
    config::Pipeline pipeline = doing_both();
    pipeline.output.event = "{measurement}_event";
    pipeline.alarm.raise = {};  // any anomaly
    Rig rig(limited(1, pipeline));
    std::string quiet;
    for (int step = 0; step < 10; ++step) quiet += at(10 * step, 1, key(0));
    rig.feed(quiet + at(100, 900, key(0)) + points(1, 1, 100, 101));
    const Lines events = rig.lines("e");
    REQUIRE(events.size() == 2);
    CHECK(events[0].find(" open ") != std::string::npos);
    CHECK(events[1].find(" closed ") != std::string::npos);
    CHECK(events[1].find("gave way to others") != std::string::npos);
    CHECK(rig.counters().events_open == 0);
}

TEST_CASE("memory: many more series than there is room for, and it stays within the limit") {
    for (const std::int64_t interval : {10, 0}) {
        Memory memory;
        config::Config config = with({doing_both("p", interval)});
        config.limits.max_memory_bytes = 2'000'000;
        Rig rig(config);
        rig.engine.set_spill(&memory);
        for (int i = 0; i < 30; ++i) rig.feed(points(i * 1000, 1000, 20 * i, 20 * i + 10));
        CHECK(rig.engine.allocated_bytes() <= 2'000'000);
        CHECK(rig.counters().evicted_series > 20'000);
        CHECK(rig.counters().series > 1000);
        CHECK(rig.counters().refused_series < 100);
    }
}

TEST_CASE("keys without a series, and other spellings, are forgotten") {
    Rig rig(limited(100));
    for (int i = 0; i < 50; ++i) rig.feed(points(i * 1000, 1000, 20 * i, 20 * i + 1));
    const std::size_t before = rig.engine.allocated_bytes();
    for (int i = 50; i < 300; ++i) rig.feed(points(i * 1000, 1000, 20 * i, 20 * i + 1));
    CHECK(rig.engine.allocated_bytes() < before + 100'000);
    std::string spellings;
    for (std::size_t i = 0; i < 20'000; ++i)
        spellings += at(10'000, 1, "m,a=" + std::string(1 + i % 50, '\\') + "x" + std::to_string(i) + ",b=1");
    rig.feed(spellings);
    CHECK(rig.engine.allocated_bytes() < before + 3'000'000);
}

}  // namespace forecastd::engine
