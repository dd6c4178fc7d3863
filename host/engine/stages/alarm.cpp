#include "engine/stages/alarm.hpp"

#include <algorithm>
#include <cmath>

#include "engine/key_table.hpp"
#include "engine/series_id.hpp"
#include "engine/stages/tail.hpp"

namespace forecastd::engine {
namespace {

// The decades of a limit where no rate of false alarms says.
constexpr double usual_decades = 4;

// How much a score grows where its probability falls to a tenth; 0: scores are no probabilities.
double decade_of(const config::Detect& detect, std::int64_t interval_ns) {
    return detect.false_alarms_ns == 0 ? 0 : -1 / log10_limit(detect, interval_ns);
}

// What is said of an anomaly for which the detector has no reason.
std::string_view reason_for(const Row& row, config::Direction watched) {
    if (!row.judgement.reason.empty()) return row.judgement.reason;
    if (row.outside) return "The value is outside of data_range.";
    if (watched == config::Direction::rising) return "The value has risen.";
    if (watched == config::Direction::falling) return "The value has fallen.";
    if (row.judgement.side == Side::above_expected) return "The value is above the expected one.";
    if (row.judgement.side == Side::below_expected) return "The value is below the expected one.";
    return "The score is above its limit.";
}

// Six digits of a score, which is kept as a float.
double six_digits(double score) {
    if (!(score > 0)) return score;
    const double unit = std::pow(10, 5 - std::floor(std::log10(score)));
    return std::round(score * unit) / unit;
}

// Whether a detector judges by a limit of its own, which knows nothing of how often a series is beyond it.
bool has_plain_limit(const config::Pipeline& pipeline) {
    const auto is_plain = [](const config::Detect& detect) {
        return detect.false_alarms_ns == 0 && !detect.model.algorithm->find_param("false_alarms");
    };
    if (pipeline.voters.empty()) return is_plain(*pipeline.detect);
    return std::any_of(pipeline.voters.begin(), pipeline.voters.end(), is_plain);
}

AlarmRules rules_of(const StageContext& context) {
    const config::Alarm& alarm = context.pipeline.alarm;
    const bool by_rarity = alarm.raise.by_rarity && has_plain_limit(context.pipeline);
    return {by_rarity ? std::optional(UsualIncidents::times(context.interval_ns)) : std::nullopt,
            static_cast<unsigned>(alarm.raise.count),
            static_cast<unsigned>(alarm.raise.window),
            alarm.raise.lasting_ns,
            alarm.clear_ns,
            alarm.clear_score,
            alarm.silence,
            alarm.again,
            alarm.budget,
            decade_of(*context.pipeline.detect, context.interval_ns),
            context.interval_ns};
}

}  // namespace

Expected<std::unique_ptr<Stage>> AlarmStage::make(StageContext& context) {
    if (!context.pipeline.detect || !context.pipeline.output.event) return nullptr;
    std::unique_ptr<AlarmStage> stage(new AlarmStage(context));
    context.alarm = stage.get();
    return stage;
}

AlarmStage::AlarmStage(StageContext& context)
    : pipeline_(context.pipeline.name),
      rules_(rules_of(context)),
      watched_(context.pipeline.detect->direction),
      tells_updates_(context.pipeline.alarm.emit == config::EmitEvents::all),
      state_(context.layout.add<AlarmState>("alarm")),
      peaks_(context.pipeline.alarm.repeat ? std::optional(context.layout.add<Peaks>("peaks"))
                                           : std::nullopt),
      counters_(context.counters) {}

void AlarmStage::end(Series& series) {
    if (state_.of(series).is_open()) --counters_.events_open;
}

void AlarmStage::run(Rows& rows) {
    for (Row& row : rows.all()) {
        if (!row.judgement.is_anomaly && !row.series->alarmed) continue;
        if (!row.held_back) take(rows, row);
    }
}

void AlarmStage::take(Rows& rows, Row& row) {
    Series& series = *row.series;
    AlarmState& state = state_.of(series);
    row.events.first = static_cast<std::uint32_t>(rows.events.size());
    // A batch may go on behind the row at which the series was set aside.
    if (series.set_aside && (row.left_out || row.unanswered)) {
        if (auto event = close(series, row.field->name, row.judgement.time_ns,
                               "A plugin failed on the series, which is not watched any more."))
            rows.events.push_back(*event), row.events.count = 1;
        return;
    }
    if (row.left_out || row.unanswered) return;
    if (state.has_lapsed(rules_, row.step)) {
        add(rows, row, EventState::closed, state.lapsed_ns(rules_, row.step, row.judgement.time_ns), {});
        state.close();
        --counters_.events_open;
    }
    switch (state.take(rules_, point_of(row))) {
        case AlarmChange::none:
            break;
        case AlarmChange::opened:
            ++counters_.events;
            ++counters_.events_open;
            add(rows, row, EventState::open, row.judgement.time_ns, {});
            break;
        case AlarmChange::worsened:
            if (tells_updates_) add(rows, row, EventState::update, row.judgement.time_ns, {});
            break;
        case AlarmChange::closed:
            --counters_.events_open;
            add(rows, row, EventState::closed, row.judgement.time_ns, {});
            break;
    }
    series.alarmed = state.is_active();
}

AlarmPoint AlarmStage::point_of(Row& row) {
    const Judgement& judgement = row.judgement;
    const bool is_certain = judgement.is_anomaly && row.outside;
    double score = judgement.score;
    if (peaks_ && judgement.is_anomaly && !is_certain)
        score = peaks_->of(*row.series)
                    .add(row.step, score, rules_.decade > 0 ? rules_.decade : 1 / usual_decades,
                         row.series->learned);
    const double bound = judgement.y > judgement.yhat ? judgement.upper : judgement.lower;
    return {judgement.time_ns,
            row.step,
            judgement.y,
            judgement.yhat,
            std::abs(bound - judgement.yhat),
            score,
            direction_of(judgement.side),
            judgement.is_anomaly,
            is_certain,
            judgement.is_anomaly ? number_of(reason_for(row, watched_)) : std::uint16_t{0},
            is_certain || row.drifting,
            static_cast<double>(row.series->learned)};
}

EventDirection AlarmStage::direction_of(Side side) const {
    if (watched_ == config::Direction::rising) return EventDirection::rising;
    if (watched_ == config::Direction::falling) return EventDirection::falling;
    switch (side) {
        case Side::above_expected:
            return EventDirection::above_expected;
        case Side::below_expected:
            return EventDirection::below_expected;
        case Side::none:
            break;
    }
    return EventDirection::none;
}

void AlarmStage::add(Rows& rows, Row& row, EventState state, std::int64_t time_ns, std::string_view reason) {
    rows.events.push_back(event_of(*row.series, row.field->name, state, time_ns, reason));
    ++row.events.count;
}

// reason: in place of the detector's, if it is not empty.
Event AlarmStage::event_of(const Series& series, std::string_view field, EventState state,
                           std::int64_t time_ns, std::string_view reason) const {
    const AlarmState& alarm = state_.of(series);
    return {event_id(series_id_hash(pipeline_, series.key->text(), field), alarm.start_ns()),
            state,
            alarm.direction(),
            alarm.points(),
            time_ns,
            alarm.start_ns(),
            alarm.last_ns(),
            six_digits(alarm.peak_score()),
            alarm.peak_value(),
            reason.empty() ? reason_of(alarm.reason()) : reason};
}

std::optional<Event> AlarmStage::close(Series& series, std::string_view field, std::int64_t time_ns,
                                       std::string_view reason) {
    AlarmState& state = state_.of(series);
    if (!state.is_open()) return std::nullopt;
    const Event event = event_of(series, field, EventState::closed, time_ns, reason);
    state.close();
    series.alarmed = state.is_active();
    --counters_.events_open;
    return event;
}

// 0: there is none, or there are too many to be numbered.
std::uint16_t AlarmStage::number_of(std::string_view reason) {
    constexpr std::size_t most = 1000;
    if (reason.empty()) return 0;
    const auto found = std::find(reasons_.begin(), reasons_.end(), reason);
    const auto number = static_cast<std::size_t>(found - reasons_.begin()) + 1;
    if (number > most) return 0;
    if (found == reasons_.end()) reasons_.emplace_back(reason);
    return static_cast<std::uint16_t>(number);
}

std::string_view AlarmStage::reason_of(std::uint16_t number) const {
    return number == 0 ? std::string_view() : reasons_[number - 1u];
}

Expected<void> AlarmStage::save(const Series& series, ByteWriter& out) const {
    const AlarmState& state = state_.of(series);
    state.save(out);
    out.put(std::span<const char>(reason_of(state.reason())));
    out.put(static_cast<std::uint8_t>(peaks_ ? 1 : 0));
    if (peaks_) peaks_->of(series).save(out);
    return {};
}

Expected<void> AlarmStage::load(Series& series, ByteReader& in, std::span<const char> /*about*/) {
    AlarmState& state = state_.of(series);
    if (auto loaded = state.load(in); !loaded) return loaded;
    const std::span<const char> reason = in.take_bytes();
    state.set_reason(number_of({reason.data(), reason.size()}));
    if (in.take<std::uint8_t>() != 0) {
        Peaks peaks;
        peaks.load(in);
        if (peaks_) peaks_->of(series) = peaks;
    }
    series.alarmed = state.is_active();
    if (state.is_open()) ++counters_.events_open;
    return {};
}

}  // namespace forecastd::engine
