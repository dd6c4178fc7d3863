#include "engine/series_saver.hpp"

#include <string>

#include "engine/any_model.hpp"
#include "engine/series_store.hpp"
#include "plugin/saves_states.hpp"

namespace forecastd::engine {

void SeriesSaver::begin(const Pipeline& pipeline, std::uint16_t cohort) {
    pipeline_ = &pipeline;
    cohort_ = Pipeline::is_nursery(cohort) ? nullptr : pipeline.cohorts()[cohort].get();
    // A series is saved whole, or not at all.
    is_saved_ = !cohort_ || !any_model(pipeline.config(), [](const plugin::Algorithm& one) {
        return !plugin::saves_states(*one.table);
    });
    about_.clear();
    if (cohort_)
        cohort_->describe(about_);
    else
        ByteWriter(about_).put(no_interval);
}

Expected<void> SeriesSaver::save(const Series& series, const std::function<void(const SavedSeries&)>& to,
                                 const std::function<bool(const SeriesNames&)>& leaves_out) {
    const bool has_learned = cohort_ ? series.learned > 0 : Pipeline::learner(series).count > 0;
    if (!has_learned || series.set_aside || !is_saved_) return {};
    const SeriesNames names{pipeline_->config().name, series.key->text(),
                            selector_.field_of(series.watch).name};
    if (leaves_out && leaves_out(names)) return {};
    state_.clear();
    if (auto written = write(series); !written)
        return fail("pipeline '" + std::string(names.pipeline) + "', series '" + std::string(names.key) +
                    "', field '" + std::string(names.field) + "': " + written.error().text);
    to({names.pipeline, names.key, names.field, about_, state_});
    return {};
}

Expected<void> SeriesSaver::write(const Series& series) {
    if (cohort_) return cohort_->save(series, state_);
    SeriesStore::save_learner(series, state_);
    return {};
}

}  // namespace forecastd::engine
