// The bytes between a state and the closed page behind it.
#include <doctest/doctest.h>

#include "unit/engine/cohort_rig.hpp"

namespace forecastd::engine {
namespace {

constexpr auto between_pages = RecordLayout::States::between_pages;

// A state of 8 bytes: 8 are left behind it.
struct Narrow {
    static constexpr About about{"narrow", "1.0.0", "The distance from the last value."};
    struct Series {
        double last = 0;
    };
    bool ready(const Series&) const { return true; }
    void observe(Series& series, const Point& point) const { series.last = point.value; }
    Verdict judge(const Series& series, const Point& point) const {
        return {std::abs(point.value - series.last), series.last, 1};
    }
};

config::Detect narrow() {
    static const plugin::Catalogue made = [] {
        plugin::Catalogue result;
        result.add(detail::library<Narrow>(), "in the test");
        return result;
    }();
    config::Detect detect = *detecting().detect;
    detect.model = {made.find("narrow"), {}};
    return detect;
}

// The first byte behind a state.
char& byte_behind(const Cohort& cohort, std::string_view name, Series& series) {
    for (const RecordLayout::Row& row : cohort.layout().rows())
        if (row.name == name && row.guard > 0)
            return *(reinterpret_cast<char*>(&series) + row.offset + row.size);
    FAIL("there is no such state");
    return *reinterpret_cast<char*>(&series);
}

std::size_t parts_of(config::Pipeline pipeline, RecordLayout::States states) {
    return CohortRig(std::move(pipeline), false, standard_stages(), states).cohort->layout().rows().size();
}

}  // namespace

TEST_CASE("a series whose plugin writes behind its state is set aside with the batch") {
    config::Pipeline pipeline = detecting();
    pipeline.detect = narrow();
    CohortRig rig(pipeline, false, standard_stages(), between_pages);
    Series &good = rig.create("good"), &bad = rig.create("bad");
    const auto run = [&](std::int64_t step) {
        rig.cohort->rows().clear();
        rig.add(good, step, 1);
        rig.add(bad, step, 1);
        rig.cohort->run();
    };
    run(1);
    CHECK(rig.reports.empty());
    byte_behind(*rig.cohort, "detector state", bad) = 0;
    run(2);
    REQUIRE(rig.reports.size() == 1);
    CHECK(rig.reports[0].find("series 'bad', field 'v': plugin 'narrow' failed: wrote behind the end of its "
                              "state; this series is set aside") != std::string::npos);
    CHECK(bool{bad.set_aside});
    CHECK(rig.row(1).left_out);
    CHECK_FALSE(bool{good.set_aside});
    CHECK_FALSE(rig.row(0).left_out);
}

TEST_CASE("one of several detectors that does so does not vote any more") {
    config::Pipeline pipeline = detecting();
    pipeline.voters = {narrow(), narrow()};
    CohortRig rig(pipeline, false, standard_stages(), between_pages);
    Series& series = rig.create();
    byte_behind(*rig.cohort, "voter 2 state", series) = 0;
    for (std::int64_t step = 1; step <= 3; ++step) {
        rig.cohort->rows().clear();
        rig.add(series, step, 1);
        rig.cohort->run();
        CHECK_FALSE(rig.row(0).left_out);
    }
    REQUIRE(rig.reports.size() == 1);
    CHECK(rig.reports[0].find("it does not vote on this series any more") != std::string::npos);
    CHECK_FALSE(bool{series.set_aside});
}

TEST_CASE("a record has the same parts, and one more for the guard of each state") {
    CHECK(parts_of(doing_both(), between_pages) ==
          parts_of(doing_both(), RecordLayout::States::beside_others) + 2);
}

}  // namespace forecastd::engine
