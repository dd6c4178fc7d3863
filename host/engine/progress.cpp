#include "engine/progress.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <vector>

#include "engine/grid.hpp"

namespace forecastd::engine {
namespace {

// How many points in a row make a change: of the clock, of the interval to a shorter one, to a longer one.
constexpr unsigned late_limit = 100;
constexpr unsigned crowded_limit = 16;
constexpr unsigned sparse_limit = 64;

// Further ahead than these, a point is not used before another one confirms it. Fewer late points than these
// do not make a series begin again.
constexpr std::int64_t far_ahead_steps = late_limit;

// What the values are that came on a step behind its first, when it ends. Whoever sets an interval of minutes
// for data of seconds wants one value for each step; two to four on a step are rather several sources in one
// series.
Outcome outcome_of(unsigned crowded) { return crowded >= 4 ? Outcome::one_of_many : Outcome::crowded; }

// Whether a further value on a step has a wrong unit of time: the fifth or a later one, all of them within a
// hundredth of the interval.
bool has_wrong_unit(const Series& series, std::int64_t elapsed_ns, std::int64_t interval_ns) {
    return series.irregular == Irregular::crowded && series.irregular_run >= 4 &&
           elapsed_ns < interval_ns / 100;
}

// Whether a point is so far ahead that its time may be wrong. Taken at its word, one wrong time would make
// all points late that follow until then. The next point decides: it goes on where the series was, or is far
// ahead too.
bool is_far_ahead(Series& series, std::int64_t step) {
    const bool is_far = step - series.last_step > far_ahead_steps;
    const bool is_first = is_far && !series.ahead;
    series.ahead = is_far;
    return is_first;
}

// Notes that a point was irregular; true when that many in a row were so in the same way.
bool too_often(Series& series, Irregular kind, unsigned limit) {
    if (series.irregular != kind) {
        series.irregular = kind;
        series.irregular_run = 0;
    }
    if (series.irregular_run < std::numeric_limits<std::uint8_t>::max()) ++series.irregular_run;
    return series.irregular_run >= limit;
}

// How much a point that the interval seems wrong for counts against one that it is right for, and from where
// on a review of the interval begins.
constexpr std::uint32_t off_grid_weight = 20, off_grid_limit = 200;

// Whether a time lies nearer to the border between two steps than to the middle of one, as points do that
// come in another interval than that of their grid.
bool is_beside_grid(std::int64_t from_phase_ns, std::int64_t interval_ns) {
    const std::int64_t offset_ns = phase_of(from_phase_ns, interval_ns);
    return offset_ns > interval_ns / 4 && offset_ns < interval_ns - interval_ns / 4;
}

// Notes whether the interval of a series seems wrong for a point. When it often is, the times of the next
// points are collected, and the interval is learned from them again; true: it is another one.
bool review(Series& series, Pipeline& pipeline, std::int64_t interval_ns, std::int64_t time_ns,
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
    // Without a forecast, a grid that does not fit does no harm. What a detector has learned is worth more,
    // unless the series has changed to another interval for good.
    const bool needs_no_grid = pipeline.config().judges_each_value(), regular = is_regular(times_ns);
    reviews.erase(&series);
    series.off_grid = 0;
    if (needs_no_grid && !regular) return false;
    const std::int64_t tolerance_ns = needs_no_grid ? interval_ns / 2 : interval_ns / 50;
    return std::abs(learned_ns - interval_ns) > tolerance_ns;
}

}  // namespace

bool is_often_late(Series& series) { return too_often(series, Irregular::late, late_limit); }

Progress progress(Series& series, Pipeline& pipeline, const Cohort& cohort, std::int64_t time_ns,
                  Counters& counters) {
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
        ++counters.duplicates;
        pipeline.passed_over(Outcome::late);
        return Progress::stays;
    }
    if (elapsed_ns < 0) {
        ++counters.late;
        pipeline.passed_over(Outcome::late);
        return is_often_late(series) ? Progress::begins_again : Progress::stays;
    }
    // Whether another interval would be learned than that of the cohort.
    const bool can_relearn = pipeline.learns_interval() && !series.foreign_grid;
    // A point just one interval on is on the next step: most are, and need no division.
    std::int64_t step =
        elapsed_ns == interval_ns ? series.last_step + 1 : step_of(time_ns, interval_ns, series.phase_ns);
    const bool early = step <= series.last_step && pipeline.config().judges_each_value();
    if (early) {
        // The step may run ahead of the time, until a gap lets the time catch up.
        step = series.last_step + 1;
    } else if (step <= series.last_step) {
        ++counters.crowded;
        if (has_wrong_unit(series, elapsed_ns, interval_ns)) pipeline.passed_over(Outcome::crowded);
        if (can_relearn && review(series, pipeline, interval_ns, time_ns, true))
            return Progress::begins_again;
        const bool often = too_often(series, Irregular::crowded, crowded_limit);
        return often && can_relearn ? Progress::begins_again : Progress::stays;
    }
    const bool gap = step > series.last_step + 1;
    if (is_far_ahead(series, step)) {
        ++counters.ahead;
        pipeline.passed_over(Outcome::ahead);
        return Progress::stays;
    }
    if (gap) ++counters.gaps;
    if (series.irregular == Irregular::crowded) {
        // The first such step is not counted, as a series may begin in the middle of one.
        if (series.was_crowded)
            for (unsigned i = 0; i < series.irregular_run; ++i)
                pipeline.passed_over(outcome_of(series.irregular_run));
        series.was_crowded = true;
    }
    if ((gap || early || series.off_grid > 0) && can_relearn &&
        review(series, pipeline, interval_ns, time_ns,
               early || (gap && is_beside_grid(time_ns - series.phase_ns, interval_ns))))
        return Progress::begins_again;
    if (!gap || !can_relearn) {
        series.irregular = Irregular::none;
        series.irregular_run = 0;
    } else if (too_often(series, Irregular::sparse, sparse_limit)) {
        return Progress::begins_again;
    }
    series.last_time_ns = time_ns;
    series.last_step = step;
    pipeline.used();
    return Progress::moves_on;
}

}  // namespace forecastd::engine
