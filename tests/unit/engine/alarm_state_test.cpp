// The state of an alarm alone, with sequences made by hand.
#include "engine/alarm_state.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/peaks.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

AlarmRules rules() {
    AlarmRules made;
    made.clear_ns = 50 * second;
    made.silence = 20;
    made.interval_ns = 10 * second;
    return made;
}

// A series on a grid of 10 s that is expected to be 0, with a limit at 1 in either direction.
class Run {
  public:
    explicit Run(const AlarmRules& rules) : rules_(rules) {}

    // Points with these scores, which are also the values unless one is given. "o3" is an event that opens at
    // step 3, "w" where it becomes worse, "c" where it closes.
    Run& add(const std::vector<double>& scores, double value = nan) {
        for (const double score : scores) add_one(score, std::isnan(value) ? score : value);
        return *this;
    }
    Run& repeat(std::size_t count, double score, double value = nan) {
        return add(std::vector<double>(count, score), value);
    }
    Run& skip(std::int64_t steps) {
        step_ += steps;
        return *this;
    }
    [[nodiscard]] const std::string& seen() const { return seen_; }
    [[nodiscard]] std::size_t opened() const {
        return static_cast<std::size_t>(std::count(seen_.begin(), seen_.end(), 'o'));
    }

    AlarmState state{};

  private:
    void add_one(double score, double value) {
        const std::int64_t step = step_++, time_ns = step * rules_.interval_ns;
        if (state.has_lapsed(rules_, step)) {
            note('c', state.lapsed_ns(rules_, step, time_ns) / rules_.interval_ns);
            state.close();
        }
        const bool is_anomaly = score > 1;
        if (!is_anomaly && !state.is_active()) return;  // as the stage does
        const auto direction = value > 0 ? EventDirection::above_expected : EventDirection::below_expected;
        switch (state.take(rules_, {time_ns, step, value, 0, 1, score, direction, is_anomaly, false, 0})) {
            case AlarmChange::none:
                break;
            case AlarmChange::opened:
                note('o', step);
                break;
            case AlarmChange::worsened:
                note('w', step);
                break;
            case AlarmChange::closed:
                note('c', step);
                break;
        }
    }
    void note(char what, std::int64_t step) {
        seen_ += (seen_.empty() ? "" : " ") + std::string(1, what) + std::to_string(step);
    }

    const AlarmRules rules_;
    std::int64_t step_ = 0;
    std::string seen_;
};

}  // namespace

TEST_CASE("an event opens at the first anomaly, and closes when all was well for long enough") {
    Run run(rules());
    run.add({0, 0, 0, 3, 0, 0, 0, 0, 0, 0});
    CHECK(run.seen() == "o3 c8");
    CHECK(run.state.start_ns() == 30 * second);
    CHECK(run.state.last_ns() == 30 * second);
    CHECK(run.state.points() == 1);
    CHECK_FALSE(run.state.is_active());
}

TEST_CASE("an incident of dozens of points, with quiet ones between, is one event") {
    Run run(rules());
    for (int i = 0; i < 12; ++i) run.add({3, 0, 3, 3, 0, 0, 0, 3});
    run.repeat(10, 0);
    CHECK(run.opened() == 1);
    CHECK(run.state.points() == 48);
    CHECK(run.state.last_ns() == 950 * second);
}

TEST_CASE("a score near the limit keeps an event open, one below clear_score does not") {
    Run near(rules()), far(rules());
    CHECK(near.add({3}).repeat(20, 0.95).seen() == "o0");
    CHECK(far.add({3}).repeat(20, 0.6).seen() == "o0 c5");
    CHECK(near.state.points() == 1);
}

TEST_CASE("the peak is the point with the greatest score, and clearly worse means an update") {
    Run run(rules());
    run.add({3, 4, 7, 7, 5, 12.5, 25.1});
    CHECK(run.seen() == "o0 w2 w6");  // 12.5 is less than twice 7
    CHECK(run.state.peak_score() == doctest::Approx(25.1));
    CHECK(run.state.peak_value() == 25.1);
}

TEST_CASE("with a scale, clearly worse is a decade of probability") {
    AlarmRules with_scale = rules();
    with_scale.decade = 0.25;
    Run run(with_scale);
    run.add({3, 3.2, 3.25, 3.4, 3.51});
    CHECK(run.seen() == "o0 w2 w4");
}

TEST_CASE("again = 0 tells every new peak, and no equal one") {
    AlarmRules all = rules();
    all.again = 0;
    Run run(all);
    CHECK(run.add({3, 3, 2, 3.1, 3.1}).seen() == "o0 w3");
}

