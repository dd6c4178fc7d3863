// A stage as someone would add it: it counts how many values in a row lie on one side of what was expected,
// and calls the eighth an anomaly. It needs the public headers of the engine alone, and a line where the
// stages are listed.
#include <doctest/doctest.h>

#include <cmath>

#include "engine/stage.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

class RunsStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context) {
        if (!context.pipeline.detect) return nullptr;  // this pipeline does not have it
        return std::unique_ptr<Stage>(new RunsStage(context));
    }

    [[nodiscard]] std::string_view name() const override { return "runs"; }

    void run(Rows& rows) override {
        for (Row& row : rows.all()) {
            if (!row.is_fed()) continue;
            Run& run = run_.of(*row.series);
            const Side side = row.judgement.y > row.judgement.yhat   ? Side::above_expected
                              : row.judgement.y < row.judgement.yhat ? Side::below_expected
                                                                     : Side::none;
            run.length = side != Side::none && side == run.side ? run.length + 1 : 1;
            run.side = side;
            if (run.length != 8 || row.judgement.is_anomaly) continue;
            row.judgement.is_anomaly = true;
            row.judgement.reason = "Eight values in a row on one side.";
            row.tell = true;
            ++counters_.anomalies;
        }
    }

    Expected<void> save(const Series& series, ByteWriter& out) const override {
        out.put(static_cast<std::uint8_t>(run_.of(series).side));
        out.put(run_.of(series).length);
        return {};
    }
    Expected<void> load(Series& series, ByteReader& in, std::span<const char>) override {
        const auto side = in.take<std::uint8_t>();
        if (side > 2) return fail("the side is " + std::to_string(side) + ", expected at most 2");
        run_.of(series) = {static_cast<Side>(side), in.take<std::uint32_t>()};
        return {};
    }

  private:
    explicit RunsStage(StageContext& context)
        : run_(context.layout.add<Run>("runs")), counters_(context.counters) {}

    struct Run {
        Side side;
        std::uint32_t length;
    };
    const Part<Run> run_;
    Counters& counters_;
};

const std::vector<StageMaker>& with_runs() {
    static const std::vector<StageMaker> stages = [] {
        std::vector<StageMaker> all = standard_stages();
        all.push_back(RunsStage::make);
        return all;
    }();
    return stages;
}

config::Config config() {
    config::Config made = with({doing_both()});
    made.pipelines[0].detect->emit = config::Emit::anomalies;
    return made;
}

std::string rising(int from, int to) {
    std::string text;
    for (int i = from; i <= to; ++i) text += at(10 * i, 0.5 * i);
    return text;
}

}  // namespace

TEST_CASE("an added stage sees each value with its expectation, and adds to what is said") {
    Rig rig(config(), Engine::batch_points, with_runs());
    rig.feed(rising(1, 20));
    CHECK(rig.lines("j") ==
          Lines{"j m v p @90 y=4.5 yhat=4 score=0.5 above anomaly (Eight values in a row on "
                "one side.)"});
    CHECK(rig.counters().anomalies == 1);
}

TEST_CASE("its batches may be cut anywhere") {
    for (const std::size_t batch : {std::size_t{1}, std::size_t{3}, std::size_t{7}}) {
        Rig rig(config(), batch, with_runs());
        rig.feed(rising(1, 20));
        CHECK(rig.lines("j").size() == 1);
    }
}

TEST_CASE("it costs its part of a record where the pipeline has it, and nothing elsewhere") {
    Rig without(config()), there(config(), Engine::batch_points, with_runs());
    const auto size = [](Rig& rig) {
        return rig.engine.pipelines()[0]->cohorts()[0]->layout().record_size();
    };
    CHECK(size(there) == size(without) + 16);
    Rig forecast_only(with({forecasting()}), Engine::batch_points, with_runs());
    CHECK(size(forecast_only) ==
          48 + 16 + 32 + 2 * 16);  // and the first values, and the guard over what is learned
}

TEST_CASE("it is saved and loaded with the others") {
    Rig first(config(), Engine::batch_points, with_runs());
    Rig other(config(), Engine::batch_points, with_runs());
    first.feed(rising(1, 6));
    REQUIRE(first.engine.save([&](const SavedSeries& one) { REQUIRE(other.engine.load(one)); }));
    other.feed(rising(7, 12));
    CHECK(other.lines("j").size() == 1);
}

}  // namespace forecastd::engine
