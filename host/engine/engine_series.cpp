// How series begin, move on along their grid, begin anew, and end.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>

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

// The rate of a counter at a point that is held back; NaN at the first.
double rate_at(const Learner& learner, std::uint32_t i) {
    if (i == 0) return std::numeric_limits<double>::quiet_NaN();
    return CounterReading{learner.held()[i - 1].time_ns, learner.held()[i - 1].value}.rate(
        learner.held()[i].time_ns, learner.held()[i].value);
}

void release(Series& series, Pipeline& pipeline) {
    if (Pipeline::is_nursery(series.cohort)) return pipeline.nursery_slab(series.cohort).release(&series);
    if (series.off_grid == Series::under_review) pipeline.reviews().erase(&series);
    pipeline.cohort(series.cohort).destroy(&series);
}

// How much a point that the interval seems wrong for counts against one that it is right for, and from where on a
// review of the interval begins.
constexpr std::uint32_t off_grid_weight = 20, off_grid_limit = 200;

}  // namespace

Series* Engine::series_of(KeyRecord& record, const FieldPlan::Watcher& watcher) {
    if (Series** const found = record.series_of(watcher.id)) return *found;

    Pipeline& pipeline = *watcher.pipeline;
    const bool learns = pipeline.learns_interval();
    const Slab& slab = learns ? pipeline.nursery_slab() : pipeline.cohort(0).slab();
    if (!limiter_.room_for_series() ||
        !limiter_.room_for(slab.growth_bytes() + KeyTable::watch_growth_bytes(record))) {
        limiter_.refuse_series(record.text(), keys_.selector().field_of(watcher.id).name, pipeline.index());
        return nullptr;
    }
    Series* const series = create_series(pipeline, learns ? Pipeline::nursery : 0, record, watcher.id);
    if (!series) return nullptr;
    try {
        keys_.began(record, watcher.id, series);
    } catch (const std::bad_alloc&) {
        release(*series, pipeline);
        limiter_.out_of_memory();
        limiter_.refuse_series(record.text(), keys_.selector().field_of(watcher.id).name, pipeline.index());
        return nullptr;
    }
    ++counters_.series;
    return series;
}