TEST_CASE("behind an event there is silence") {
    Run run(rules());
    run.add({1.6}).repeat(10, 0).add({1.6}).repeat(8, 0).add({1.6}).repeat(10, 0).add({1.6});
    CHECK(run.seen() == "o0 c5 o31");  // steps 11 and 20 are silent
}

TEST_CASE("what is clearly worse breaks the silence, but not at once") {
    AlarmRules short_clear = rules();
    short_clear.clear_ns = 0;
    Run at_once(short_clear), later(short_clear), hardly(short_clear);
    CHECK(at_once.add({3, 0, 9}).seen() == "o0 c1");
    CHECK(later.add({3, 3, 3, 3, 0, 0, 9}).seen() == "o0 c4 o6");
    CHECK(hardly.add({3, 3, 3, 3, 0, 0, 5}).seen() == "o0 c4");
}

TEST_CASE("what is clearly worse twice over breaks the silence at once") {
    AlarmRules short_clear = rules();
    short_clear.clear_ns = 0;
    Run far(short_clear), scaled({std::nullopt, 1, 1, 0, 0, 0.9, 20, 1, 0, 0.25, 10 * second});
    CHECK(far.add({1.4, 0, 60}).seen() == "o0 c1 o2");
    CHECK(scaled.add({1.4, 0, 1.8}).add({0, 1.95}).seen() == "o0 c1 o4");
}

TEST_CASE(
    "behind a rest that is longer than the event was, what is clearly beyond the limit is another incident") {
    Run longer(rules()), shorter(rules()), hardly(rules());
    CHECK(longer.add({5, 5, 5}).repeat(6, 0).add({3}).seen() == "o0 c7 o9");
    CHECK(shorter.repeat(9, 5).repeat(6, 0).add({3}).seen() == "o0 c13");
    CHECK(hardly.add({5, 5, 5}).repeat(6, 0).add({1.9}).seen() == "o0 c7");
}

TEST_CASE("each event raises the limit, and that fades") {
    AlarmRules raising = rules();
    raising.budget = 0.5;
    Run run(raising);
    run.add({3}).repeat(30, 0).add({1.4}).repeat(5, 0).add({1.6}).repeat(10, 0);
    CHECK(run.seen() == "o0 c5 o37 c42");
    CHECK(run.state.raised(37) == doctest::Approx(0.5 * std::exp2(-37 / 2000.0) + 0.5));
    CHECK(run.state.raised(2037) == doctest::Approx(run.state.raised(37) / 2));
    CHECK(run.skip(3000).add({1.4}).opened() == 3);
}

TEST_CASE("an anomaly that is certain is one whatever the limit") {
    AlarmRules raising = rules();
    raising.budget = 50;
    AlarmState state{};
    const auto take = [&](std::int64_t step, bool is_certain) {
        return state.take(raising, {step * 10 * second, step, 1.01, 0, nan, 1.01,
                                    EventDirection::above_expected, true, is_certain, 0});
    };
    CHECK(take(0, true) == AlarmChange::opened);
    state.close();
    CHECK(take(100, false) == AlarmChange::none);
    CHECK(take(101, true) == AlarmChange::opened);
}

TEST_CASE("three of the last five") {
    AlarmRules share = rules();
    share.count = 3;
    share.window = 5;
    Run scattered(share), close(share);
    CHECK(scattered.add({3, 0, 0, 3, 0, 0, 3, 0, 0, 3}).seen().empty());
    CHECK(close.add({0, 3, 0, 4, 0, 2, 0}).seen() == "o5");
    CHECK(close.state.start_ns() == 10 * second);
    CHECK(close.state.points() == 3);
    CHECK(close.state.peak_value() == 4);
}

TEST_CASE("by rarity: one point far off opens at once, several close by together") {
    AlarmRules rare = rules();
    rare.rare = UsualIncidents::Times{400, 100, 1e12};
    Run far(rare), near(rare), apart(rare);
    CHECK(far.add({0, 0, 3}).seen() == "o2");
    // 1.2 and 1.2 and 1.2 add up to more than 2.5.
    CHECK(near.add({1.2, 0, 0, 1.2, 0, 1.2}).seen() == "o5");
    CHECK(near.state.start_ns() == 0);
    CHECK(near.state.points() == 3);
    CHECK(apart.add({2}).repeat(29, 0).add({2}).repeat(29, 0).add({2}).seen().empty());
    CHECK(apart.repeat(31, 0).state.is_active() == false);
}

