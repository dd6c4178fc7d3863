// What the C++ layer makes of a model: one for each optional method, all in one library.
#include <doctest/doctest.h>

#include <cstring>
#include <stdexcept>
#include <string>

#include "unit/sdk/host.hpp"

namespace forecastd {
namespace {

// The smallest forecaster: the last value.
struct Last {
    static constexpr About about{"test.last", "1.0.0", "The last value."};
    struct Series {
        double last = nan;
    };
    void observe(Series& s, const Point& p) const { s.last = p.value; }
    void forecast(const Series& s, Forecast& out) const {
        for (auto& step : out) step = {s.last, 1};
    }
};

// The smallest detector.
struct Distance {
    static constexpr About about{"test.distance", "1.0.0", "The distance from 10.", 7};
    struct Series {};
    void observe(Series&, const Point&) const {}
    bool ready(const Series&) const { return true; }
    Verdict judge(const Series&, const Point& p) const { return {.score = std::abs(p.value - 10)}; }
};

// Every optional method, without a tail.
struct Full {
    static constexpr About about{"test.full", "1.0.0", "Every method."};
    struct Series {
        double last = 0;
        std::int64_t points = 0;
    };
    void prepare(const Grid& grid) { interval_s = static_cast<double>(grid.interval_ns) / 1e9; }
    void start(Series& s) const { s.last = 100; }
    bool ready(const Series& s) const { return s.points >= 2; }
    void observe(Series& s, const Point& p) const {
        s.last = p.value;
        ++s.points;
    }
    void forecast(const Series& s, Forecast& out) const {
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = {s.last + static_cast<double>(out.first_step()) + static_cast<double>(i), interval_s};
    }
    Prediction expect(const Series& s, const Point&) const { return {-s.last, 5}; }
    Verdict judge(const Series& s, const Point& p) const { return {.score = p.value - s.last}; }

