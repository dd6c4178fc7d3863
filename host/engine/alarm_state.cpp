#include "engine/alarm_state.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace forecastd::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// A float that is not below a score, so that the same score never counts as a rise.
float rounded_up(double score) {
    const auto rounded = static_cast<float>(score);
    return static_cast<double>(rounded) < score
               ? std::nextafter(rounded, std::numeric_limits<float>::infinity())
               : rounded;
}

}  // namespace

double AlarmState::raised(std::int64_t step) const {
    if (raised_ == 0) return 0;
    return static_cast<double>(raised_) * std::exp2(-static_cast<double>(steps_since(step)) / half_life);
}

void AlarmState::anchor(std::int64_t step) {
    raised_ = static_cast<float>(raised(step));
    last_step_ = static_cast<std::uint32_t>(step);
}

bool AlarmState::is_at_base(const AlarmRules& rules, const AlarmPoint& point) const {
    return std::abs(point.value - base_) <= rules.clear_score * static_cast<double>(reach_);
}

bool AlarmState::is_back(const AlarmRules& rules, const AlarmPoint& point) const {
    const double way = peak_value_ - base_, went = point.value - base_, reach = reach_;
    if (is_at_base(rules, point)) return true;
    if (!point.is_anomaly) return false;
    const double part = way > 0 ? went : -went;
    if (part < -reach || part > std::abs(way)) return false;
    return way > 0 ? point.value < point.expected : point.value > point.expected;
}

// A return is looked for once an event is open or over, until the value is back.
void AlarmState::follow_return(const AlarmRules& rules, const AlarmPoint& point) {
    if (!has_event_ || phase_ == Phase::pending || std::isnan(base_)) return;
    const bool back = is_back(rules, point);
    if (is_away_ && back && phase_ == Phase::calm) anchor(point.step);
    is_away_ = !back && (phase_ == Phase::open || (is_away_ && steps_since(point.step) <= memory));
}

// Whether a point counts towards an event that is not open yet.
bool AlarmState::is_over(const AlarmRules& rules, const AlarmPoint& point) const {
    if (!point.is_anomaly) return false;
    if (!point.is_certain && !(point.score > 1 + raised(point.step))) return false;
    if (phase_ == Phase::pending || !has_event_) return true;
    const std::int64_t since = steps_since(point.step);
    if (since > rules.silence) return true;
    const bool is_late = since > rules.silence / 10;
    const double told = static_cast<double>(told_score_);
    if (rules.is_worse(point.score, told, is_late ? 1 : 2)) return is_late || !is_at_base(rules, point);
    if (!is_late || is_at_base(rules, point)) return false;
    const std::int64_t rest_ns = since * rules.interval_ns;
    return rest_ns > point.time_ns - start_ns_ - rest_ns &&
           rules.is_worse(point.score, 1 + raised(point.step));
}

// Counts an anomaly.
void AlarmState::note(const AlarmPoint& point) {
    if (points_ < std::numeric_limits<std::uint32_t>::max()) ++points_;
    last_ns_ = point.time_ns;
    if (points_ > 1 && !(point.score > static_cast<double>(peak_score_))) return;
    peak_score_ = rounded_up(point.score);
    peak_value_ = point.value;
    direction_ = point.direction;
    reason_ = point.reason;
}

// An anomaly that belongs to an event and is no part of what is said about it.
void AlarmState::leave_untold(const AlarmPoint& point) {
    if (point.is_anomaly) told_score_ = std::max(told_score_, rounded_up(point.score));
}

bool AlarmState::is_raised(const AlarmRules& rules, const AlarmPoint& point) const {
    if (rules.rare) return point.opens_alone || usual_.is_rare(*rules.rare, point.seen);
    if (rules.lasting_ns > 0) return point.time_ns - start_ns_ >= rules.lasting_ns;
    const std::uint32_t window = rules.window < 32 ? (1u << rules.window) - 1 : ~0u;
    return static_cast<unsigned>(std::popcount(mask_ & window)) >= rules.count;
}

// What is pending lasts for the span of an incident; otherwise it does not wait over a hole in the data.
bool AlarmState::has_lapsed(const AlarmRules& rules, const AlarmPoint& point) const {
    if (rules.rare) return !usual_.goes_on(point.step);
    return point.time_ns - last_ns_ > std::max(rules.clear_ns, rules.interval_ns) + rules.interval_ns;
}

