#include "engine/local_steps.hpp"

#include <algorithm>

namespace forecastd::engine {
namespace {

constexpr std::int64_t day_ns = 86'400'000'000'000, week_ns = 7 * day_ns;
constexpr std::int64_t monday = 3;  // day 0 is a Thursday

// The product of a time and a number of steps needs more than 64 bits.
__extension__ using Wide = __int128;

// The nearest step of a time on the grid of a season.
std::int64_t step_on(const config::OddSeason& season, std::int64_t time_ns) {
    const Wide twice = 2 * static_cast<Wide>(time_ns) * season.steps + season.ns;
    const Wide unit = 2 * static_cast<Wide>(season.ns);
    const Wide quotient = twice / unit;
    return static_cast<std::int64_t>(quotient - (twice % unit < 0 ? 1 : 0));
}

std::vector<std::int64_t> days_of(const config::Pipeline& pipeline) {
    std::vector<std::int64_t> days;
    if (pipeline.calendar)
        for (const config::Holiday& holiday : pipeline.calendar->holidays) days.push_back(holiday.day);
    std::sort(days.begin(), days.end());
    return days;
}

std::optional<TimeZone> zone_of(const std::string& name) {
    if (name.empty()) return std::nullopt;
    const auto found = TimeZone::find(name);
    return found ? std::optional<TimeZone>(*found) : std::nullopt;
}

}  // namespace

LocalSteps::LocalSteps(const config::Pipeline& pipeline, std::int64_t interval_ns,
                       const config::OddSeason& season)
    : interval_ns_(interval_ns),
      week_steps_(season.steps > 0 ? step_on(season, week_ns) : step_of(week_ns, interval_ns, 0)),
      zone_(zone_of(pipeline.timezone)),
      holidays_(days_of(pipeline)),
      counts_as_(pipeline.calendar ? pipeline.calendar->as : 0),
      season_(season),
      differ_(zone_ || !holidays_.empty() || season.steps > 0) {}

bool LocalSteps::divides_days() const { return season_.steps == 0 && day_ns % interval_ns_ == 0; }

void LocalSteps::look_up(std::int64_t time_ns) {
    begin_ns_ = std::numeric_limits<std::int64_t>::min();
    end_ns_ = std::numeric_limits<std::int64_t>::max();
    offset_ns_ = away_ns_ = steps_away_ = 0;
    is_holiday_ = holiday_counts_ = false;
    constexpr std::int64_t furthest = 9'000'000'000'000'000'000;  // the sums below fit
    if (time_ns > furthest || time_ns < -furthest) {
        (time_ns > 0 ? begin_ns_ : end_ns_) = time_ns > 0 ? furthest + 1 : -furthest;
        return;
    }
    begin_ns_ = -furthest;
    end_ns_ = furthest;
    if (zone_) {
        offset_ns_ = zone_->offset_ns(time_ns);
        begin_ns_ = std::max(begin_ns_, zone_->begin_ns());
        end_ns_ = std::min(end_ns_, zone_->end_ns());
    }
    away_ns_ = offset_ns_;
    if (!holidays_.empty()) {
        const std::int64_t day = floor_divide(time_ns + offset_ns_, day_ns);
        begin_ns_ = std::max(begin_ns_, day * day_ns - offset_ns_);
        end_ns_ = std::min(end_ns_, day * day_ns - offset_ns_ + day_ns);
        is_holiday_ = std::binary_search(holidays_.begin(), holidays_.end(), day);
        const std::int64_t ahead = phase_of(counts_as_ - day - monday, 7);
        holiday_counts_ = is_holiday_ && ahead > 0;
        if (holiday_counts_) away_ns_ += (ahead + 7) * day_ns;
    }
    steps_away_ = step_of(away_ns_, interval_ns_, 0);
}

std::int64_t LocalSteps::on_season(std::int64_t time_ns) const {
    return step_on(season_, time_ns + away_ns_);
}

}  // namespace forecastd::engine