    double interval_s = 0;
};

// A window of points, in a tail that a parameter sizes.
struct Window {
    static constexpr About about{"test.window", "1.0.0", "The value a window ago."};
    static constexpr auto params() {
        return std::tuple{steps<&Window::length>("window", 3, -1, 1'000, "Points that are kept.")};
    }
    struct Series {
        std::int32_t next = 0;  // four bytes: the tail must be aligned by the layer
    };
    std::size_t tail_length() const { return static_cast<std::size_t>(length); }
    void start(Series&, std::span<double> tail) const {
        for (double& value : tail) value = 7;
    }
    bool ready(const Series&, std::span<const double> tail) const { return !tail.empty(); }
    void observe(Series& s, std::span<double> tail, const Point& p) const {
        tail[static_cast<std::size_t>(s.next)] = p.value;
        s.next = static_cast<std::int32_t>((s.next + 1) % length);
    }
    void forecast(const Series& s, std::span<const double> tail, Forecast& out) const {
        for (auto& step : out) step = {tail[static_cast<std::size_t>(s.next)], nan};
    }
    Prediction expect(const Series& s, std::span<const double> tail, const Point&) const {
        return {tail[static_cast<std::size_t>(s.next)], 0};
    }
    Verdict judge(const Series&, std::span<const double> tail, const Point& p) const {
        return {.score = p.value - tail.back(), .expected = tail.back()};
    }
    std::int64_t length;
};

// Throws where the parameters or the value ask for it.
struct Thrower {
    static constexpr About about{"test.thrower", "1.0.0", "Throws."};
    static constexpr auto params() {
        return std::tuple{boolean<&Thrower::in_prepare>("in_prepare", false, "Throw in prepare."),
                          boolean<&Thrower::in_start>("in_start", false, "Throw in start.")};
    }
    struct Series {
        double last = 0;
    };
    void prepare(const Grid&) {
        if (in_prepare) throw std::invalid_argument("prepare does not like it");
    }
    void start(Series&) const {
        if (in_start) throw std::runtime_error("start does not like it");
    }
    void observe(Series& s, const Point& p) const {
        if (p.value == 1) throw std::runtime_error("one is not allowed");
        if (p.value == 2) throw 2;  // NOLINT: the layer must survive this too
        if (p.value == 3) throw std::runtime_error(std::string(300, 'x'));
        if (p.value == 4) throw std::runtime_error(std::string(254, 'x') + "\u00e9");
        s.last = p.value;
    }
    void forecast(const Series& s, Forecast&) const {
        if (s.last < 0) throw std::domain_error("negative values have no forecast");
    }
    bool in_prepare = false, in_start = false;
};

}  // namespace
}  // namespace forecastd

FORECASTD_PLUGIN(forecastd::Last, forecastd::Distance, forecastd::Full, forecastd::Window, forecastd::Thrower)

namespace forecastd {
namespace {

const fcd_algorithm* find(const std::string& id) {
    const fcd_library* const library = forecastd_library_v1(nullptr);
    for (std::uint32_t i = 0; i < library->algorithm_count; ++i)
        if (library->algorithms[i]->id == id) return library->algorithms[i];
    return nullptr;
}

fcd_value whole(std::int64_t integer) {
    fcd_value value{};
    value.integer = integer;
    return value;
}

}  // namespace

TEST_CASE("one library holds several models") {
    const fcd_library* const library = forecastd_library_v1(nullptr);
    CHECK(library->struct_size == sizeof(fcd_library));
    CHECK(library->abi_major == FCD_ABI_MAJOR);
    CHECK(library->abi_minor == FCD_ABI_MINOR);
    CHECK(library->param_size == sizeof(fcd_param));
    CHECK(library->point_size == sizeof(fcd_point));
    CHECK(library->verdict_size == sizeof(fcd_verdict));
    CHECK(library->prediction_size == sizeof(fcd_prediction));
    REQUIRE(library->algorithm_count == 5);
    CHECK(library->algorithms[0]->id == std::string("test.last"));
    CHECK(library->algorithms[4]->id == std::string("test.thrower"));
    CHECK(forecastd_library_v1(nullptr) == library);
}

TEST_CASE("the table says what the model has") {
    const fcd_algorithm* const last = find("test.last");
    CHECK(last->struct_size == sizeof(fcd_algorithm));
    CHECK(last->abilities == FCD_FORECASTS);
    CHECK(last->state_version == 1);
    CHECK(last->version == std::string("1.0.0"));
    CHECK(last->summary == std::string("The last value."));
    CHECK(last->param_count == 0);
    CHECK(last->params == nullptr);
    CHECK(!last->series_free);
    CHECK(!last->save);
    CHECK(!last->load);

    CHECK(find("test.distance")->abilities == FCD_DETECTS);
    CHECK(find("test.distance")->state_version == 7);
    CHECK(!find("test.distance")->forecast);
    CHECK(find("test.full")->abilities == (FCD_FORECASTS | FCD_DETECTS));
}

TEST_CASE("a forecaster's verdict is what it expected before it learned the point") {
    Run run(find("test.last"));
    CHECK(run.advance({5, 6}) == 2);
    CHECK(std::isnan(run.verdicts[0].expected));
    CHECK(run.verdicts[1].expected == 5);
    CHECK(run.verdicts[1].deviation == 1);
    CHECK(std::isnan(run.verdicts[1].score));
    CHECK(std::isnan(run.verdicts[1].lower));
    CHECK(run.forecast(3) == FCD_OK);
    CHECK(run.predictions[2].mean == 6);
}

TEST_CASE("a detector's verdict is its own, with the rest unknown") {
    Run run(find("test.distance"));
    CHECK(run.advance({13}) == 1);
    CHECK(run.verdicts[0].score == 3);
    CHECK(std::isnan(run.verdicts[0].expected));
    CHECK(std::isnan(run.verdicts[0].upper));
}

TEST_CASE("start, ready, prepare and expect are called") {
    Run run(find("test.full"), {}, 2'500'000'000);
    CHECK(*static_cast<double*>(run.series()) == 100);
    CHECK(run.forecast(1) == FCD_NOT_YET);

    CHECK(run.advance({1, 2, 5}) == 3);
    CHECK(std::isnan(run.verdicts[1].score));
    CHECK(std::isnan(run.verdicts[1].expected));
    CHECK(run.verdicts[2].score == 3);
    CHECK(run.verdicts[2].expected == -2);
    CHECK(run.verdicts[2].deviation == 5);

    CHECK(run.forecast(2) == FCD_OK);
    CHECK(run.predictions[0].mean == 5 + 4);
    CHECK(run.predictions[1].mean == 5 + 5);
    CHECK(run.predictions[1].deviation == 2.5);
}

TEST_CASE("a tail follows the series, sized by a parameter") {
    Run run(find("test.window"), {whole(3)});
    CHECK(run.series_size == 8 + 3 * sizeof(double));
    CHECK(run.advance({1, 2, 3}) == 3);
    CHECK(run.verdicts[0].score == 1 - 7);
    CHECK(run.verdicts[0].expected == 7);
    CHECK(run.forecast(1) == FCD_OK);
    CHECK(run.predictions[0].mean == 1);
    CHECK(std::isnan(run.predictions[0].deviation));

    SUBCASE("none at all") {
        Run empty(find("test.window"), {whole(0)});
        CHECK(empty.series_size == 8);
        CHECK(empty.forecast(1) == FCD_NOT_YET);
    }
    SUBCASE("a negative length is refused") {
        Run negative(find("test.window"), {whole(-1)});
        CHECK_FALSE(negative.made());
        CHECK(negative.error.text == std::string("these parameters ask for more memory than there can be"));
    }
}

TEST_CASE("judge's own expectation has precedence over that of expect") {
    Run run(find("test.window"), {whole(2)});
    CHECK(run.advance({1, 2, 3}) == 3);
    CHECK(run.verdicts[2].expected == 2);
}

TEST_CASE("a state is plain bytes: a copy of it goes on as the original would") {
    Run original(find("test.window"), {whole(2)}), copy(find("test.window"), {whole(2)});
    original.advance({4, 5, 6});
    std::memcpy(copy.series(), original.series(), original.series_size);
    CHECK(copy.forecast(1) == FCD_OK);
    CHECK(copy.predictions[0].mean == 5);
}

TEST_CASE("what a model throws becomes the error's text") {
    SUBCASE("in prepare") {
        Run run(find("test.thrower"), {whole(1), whole(0)});
        CHECK_FALSE(run.made());
        CHECK(run.error.text == std::string("prepare does not like it"));
    }
    SUBCASE("in start") {
        Run run(find("test.thrower"), {whole(0), whole(1)});
        CHECK(run.started == FCD_ERROR);
        CHECK(run.error.text == std::string("start does not like it"));
    }
    Run run(find("test.thrower"), {whole(0), whole(0)});
    REQUIRE(run.made());
    SUBCASE("in observe: advance returns how many points were done") {
        CHECK(run.advance({5, 6, 1, 7}) == 2);
        CHECK(run.error.text == std::string("one is not allowed"));
    }
    SUBCASE("something that is no exception") {
        CHECK(run.advance({2}) == 0);
        CHECK(run.error.text == std::string("threw something that is not a std::exception"));
    }
    SUBCASE("in forecast") {
        CHECK(run.advance({-1}) == 1);
        CHECK(run.forecast(1) == FCD_ERROR);
        CHECK(run.error.text == std::string("negative values have no forecast"));
    }
    SUBCASE("a long text is cut at 255 bytes") {
        CHECK(run.advance({3}) == 0);
        CHECK(run.error.text == std::string(255, 'x'));
    }
    SUBCASE("no character is torn") {
        CHECK(run.advance({4}) == 0);
        CHECK(run.error.text == std::string(254, 'x'));
    }
}

TEST_CASE("a forecast that leaves steps alone says nothing of them") {
    Run run(find("test.thrower"), {whole(0), whole(0)});
    CHECK(run.forecast(2) == FCD_NOT_YET);
    run.advance({5});
    CHECK(run.forecast(2) == FCD_OK);
    CHECK(std::isnan(run.predictions[1].mean));
    CHECK(std::isnan(run.predictions[1].deviation));
}

}  // namespace forecastd