TEST_CASE("by rarity: what is usual opens none, what is rare for any series opens one alone") {
    AlarmRules rare = rules();
    rare.rare = UsualIncidents::Times{400, 100, 1e12};
    rare.silence = 0;
    Run usual(rare);
    for (int i = 0; i < 20; ++i) usual.add({3}).repeat(40, 0);
    CHECK(usual.opened() <= 3);
    const std::size_t before = usual.opened();
    CHECK(usual.add({60}).opened() == before + 1);
    AlarmState state{};
    const AlarmPoint drift{0, 0, 1.01, 0, nan, 1.01, EventDirection::above_expected, true, false, 0, true};
    CHECK(state.take(rare, drift) == AlarmChange::opened);
}

TEST_CASE("anomalies in a row for some time") {
    AlarmRules lasting = rules();
    lasting.lasting_ns = 30 * second;
    Run run(lasting);
    CHECK(run.add({3, 3, 3, 0, 3, 3, 3, 3}).seen() == "o7");
    CHECK(run.state.start_ns() == 40 * second);
    Run with_hole(lasting);
    CHECK(with_hole.add({3}).skip(100).add({3}).seen().empty());
}

TEST_CASE("a hole in the data closes an event where it would have closed") {
    Run run(rules());
    CHECK(run.add({3, 3}).skip(100).add({0}).seen() == "o0 c6");
    Run again(rules());
    CHECK(again.add({3, 3}).skip(100).add({3}).seen() == "o0 c6 o102");
}

TEST_CASE("the return to normal is no alarm of its own, however late") {
    Run run(rules());
    // The value goes to 10 and stays; the models learn that at once; later it falls back, which they find
    // odd.
    run.add({9}, 10).repeat(300, 0, 10);
    CHECK(run.state.is_active());
    run.add({9, 9}, 0).repeat(10, 0, 0).add({3}, 3);
    CHECK(run.seen() == "o0 c5");
    CHECK_FALSE(run.state.is_active());
    CHECK(run.repeat(30, 0, 0).add({5}, 10).opened() == 2);
}

TEST_CASE("a return that goes far beyond is an alarm") {
    Run run(rules());
    run.add({9}, 10).repeat(300, 0, 10).add({9}, -10);
    CHECK(run.opened() == 2);
}

TEST_CASE("the return in an open event ends it, and leaves its peak") {
    Run run(rules());
    run.add({5, 0, 0}, 10).add({20, 20, 20, 20, 20, 20}, 0);
    CHECK(run.seen() == "o0 c5");
    CHECK(run.state.peak_value() == 10);
    CHECK(run.state.points() == 1);
}

TEST_CASE("points without a score leave an event to its time") {
    Run run(rules());
    CHECK(run.add({3}).repeat(6, nan, 0).seen() == "o0 c5");
}

TEST_CASE("what is saved at any point goes on the same") {
    const std::vector<double> scores{0, 3, 0, 3, 3, 9, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 30, 30, 0, 0, 0, 0, 0};
    AlarmRules share = rules();
    share.count = 2;
    share.window = 3;
    share.budget = 0.1;
    Run whole(share);
    whole.add(scores);
    REQUIRE(whole.opened() == 2);
    for (std::size_t cut = 0; cut <= scores.size(); ++cut) {
        Run run(share);
        run.add({scores.begin(), scores.begin() + static_cast<std::ptrdiff_t>(cut)});
        Bytes bytes;
        ByteWriter out(bytes);
        run.state.save(out);
        run.state = {};
        ByteReader in(bytes);
        REQUIRE(run.state.load(in));
        CHECK(in.at_end());
        run.add({scores.begin() + static_cast<std::ptrdiff_t>(cut), scores.end()});
        CHECK(run.seen() == whole.seen());
        CHECK(run.state.raised(1000) == whole.state.raised(1000));
    }
}

TEST_CASE("a saved state that cannot be is refused") {
    AlarmState state{};
    Bytes bytes;
    ByteWriter out(bytes);
    state.save(out);
    for (std::size_t from_end = 1; from_end <= 3; ++from_end) {
        Bytes wrong = bytes;
        wrong[wrong.size() - from_end] = 99;
        ByteReader in(wrong);
        CHECK_FALSE(state.load(in));
    }
}

TEST_CASE("a peak that came back three times is no news, a higher one is") {
    Peaks peaks{};
    const auto add = [&](std::int64_t step, double score) { return peaks.add(step, score, 0.25, 4000); };
    CHECK(add(0, 2) == 2);
    CHECK(add(10, 2.1) == 2.1);  // the same peak
    CHECK(add(1000, 2) == 2);
    CHECK(add(2000, 2) == 2);
    CHECK(add(3000, 2) == doctest::Approx((std::log10(4000 / 3.0) - 1) * 0.25));
    CHECK(add(3100, 3) == 3);
    CHECK(add(9000, 2) == 2);  // the others are too old
}

}  // namespace forecastd::engine
