#include "engine/stages/stuck.hpp"

#include <algorithm>
#include <limits>

namespace forecastd::engine {
namespace {

constexpr std::int64_t day_ns = 86'400'000'000'000;
constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();

// a * b, or the greatest number.
std::uint32_t times(std::uint32_t a, std::uint32_t b) {
    std::uint32_t product = 0;
    return __builtin_mul_overflow(a, b, &product) ? most : product;
}

}  // namespace

bool Runs::take(double next, std::uint32_t day) {
    if (run > 0 && next == value) {
        if (run < most) ++run;
        return run > stuck_points && changes >= stuck_changes && run > limit(day);
    }
    if (run > 0) end_run(day);
    value = next;
    run = 1;
    return false;
}

// How many points the current run may have.
std::uint32_t Runs::limit(std::uint32_t day) const {
    std::uint32_t result = std::max(times(stuck_runs, longest), stuck_points);
    if (value <= low || value >= high) result = std::max(result, day);
    if (rest_run > 0 && value == rest) result = std::max(result, times(2, rest_run));
    return result;
}

void Runs::end_run(std::uint32_t day) {
    if (changes >= stuck_changes && run > limit(day)) {
        rest = value;
        rest_run = run;
    } else {
        longest = std::max(longest, run);
    }
    low = changes == 0 ? value : std::min(low, value);
    high = changes == 0 ? value : std::max(high, value);
    if (changes < stuck_changes) ++changes;
}

Expected<std::unique_ptr<Stage>> StuckStage::make(StageContext& context) {
    if (!context.pipeline.detect || !context.pipeline.detect->stuck) return nullptr;
    return std::unique_ptr<Stage>(new StuckStage(context));
}

StuckStage::StuckStage(StageContext& context)
    : runs_(context.layout.add<Runs>("stuck")),
      day_(static_cast<std::uint32_t>(
          std::clamp<std::int64_t>(day_ns / context.interval_ns, stuck_points, most))) {}

void StuckStage::run(Rows& rows) {
    for (Row& row : rows.all()) {
        if (!row.is_fed() || !runs_.of(*row.series).take(row.judgement.y, day_)) continue;
        row.stuck = row.outside = true;
    }
}

Expected<void> StuckStage::save(const Series& series, ByteWriter& out) const {
    const Runs& runs = runs_.of(series);
    for (const double one : {runs.value, runs.low, runs.high, runs.rest}) out.put(one);
    for (const std::uint32_t one : {runs.run, runs.longest, runs.rest_run, runs.changes}) out.put(one);
    return {};
}

Expected<void> StuckStage::load(Series& series, ByteReader& in, std::span<const char> /*about*/) {
    Runs& runs = runs_.of(series);
    for (double* const one : {&runs.value, &runs.low, &runs.high, &runs.rest}) *one = in.take_double();
    for (std::uint32_t* const one : {&runs.run, &runs.longest, &runs.rest_run, &runs.changes})
        *one = in.take<std::uint32_t>();
    return {};
}

}  // namespace forecastd::engine
