// How series begin, move on along their grid, begin anew, and end.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/engine.hpp"
#include "engine/rules.hpp"

namespace forecastd::engine {
namespace {

// How many points in a row make a change: of the clock, of the interval to a shorter one, to a longer one.
constexpr unsigned late_limit = 100;
constexpr unsigned crowded_limit = 16;
constexpr unsigned sparse_limit = 64;

// Notes that a point was odd; true when so many in a row were odd in the same way.
bool too_often(Series& series, Oddity oddity, unsigned limit) {
    if (series.oddity != oddity) {
        series.oddity = oddity;
        series.odd_run = 0;
    }
    return ++series.odd_run >= limit;
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

Series* Engine::series_of(KeyRecord& record, const FieldPlan::Watcher& watcher) {
    if (record.watch_id == watcher.id) return record.series;
    if (record.extra)
        for (const Watch& watch : record.extra->watches)
            if (watch.id == watcher.id) return watch.series;

    if (counters_.series >= static_cast<std::uint64_t>(limits_.max_series)) {
        refuse("limits.max_series (" + std::to_string(limits_.max_series) + ")");
        return nullptr;
    }
    Pipeline& pipeline = *watcher.pipeline;
    const bool learns = pipeline.learns_interval();
    const Slab& slab = learns ? pipeline.nursery_slab() : pipeline.cohort(0).slab();
    if (!room_for(slab.growth_bytes())) return nullptr;
    Series* const series = create_series(pipeline, learns ? Pipeline::nursery : 0, record, watcher.id);
    if (!series) return nullptr;
    ++counters_.series;
    if (record.watch_id == 0) {
        record.watch_id = watcher.id;
        record.series = series;
    } else {
        if (!record.extra) record.extra = new KeyExtra;
        record.extra->watches.push_back({watcher.id, series});
    }
    return series;
}

Series* Engine::create_series(Pipeline& pipeline, std::uint16_t cohort, KeyRecord& record,
                              std::uint32_t watch) {
    std::string error;
    Series* const series = cohort == Pipeline::nursery ? ::new (pipeline.nursery_slab().allocate()) Series()
                                                       : pipeline.cohort(cohort).create(error);
    if (!series) {
        ++counters_.plugin_failures;
        if (!pipeline.failure_was_reported())
            report_(config::LogLevel::error,
                    "pipeline '" + pipeline.config().name + "': no series can begin: " + error);
        return nullptr;
    }
    series->key = &record;
    series->watch = watch;
    series->cohort = cohort;
    series->next_emit_ns = std::numeric_limits<std::int64_t>::min();
    return series;
}

void Engine::take_value(Series& series, const Sample& sample) {
    Pipeline& pipeline = *sample.pipeline;
    if (series.cohort == Pipeline::nursery) return learn_interval(series, sample);

    switch (progress(series, pipeline, pipeline.cohort(series.cohort), sample.time_ns)) {
        case Progress::stays:
            return;
        case Progress::begins_anew: {
            Series* const fresh = begin_anew(series, pipeline);
            if (!fresh) return;
            Sample again = sample;
            again.series = fresh;
            return take_value(*fresh, again);
        }
        case Progress::moves_on:
            break;
    }
    if (!pipeline.config().rate) return learn_or_judge(series, sample);
    Sample grown = sample;
    grown.value = pipeline.cohort(series.cohort).counter_reading(series).rate(sample.time_ns, sample.value);
    if (!std::isnan(grown.value)) learn_or_judge(series, grown);
}

void Engine::learn_or_judge(Series& series, const Sample& sample) {
    const auto& detect = sample.pipeline->config().detect;
    if (detect && !in_data_range(*detect, sample.value))
        judge_out_of_range(series, sample);
    else
        queue(series, sample);
}

// Moves a series to the step of a point. Late, duplicate and crowded points leave it where it is.
Engine::Progress Engine::progress(Series& series, const Pipeline& pipeline, const Cohort& cohort,
                                  std::int64_t time_ns) {
    const std::int64_t interval_ns = cohort.interval_ns();
    const std::int64_t diagnostics_every = pipeline.diagnostics_every_ns();
    if (!series.started) {
        // A series that settled has its phase already.
        if (!pipeline.learns_interval()) series.phase_ns = phase_of(time_ns, interval_ns);
        series.started = true;
        series.diagnosis_due = diagnostics_every > 0;
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
        return too_often(series, Oddity::late, late_limit) ? Progress::begins_anew : Progress::stays;
    }
    // A point just one interval on is on the next step: most are, and need no division.
    const std::int64_t step =
        elapsed_ns == interval_ns ? series.last_step + 1 : step_of(time_ns, interval_ns, series.phase_ns);
    if (step <= series.last_step) {
        ++counters_.crowded;
        const bool often = too_often(series, Oddity::crowded, crowded_limit);
        return often && pipeline.learns_interval() ? Progress::begins_anew : Progress::stays;
    }
    const bool gap = step > series.last_step + 1;
    if (gap) ++counters_.gaps;
    if (!gap || !pipeline.learns_interval()) {
        series.oddity = Oddity::none;
        series.odd_run = 0;
    } else if (too_often(series, Oddity::sparse, sparse_limit)) {
        return Progress::begins_anew;
    }
    if (diagnostics_every > 0 &&
        floor_divide(time_ns, diagnostics_every) > floor_divide(series.last_time_ns, diagnostics_every))
        series.diagnosis_due = true;
    series.last_time_ns = time_ns;
    series.last_step = step;
    return Progress::moves_on;
}

// Replaces a series by a fresh one, which has learned nothing.
Series* Engine::begin_anew(Series& series, Pipeline& pipeline) {
    flush();
    if (series.set_aside) return nullptr;
    ++counters_.restarted;
    KeyRecord& record = *series.key;
    const std::uint16_t cohort = pipeline.learns_interval() ? Pipeline::nursery : series.cohort;
    Series* const fresh = create_series(pipeline, cohort, record, series.watch);
    if (!fresh) return nullptr;
    place_of(record, series.watch) = fresh;
    release(series, pipeline);
    return fresh;
}

void Engine::learn_interval(Series& series, const Sample& sample) {
    Learner& learner = Pipeline::learner(series);
    if (learner.count > 0 && sample.time_ns <= series.last_time_ns) {
        ++(sample.time_ns == series.last_time_ns ? counters_.duplicates : counters_.late);
        if (too_often(series, Oddity::late, late_limit)) learner.count = 0;
        return;
    }
    series.oddity = Oddity::none;
    series.odd_run = 0;
    series.last_time_ns = sample.time_ns;
    learner.times_ns[learner.count] = sample.time_ns;
    learner.values[learner.count] = sample.value;
    Sample told = sample;  // has no cohort: it is said that the series warms up
    if (sample.pipeline->config().rate) told.value = rate_at(learner, learner.count);
    ++learner.count;
    if (!std::isnan(told.value)) samples_.push_back(told);
    if (learner.count == learning_points) settle(series, *sample.pipeline);
}

// The interval is known: moves a series from the nursery to its cohort, which learns the points that were held back.
void Engine::settle(Series& series, Pipeline& pipeline) {
    flush();
    const Learner learner = Pipeline::learner(series);
    const std::int64_t interval_ns = learned_interval(learner.times_ns);
    std::uint16_t number = 0;
    std::string error;
    Cohort* const cohort = pipeline.cohort_for(interval_ns, number, error);
    if (!cohort) return set_aside(series, pipeline, error);
    Series* const settled = create_series(pipeline, number, *series.key, series.watch);
    if (!settled) return set_aside(series, pipeline, "");

    place_of(*series.key, series.watch) = settled;
    release(series, pipeline);

    settled->phase_ns = learned_phase(learner.times_ns, cohort->interval_ns());
    for (std::size_t i = 0; i < learning_points; ++i) {
        if (progress(*settled, pipeline, *cohort, learner.times_ns[i]) != Progress::moves_on) continue;
        const double value = pipeline.config().rate ? cohort->counter_reading(*settled).rate(
                                                          learner.times_ns[i], learner.values[i])
                                                    : learner.values[i];
        if (std::isnan(value)) continue;
        if (pipeline.config().detect && !in_data_range(*pipeline.config().detect, value)) {
            ++counters_.out_of_range;
            continue;
        }
        cohort->add(settled, learner.times_ns[i], settled->last_step, value);
        ++settled->learned;
        if (cohort->accuracy()) cohort->last_value(*settled) = learner.values[i];
    }
    cohort->advance([&](Series& failed, const Model& model, const std::string& text) {
        set_aside(failed, pipeline, model, text);
    });
    cohort->clear();
}

void Engine::remove_series(Series& series, Pipeline& pipeline) {
    KeyRecord& record = *series.key;
    if (record.watch_id == series.watch) {
        record.watch_id = 0;
        record.series = nullptr;
    } else {
        std::erase_if(record.extra->watches, [&](const Watch& watch) { return watch.id == series.watch; });
    }
    release(series, pipeline);
    --counters_.series;
}

void Engine::set_aside(Series& series, Pipeline& pipeline, const std::string& reason) {
    series.set_aside = true;
    if (reason.empty()) return;  // it was counted and told already
    ++counters_.plugin_failures;
    if (pipeline.failure_was_reported()) return;
    report_(config::LogLevel::error, "pipeline '" + pipeline.config().name + "', series '" +
                                         std::string(series.key->text()) + "', field '" +
                                         keys_.selector().field_of(series.watch).name + "': " + reason +
                                         "; this series is set aside and its points pass on; further "
                                         "failures of the pipeline are only counted");
}

void Engine::set_aside(Series& series, Pipeline& pipeline, const Model& model, const std::string& failure) {
    set_aside(series, pipeline, "plugin '" + std::string(model.algorithm().id()) + "' failed: " + failure);
}

// Ends the series that were not seen for the time to live, and forgets the keys that nothing watches any more.
void Engine::expire(std::int64_t now_ns) {
    const std::int64_t oldest_ns = now_ns - limits_.ttl_ns;
    for (const auto& pipeline : pipelines_) {
        const auto visit = [&](void* record) {
            auto& series = *static_cast<Series*>(record);
            if (series.last_time_ns >= oldest_ns) return;
            ++counters_.expired_series;
            remove_series(series, *pipeline);
        };
        pipeline->nursery_slab().for_each(visit);
        for (const auto& cohort : pipeline->cohorts()) cohort->slab().for_each(visit);
    }
    keys_.forget_idle();
}

}  // namespace forecastd::engine