AlarmChange AlarmState::take(const AlarmRules& rules, const AlarmPoint& point) {
    follow_return(rules, point);
    if (phase_ == Phase::open) return go_on(rules, point);

    if (phase_ == Phase::pending && has_lapsed(rules, point)) phase_ = Phase::calm;
    const bool is_new = phase_ == Phase::calm, over = is_over(rules, point);
    mask_ = (is_new ? 0 : mask_ << 1) | (over ? 1u : 0u);
    if (rules.window < 32) mask_ &= (1u << rules.window) - 1;
    if (!over) {
        if (is_new && has_event_ && steps_since(point.step) <= rules.silence / 10) leave_untold(point);
        if (rules.rare) return AlarmChange::none;
        // A duration asks for anomalies alone; a number of points allows for others between them.
        if (rules.lasting_ns > 0 || mask_ == 0) phase_ = Phase::calm;
        return AlarmChange::none;
    }
    if (is_new) {
        phase_ = Phase::pending;
        is_away_ = false;
        start_ns_ = point.time_ns;
        points_ = 0;
        if (rules.rare) usual_.begin(*rules.rare, point.step);
        // A value that is hardly off does not tell where a return would lead.
        base_ = std::abs(point.value - point.expected) > point.reach ? point.expected : nan;
        reach_ = static_cast<float>(point.reach);
    }
    note(point);
    if (!point.opens_alone) usual_.add(point.score);
    if (!is_raised(rules, point)) return AlarmChange::none;
    phase_ = Phase::open;
    anchor(point.step);
    raised_ += static_cast<float>(rules.budget * (rules.decade > 0 ? rules.decade : 1));
    has_event_ = true;
    is_away_ = !std::isnan(base_);
    told_score_ = peak_score_;
    return AlarmChange::opened;
}

AlarmChange AlarmState::go_on(const AlarmRules& rules, const AlarmPoint& point) {
    // Once the value is back, what the models make of that is no part of the event.
    const bool back = !std::isnan(base_) && !is_away_ && !point.is_certain;
    if (!back && (point.is_anomaly || point.score > rules.clear_score)) {
        if (point.is_anomaly) {
            note(point);
            if (!point.opens_alone && usual_.goes_on(point.step)) usual_.add(point.score);
        }
        anchor(point.step);
        if (!(peak_score_ > told_score_) ||
            !rules.is_worse(static_cast<double>(peak_score_), static_cast<double>(told_score_)))
            return AlarmChange::none;
        told_score_ = peak_score_;
        return AlarmChange::worsened;
    }
    leave_untold(point);
    if (steps_since(point.step) < rules.clear_steps()) return AlarmChange::none;
    close();
    return AlarmChange::closed;
}

void AlarmState::close() {
    phase_ = Phase::calm;
    told_score_ = std::max(told_score_, peak_score_);
}

void AlarmState::save(ByteWriter& out) const {
    usual_.save(out);
    out.put(start_ns_);
    out.put(last_ns_);
    out.put(peak_value_);
    out.put(base_);
    for (const float one : {reach_, peak_score_, told_score_, raised_})
        out.put(std::bit_cast<std::uint32_t>(one));
    out.put(last_step_);
    out.put(mask_);
    out.put(points_);
    out.put(reason_);
    out.put(static_cast<std::uint8_t>(phase_));
    out.put(static_cast<std::uint8_t>((has_event_ ? 1 : 0) + (is_away_ ? 2 : 0)));
    out.put(static_cast<std::uint8_t>(direction_));
}

Expected<void> AlarmState::load(ByteReader& in) {
    usual_.load(in);
    start_ns_ = in.take<std::int64_t>();
    last_ns_ = in.take<std::int64_t>();
    peak_value_ = in.take_double();
    base_ = in.take_double();
    for (float* const one : {&reach_, &peak_score_, &told_score_, &raised_})
        *one = std::bit_cast<float>(in.take<std::uint32_t>());
    last_step_ = in.take<std::uint32_t>();
    mask_ = in.take<std::uint32_t>();
    points_ = in.take<std::uint32_t>();
    reason_ = in.take<std::uint16_t>();
    const auto phase = in.take<std::uint8_t>(), flags = in.take<std::uint8_t>(),
               direction = in.take<std::uint8_t>();
    if (phase > 2 || flags > 3 || direction > static_cast<std::uint8_t>(EventDirection::falling))
        return fail("the saved alarm is in a phase, or has a direction, that this version does not know");
    phase_ = static_cast<Phase>(phase);
    has_event_ = (flags & 1) != 0;
    is_away_ = (flags & 2) != 0;
    direction_ = static_cast<EventDirection>(direction);
    return {};
}

}  // namespace forecastd::engine
