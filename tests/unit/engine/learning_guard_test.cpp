// The guard over what a forecaster learns: its scale, its limit, and both within the engine.
#include <doctest/doctest.h>

#include <random>

#include "engine/learning_guard.hpp"
#include "engine/season_memory.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// One series of errors, of a normal distribution unless given.
struct Errors {
    explicit Errors(std::int64_t season = 0) : guard(season) {}

    double give(double error, double deviation = nan) { return guard.learn(state, error, deviation); }
    void give_usual(int count, double sigma = 1) {
        for (int i = 0; i < count; ++i) give(sigma * normal(random), sigma);
    }
    [[nodiscard]] double limit() const { return guard.limit(state); }

    LearningGuard guard;
    LearningGuard::State state{};
    std::mt19937 random{4};
    std::normal_distribution<double> normal;
};

config::Pipeline learning(config::LearnFrom from) {
    config::Pipeline made = forecasting();
    made.forecast->learn_from_anomalies = from;
    return made;
}

// Values of a wave, a spike at each tenth of the later ones, and a lasting step at the end.
std::string spiky(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += at(10 * i, 20 + i % 3 + (i > 30 && i % 10 == 0 ? 500 : 0) + (i > count / 2 ? 90 : 0));
    return text;
}
std::vector<double> learned_of(config::LearnFrom from, std::size_t batch, int count = 120) {
    Rig rig(with({learning(from)}), batch);
    rig.feed(spiky(count));
    std::vector<double> values;
    for (const Fed& one : fed) values.push_back(one.value);
    return values;
}

}  // namespace

TEST_CASE("the limit begins at the sixth error, and is 3.5 scales later") {
    Errors errors;
    errors.give_usual(5);
    CHECK(std::isnan(errors.limit()));
    errors.give_usual(1);
    CHECK(errors.limit() > 2);
    errors.give_usual(1000);
    CHECK(errors.limit() == doctest::Approx(3.5).epsilon(0.15));
}

TEST_CASE("one misread value hardly moves the limit, however wild it is") {
    for (const double wild : {30.0, 1e6, 1e300}) {
        Errors errors;
        errors.give_usual(500);
        const double before = errors.limit();
        errors.give(wild);
        errors.give(-1);
        CHECK(errors.limit() < 1.2 * before);
    }
}

TEST_CASE("a bad value in the warm-up does not set the limit, wherever it stands") {
    for (int place = 0; place < 16; ++place) {
        CAPTURE(place);
        Errors errors;
        errors.give_usual(place);
        errors.give(1000);
        errors.give(-1000);
        errors.give_usual(40);
        CHECK(errors.limit() < 10);
    }
}

TEST_CASE("errors that stay on one side open the limit, and one that comes alone does not") {
    Errors errors;
    errors.give_usual(300);
    const double before = errors.limit();
    for (int i = 0; i < 8; ++i) errors.give(1e6);
    CHECK(errors.limit() < 1.5 * before);
    int points = 8;
    while (!(errors.limit() > 1e6) && points < 100) errors.give(1e6), ++points;
    CHECK(points < 80);

    Errors alone;
    alone.give_usual(300);
    for (int i = 0; i < 100; ++i) {
        alone.give(40);
        alone.give_usual(200);
    }
    CHECK(alone.limit() < 2 * before);
}

TEST_CASE("an hour of a model with a season of a day is not learned") {
    Errors errors(1440);
    errors.give_usual(300);
    const double before = errors.limit();
    for (int i = 0; i < 60; ++i) errors.give(100);
    CHECK(errors.limit() < 1.5 * before);
    for (int i = 0; i < 200; ++i) errors.give(100);
    CHECK(errors.limit() > 100);
}

// Once in forty errors, half a unit and nothing between: a root mean square of 0.079.
TEST_CASE("jumps of a series that mostly stands still are not eaten by the clipping") {
    Errors errors;
    for (int i = 0; i < 4000; ++i) errors.give(i % 40 ? 0 : 0.5);
    CHECK(errors.limit() == doctest::Approx(3.5 * 0.079).epsilon(0.15));
}

TEST_CASE("after equal values there is no limit, and after the first jumps there is") {
    Errors errors;
    for (int i = 0; i < 100; ++i) errors.give(0);
    CHECK(std::isnan(errors.limit()));
    for (int i = 0; i < 60; ++i) errors.give(i % 3 ? 0 : 2);
    CHECK(errors.limit() > 2);
    CHECK(errors.limit() < 10);
}

TEST_CASE("noise that grew tenfold is learned") {
    Errors errors;
    errors.give_usual(300);
    errors.give_usual(100, 10);
    CHECK(errors.limit() > 15);
}

