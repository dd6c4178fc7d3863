// How a store's series and labels are saved, and taken over.
#include <cstring>
#include <string>

#include "engine/grid.hpp"
#include "engine/series_store.hpp"

namespace forecastd::engine {

Expected<void> SeriesStore::load(KeyRecord& key, const FieldPlan& field, const FieldPlan::Watcher& watcher,
                                 std::span<const char> about, std::span<const char> bytes) {
    // What gave way before that is older.
    if (spill_) spill_->forget({watcher.pipeline->config().name, key.text(), field.name});
    return load({}, key, field, watcher, about, bytes);
}

Expected<void> SeriesStore::load_over(KeyRecord& key, const FieldPlan& field,
                                      const FieldPlan::Watcher& watcher, std::span<const char> about,
                                      std::span<const char> bytes) {
    Pipeline& pipeline = *watcher.pipeline;
    Series** const place = key.series_of(watcher.id);
    Series* const there = place ? *place : nullptr;
    if (there) {
        Series core{};
        ByteReader in(bytes);
        load_core(core, in);
        const bool waits = Pipeline::is_nursery(there->cohort);
        const bool learns_more = ByteReader(about).take<std::int64_t>() != no_interval && in.complete() &&
                                 core.learned > (waits ? 0 : there->learned);
        if (!learns_more || there->alarmed || there->set_aside || silence_.is_silent(*there, pipeline))
            return fail("the series is there already");
        // For a moment it is as if it were not there.
        keys_.ended(key, watcher.id);
        --counters_.series;
    }
    auto loaded = load({}, key, field, watcher, about, bytes);
    if (there && loaded) {
        release(*there, pipeline);
    } else if (there) {
        keys_.began(key, watcher.id, there);
        ++counters_.series;
    }
    if (loaded) silence_.heard_now(**key.series_of(watcher.id), pipeline);
    return loaded;
}

Expected<void> SeriesStore::load(const Occasion& occasion, KeyRecord& key, const FieldPlan& field,
                                 const FieldPlan::Watcher& watcher, std::span<const char> about,
                                 std::span<const char> bytes) {
    Pipeline& pipeline = *watcher.pipeline;
    if (key.series_of(watcher.id)) return fail("the series is there already");
    const auto interval_ns = ByteReader(about).take<std::int64_t>();
    if (interval_ns == no_interval) return load_learner(occasion, key, field, watcher, bytes);
    if (interval_ns < 0 || interval_ns > longest_interval_ns)
        return fail("the saved series has an interval of " + std::to_string(interval_ns) +
                    " ns, expected a positive one");
    if (!pipeline.learns_interval() && interval_ns != pipeline.config().interval_ns)
        return fail("the series was saved with an interval of " + std::to_string(interval_ns) +
                    " ns, and the config now says " + std::to_string(pipeline.config().interval_ns) + " ns");
    if (crashed_before(pipeline.config(), key, field)) return fail("a plugin has crashed on it");
    const auto number = pipeline.cohort_for(interval_ns);
    if (!number) return fail(number.error().text);
    if (!room_for_series(occasion, key, field, pipeline, *number))
        return fail("a limit of the config leaves no room for it");
    Series* const series = create(pipeline, *number, key, field, watcher.id, 0);
    if (!series) return fail("no series could be made for it");
    if (auto loaded = pipeline.cohort(*number).load(*series, about, bytes); !loaded) {
        release(*series, pipeline);
        return fail(std::move(loaded.error().text));
    }
    if (!attach(key, field, pipeline, *series)) return fail("there is no memory for it");
    return {};
}

void SeriesStore::save_learner(const Series& series, Bytes& bytes) {
    const Learner& learner = Pipeline::learner(series);
    ByteWriter out(bytes);
    out.put(static_cast<std::uint8_t>(series.started ? 1 : 0));
    out.put(learner.count);
    for (const Held& one : learner.points()) {
        out.put(one.time_ns);
        out.put(one.value);
    }
}

std::optional<std::int64_t> SeriesStore::last_time_of_learner(ByteReader& in) {
    in.take<std::uint8_t>();
    std::int64_t last_ns = 0;
    for (auto count = in.take<std::uint32_t>(); count > 0 && in.complete(); --count) {
        last_ns = in.take<std::int64_t>();
        in.take_double();
    }
    if (!in.at_end()) return std::nullopt;
    return last_ns;
}

Expected<void> SeriesStore::load_learner(const Occasion& occasion, KeyRecord& key, const FieldPlan& field,
                                         const FieldPlan::Watcher& watcher, std::span<const char> bytes) {
    Pipeline& pipeline = *watcher.pipeline;
    if (!pipeline.learns_interval())
        return fail("its interval was still being learned, and the config now gives one");
    ByteReader in(bytes);
    const bool started = in.take<std::uint8_t>() != 0;
    const auto count = in.take<std::uint32_t>();
    if (!in.complete() || count > jittered_points)
        return fail("the saved points of a series whose interval is being learned cannot be read");
    const std::uint16_t cohort = count < learning_points ? Pipeline::nursery : Pipeline::wide_nursery;
    if (!room_for_series(occasion, key, field, pipeline, cohort))
        return fail("a limit of the config leaves no room for it");
    Series* const series = create(pipeline, cohort, key, field, watcher.id, 0);
    if (!series) return fail("no series could be made for it");
    Learner& learner = Pipeline::learner(*series);
    for (learner.count = 0; learner.count < count; ++learner.count) {
        const auto time_ns = in.take<std::int64_t>();
        learner.held()[learner.count] = {time_ns, in.take_double()};
        if (!in.complete() || (learner.count > 0 && time_ns <= series->last_time_ns)) {
            release(*series, pipeline);
            return fail("the saved points of a series whose interval is being learned are not in order");
        }
        series->last_time_ns = time_ns;
    }
    series->started = started;
    if (!attach(key, field, pipeline, *series)) return fail("there is no memory for it");
    return {};
}

void SeriesStore::save_labels(ByteWriter& out) const {
    out.put(static_cast<std::uint32_t>(labels_.size()));
    for (const Label& label : labels_) label.save(out);
}

Expected<void> SeriesStore::load_labels(ByteReader& in) {
    std::vector<Label> labels;
    for (auto count = in.take<std::uint32_t>(); count > 0 && in.complete(); --count)
        labels.push_back(Label::load(in));
    if (!in.at_end()) return fail("the saved labels cannot be read");
    labels_ = std::move(labels);
    return {};
}

}  // namespace forecastd::engine