Series* Engine::create_series(Pipeline& pipeline, std::uint16_t cohort, KeyRecord& record,
                              std::uint32_t watch) {
    std::string error;
    Series* series = nullptr;
    try {
        series = Pipeline::is_nursery(cohort) ? ::new (pipeline.nursery_slab(cohort).allocate()) Series()
                                              : pipeline.cohort(cohort).create(error);
    } catch (const std::bad_alloc&) {
        limiter_.out_of_memory();
        limiter_.refuse_series(record.text(), keys_.selector().field_of(watch).name, pipeline.index());
        return nullptr;
    }
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
    if (Pipeline::is_nursery(series.cohort)) return learn_interval(series, sample);

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

// Whether a time lies nearer to the border between two steps than to the middle of one, as points do that come in
// another interval than that of their grid.
static bool is_beside_grid(std::int64_t from_phase_ns, std::int64_t interval_ns) {
    const std::int64_t offset_ns = phase_of(from_phase_ns, interval_ns);
    return offset_ns > interval_ns / 4 && offset_ns < interval_ns - interval_ns / 4;
}

// Moves a series to the step of a point. Late, duplicate and crowded points leave it where it is.
Engine::Progress Engine::progress(Series& series, Pipeline& pipeline, const Cohort& cohort,
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
        note_misfit(pipeline, Misfits::Kind::late);
        return Progress::stays;
    }
    if (elapsed_ns < 0) {
        ++counters_.late;
        note_misfit(pipeline, Misfits::Kind::late);
        return too_often(series, Oddity::late, late_limit) ? Progress::begins_anew : Progress::stays;
    }
    // A point just one interval on is on the next step: most are, and need no division.
    const std::int64_t step =
        elapsed_ns == interval_ns ? series.last_step + 1 : step_of(time_ns, interval_ns, series.phase_ns);
    if (step <= series.last_step) {
        ++counters_.crowded;
        note_misfit(pipeline, Misfits::Kind::crowded);
        if (pipeline.learns_interval() && review(series, pipeline, interval_ns, time_ns, true))
            return Progress::begins_anew;
        const bool often = too_often(series, Oddity::crowded, crowded_limit);
        return often && pipeline.learns_interval() ? Progress::begins_anew : Progress::stays;
    }
    const bool gap = step > series.last_step + 1;
    if (gap) ++counters_.gaps;
    if ((gap || series.off_grid > 0) && pipeline.learns_interval() &&
        review(series, pipeline, interval_ns, time_ns,
               gap && is_beside_grid(time_ns - series.phase_ns, interval_ns)))
        return Progress::begins_anew;
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

// Notes whether the interval of a series seems wrong for a point. When it often is, the times of the next points are
// collected, and the interval is learned from them again; true: it is another one.
bool Engine::review(Series& series, Pipeline& pipeline, std::int64_t interval_ns, std::int64_t time_ns,
                    bool seems_wrong) {
    auto& reviews = pipeline.reviews();
    if (series.off_grid != Series::under_review) {
        if (!seems_wrong) {
            if (series.off_grid > 0) --series.off_grid;
            return false;
        }
        series.off_grid = std::min(series.off_grid + off_grid_weight, off_grid_limit) & 255u;
        if (series.off_grid < off_grid_limit || reviews.size() >= Pipeline::max_reviews) return false;
        reviews[&series].times_ns.reserve(jittered_points);
        series.off_grid = Series::under_review;
        return false;
    }
    std::vector<std::int64_t>& times_ns = reviews[&series].times_ns;
    times_ns.push_back(time_ns);
    if (times_ns.size() < jittered_points) return false;
    const std::int64_t learned_ns = learned_interval(times_ns);
    reviews.erase(&series);
    series.off_grid = 0;
    constexpr std::int64_t part = 50;  // within 2 %, it is the same
    return std::abs(learned_ns - interval_ns) > interval_ns / part;
}

void Engine::note_misfit(Pipeline& pipeline, Misfits::Kind kind) {
    Misfits& misfits = pipeline.misfits();
    if (!misfits.add(kind, pipeline.answered())) return;
    const bool crowded = misfits.count(Misfits::Kind::crowded) > misfits.count(Misfits::Kind::late);
    report_(
        config::LogLevel::warn,
        "pipeline '" + pipeline.config().name + "': most of its values are not used, since they " +
            (crowded
                 ? "come within the interval of the value before them. Is 'interval' longer than that of the "
                   "data? Are their timestamps in seconds or milliseconds, and read as nanoseconds? "
                 : "are not later than the value before them. ") +
            "Do several sources write the same series? Then give them a tag, such as host, that tells them "
            "apart");
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
    *record.series_of(series.watch) = fresh;
    release(series, pipeline);
    return fresh;
}

void Engine::learn_interval(Series& series, const Sample& sample) {
    Learner& learner = Pipeline::learner(series);
    const std::size_t room = series.cohort == Pipeline::nursery ? learning_points : jittered_points;
    if (learner.count == room) return settle(series, *sample.pipeline);  // it ran out of memory the last time
    if (learner.count > 0 && sample.time_ns <= series.last_time_ns) {
        ++(sample.time_ns == series.last_time_ns ? counters_.duplicates : counters_.late);
        note_misfit(*sample.pipeline, Misfits::Kind::late);
        if (too_often(series, Oddity::late, late_limit)) learner.count = 0;
        return;
    }
    series.oddity = Oddity::none;
    series.odd_run = 0;
    series.last_time_ns = sample.time_ns;
    learner.held()[learner.count] = {sample.time_ns, sample.value};
    Sample told = sample;  // has no cohort: it is said that the series warms up
    if (sample.pipeline->config().rate) told.value = rate_at(learner, learner.count);
    ++learner.count;
    if (!std::isnan(told.value)) samples_.push_back(told);
    if (learner.count == jittered_points)
        settle(series, *sample.pipeline);
    else if (learner.count == learning_points && series.cohort == Pipeline::nursery &&
             (is_regular(learner.times()) || !widen(series, *sample.pipeline)))
        settle(series, *sample.pipeline);
}

// Gives a series room for more points to learn its interval from; false: there is none.
bool Engine::widen(Series& series, Pipeline& pipeline) {
    if (!limiter_.room_for(pipeline.nursery_slab(Pipeline::wide_nursery).growth_bytes())) return false;
    flush();
    Series* const wide = create_series(pipeline, Pipeline::wide_nursery, *series.key, series.watch);
    if (!wide) return false;
    wide->last_time_ns = series.last_time_ns;
    const Learner& learner = Pipeline::learner(series);
    std::memcpy(static_cast<void*>(&Pipeline::learner(*wide)), &learner, Learner::bytes(learner.count));
    *series.key->series_of(series.watch) = wide;
    release(series, pipeline);
    return true;
}

// The interval is known: moves a series to its cohort, which learns the points that were held back.
void Engine::settle(Series& series, Pipeline& pipeline) {
    flush();
    const Learner& learner = Pipeline::learner(series);
    const std::vector<std::int64_t> times_ns = learner.times();
    const std::vector<Held> held(learner.points().begin(), learner.points().end());
    const std::int64_t interval_ns = learned_interval(times_ns);
    std::uint16_t number = 0;
    std::string error;
    Cohort* const cohort = pipeline.cohort_for(interval_ns, number, error);
    if (!cohort) return set_aside(series, pipeline, error);
    if (!limiter_.room_for(cohort->slab().growth_bytes())) {
        limiter_.refuse_series(series.key->text(), keys_.selector().field_of(series.watch).name,
                               pipeline.index());
        return set_aside(series, pipeline, "");
    }
    Series* const settled = create_series(pipeline, number, *series.key, series.watch);
    if (!settled) return set_aside(series, pipeline, "");

    *series.key->series_of(series.watch) = settled;
    release(series, pipeline);

    settled->phase_ns = learned_phase(times_ns, cohort->interval_ns());
    for (const Held& one : held) {
        if (progress(*settled, pipeline, *cohort, one.time_ns) != Progress::moves_on) continue;
        const double value = pipeline.config().rate
                                 ? cohort->counter_reading(*settled).rate(one.time_ns, one.value)
                                 : one.value;
        if (std::isnan(value)) continue;
        if (pipeline.config().detect && !in_data_range(*pipeline.config().detect, value)) {
            ++counters_.out_of_range;
            continue;
        }
        cohort->add(settled, one.time_ns, settled->last_step, value);
        ++settled->learned;
        if (cohort->accuracy()) cohort->last_value(*settled) = one.value;
    }
    settled->off_grid = 0;
    cohort->advance([&](Series& failed, const Model& model, const std::string& text) {
        set_aside(failed, pipeline, model, text);
    });
    cohort->clear();
}

void Engine::remove_series(Series& series, Pipeline& pipeline) {
    keys_.ended(*series.key, series.watch);
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
    forget_records();
    records_[current_] = nullptr;
    const std::int64_t oldest_ns = now_ns - limiter_.limits().ttl_ns;
    for (const auto& pipeline : pipelines_) {
        const auto visit = [&](void* record) {
            auto& series = *static_cast<Series*>(record);
            if (series.last_time_ns >= oldest_ns) return;
            ++counters_.expired_series;
            remove_series(series, *pipeline);
        };
        pipeline->nursery_slab().for_each(visit);
        pipeline->nursery_slab(Pipeline::wide_nursery).for_each(visit);
        for (const auto& cohort : pipeline->cohorts()) cohort->slab().for_each(visit);
    }
    keys_.forget_idle();
}

}  // namespace forecastd::engine