TEST_CASE("a detector judges by the deviation from before an error beyond the limit") {
    Errors errors;
    errors.give_usual(300);
    CHECK(errors.give(50, 1) == doctest::Approx(1));
    CHECK(errors.give(0, 5) == doctest::Approx(1));
    CHECK(errors.give(0, 0.5) == doctest::Approx(0.5));  // surer than before
    for (int i = 0; i < 100; ++i) errors.give(0, 5);
    CHECK(errors.give(0, 5) == 5);  // what lasts counts
    CHECK(std::isnan(errors.give(0, nan)));
}

TEST_CASE("the guard of a series is saved and loaded") {
    Errors errors;
    errors.give_usual(100);
    for (int i = 0; i < 5; ++i) errors.give(-40, 3);
    Bytes bytes;
    ByteWriter out(bytes);
    LearningGuard::save(errors.state, out);
    Errors loaded;
    ByteReader in(bytes);
    LearningGuard::load(loaded.state, in);
    REQUIRE(in.at_end());
    for (int i = 0; i < 50; ++i) {
        CHECK(loaded.limit() == errors.limit());
        const double error = i < 20 ? -40 : 1;
        CHECK(loaded.give(error, 7) == errors.give(error, 7));
    }
}

TEST_CASE("where the season before had an error beyond the limit is known, also after a load") {
    SeasonMemory memory;
    for (const std::int64_t step : {1000, 1001, 1003, 1050}) memory.add(step);
    Bytes bytes;
    ByteWriter out(bytes);
    memory.save(out);
    SeasonMemory loaded;
    ByteReader in(bytes);
    loaded.load(in);
    REQUIRE(in.at_end());
    for (const SeasonMemory& one : {memory, loaded}) {
        for (const std::int64_t step : {999, 1000, 1002, 1004, 1049, 1050, 1051})
            CHECK(one.knows(step + 96, 96));
        for (const std::int64_t step : {997, 1006, 1048, 1052}) CHECK_FALSE(one.knows(step + 96, 96));
        CHECK_FALSE(one.knows(1000 + 2 * 96, 96));
    }
    CHECK_FALSE(SeasonMemory().knows(96, 96));
    for (std::int64_t step = 2000; step < 2060; step += 10) memory.add(step);
    CHECK_FALSE(memory.knows(1000 + 96, 96));
}

TEST_CASE("a spike is learned up to the limit, not at all, or as it is") {
    const auto spike_of = [](config::LearnFrom from) {
        Rig rig(with({learning(from)}));
        std::string text;
        for (int i = 0; i < 60; ++i) text += at(10 * i, 20 + i % 3);
        rig.feed(text + at(600, 500));
        return fed.back();
    };
    CHECK(spike_of(config::LearnFrom::always).value == 500);
    const Fed clipped = spike_of(config::LearnFrom::clip);
    CHECK(clipped.time_s == 600);
    CHECK(clipped.value > 22);
    CHECK(clipped.value < 40);
    CHECK(spike_of(config::LearnFrom::skip).time_s == 590);
}

TEST_CASE("what is learned does not depend on how points are cut into batches") {
    for (const auto from : {config::LearnFrom::clip, config::LearnFrom::skip, config::LearnFrom::always})
        CHECK(learned_of(from, 1) == learned_of(from, 32));
}

TEST_CASE("a level that lasts is learned") {
    for (const auto from : {config::LearnFrom::clip, config::LearnFrom::skip}) {
        const std::vector<double> values = learned_of(from, 32, 200);
        CHECK(values.back() > 105);
        CHECK(values.back() < 120);
    }
}

TEST_CASE("the judgement of a spike does not depend on what is learned of it") {
    const auto lines_of = [](config::LearnFrom from) {
        config::Pipeline judged = doing_both();
        judged.forecast->learn_from_anomalies = from;
        Rig rig(with({judged}));
        std::string text;
        for (int i = 0; i < 60; ++i) text += at(10 * i, 20 + i % 3);
        rig.feed(text + at(600, 500));
        return rig.lines("j").back();
    };
    CHECK(lines_of(config::LearnFrom::clip) == lines_of(config::LearnFrom::always));
    CHECK(lines_of(config::LearnFrom::skip) == lines_of(config::LearnFrom::always));
}

TEST_CASE("a pipeline that always learns keeps no guard and no first values") {
    const Report report = [](config::LogLevel, const std::string&) {};
    const auto bytes = [](config::LearnFrom from) {
        return record_size(learning(from), 10 * second, false).value();
    };
    CHECK(bytes(config::LearnFrom::clip) == bytes(config::LearnFrom::always) + 2 * 16);
}

}  // namespace forecastd::engine
