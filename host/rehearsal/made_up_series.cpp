#include "rehearsal/made_up_series.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "config/model.hpp"
#include "simulation/random.hpp"

namespace forecastd::rehearsal {
namespace {

constexpr double usual_level = 100, wave = 10, spike = 40, most_noise = 5;
constexpr double day_ns = 86'400e9;

bool looks_down(config::Direction direction) {
    return direction == config::Direction::below_expected || direction == config::Direction::falling;
}

// The values that can be, for the forecaster and the detector alike.
config::DataRange range_of(const config::Pipeline& pipeline) {
    config::DataRange range = pipeline.detect ? pipeline.detect->data_range : config::DataRange{};
    if (!pipeline.forecast) return range;
    range.low = std::max(range.low, pipeline.forecast->data_range.low);
    range.high = std::min(range.high, pipeline.forecast->data_range.high);
    return range;
}

double season_of(const config::Pipeline& pipeline, std::int64_t interval_ns) {
    for (const config::ModelChoice* const model : config::models_of(pipeline))
        for (const config::SeasonInSteps& season : config::seasons_of(*model, interval_ns))
            return static_cast<double>(season.steps);
    return std::max(8.0, day_ns / static_cast<double>(interval_ns));
}

// The greatest that a detector asks for.
template <class Member>
double greatest(const config::Pipeline& pipeline, Member member) {
    double result = pipeline.detect ? (*pipeline.detect).*member : 0;
    for (const config::Detect& voter : pipeline.voters) result = std::max(result, voter.*member);
    return result;
}

}  // namespace

MadeUpSeries::MadeUpSeries(const config::Pipeline& pipeline, std::int64_t interval_ns)
    : season_(season_of(pipeline, interval_ns)) {
    const bool down = pipeline.detect && looks_down(pipeline.detect->direction);
    unit_ = std::max(1.0, 4 * greatest(pipeline, &config::Detect::min_dev_from_expected) / spike);
    const double percent = greatest(pipeline, &config::Detect::min_rel_dev_from_expected);
    const config::DataRange range = range_of(pipeline);
    const double width = range.high - range.low;
    if (std::isfinite(width)) unit_ = std::min(unit_, width / (2 * spike));
    // With min_rel_dev_from_expected, the level is low enough that the spike deviates by more than this percentage, even
    // at the top of the wave.
    const double lower =
        percent > 0 ? std::max(0.0, 0.8 * spike * 100 / percent - wave - most_noise) : usual_level;
    level_ = unit_ * std::min(usual_level, lower);
    spike_ = unit_ * (down ? -spike : spike);
    // What lies below and above the level, with some room.
    const double room = unit_ * (wave + most_noise + 1);
    if (std::isfinite(range.low)) level_ = std::max(level_, range.low + room + (down ? unit_ * spike : 0));
    if (std::isfinite(range.high)) level_ = std::min(level_, range.high - room - (down ? 0 : unit_ * spike));
    if (!pipeline.detect) return;
    const config::DataRange& possible = pipeline.detect->data_range;
    if (std::isfinite(possible.high))
        outside_ = possible.high + std::max(1.0, std::abs(possible.high));
    else if (std::isfinite(possible.low))
        outside_ = possible.low - std::max(1.0, std::abs(possible.low));
    const config::Raise& raise = pipeline.alarm.raise;
    fault_points_ = static_cast<std::size_t>(raise.window);
    if (raise.lasting_ns > 0)
        fault_points_ = static_cast<std::size_t>((raise.lasting_ns + interval_ns - 1) / interval_ns) + 1;
}

double MadeUpSeries::value(std::size_t point, Fault fault) const {
    if (fault == Fault::outside) return *outside_;
    constexpr std::uint64_t seed = 1;
    simulation::Random random(seed, point);
    const double phase = 2 * std::numbers::pi * static_cast<double>(point) / season_;
    return level_ + unit_ * (wave * std::sin(phase) + std::clamp(random.normal(), -most_noise, most_noise)) +
           (fault == Fault::spike ? spike_ : 0);
}

}  // namespace forecastd::rehearsal
