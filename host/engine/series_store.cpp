#include "engine/series_store.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/counter_reading.hpp"
#include "engine/series_id.hpp"
#include "engine/stages/rules.hpp"

namespace forecastd::engine {
namespace {

// How many points in a row make a change: of the clock, of the interval to a shorter one, to a longer one.
constexpr unsigned late_limit = 100;
constexpr unsigned crowded_limit = 16;
constexpr unsigned sparse_limit = 64;

// Notes that a point was irregular; true when that many in a row were so in the same way.
bool too_often(Series& series, Irregular kind, unsigned limit) {
    if (series.irregular != kind) {
        series.irregular = kind;
        series.irregular_run = 0;
    }
    return ++series.irregular_run >= limit;
}

// Where a key keeps the series of a watch that it has.
Series*& place_of(KeyRecord& key, std::uint32_t watch_id) {
    if (key.watch_id == watch_id) return key.series;
    return std::find_if(key.extra->watches.begin(), key.extra->watches.end(),
                        [&](const Watch& watch) { return watch.id == watch_id; })
        ->series;
}

// The rate of a counter at a point that is held back; NaN at the first.
double rate_at(const Learner& learner, std::uint32_t i) {
    if (i == 0) return std::numeric_limits<double>::quiet_NaN();
    return CounterReading{learner.times_ns[i - 1], learner.values[i - 1]}.rate(learner.times_ns[i],
                                                                               learner.values[i]);
}

void release(Series& series, Pipeline& pipeline) {
    if (series.cohort == Pipeline::nursery)
        pipeline.nursery_slab().release(&series);
    else
        pipeline.cohort(series.cohort).destroy(&series);
}

}  // namespace

SeriesStore::SeriesStore(const config::Config& config, const Report& report, Counters& counters,
                         const std::vector<StageMaker>& stages, Limiter limiter)
    : max_series_(config.limits.max_series), counters_(counters), limiter_(std::move(limiter)) {
    for (std::size_t i = 0; i < config.pipelines.size(); ++i) {
        auto pipeline =
            Pipeline::make(config.pipelines[i], i, {report, counters, stages, config.metrics_every_ns != 0});
        if (pipeline)
            pipelines_.push_back(std::move(*pipeline));
        else
            report(config::LogLevel::error,
                   "pipeline '" + config.pipelines[i].name + "' is off: " + pipeline.error().text);
    }
}

std::size_t SeriesStore::allocated_bytes() const {
    std::size_t bytes = 0;
    for (const auto& pipeline : pipelines_) bytes += pipeline->allocated_bytes();
    return bytes;
}

Series* SeriesStore::find_or_create(KeyRecord& key, const FieldPlan& field, const FieldPlan::Watcher& watcher,
                                    std::int64_t time_ns) {
    if (key.watch_id == watcher.id) return key.series;
    if (key.extra)
        for (const Watch& watch : key.extra->watches)
            if (watch.id == watcher.id) return watch.series;

    if (counters_.series >= static_cast<std::uint64_t>(max_series_)) {
        limiter_.refuse("limits.max_series (" + std::to_string(max_series_) + ")");
        return nullptr;
    }
    Pipeline& pipeline = *watcher.pipeline;
    const bool learns = pipeline.learns_interval();
    const Slab& slab = learns ? pipeline.nursery_slab() : pipeline.cohort(0).slab();
    if (!limiter_.room_for(slab.growth_bytes())) return nullptr;
    Series* const series =
        create(pipeline, learns ? Pipeline::nursery : std::uint16_t{0}, key, field, watcher.id, time_ns);
    if (series) attach(key, *series);
    return series;
}

Series* SeriesStore::create(Pipeline& pipeline, std::uint16_t cohort, KeyRecord& key, const FieldPlan& field,
                            std::uint32_t watch, std::int64_t time_ns) {
    Series* series = nullptr;
    if (cohort == Pipeline::nursery) {
        series = ::new (pipeline.nursery_slab().allocate()) Series();
    } else {
        const auto made = pipeline.cohort(cohort).create(
            {series_id_hash(pipeline.config().name, key.text(), field.name), time_ns});
        if (!made) {
            pipeline.failures().not_begun(made.error().text);
            return nullptr;
        }
        series = *made;
    }
    series->key = &key;
    series->watch = watch;
    series->cohort = cohort;
    return series;
}

// The key knows the series from now on.
void SeriesStore::attach(KeyRecord& key, Series& series) {
    ++counters_.series;
    if (key.watch_id == 0) {
        key.watch_id = series.watch;
        key.series = &series;
        return;
    }
    if (!key.extra) key.extra = new KeyExtra;
    key.extra->watches.push_back({series.watch, &series});
}

void SeriesStore::take(Batch& batch, Series& series, const Value& value) {
    Pipeline& pipeline = *value.pipeline;
    if (series.cohort == Pipeline::nursery) return learn_interval(batch, series, value);
    switch (progress(series, pipeline, pipeline.cohort(series.cohort), value.time_ns)) {
        case Progress::moves_on:
            return queue(batch, series, value);
        case Progress::stays:
            return;
        case Progress::begins_again:
            return begin_again(batch, series, value);
    }
}

// Moves a series to the step of a point. Points that are late, duplicate, or on the step of one before them leave it where it
// is.
SeriesStore::Progress SeriesStore::progress(Series& series, const Pipeline& pipeline, const Cohort& cohort,
                                            std::int64_t time_ns) {
    const std::int64_t interval_ns = cohort.interval_ns();
    if (!series.started) {
        // A series that settled has its phase already.
        if (!pipeline.learns_interval()) series.phase_ns = phase_of(time_ns, interval_ns);
        series.started = true;
        series.last_time_ns = time_ns;
        series.last_step = step_of(time_ns, interval_ns, series.phase_ns);
        return Progress::moves_on;
    }
    const std::int64_t elapsed_ns = time_ns - series.last_time_ns;
    if (elapsed_ns == 0) {
        ++counters_.duplicates;
        return Progress::stays;
    }
    if (elapsed_ns < 0) {
        ++counters_.late;
        return too_often(series, Irregular::late, late_limit) ? Progress::begins_again : Progress::stays;
    }
    // Whether another interval would be learned than that of the cohort.
    const bool can_relearn = pipeline.learns_interval() && !series.foreign_grid;
    // A point just one interval on is on the next step: most are, and need no division.
    const std::int64_t step =
        elapsed_ns == interval_ns ? series.last_step + 1 : step_of(time_ns, interval_ns, series.phase_ns);
    if (step <= series.last_step) {
        ++counters_.crowded;
        const bool often = too_often(series, Irregular::crowded, crowded_limit);
        return often && can_relearn ? Progress::begins_again : Progress::stays;
    }
    const bool gap = step > series.last_step + 1;
    if (gap) ++counters_.gaps;
    if (!gap || !can_relearn) {
        series.irregular = Irregular::none;
        series.irregular_run = 0;
    } else if (too_often(series, Irregular::sparse, sparse_limit)) {
        return Progress::begins_again;
    }
    series.last_time_ns = time_ns;
    series.last_step = step;
    return Progress::moves_on;
}

// Makes a row of a value for the stages of its cohort.
void SeriesStore::queue(Batch& batch, Series& series, const Value& value) {
    // A forecast must be made, and diagnostics taken, before the next point of their series is learned.
    if (batch.is_bound(series)) batch.flush();
    if (series.set_aside) return;
    Cohort& cohort = value.pipeline->cohort(series.cohort);
    Row& row =
        batch.add(*value.pipeline, cohort, series, *value.field, value.point, value.time_ns, value.value);
    row.forecast_due = cohort.forecast_due(series, value.time_ns);
    row.diagnosis_due = cohort.diagnosis_due(series, value.time_ns);
    if (row.forecast_due || row.diagnosis_due) batch.bind(series, row.forecast_due ? cohort.lead_count() : 0);
}

// Replaces a series by a fresh one, which has learned nothing, and takes the value with that.
void SeriesStore::begin_again(Batch& batch, Series& series, const Value& value) {
    batch.flush();
    if (series.set_aside) return;
    ++counters_.restarted;
    Pipeline& pipeline = *value.pipeline;
    KeyRecord& key = *series.key;
    const std::uint16_t cohort = pipeline.learns_interval() ? Pipeline::nursery : series.cohort;
    Series* const fresh = create(pipeline, cohort, key, *value.field, series.watch, value.time_ns);
    if (!fresh) return;
    place_of(key, series.watch) = fresh;
    release(series, pipeline);
    take(batch, *fresh, value);
}

void SeriesStore::learn_interval(Batch& batch, Series& series, const Value& value) {
    Learner& learner = Pipeline::learner(series);
    if (learner.count > 0 && value.time_ns <= series.last_time_ns) {
        ++(value.time_ns == series.last_time_ns ? counters_.duplicates : counters_.late);
        if (too_often(series, Irregular::late, late_limit)) learner.count = 0;
        return;
    }
    series.irregular = Irregular::none;
    series.irregular_run = 0;
    series.last_time_ns = value.time_ns;
    learner.times_ns[learner.count] = value.time_ns;
    learner.values[learner.count] = value.value;
    const config::Pipeline& config = value.pipeline->config();
    const double shown = config.rate ? rate_at(learner, learner.count) : value.value;
    ++learner.count;
    if (config.detect && !std::isnan(shown))
        RulesStage::tell_warming_up(
            *config.detect,
            batch.add_waiting(*value.pipeline, series, *value.field, value.point, value.time_ns, shown),
            counters_);
    if (learner.count == learning_points) settle(batch, series, value);
}

// The interval is known: moves a series from the nursery to its cohort, which learns the points that were held back.
void SeriesStore::settle(Batch& batch, Series& series, const Value& value) {
    batch.flush();
    Pipeline& pipeline = *value.pipeline;
    const Learner learner = Pipeline::learner(series);
    const std::int64_t interval_ns = learned_interval(learner.times_ns);
    const auto number = pipeline.cohort_for(interval_ns);
    if (!number) return pipeline.failures().set_aside(series, value.field->name, number.error().text);
    Cohort& cohort = pipeline.cohort(*number);
    Series* const settled =
        create(pipeline, *number, *series.key, *value.field, series.watch, learner.times_ns[0]);
    if (!settled) {
        series.set_aside = true;  // counted and told already
        return;
    }
    place_of(*series.key, series.watch) = settled;
    release(series, pipeline);

    settled->phase_ns = learned_phase(learner.times_ns, cohort.interval_ns());
    settled->foreign_grid = cohort.interval_ns() != interval_ns;
    for (std::size_t i = 0; i < learning_points; ++i)
        if (progress(*settled, pipeline, cohort, learner.times_ns[i]) == Progress::moves_on)
            batch
                .add(pipeline, cohort, *settled, *value.field, value.point, learner.times_ns[i],
                     learner.values[i])
                .held_back = true;
}

void SeriesStore::remove(Series& series, Pipeline& pipeline) {
    KeyRecord& key = *series.key;
    if (key.watch_id == series.watch) {
        key.watch_id = 0;
        key.series = nullptr;
    } else {
        std::erase_if(key.extra->watches, [&](const Watch& watch) { return watch.id == series.watch; });
    }
    release(series, pipeline);
    --counters_.series;
}

void SeriesStore::expire(std::int64_t oldest_ns) {
    for (const auto& pipeline : pipelines_) {
        const auto visit = [&](void* record) {
            auto& series = *static_cast<Series*>(record);
            if (series.last_time_ns >= oldest_ns) return;
            ++counters_.expired_series;
            remove(series, *pipeline);
        };
        pipeline->nursery_slab().for_each(visit);
        for (const auto& cohort : pipeline->cohorts()) cohort->slab().for_each(visit);
    }
}

Expected<void> SeriesStore::load(KeyRecord& key, const FieldPlan& field, const FieldPlan::Watcher& watcher,
                                 std::span<const char> bytes) {
    Pipeline& pipeline = *watcher.pipeline;
    const auto interval_ns = ByteReader(bytes).take<std::int64_t>();
    if (interval_ns <= 0 || interval_ns > longest_interval_ns)
        return fail("the saved series has an interval of " + std::to_string(interval_ns) +
                    " ns, expected a positive one");
    if (!pipeline.learns_interval() && interval_ns != pipeline.config().interval_ns)
        return fail("the series was saved with an interval of " + std::to_string(interval_ns) +
                    " ns, and the config now says " + std::to_string(pipeline.config().interval_ns) + " ns");
    const auto number = pipeline.cohort_for(interval_ns);
    if (!number) return fail(number.error().text);
    Series* const series = create(pipeline, *number, key, field, watcher.id, 0);
    if (!series) return fail("no series could be made for it");
    if (auto loaded = pipeline.cohort(*number).load(*series, bytes); !loaded) {
        release(*series, pipeline);
        return fail(std::move(loaded.error().text));
    }
    attach(key, *series);
    return {};
}

}  // namespace forecastd::engine
