#include "engine/stages/drift_stage.hpp"

#include <algorithm>
#include <string>

#include "engine/stages/rules.hpp"

namespace forecastd::engine {
namespace {

constexpr std::int64_t block_ns = 6'000'000'000'000;
constexpr std::int64_t block_points = 100, most_block_points = 1'000'000;
constexpr double least_h = 13;
constexpr std::int64_t year_ns = 31'557'600'000'000'000;

// A healthy series may ring once in that time.
std::int64_t time_between_false_alarms(const config::Detect& detect) {
    return detect.false_alarms_ns > 0 ? detect.false_alarms_ns : year_ns;
}

double points_between_false_alarms(const StageContext& context) {
    return static_cast<double>(time_between_false_alarms(*context.pipeline.detect)) /
           static_cast<double>(context.interval_ns);
}

}  // namespace

Expected<std::unique_ptr<Stage>> DriftStage::make(StageContext& context) {
    if (!context.pipeline.detect || !context.pipeline.detect->drift) return nullptr;
    return std::unique_ptr<Stage>(new DriftStage(context));
}

DriftStage::DriftStage(StageContext& context)
    : direction_(context.pipeline.detect->direction),
      counters_(context.counters),
      drift_(context.layout.add<Drift>("drift")),
      block_(static_cast<std::uint32_t>(
          std::clamp(block_ns / context.interval_ns, block_points, most_block_points))),
      h_(std::max(least_h, cusum_limit(points_between_false_alarms(context) / block_))) {}

void DriftStage::run(Rows& rows) {
    for (const std::size_t i : rows.beginning_again) drift_.of(*rows[i].series) = {};
    for (Row& row : rows.all()) {
        if (!row.is_fed()) continue;
        Drift& drift = drift_.of(*row.series);
        drift.take(row.judgement.y, block_, h_);
        if (drift.side != 0 && !row.held_back) found(row, drift.side);
    }
}

void DriftStage::found(Row& row, int side) {
    const Side moved = side > 0 ? Side::above_expected : Side::below_expected;
    if (row.judgement.is_anomaly || row.suppressed || is_other_way(direction_, moved, side)) return;
    find_anomaly(row.judgement, score_drift, moved,
                 side > 0 ? "drift: the mean rises slowly, for longer than it usually does"
                          : "drift: the mean falls slowly, for longer than it usually does");
    row.drifting = row.tell = true;
    ++counters_.anomalies;
}

Expected<void> DriftStage::save(const Series& series, ByteWriter& out) const {
    const Drift& drift = drift_.of(series);
    for (const double one : {drift.sum, drift.last_mean, drift.mean, drift.variance, drift.covariance,
                             drift.last_error, double{drift.up}, double{drift.down}})
        out.put(one);
    out.put(drift.points);
    out.put(drift.blocks);
    out.put(drift.side);
    return {};
}

Expected<void> DriftStage::load(Series& series, ByteReader& in, std::span<const char> /*about*/) {
    Drift& drift = drift_.of(series);
    for (double* const one :
         {&drift.sum, &drift.last_mean, &drift.mean, &drift.variance, &drift.covariance, &drift.last_error})
        *one = in.take_double();
    drift.up = static_cast<float>(in.take_double());
    drift.down = static_cast<float>(in.take_double());
    drift.points = in.take<std::uint32_t>();
    drift.blocks = std::min(in.take<std::uint16_t>(), Drift::memory);
    drift.side = in.take<std::int8_t>();
    if (drift.side < -1 || drift.side > 1)
        return fail("the side of the drift is " + std::to_string(drift.side) + ", expected -1, 0 or 1");
    return {};
}

}  // namespace forecastd::engine
