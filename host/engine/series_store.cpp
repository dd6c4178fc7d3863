#include "engine/series_store.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

#include "engine/counter_reading.hpp"
#include "engine/progress.hpp"
#include "engine/series_id.hpp"
#include "engine/stages/rules.hpp"
#include "engine/stages/watching.hpp"
#include "plugin/at_work.hpp"

namespace forecastd::engine {
namespace {

// The rate of a counter at a point that is held back; NaN at the first.
double rate_at(const Learner& learner, std::uint32_t i) {
    if (i == 0) return std::numeric_limits<double>::quiet_NaN();
    const Held &before = learner.held()[i - 1], &held = learner.held()[i];
    return CounterReading{before.time_ns, before.value}.rate(held.time_ns, held.value);
}

}  // namespace

void SeriesStore::release(Series& series, Pipeline& pipeline) {
    if (Pipeline::is_nursery(series.cohort)) return pipeline.nursery_slab(series.cohort).release(&series);
    if (series.off_grid == Series::under_review) pipeline.reviews().erase(&series);
    pipeline.cohort(series.cohort).destroy(&series);
}

// Whether a plugin of the pipeline has crashed on the series, in an earlier life of the process, so that
// nothing can be done with it. Of several detectors, those that have not crashed go on.
bool SeriesStore::crashed_before(const config::Pipeline& pipeline, const KeyRecord& key,
                                 const FieldPlan& field) {
    const auto crashed = [&](const config::ModelChoice& model) {
        const plugin::Caution& caution = model.algorithm->caution;
        return !caution.without_series.empty() &&
               caution.is_without(series_id_hash(pipeline.name, key.text(), field.name));
    };
    if (pipeline.forecast && crashed(pipeline.forecast->model)) return true;
    if (pipeline.voters.empty()) return pipeline.detect && crashed(pipeline.detect->model);
    return std::all_of(pipeline.voters.begin(), pipeline.voters.end(),
                       [&](const config::Detect& voter) { return crashed(voter.model); });
}

Series* SeriesStore::find_or_create(Batch& batch, KeyRecord& key, const FieldPlan::Watcher& watcher,
                                    const Value& value) {
    if (Series** const found = key.series_of(watcher.id)) return *found;

    Pipeline& pipeline = *watcher.pipeline;
    const FieldPlan& field = *value.field;
    // A series that a plugin crashed on never gets to its models.
    const bool without_models = crashed_before(pipeline.config(), key, field);
    if (!without_models && spill_)
        if (Series* const returned = take_back(batch, key, watcher, value)) return returned;
    const bool waits = without_models || pipeline.learns_interval();
    const std::uint16_t cohort = waits ? Pipeline::nursery : std::uint16_t{0};
    if (!room_for_series({&batch, value.point}, key, field, pipeline, cohort)) return nullptr;
    Series* const series = create(pipeline, cohort, key, field, watcher.id, value.time_ns);
    if (!series || !attach(key, field, pipeline, *series)) return nullptr;
    series->set_aside = without_models;
    return series;
}

Series* SeriesStore::create(Pipeline& pipeline, std::uint16_t cohort, KeyRecord& key, const FieldPlan& field,
                            std::uint32_t watch, std::int64_t time_ns) {
    Series* series = nullptr;
    try {
        if (Pipeline::is_nursery(cohort)) {
            series = ::new (pipeline.nursery_slab(cohort).allocate()) Series();
        } else {
            const plugin::AtSeries at_series({pipeline.config().name, key.text(), field.name});
            const auto made = pipeline.cohort(cohort).create(
                {series_id_hash(pipeline.config().name, key.text(), field.name), time_ns});
            if (!made) {
                pipeline.failures().not_begun(made.error().text);
                return nullptr;
            }
            series = *made;
        }
    } catch (const std::bad_alloc&) {
        limiter_.out_of_memory();
        refuse(key, field, pipeline);
        return nullptr;
    }
    series->key = &key;
    series->watch = watch;
    series->cohort = cohort;
    journal_.began(*series);
    if (!labels_.empty() && !Pipeline::is_nursery(cohort)) label_new(*series, pipeline, field, time_ns);
    return series;
}

// The key knows the series from now on. false: there is no memory for that, and the series is gone.
bool SeriesStore::attach(KeyRecord& key, const FieldPlan& field, Pipeline& pipeline, Series& series) {
    try {
        keys_.began(key, series.watch, &series);
    } catch (const std::bad_alloc&) {
        release(series, pipeline);
        limiter_.out_of_memory();
        refuse(key, field, pipeline);
        return false;
    }
    ++counters_.series;
    return true;
}

void SeriesStore::take(Batch& batch, Series& series, const Value& value) {
    Pipeline& pipeline = *value.pipeline;
    journal_.changes(series, pipeline);
    silence_.came(batch, series, pipeline, value.point, value.time_ns);
    if (Pipeline::is_nursery(series.cohort)) return learn_interval(batch, series, value);
    switch (progress(series, pipeline, pipeline.cohort(series.cohort), value.time_ns, counters_)) {
        case Progress::moves_on:
            return queue(batch, series, value);
        case Progress::stays:
            return tell_passed_over(batch, series, value);
        case Progress::begins_again:
            return begin_again(batch, series, value);
    }
}

void SeriesStore::tell_state(Batch& batch, const Series& series, const Value& value,
                             const SeriesState& state) {
    batch.flush();
    batch.emit_originals(value.point + 1);
    batch.tell(*value.pipeline, series, *value.field, state);
}

void SeriesStore::tell_passed_over(Batch& batch, Series& series, const Value& value) {
    WatchingStage* const watching = value.pipeline->cohort(series.cohort).watching();
    if (!watching || !watching->is_passed_over(series, value.time_ns)) return;
    batch.flush();  // what waits was before
    if (const auto state = watching->passed_over(series, value.time_ns))
        tell_state(batch, series, value, *state);
}

// A series that is set aside before it has models.
void SeriesStore::tell_failing(Batch& batch, const Series& series, const Value& value,
                               std::string_view reason) {
    if (value.pipeline->config().output.state && value.pipeline->config().detect)
        tell_state(batch, series, value, {value.time_ns, Watching::failing, reason});
}

void SeriesStore::pass(Batch& batch, Series& series, const Value& value) {
    series.last_time_ns = std::max(series.last_time_ns, value.time_ns);
    if (series.started) return;
    series.started = true;
    tell_failing(batch, series, value,
                 "a plugin crashed on it, and it is set aside until forecastd is started again");
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
    row.origin_due = cohort.origin_due(row.step);
    if (row.forecast_due || row.diagnosis_due || row.origin_due)
        batch.bind(series, row.forecast_due ? cohort.lead_count() : 0);
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
    *key.series_of(series.watch) = fresh;
    batch.emit_originals(value.point + 1);
    close_event(batch, series, pipeline, "The series began again, as its clock or its interval changed.");
    release(series, pipeline);
    take(batch, *fresh, value);
}

void SeriesStore::learn_interval(Batch& batch, Series& series, const Value& value) {
    Learner& learner = Pipeline::learner(series);
    const std::size_t room = series.cohort == Pipeline::nursery ? learning_points : jittered_points;
    if (learner.count == room) return settle(batch, series, value);  // it ran out of memory the last time
    if (learner.count > 0 && value.time_ns <= series.last_time_ns) {
        ++(value.time_ns == series.last_time_ns ? counters_.duplicates : counters_.late);
        value.pipeline->passed_over(Outcome::late);
        if (is_often_late(series)) learner.count = 0;
        return;
    }
    series.irregular = Irregular::none;
    series.irregular_run = 0;
    series.last_time_ns = value.time_ns;
    learner.held()[learner.count] = {value.time_ns, value.value};
    const config::Pipeline& config = value.pipeline->config();
    const double shown = config.rate ? rate_at(learner, learner.count) : value.value;
    ++learner.count;
    if (config.detect && !std::isnan(shown)) {
        Row& row =
            batch.add_waiting(*value.pipeline, series, *value.field, value.point, value.time_ns, shown);
        RulesStage::tell_warming_up(*config.detect, row, counters_);
        if (config.output.state && !series.started) tell_learning_interval(*value.pipeline, series, row);
    }
    const bool has_few = learner.count == learning_points && series.cohort == Pipeline::nursery;
    if (learner.count == jittered_points ||
        (has_few && (is_regular(learner.times()) || !widen(batch, series, value))))
        settle(batch, series, value);
}

// Told once, at the first point that is shown.
void SeriesStore::tell_learning_interval(Pipeline& pipeline, Series& series, Row& row) {
    std::vector<SeriesState>& states = pipeline.nursery_rows().states;
    row.states = {static_cast<std::uint32_t>(states.size()), 1};
    states.push_back({row.judgement.time_ns, Watching::warming,
                      "its interval is learned from its first 8 points, or 32 if their distances vary"});
    series.started = true;
}

// Gives a series room for more points to learn its interval from; false: there is none.
bool SeriesStore::widen(Batch& batch, Series& series, const Value& value) {
    Pipeline& pipeline = *value.pipeline;
    if (!limiter_.room_for(pipeline.nursery_slab(Pipeline::wide_nursery).growth_bytes())) return false;
    batch.flush();
    Series* const wide =
        create(pipeline, Pipeline::wide_nursery, *series.key, *value.field, series.watch, value.time_ns);
    if (!wide) return false;
    wide->last_time_ns = series.last_time_ns;
    wide->started = series.started;
    const Learner& learner = Pipeline::learner(series);
    std::memcpy(static_cast<void*>(&Pipeline::learner(*wide)), &learner, Learner::bytes(learner.count));
    *series.key->series_of(series.watch) = wide;
    release(series, pipeline);
    return true;
}

// The interval is known: moves a series from its nursery to its cohort, which learns the points that were
// held back.
void SeriesStore::settle(Batch& batch, Series& series, const Value& value) {
    batch.flush();
    Pipeline& pipeline = *value.pipeline;
    const Learner& learner = Pipeline::learner(series);
    const std::vector<std::int64_t> times_ns = learner.times();
    const std::vector<Held> held(learner.points().begin(), learner.points().end());
    const std::int64_t interval_ns = learned_interval(times_ns);
    const auto number = pipeline.cohort_for(interval_ns);
    if (!number) {
        pipeline.failures().set_aside(series, value.field->name, number.error().text);
        return tell_failing(batch, series, value, number.error().text);
    }
    Cohort& cohort = pipeline.cohort(*number);
    if (!room_in_slab({&batch, value.point}, pipeline, *number, 0)) {
        refuse(*series.key, *value.field, pipeline);
        series.set_aside = true;
        return tell_failing(batch, series, value, "limits.max_memory leaves no room for its models");
    }
    Series* const settled =
        create(pipeline, *number, *series.key, *value.field, series.watch, times_ns.front());
    if (!settled) {
        series.set_aside = true;  // counted and told already
        return tell_failing(batch, series, value, "its models could not begin; a message tells why");
    }
    *series.key->series_of(series.watch) = settled;
    release(series, pipeline);

    settled->phase_ns = learned_phase(times_ns, cohort.interval_ns());
    settled->foreign_grid = cohort.interval_ns() != interval_ns;
    for (const Held& one : held) {
        if (batch.is_bound(*settled)) batch.flush();
        if (settled->set_aside) break;
        if (progress(*settled, pipeline, cohort, one.time_ns, counters_) == Progress::moves_on) {
            batch.add(pipeline, cohort, *settled, *value.field, value.point, one.time_ns, one.value)
                .held_back = true;
        }
    }
    // They tell nothing about the interval that was not known when it was learned from them.
    if (settled->off_grid == Series::under_review) pipeline.reviews().erase(settled);
    settled->off_grid = 0;
}

void SeriesStore::remove(Series& series, Pipeline& pipeline) {
    journal_.changes(series, pipeline);
    keys_.ended(*series.key, series.watch);
    release(series, pipeline);
    --counters_.series;
}

// An event of a series that ends is closed one interval behind the last point.
void SeriesStore::close_event(Batch& batch, Series& series, Pipeline& pipeline, std::string_view reason) {
    journal_.changes(series, pipeline);
    silence_.ended(batch, series, pipeline, reason);
    if (Pipeline::is_nursery(series.cohort) || !series.alarmed) return;
    Cohort& cohort = pipeline.cohort(series.cohort);
    if (!cohort.alarm()) return;
    const FieldPlan& field = keys_.selector().field_of(series.watch);
    const auto event =
        cohort.alarm()->close(series, field.name, series.last_time_ns + cohort.interval_ns(), reason);
    if (event) batch.tell(pipeline, series, field, *event);
}

void SeriesStore::expire(Batch& batch, std::int64_t oldest_ns) {
    for (const auto& pipeline : pipelines_) {
        const auto visit = [&](void* record) {
            auto& series = *static_cast<Series*>(record);
            if (series.last_time_ns >= oldest_ns) return;
            ++counters_.expired_series;
            if (pipeline->config().detect && !series.judged && !series.set_aside) pipeline->ended_unjudged();
            close_event(batch, series, *pipeline,
                        "No value came for limits.ttl, and the series has expired.");
            remove(series, *pipeline);
        };
        pipeline->nursery_slab().for_each(visit);
        pipeline->nursery_slab(Pipeline::wide_nursery).for_each(visit);
        for (const auto& cohort : pipeline->cohorts()) cohort->slab().for_each(visit);
    }
}

void SeriesStore::take_label(Batch& batch, const Label& label) {
    using Action = Label::Action;
    if (label.action == Action::suppress || label.action == Action::resume)
        std::erase_if(labels_, [&](const Label& one) { return one.has_same_scope(label); });
    constexpr std::size_t most = 1000;
    if (label.action == Action::suppress && labels_.size() < most) labels_.push_back(label);
    for (const auto& pipeline : pipelines_) {
        if (!pipeline->config().detect && label.action != Action::reset) continue;
        const auto visit = [&](void* record) {
            auto& series = *static_cast<Series*>(record);
            const FieldPlan& field = keys_.selector().field_of(series.watch);
            if (!label.concerns(pipeline->config().name, series.key->text(), series.key->measurement_size,
                                field.name))
                return;
            journal_.changes(series, *pipeline);
            if (label.action == Action::reset) {
                close_event(batch, series, *pipeline, "A label resets the series.");
                if (spill_) spill_->forget({pipeline->config().name, series.key->text(), field.name});
                remove(series, *pipeline);
            } else if (!Pipeline::is_nursery(series.cohort)) {
                if (label.action == Action::normal)
                    close_event(batch, series, *pipeline, "A label says that this was normal.");
                pipeline->cohort(series.cohort).labels()->take(series, label);
            }
        };
        pipeline->nursery_slab().for_each(visit);
        pipeline->nursery_slab(Pipeline::wide_nursery).for_each(visit);
        for (const auto& cohort : pipeline->cohorts()) cohort->slab().for_each(visit);
    }
}

void SeriesStore::label_new(Series& series, Pipeline& pipeline, const FieldPlan& field,
                            std::int64_t time_ns) {
    std::erase_if(labels_, [&](const Label& one) { return one.until_ns <= time_ns; });
    const LabelsStage* const stage = pipeline.cohort(series.cohort).labels();
    if (!stage) return;
    for (const Label& label : labels_)
        if (label.concerns(pipeline.config().name, series.key->text(), series.key->measurement_size,
                           field.name))
            stage->take(series, label);
}

}  // namespace forecastd::engine
