#include "backtest/trial.hpp"

#include <algorithm>
#include <utility>

#include "backtest/observer.hpp"

namespace forecastd::backtest {
namespace {

using Clock = std::chrono::steady_clock;

EventResult result_of(const engine::Event& event) {
    return {event.id,
            event.start_ns,
            event.last_ns,
            event.state != engine::EventState::closed,
            event.points,
            event.peak_score,
            event.peak_value,
            event.direction,
            std::string(event.reason)};
}

}  // namespace

Trial::Trial(std::string name, config::Config config, engine::Report report, Keeping keeping)
    : name_(std::move(name)),
      config_(std::move(config)),
      results_(config_.pipelines.size(), keeping),
      events_(results_),
      stages_(stages()),
      engine_(std::make_unique<engine::Engine>(config_, std::move(report), stages_)) {}

Trial::~Trial() = default;

std::vector<engine::StageMaker> Trial::stages() {
    std::vector<engine::StageMaker> stages = engine::standard_stages();
    stages.emplace_back([this](engine::StageContext& context) {
        const auto found =
            std::find_if(config_.pipelines.begin(), config_.pipelines.end(),
                         [&](const config::Pipeline& one) { return one.name == context.pipeline.name; });
        return Observer::make(context, static_cast<std::size_t>(found - config_.pipelines.begin()), results_);
    });
    return stages;
}

void Trial::process(const lineprotocol::Points& batch, std::int64_t clock_ns) {
    const Clock::time_point begin = Clock::now();
    engine_->process(batch, clock_ns, events_);
    worked_ += Clock::now() - begin;
}

engine::StateSummary Trial::state(std::size_t pipeline) const {
    for (const auto& one : engine_->pipelines())
        if (one->index() == pipeline) return engine::state_of(*one);
    return {};
}

// The reason of the row that opens an event says what happened; that of a row that closes one says why it closed.
void Trial::Events::event(const engine::SeriesView& view, const engine::Event& event) {
    SeriesResult& series = results_.series(results_.find_or_add(view.pipeline, view.key, view.field));
    if (results_.keeping().verdicts && event.state == engine::EventState::open)
        results_.verdicts[view.pipeline][series.key].events_ns.push_back(event.time_ns);
    const auto found = std::find_if(series.events.rbegin(), series.events.rend(),
                                    [&](const EventResult& one) { return one.id == event.id; });
    if (found == series.events.rend()) {
        series.events.push_back(result_of(event));
        return;
    }
    std::string reason = std::move(found->reason);
    *found = result_of(event);
    found->reason = std::move(reason);
}

}  // namespace forecastd::backtest
