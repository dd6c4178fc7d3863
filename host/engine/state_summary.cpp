#include "engine/state_summary.hpp"

namespace forecastd::engine {
namespace {

std::string reason_of(const StateSummary& state) {
    if (state.watched > 0) return "";
    if (state.series == 0) return "no series has come that the pipeline selects";
    if (state.failing == state.series) return "a plugin failed on every series";
    if (state.learning_interval + state.failing == state.series)
        return "the interval of the series is being learned";
    return "the series warm up: they have had too few points to be judged";
}

}  // namespace

StateSummary state_of(Pipeline& pipeline) {
    StateSummary state;
    const bool judges = pipeline.config().detect.has_value();
    state.learning_interval =
        pipeline.nursery_slab().count() + pipeline.nursery_slab(Pipeline::wide_nursery).count();
    state.series = state.learning_interval;
    for (const auto& cohort : pipeline.cohorts())
        cohort->slab().for_each([&](const void* record) {
            const auto& series = *static_cast<const Series*>(record);
            ++state.series;
            if (cohort->no_data() && cohort->no_data()->is_silent(series)) ++state.silent;
            if (series.set_aside)
                ++state.failing;
            else
                ++((judges ? series.judged : series.learned > 0) ? state.watched : state.warming_up);
        });
    state.reason = reason_of(state);
    return state;
}

}  // namespace forecastd::engine
