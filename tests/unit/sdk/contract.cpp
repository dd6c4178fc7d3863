// What version 1.0 of the contract asks of the C++ layer: limits and flags of points, typed tails, old
// states, error codes, inputs, reasons, quantiles, the host.
#include <doctest/doctest.h>

#include <string>

#include "unit/sdk/host.hpp"

namespace forecastd {
namespace {

// The last value, and a count of what was learned.
struct Last {
    static constexpr About about{"test.last", "1.0.0", "The last value."};
    struct Series {
        double last = nan;
        int learned = 0;
    };
    void observe(Series& s, const Point& p) const {
        s.last = p.value;
        ++s.learned;
    }
    void forecast(const Series& s, Forecast& out) const {
        for (auto& step : out) step = {s.last, 1};
    }
};

// Forecasts the last value, and judges by twice that.
struct Both : Last {
    Verdict judge(const Series& s, const Point& p) const {
        return {.score = std::abs(p.value), .expected = p.value < -1e6 ? nan : 2 * s.last};
    }
};

// A detector that expects nothing of its own.
struct Detector {
    static constexpr About about{"test.detector", "1.0.0", "The value."};
    struct Series {
        double last = 0;
    };
    void observe(Series& s, const Point& p) const { s.last = p.value; }
    Verdict judge(const Series&, const Point& p) const { return {.score = p.value, .reason = 2}; }
    static constexpr auto reasons() { return std::array{"It is low.", "It is high."}; }
};

template <class Model>
const fcd_algorithm& algorithm() {
    return *detail::library<Model>()->algorithms[0];
}

// Feeds one point with a limit and flags, and returns its verdict.
fcd_verdict feed(Run& run, double value, double limit, std::uint32_t flags = 0) {
    run.limit = limit;
    run.flags = flags;
    REQUIRE(run.advance({value}) == 1);
    return run.verdicts[0];
}

template <class Model>
double last(Run& run) {
    return static_cast<typename Model::Series*>(run.series())->last;
}

}  // namespace

TEST_CASE("learn_limit bounds how far a value pulls a forecaster") {
    Run run(&algorithm<Last>());
    SUBCASE("nothing is expected yet: the value is learned as it is") {
        feed(run, 50, 1);
        CHECK(last<Last>(run) == 50);
    }
    feed(run, 10, nan);
    CHECK(feed(run, 100, 2).expected == 10);
    CHECK(last<Last>(run) == 12);
    feed(run, -100, 2);
    CHECK(last<Last>(run) == 10);
    feed(run, 11, 2);
    CHECK(last<Last>(run) == 11);
    feed(run, 1e300, infinity);
    CHECK(last<Last>(run) == 1e300);
}

TEST_CASE("a limit of 0 learns nothing, even of the first point") {
    Run run(&algorithm<Last>());
    feed(run, 5, 0);
    CHECK(std::isnan(last<Last>(run)));
    CHECK(run.forecast(1) == FCD_NOT_YET);
    feed(run, 5, nan);
    CHECK(feed(run, 9, 0).expected == 5);
    CHECK(last<Last>(run) == 5);
}

TEST_CASE("judge only does not learn, and learn only keeps the limit") {
    Run run(&algorithm<Last>());
    feed(run, 5, nan);
    CHECK(feed(run, 9, nan, FCD_JUDGE_ONLY).expected == 5);
    CHECK(feed(run, 9, 1, FCD_JUDGE_ONLY).expected == 5);
    CHECK(last<Last>(run) == 5);
    feed(run, 9, 1, FCD_LEARN_ONLY);
    CHECK(last<Last>(run) == 6);
    CHECK(std::isnan(feed(run, 9, nan, FCD_LEARN_ONLY).expected));
    CHECK(last<Last>(run) == 9);
}

TEST_CASE("the limit is around what judge expects, else around the forecast") {
    Run run(&algorithm<Both>());
    feed(run, 10, nan);
    CHECK(feed(run, 100, 1).expected == 20);
    CHECK(last<Both>(run) == 21);
    CHECK(feed(run, -2e6, 1).expected == 21);
    CHECK(last<Both>(run) == 20);
}

TEST_CASE("a detector that expects nothing learns the value whatever the limit, but for 0") {
    Run run(&algorithm<Detector>());
    feed(run, 10, nan);
    CHECK(feed(run, 100, 1).score == 100);
    CHECK(last<Detector>(run) == 100);
    feed(run, 7, 0);
    CHECK(last<Detector>(run) == 100);
}

TEST_CASE("without ready(), nothing is asked of a series that has learned nothing") {
    Run run(&algorithm<Detector>());
    CHECK(run.series_size == 16);  // a flag behind the 8 bytes of Series
    CHECK(std::isnan(feed(run, 10, nan, FCD_JUDGE_ONLY).score));
    CHECK(std::isnan(feed(run, 10, nan).score));
    CHECK(feed(run, 10, nan).score == 10);
}

TEST_CASE("reasons are numbered from 1") {
    CHECK(algorithm<Last>().reason_count == 0);
    REQUIRE(algorithm<Detector>().reason_count == 2);
    CHECK(algorithm<Detector>().reasons[1] == std::string("It is high."));
    Run run(&algorithm<Detector>());
    run.advance({1, 2});
    CHECK(run.verdicts[0].reason == 0);
    CHECK(run.verdicts[1].reason == 2);
}

// ---- Tails of several types, the seed, the end, and old states

namespace {

int ended = 0;

struct Old {
    float sum = 0;
};

struct Typed {
    static constexpr About about{"test.typed", "2.0.0", "Tails of three types.", 2};
    static constexpr auto params() {
        return std::tuple{integer<&Typed::length>("length", 3, 0, 9, "Length.")};
    }
    struct Series {
        std::uint64_t seed = 0;
        std::uint32_t next = 0;
    };
    auto tails() const {
        return std::tuple{Tail<std::int32_t>{length}, Tail<double>{length}, Tail<std::uint8_t>{length}};
    }
    using Steps = std::span<const std::int32_t>;
    using Values = std::span<const double>;
    using Marks = std::span<const std::uint8_t>;

