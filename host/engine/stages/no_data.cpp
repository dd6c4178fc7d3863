#include "engine/stages/no_data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/grid.hpp"
#include "engine/key_table.hpp"
#include "engine/series_id.hpp"

namespace forecastd::engine {
namespace {

constexpr std::int64_t hour_ns = 3'600'000'000'000;
constexpr std::int64_t hours_of_week = 168, hours_of_day = 24;
constexpr double fading = 1 - 1.0 / 1024;  // of the longest pause, with each point

std::size_t hour_of_week(std::int64_t hour) {
    return static_cast<std::size_t>(phase_of(hour, hours_of_week));
}
bool is_set(const Pauses& pauses, std::int64_t hour) {
    const std::size_t i = hour_of_week(hour);
    return pauses.empty_hours[i / 8] >> (i % 8) & 1;
}
void set(Pauses& pauses, std::int64_t hour, bool empty) {
    const std::size_t i = hour_of_week(hour);
    const auto bit = static_cast<std::uint8_t>(1u << (i % 8));
    std::uint8_t& byte = pauses.empty_hours[i / 8];
    byte = static_cast<std::uint8_t>(empty ? byte | bit : byte & ~bit);
}

}  // namespace

Expected<std::unique_ptr<Stage>> NoDataStage::make(StageContext& context) {
    const config::Pipeline& pipeline = context.pipeline;
    if (!pipeline.detect || !pipeline.output.event) return nullptr;
    const config::Steps& after = pipeline.detect->no_data_after;
    if (after.count == 0 && after.ns == 0) return nullptr;
    std::unique_ptr<NoDataStage> stage(new NoDataStage(context));
    context.no_data = stage.get();
    return stage;
}

NoDataStage::NoDataStage(StageContext& context)
    : pipeline_(context.pipeline.name),
      interval_ns_(context.interval_ns),
      unit_ns_(std::max<std::int64_t>(interval_ns_ / Pauses::units, 1)),
      limit_(context.pipeline.detect->no_data_after.ns > 0
                 ? static_cast<double>(context.pipeline.detect->no_data_after.ns) /
                       static_cast<double>(unit_ns_)
                 : static_cast<double>(context.pipeline.detect->no_data_after.count * Pauses::units)),
      is_learned_(context.pipeline.detect->no_data_after.ns == 0),
      has_hours_(interval_ns_ <= hour_ns),
      hours_(context.pipeline, hour_ns),
      pauses_(context.layout.add<Pauses>("no data")) {}

// The difference of two such numbers is right however often they have wrapped in between, up to 2^28
// intervals.
std::uint32_t NoDataStage::units_of(std::int64_t now_ns) const {
    if (now_ns != last_now_ns_) {
        last_now_ns_ = now_ns;
        last_units_ = static_cast<std::uint32_t>(static_cast<std::uint64_t>(now_ns / unit_ns_));
    }
    return last_units_;
}

double NoDataStage::limit(const Pauses& pauses) const {
    return is_learned_ ? std::max(limit_, 2.0 * pauses.longest) : limit_;
}

// Where clocks are half an hour off, the hour in which one of UTC begins.
std::int64_t NoDataStage::local(std::int64_t hour) const {
    return floor_divide(hours_.local_ns(hour * hour_ns), hour_ns);
}

bool NoDataStage::is_expected_empty(const Pauses& pauses, std::int64_t hour) const {
    if (is_set(pauses, local(hour))) return true;
    const bool first_week = hour / hours_of_day - pauses.first_day < 7;
    return first_week && is_set(pauses, local(hour) - hours_of_day);
}

// The units of a pause, from the last point on, without the hours that are expected to be empty.
double NoDataStage::missed(const Pauses& pauses, std::int64_t last_ns, double pause) const {
    if (!has_hours_) return pause;
    const std::int64_t end_ns = last_ns + static_cast<std::int64_t>(pause) * unit_ns_;
    const std::int64_t first = floor_divide(last_ns, hour_ns) + 1, end = floor_divide(end_ns, hour_ns) + 1;
    if (end - first > hours_of_week + hours_of_day) return pause;  // more than a week: no hours explain that
    double empty_ns = 0;
    for (std::int64_t hour = first; hour < end; ++hour)
        if (is_expected_empty(pauses, hour))
            empty_ns += static_cast<double>(std::min(end_ns - hour * hour_ns, hour_ns));
    return pause - empty_ns / static_cast<double>(unit_ns_);
}

// Notes which whole hours of a pause were empty.
void NoDataStage::mark_hours(Pauses& pauses, std::int64_t last_ns, std::int64_t time_ns) const {
    const std::int64_t first = floor_divide(last_ns + interval_ns_ + hour_ns - 1, hour_ns);
    const std::int64_t end = std::min(floor_divide(time_ns, hour_ns), first + hours_of_week);
    for (std::int64_t hour = first; hour < end; ++hour) set(pauses, local(hour), true);
}

bool NoDataStage::heard(Series& series, std::int64_t time_ns, std::int64_t now_ns) {
    Pauses& pauses = pauses_.of(series);
    const std::uint32_t now = units_of(now_ns);
    if (pauses.points == 0)
        pauses.first_day = static_cast<std::uint16_t>(std::clamp<std::int64_t>(
            floor_divide(time_ns, hours_of_day * hour_ns), 0, std::numeric_limits<std::uint16_t>::max()));
    else if (!pauses.resumed) {
        double pause = now - pauses.heard;
        if (pause > pauses.longest) {
            const double longest = limit(pauses);
            if (pause > longest) pause = std::min(missed(pauses, series.last_time_ns, pause), longest);
        }
        pauses.longest = static_cast<float>(std::max(pauses.longest * fading, pause));
    }
    if (has_hours_) {
        if (series.started && !pauses.resumed && time_ns - series.last_time_ns > hour_ns)
            mark_hours(pauses, series.last_time_ns, time_ns);
        set(pauses, local(floor_divide(time_ns, hour_ns)), false);
    }
    pauses.resumed = false;
    if (pauses.points < Pauses::min_points) ++pauses.points;
    const bool was_silent = pauses.silent;
    if (!was_silent) pauses.heard = now;
    return was_silent;
}

bool NoDataStage::is_too_long(const Series& series, std::int64_t now_ns) const {
    const Pauses& pauses = pauses_.of(series);
    if (pauses.points < Pauses::min_points || pauses.silent || series.set_aside) return false;
    const double pause = units_of(now_ns) - pauses.heard, longest = limit(pauses);
    return pause > longest && missed(pauses, series.last_time_ns, pause) > longest;
}

bool NoDataStage::has_stopped(const Series& series, std::int64_t now_ns) const {
    constexpr std::int64_t intervals = 20;
    const Pauses& pauses = pauses_.of(series);
    return pauses.points > 0 && units_of(now_ns) - pauses.heard > intervals * Pauses::units;
}

void NoDataStage::end_silence(Series& series, std::int64_t now_ns) const {
    Pauses& pauses = pauses_.of(series);
    pauses.silent = false;
    pauses.heard = units_of(now_ns);
}

std::int64_t NoDataStage::time_now(const Series& series, std::int64_t now_ns) const {
    return series.last_time_ns +
           static_cast<std::int64_t>(units_of(now_ns) - pauses_.of(series).heard) * unit_ns_;
}

Event NoDataStage::event_of(const Series& series, std::string_view field) const {
    Event event{};
    event.start_ns = series.last_time_ns + interval_ns_;  // where the first point is missed
    event.id = event_id(series_id_hash(pipeline_, series.key->text(), field), event.start_ns);
    event.direction = EventDirection::none;
    event.peak_score = event.peak_value = std::numeric_limits<double>::quiet_NaN();
    return event;
}

Event NoDataStage::opening(const Series& series, std::string_view field, std::int64_t now_ns) const {
    Event event = event_of(series, field);
    event.state = EventState::open;
    event.time_ns = event.last_ns = time_now(series, now_ns);
    event.reason = "no data";
    return event;
}

Event NoDataStage::closing(const Series& series, std::string_view field, std::int64_t time_ns,
                           std::string_view reason) const {
    Event event = event_of(series, field);
    event.state = EventState::closed;
    event.time_ns = event.last_ns = std::max(time_ns, event.start_ns);
    event.reason = reason;
    return event;
}

// The series comes with the next points, if it still does: a pause that has become too long meanwhile is seen
// two intervals from now, and not only after the whole limit. The clock stands at 0.
void NoDataStage::resume(Series& series, std::int64_t away_ns) const {
    constexpr double time_to_come = 2 * Pauses::units, longest = 1e9;
    Pauses& pauses = pauses_.of(series);
    if (pauses.points == 0) return;
    double pause = 0u - pauses.heard;
    pause = std::min(pause + static_cast<double>(away_ns) / static_cast<double>(unit_ns_), longest);
    if (!pauses.silent) pause = std::min(pause, std::max(limit(pauses) - time_to_come, 0.0));
    pauses.heard = 0u - static_cast<std::uint32_t>(pause);
    pauses.resumed = true;
}

Expected<void> NoDataStage::save(const Series& series, ByteWriter& out) const {
    const Pauses& pauses = pauses_.of(series);
    out.put(static_cast<double>(pauses.longest));
    out.put(pauses.first_day);
    out.put(static_cast<std::uint8_t>(pauses.points | pauses.silent << 7));
    out.put(last_units_ - pauses.heard);  // how long the pause is
    for (const std::uint8_t byte : pauses.empty_hours) out.put(byte);
    return {};
}

// The clock begins at 0 again.
Expected<void> NoDataStage::load(Series& series, ByteReader& in, std::span<const char> /*about*/) {
    Pauses& pauses = pauses_.of(series);
    const double longest = in.take_double();
    if (!(longest >= 0 && longest < 1e12))
        return fail("the longest pause of the series is no length of time");
    pauses.longest = static_cast<float>(longest);
    pauses.first_day = in.take<std::uint16_t>();
    const auto bits = in.take<std::uint8_t>();
    pauses.points = std::min<unsigned>(bits & 63u, Pauses::min_points) & 63u;
    pauses.silent = bits > 127;
    pauses.heard = 0u - in.take<std::uint32_t>();
    pauses.resumed = true;
    for (std::uint8_t& byte : pauses.empty_hours) byte = in.take<std::uint8_t>();
    return {};
}

}  // namespace forecastd::engine
