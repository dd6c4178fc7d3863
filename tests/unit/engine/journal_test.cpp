// A crash in the middle of a batch: what is saved then is as before the batch, so its points can come again.
#include <doctest/doctest.h>

#include "unit/engine/rig.hpp"

namespace forecastd::engine {
namespace {

struct Saved {
    std::string pipeline, key, field;
    Bytes cohort, bytes;
};

// Saves the series within a call of the engine, as a copy of the process does when a plugin crashes.
class Crashing : public Recorder {
  public:
    explicit Crashing(std::size_t judgements) : judgements_(judgements) {}
    void judgement(const SeriesView& series, const Judgement& one) override {
        Recorder::judgement(series, one);
        if (++count_ != judgements_) return;
        crashed = true;
        engine->undo_batch();
        REQUIRE(engine->save([&](const SavedSeries& saved) {
            all.push_back({std::string(saved.pipeline), std::string(saved.key), std::string(saved.field),
                           Bytes(saved.cohort.begin(), saved.cohort.end()),
                           Bytes(saved.state.begin(), saved.state.end())});
        }));
    }
    Engine* engine = nullptr;
    std::vector<Saved> all;
    bool crashed = false;

  private:
    const std::size_t judgements_;
    std::size_t count_ = 0;
};

std::string points(int from, int to) {
    std::string text;
    for (int i = from; i < to; ++i) {
        text += at(10 * i, (i * 7) % 40);
        if (i > 12) text += at(10 * i, i % 5, "m,later=1");
        if (i != 30) text += at(10 * i + (i > 50 ? 700 : 0), i % 3, "m,jumps=1");
    }
    return text;
}

// The batch in which the n-th judgement is made comes again to an engine that took over what was saved then.
void check_crash_at(std::size_t judgement, config::Pipeline pipeline) {
    const config::Config config = with({std::move(pipeline)});
    Rig through(config);
    through.feed(points(0, 80));

    Engine engine(config, [](config::LogLevel, const std::string&) {});
    Crashing sink(judgement);
    sink.engine = &engine;
    const std::string text = points(0, 80);
    std::string batch, before;
    Lines answered;
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size() && !sink.crashed;) {
        const std::size_t end = text.find('\n', at) + 1;
        batch += text.substr(at, end - at);
        at = end;
        if (++count % 32 != 0 && at < text.size()) continue;
        answered = sink.lines;
        feed(engine, sink, batch);
        if (!sink.crashed) {
            before += batch;
            batch.clear();
        }
    }
    REQUIRE(sink.crashed);
    Rig other(config);
    for (const Saved& one : sink.all)
        REQUIRE(other.engine.load({one.pipeline, one.key, one.field, one.cohort, one.bytes}));
    other.feed(text.substr(before.size()));
    Lines all = answered;
    all.insert(all.end(), other.lines().begin(), other.lines().end());
    CHECK(all == through.lines());
}

}  // namespace

TEST_CASE("the batch of a crash comes again, and what comes out is as if nothing had happened") {
    for (const std::size_t judgement :
         std::initializer_list<std::size_t>{1, 30, 33, 50, 90, 100, 101, 102, 150}) {
        check_crash_at(judgement, doing_both());
        check_crash_at(judgement, doing_both("p", 0));
        config::Pipeline calibrated = doing_both();
        calibrated.forecast->calibrate = true;
        check_crash_at(judgement, calibrated);
    }
}

}  // namespace forecastd::engine