    void start(Series& s, std::span<std::int32_t>, std::span<double>, std::span<std::uint8_t> marks,
               const SeriesInfo& info) const {
        s.seed = info.id_hash;
        if (!marks.empty()) marks.back() = 9;
    }
    void observe(Series& s, std::span<std::int32_t> steps, std::span<double> values,
                 std::span<std::uint8_t> marks, const Point& p) const {
        if (p.value < 0) throw BeginAgain("a negative value");
        if (p.value > 1e6) throw AskLater("a huge value");
        const std::size_t place = s.next++ % length;
        steps[place] = static_cast<std::int32_t>(p.step);
        values[place] = p.value;
        marks[place] = 1;
    }
    void forecast(const Series& s, Steps steps, Values values, Marks marks, Forecast& out) const {
        const std::size_t place = (s.next - 1) % length;
        for (auto& step : out) step = {values[place] + steps[place], static_cast<double>(marks.back())};
    }
    bool migrate(const Saved& saved, Series& s, std::span<std::int32_t>, std::span<double> values,
                 std::span<std::uint8_t>) const {
        const Old* const old = saved.series<Old>();
        const auto count = saved.integer("count");
        if (saved.state_version() != 1 || !old || !count) return false;
        const auto [kept, marks] = saved.tails<double, std::uint8_t>(*count, *count);
        if (kept.size() != static_cast<std::size_t>(*count))
            throw std::runtime_error("the tails are too short");
        values[0] = kept[1] + old->sum + marks[1] + saved.real("alpha").value_or(0) +
                    (saved.choice("form") == "add" ? 1000 : 0);
        s.next = 1;
        return !saved.real("count") && !saved.choice("none");
    }
    std::size_t length;
};

struct Ender : Last {
    struct Series : Last::Series {
        double* own = nullptr;
    };
    void end(Series&) const { ++ended; }
};

fcd_value whole(std::int64_t integer) {
    fcd_value value{};
    value.integer = integer;
    return value;
}

}  // namespace

TEST_CASE("tails of several types follow each other, each aligned") {
    Run run(&algorithm<Typed>(), {whole(3)});
    // 16 bytes and a flag; 3 * 4 from 24 on, 3 * 8 from 40 on, 3 * 1 from 64 on
    CHECK(run.series_size == 67);
    CHECK(static_cast<Typed::Series*>(run.series())->seed == 7);
    CHECK(run.advance({5, 6}) == 2);
    CHECK(run.verdicts[1].expected == 5 + 1);
    CHECK(run.verdicts[1].deviation == 9);
    CHECK(run.forecast(1) == FCD_OK);
    CHECK(run.predictions[0].mean == 6 + 2);
    SUBCASE("lengths of 0") {
        Run empty(&algorithm<Typed>(), {whole(0)});
        CHECK(empty.made());
        CHECK(empty.series_size == 24);
    }
}

namespace {
struct Later : Last {
    void forecast(const Series& s, Forecast& out) const {
        if (s.learned < 2) throw AskLater("one point is too few");
        for (auto& step : out) step = {s.last, 1};
    }
};
}  // namespace

TEST_CASE("a forecast that is asked for later keeps no point from being learned") {
    Run run(&algorithm<Later>());
    CHECK(run.advance({1, 2, 3}) == 3);
    CHECK(std::isnan(run.verdicts[1].expected));
    CHECK(run.verdicts[2].expected == 2);
    Run young(&algorithm<Later>());
    CHECK(young.advance({1}) == 1);
    CHECK(young.forecast(1) == FCD_ERROR);
    CHECK(young.error.code == FCD_ASK_LATER);
}

TEST_CASE("an exception's type is the error's code") {
    Run run(&algorithm<Typed>(), {whole(3)});
    CHECK(run.advance({-1}) == 0);
    CHECK(run.error.code == FCD_BEGIN_AGAIN);
    CHECK(run.error.text == std::string("a negative value"));
    CHECK(run.advance({1e7}) == 0);
    CHECK(run.error.code == FCD_ASK_LATER);
}

TEST_CASE("an old state is taken over by migrate, or refused") {
    Run run(&algorithm<Typed>(), {whole(3)});
    const fcd_algorithm& table = algorithm<Typed>();
    struct alignas(16) Bytes {
        float sum = 3;
        double values[2] = {10, 20};
        std::uint8_t marks[2] = {1, 2};
    } bytes;
    fcd_saved_param params[3] = {{"count", FCD_INTEGER, 0, whole(2), nullptr},
                                 {"alpha", FCD_REAL, 0, detail::of(0.5), nullptr},
                                 {"form", FCD_CHOICE, 0, whole(1), "add"}};
    fcd_saved saved{sizeof saved, 1, 1'000, 3, 0, params, &bytes, 26};
    REQUIRE(table.load(run.model(), run.series(), &saved, &run.error) == FCD_OK);
    CHECK(run.forecast(1) == FCD_OK);
    CHECK(run.predictions[0].mean == 20 + 3 + 2 + 0.5 + 1000);

    Run fresh(&algorithm<Typed>(), {whole(3)});
    SUBCASE("of a version that it does not know") {
        saved.state_version = 7;
        CHECK(table.load(fresh.model(), fresh.series(), &saved, &fresh.error) == FCD_ERROR);
        CHECK(fresh.error.text == std::string("migrate() does not take over this state"));
        CHECK(fresh.forecast(1) == FCD_NOT_YET);
    }
    SUBCASE("with fewer bytes than it should have") {
        saved.size = 9;
        CHECK(table.load(fresh.model(), fresh.series(), &saved, &fresh.error) == FCD_ERROR);
        CHECK(fresh.error.text == std::string("the tails are too short"));
        saved.size = 2;
        CHECK(table.load(fresh.model(), fresh.series(), &saved, &fresh.error) == FCD_ERROR);
    }
    SUBCASE("with absurd lengths") {
        params[0].value.integer = -1;
        CHECK(table.load(fresh.model(), fresh.series(), &saved, &fresh.error) == FCD_ERROR);
    }
    CHECK(!algorithm<Last>().load);
}

TEST_CASE("end frees a series, and then it may hold a pointer") {
    REQUIRE(!!algorithm<Ender>().series_free);
    CHECK(!algorithm<Typed>().series_free);
    Run run(&algorithm<Ender>());
    algorithm<Ender>().series_free(run.model(), run.series());
    CHECK(ended == 1);
}

// ---- Inputs, local steps, quantiles, extensions

namespace {

struct Rich {
    static constexpr About about{"test.rich", "1.0.0", "Inputs and quantiles."};
    static constexpr auto inputs() {
        return std::array{ahead("calendar.hour", "The hour.").required(), past("load", "The load.")};
    }
    struct Series {
        double hour = 0;
    };
    void observe(Series& s, const Point& p) const { s.hour = p.inputs[0]; }
    void forecast(const Series& s, Forecast& out) const {
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = {s.hour + 10 * out.inputs(i)[0], static_cast<double>(out.local_step(i))};
            for (std::size_t j = 0; j < out.quantiles(i).size(); ++j)
                out.quantiles(i)[j] = 100 * out.levels()[j];
        }
    }
    static const void* extension(const char* id) { return std::string("own/1") == id ? &about : nullptr; }
};

}  // namespace

TEST_CASE("inputs, local steps and quantiles reach the model") {
    const fcd_algorithm& table = algorithm<Rich>();
    REQUIRE(table.input_count == 2);
    CHECK(table.inputs[0].flags == (FCD_INPUT_PAST | FCD_INPUT_AHEAD | FCD_INPUT_REQUIRED));
    CHECK(table.inputs[1].flags == FCD_INPUT_PAST);
    CHECK(table.inputs[1].name == std::string("load"));

    Run run(&table);
    const double now[] = {3, 4};
    fcd_point point{run.series(), 1, 1, 5, 2, nan, nan, nan, 0, 0, now};
    fcd_verdict verdict{};
    REQUIRE(table.advance(run.model(), &point, 1, &verdict, &run.error) == 1);
    REQUIRE(table.advance(run.model(), &point, 1, &verdict, &run.error) == 1);
    CHECK(verdict.expected == 3 + 10 * 3);  // one step, with the point's own inputs
    CHECK(verdict.deviation == 5);

    const double later[] = {1, nan, 2, nan}, levels[] = {0.1, 0.9};
    const std::int64_t local[] = {70, 69};
    double quantiles[4] = {nan, nan, nan, nan};
    fcd_horizon horizon{sizeof horizon, 2, 2, local, 2, 2, levels, quantiles, later};
    fcd_prediction out[2] = {};
    REQUIRE(table.forecast(run.model(), run.series(), &horizon, out, &run.error) == FCD_OK);
    CHECK(out[1].mean == 3 + 10 * 2);
    CHECK(out[1].deviation == 69);
    CHECK(quantiles[2] == 10);
    CHECK(quantiles[3] == 90);
    horizon.quantiles = nullptr;
    horizon.local_steps = nullptr;
    REQUIRE(table.forecast(run.model(), run.series(), &horizon, out, &run.error) == FCD_OK);
    CHECK(out[1].deviation == 3);
}

TEST_CASE("a model's own extension stands beside those of the layer") {
    CHECK(algorithm<Rich>().extension("own/1") == &Rich::about);
    CHECK(algorithm<Rich>().extension(FCD_DIAGNOSTICS) == nullptr);
}

TEST_CASE("the log goes to the host, if it has one") {
    static std::string written;
    static const fcd_log service{sizeof(fcd_log), 0, [](std::int32_t level, const char* text) {
                                     written = std::to_string(level) + " " + text;
                                 }};
    static const fcd_host with{sizeof(fcd_host), 1, 0, 0, "test", [](const char* id) -> const void* {
                                   return std::string(id) == FCD_LOG ? &service : nullptr;
                               }};
    const fcd_host* const before = detail::kept_host;
    detail::kept_host = nullptr;
    log(Level::warn, "nobody reads this");
    detail::kept_host = &with;
    log(Level::warn, "the season is short");
    CHECK(written == "1 the season is short");
    CHECK(host() == &with);
    detail::kept_host = before;
}

}  // namespace forecastd
