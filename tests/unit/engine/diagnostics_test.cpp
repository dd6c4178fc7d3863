// Diagnostics: when they are handed on for a series, and what they come to over all series.
#include <doctest/doctest.h>

#include "engine/model_summary.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {

TEST_CASE("diagnostics are told at the first point, then at the first of each stretch of time") {
    // The same whether or not several points of the series stand in one batch.
    for (const std::size_t batch : {1u, 2u, 32u}) {
        Rig rig(with({telling(30)}), batch);
        std::string text;
        for (int i = 1; i <= 8; ++i) text += at(10 * i, i);
        rig.feed(text + at(200, 9));
        CHECK(rig.lines("d ") == Lines{"d m v p @10 points=1", "d m v p @30 points=3", "d m v p @60 points=6",
                                       "d m v p @200 points=9"});
    }
}

TEST_CASE("they follow the point's other lines") {
    Rig rig(with({telling(1)}));
    rig.feed(at(10, 1) + at(20, 2));
    CHECK(rig.lines() == Lines{"= m v=1 10000000000", "f m v p @10: 20=1", "d m v p @10 points=1",
                               "= m v=2 20000000000", "d m v p @20 points=2"});
}

TEST_CASE("with a learned interval they begin with the first point after it") {
    Rig rig(with({telling(1, 0)}));
    std::string text;
    for (int i = 1; i <= 10; ++i) text += at(10 * i, i);
    rig.feed(text);
    CHECK(rig.lines("d ") == Lines{"d m v p @90 points=9", "d m v p @100 points=10"});
}

TEST_CASE("a value outside data_range only puts them off") {
    config::Config config = with({telling(30)});
    config.pipelines[0].detect.emplace();
    config.pipelines[0].detect->model = probe();
    config.pipelines[0].detect->data_range.high = 50;
    Rig rig(config);
    rig.feed(at(10, 1) + at(30, 99) + at(40, 2) + at(50, 3));
    CHECK(rig.lines("d ") == Lines{"d m v p @10 points=1", "d m v p @40 points=2"});
}

TEST_CASE("nothing is told unless it is asked for, and known") {
    SUBCASE("not asked for") {
        Rig rig(with({telling(0)}));
        rig.feed(at(10, 1));
        CHECK(rig.lines("d ").empty());
    }
    SUBCASE("an algorithm without diagnostics") {
        config::Config config = with({forecasting()});
        config.pipelines[0].forecast->diagnostics_every_ns = second;
        Rig rig(config);
        rig.feed(at(10, 1));
        CHECK(rig.lines("d ").empty());
    }
}

TEST_CASE("a plugin that fails to tell sets its series aside") {
    Rig rig(with({telling(1)}));
    rig.feed(at(10, 13, "bad") + at(10, 1, "good") + at(20, 1, "bad") + at(20, 2, "good"));
    CHECK(rig.lines("d ") == Lines{"d good v p @10 points=1", "d good v p @20 points=2"});
    CHECK(rig.counters().plugin_failures == 1);
    REQUIRE(rig.reports.size() == 1);
    CHECK(rig.reports[0].find("series 'bad', field 'v': plugin 'teller' failed: knows nothing of 13;") !=
          std::string::npos);
}

TEST_CASE("over all series: sums, means and how many have each choice") {
    Rig rig(with({telling(0)}));
    rig.feed(at(10, 2, "a") + at(20, 4, "a") + at(10, -1, "b") + at(10, 6, "c") + at(10, 0, "unknown") +
             at(10, 13, "fails"));
    Cohort& cohort = rig.engine.pipelines()[0]->cohort(0);
    const ModelSummary summary = summarise(cohort, cohort.forecaster()->feed());
    CHECK(summary.series == 5);
    REQUIRE(summary.diagnostics.size() == 3);
    const auto& [sign, mean, points] =
        std::tie(summary.diagnostics[0], summary.diagnostics[1], summary.diagnostics[2]);
    CHECK(sign.choices == std::vector<std::uint64_t>{1, 2});
    CHECK(mean.known == 3);
    CHECK(mean.mean == doctest::Approx((3.0 - 1 + 6) / 3));
    CHECK(points.known == 3);
    CHECK(points.sum == 4);
}

}  // namespace forecastd::engine
