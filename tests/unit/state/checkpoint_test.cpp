// An engine's series, through a directory, into another engine: it goes on as the first would have.
#include "state/checkpoint.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <thread>

#include "state/restore.hpp"
#include "unit/engine/rig.hpp"
#include "unit/temporary.hpp"

namespace forecastd::state {
namespace {

using engine::at;
using engine::Rig;

std::string points(int from, int to) {
    std::string text;
    for (int i = from; i < to; ++i) text += at(10 * i, i % 7) + at(10 * i, i % 5, "m,host=b");
    return text;
}

config::Config config() { return engine::with({engine::doing_both()}); }

// An engine that has learned some points, and a directory for it.
struct Saving {
    explicit Saving(const config::Config& of = config()) : rig(of) { rig.feed(points(0, 30)); }
    void write() { REQUIRE(checkpoint.write_now(rig.engine, Checkpoint::Clock::time_point::max())); }

    const Temporary place;
    Expected<Directory> directory = Directory::open(place.path);
    Rig rig;
    Checkpoint checkpoint{*directory};
};

// Waits for the end of one that is beside the flow.
Expected<Written> wait_for(Checkpoint& checkpoint) {
    for (;;) {
        if (auto written = checkpoint.poll()) return std::move(*written);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

void check_goes_on(Directory& directory) {
    Rig through(config()), other(config());
    through.feed(points(0, 30));
    through.lines().clear();
    through.feed(points(30, 60));
    const Restored restored = restore(other.engine, {-1, &directory, 0}, 0);
    CHECK(restored.series == 2);
    CHECK(restored.refused == 0);
    CHECK(restored.problems.empty());
    other.feed(points(30, 60));
    CHECK(other.lines() == through.lines());
}

}  // namespace

TEST_CASE("beside the flow: a snapshot of the moment at which it began") {
    Saving saving;
    REQUIRE(saving.checkpoint.begin(saving.rig.engine));
    saving.rig.feed(points(30, 45));  // which it does not see
    const auto written = wait_for(saving.checkpoint);
    REQUIRE_MESSAGE(written, written.error().text);
    CHECK(written->series == 2);
    CHECK(written->problem.empty());
    CHECK_FALSE(saving.checkpoint.is_under_way());
    check_goes_on(*saving.directory);
}

TEST_CASE("at once, and given up at the deadline") {
    Saving saving;
    saving.write();
    saving.rig.feed(points(30, 45));
    const auto late = saving.checkpoint.write_now(saving.rig.engine, Checkpoint::Clock::now());
    REQUIRE_FALSE(late);
    CHECK(late.error().text == "no time was left for all of its series");
    check_goes_on(*saving.directory);  // with the one before
}

TEST_CASE("the snapshot before stands in for what is damaged") {
    Saving saving;
    saving.write();
    saving.write();
    const int fd = ::open((saving.place.path + "/snapshot").c_str(), O_WRONLY);
    REQUIRE(::pwrite(fd, "x", 1, 200) == 1);
    ::close(fd);
    Rig other(config());
    const Restored restored = restore(other.engine, {-1, &*saving.directory, 0}, 0);
    CHECK(restored.series == 2);
    REQUIRE(restored.problems.size() == 1);
    CHECK(restored.problems[0].find("is damaged") != std::string::npos);
    CHECK(restored.problems[0].find("it is kept as") != std::string::npos);
}

TEST_CASE("a changed config takes what fits, and says what does not, once for each kind") {
    Saving saving(engine::with({engine::doing_both("a"), engine::doing_both("b")}));
    saving.write();
    Rig other(engine::with({engine::doing_both("a"), engine::doing_both("b", 10, {9, 0, 0, false})}));
    const Restored restored = restore(other.engine, {-1, &*saving.directory, 0}, 0);
    CHECK(restored.series == 2);
    CHECK(restored.refused == 2);
    REQUIRE(restored.problems.size() == 1);
    CHECK(restored.problems[0] ==
          "2 saved series are not taken over: plugin 'probe': the state was saved with other parameters");
}

TEST_CASE("a snapshot that is too old is left alone") {
    Saving saving;
    saving.write();
    Rig other(config());
    constexpr std::int64_t hour_ns = 3'600'000'000'000;
    const std::int64_t later_ns =
        std::chrono::duration_cast<std::chrono::nanoseconds>(
            (std::chrono::system_clock::now() + std::chrono::hours(3)).time_since_epoch())
            .count();
    const Restored restored = restore(other.engine, {-1, &*saving.directory, hour_ns}, later_ns);
    CHECK(restored.series == 0);
    REQUIRE(restored.problems.size() == 1);
    CHECK(restored.problems[0].find("state.max_age is 1h") != std::string::npos);
}

}  // namespace forecastd::state
