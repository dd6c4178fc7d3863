#include "engine/stages/watching.hpp"

#include <algorithm>

#include "engine/stages/voters.hpp"

namespace forecastd::engine {
namespace {

// A code: the state, what a label says, and of several detectors those that voted and those that are out.
constexpr std::uint32_t told_bit = 1u << 31, normal_bit = 8;

std::uint32_t code(Watching watching, std::uint32_t more = 0) {
    return told_bit | static_cast<std::uint32_t>(watching) | more;
}
Watching watching_of(std::uint32_t code) { return static_cast<Watching>(code & 7); }
std::uint32_t voters_bits(std::uint32_t voted, std::uint32_t out) { return voted << 8 | out << 16; }

std::int64_t min_samples_of(const config::Detect& detect, std::int64_t interval_ns) {
    const auto values = detect.model.resolve(interval_ns);
    if (!values) return 0;
    for (std::size_t i = 0; i < values->size(); ++i) {
        const fcd_param& param = *detect.model.algorithm->params[i];
        if (param.type == FCD_INTEGER && std::string_view(param.name) == "min_samples")
            return (*values)[i].integer;
    }
    return 0;
}

}  // namespace

Expected<std::unique_ptr<Stage>> WatchingStage::make(StageContext& context) {
    if (!context.pipeline.detect || !context.pipeline.output.state) return nullptr;
    std::unique_ptr<WatchingStage> stage(new WatchingStage(context));
    context.watching = stage.get();
    return stage;
}

WatchingStage::WatchingStage(StageContext& context)
    : told_(context.layout.add<Told>("watching")),
      interval_ns_(context.interval_ns),
      voters_(context.voters),
      failures_(context.failures),
      detector_(context.pipeline.detect->model.algorithm->id()),
      forecaster_(context.pipeline.forecast
                      ? std::optional<std::string>(context.pipeline.forecast->model.algorithm->id())
                      : std::nullopt),
      min_samples_(min_samples_of(*context.pipeline.detect, context.interval_ns)) {
    failures_.keep_reasons();
}

void WatchingStage::run(Rows& rows) {
    reasons_.clear();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row& row = rows[i];
        if (row.held_back) continue;
        const std::uint32_t now = code_of(row, i);
        Told& told = told_.of(*row.series);
        if (now == 0 || now == told.code) continue;
        told.code = now;
        row.states.first = static_cast<std::uint32_t>(rows.states.size());
        row.states.count = 1;
        rows.states.push_back({row.judgement.time_ns, watching_of(now), reason_of(rows, i, now)});
    }
}

// 0: the row tells nothing about that.
std::uint32_t WatchingStage::code_of(const Row& row, std::size_t i) const {
    const Series& series = *row.series;
    // Where a forecast or diagnostics are due, the row is the last one of its series in the batch.
    const bool is_last = row.forecast_due || row.diagnosis_due;
    if (series.set_aside && (is_last || row.left_out)) return code(Watching::failing);
    if (row.left_out || row.unanswered) return 0;
    if (row.suppressed) return code(Watching::paused, row.normal ? normal_bit : 0);
    if (row.outside) return 0;
    const std::uint32_t bits = voters_ ? voters_bits(voters_->voted(i), voters_->out(i)) : 0;
    return code(row.judgement.warming_up ? Watching::warming : Watching::watched, bits);
}

std::string_view WatchingStage::reason_of(Rows& rows, std::size_t i, std::uint32_t code) {
    switch (watching_of(code)) {
        case Watching::warming:
            if (!voters_) return warming_reason(rows, i);
            break;
        case Watching::watched:
            if (!voters_) return {};
            break;
        case Watching::paused:
            return (code & normal_bit) != 0 ? "a label says that its values are normal"
                                            : "a label suppresses its anomalies";
        case Watching::skipped:
            return {};
        case Watching::failing:
            return reasons_.emplace_back(failures_.take_reason(*rows[i].series));
    }
    return voters_reason(code >> 8 & 255, code >> 16 & 255);
}

// The series has learned the later rows of the batch too, which are not counted here.
std::string_view WatchingStage::warming_reason(Rows& rows, std::size_t i) {
    std::string& reason = reasons_.emplace_back(detector_);
    const Series* const series = rows[i].series;
    std::int64_t missing = min_samples_ - static_cast<std::int64_t>(series->learned);
    for (std::size_t later = i + 1; later < rows.size(); ++later)
        missing += rows[later].series == series && rows[later].is_fed() && !rows[later].unanswered;
    if (forecaster_)
        reason += " warms up, behind the forecaster " + *forecaster_;
    else if (missing > 0)
        reason += " needs " + std::to_string(missing) + (missing == 1 ? " more point" : " more points");
    else
        reason += " warms up";
    return reason;
}

// "1 of 3 detectors vote; mad warms up; novelty has failed"; "" if all vote.
std::string_view WatchingStage::voters_reason(std::uint32_t voted, std::uint32_t out) {
    std::string rest;
    std::size_t votes = 0;
    for (std::size_t i = 0; i < voters_->count(); ++i) {
        if ((voted >> i & 1) != 0)
            ++votes;
        else
            rest += "; " + voters_->name_of(i) + ((out >> i & 1) != 0 ? " has failed" : " cannot judge yet");
    }
    if (rest.empty()) return {};
    return reasons_.emplace_back(std::to_string(votes) + " of " + std::to_string(voters_->count()) +
                                 " detectors vote" + rest);
}

bool WatchingStage::is_passed_over(const Series& series, std::int64_t time_ns) const {
    if (series.irregular == Irregular::late) return series.irregular_run == 10;
    return series.irregular == Irregular::crowded && series.irregular_run == 100 &&
           time_ns - series.last_time_ns < interval_ns_ / 100;
}

std::optional<SeriesState> WatchingStage::passed_over(Series& series, std::int64_t time_ns) {
    const bool late = series.irregular == Irregular::late;
    Told& told = told_.of(series);
    if (watching_of(told.code) == Watching::skipped && told.code != 0) return std::nullopt;
    told.code = code(Watching::skipped);
    // Behind the series' last point, about which a state may have been told.
    return SeriesState{std::max(time_ns, series.last_time_ns + 1), Watching::skipped,
                       late ? "its last points are late: not later than one before them"
                            : "its last points are crowded: within one interval of the one before them"};
}

Expected<void> WatchingStage::save(const Series& series, ByteWriter& out) const {
    out.put(told_.of(series).code);
    return {};
}

Expected<void> WatchingStage::load(Series& series, ByteReader& in, std::span<const char> /*about*/) {
    told_.of(series).code = in.take<std::uint32_t>();
    return {};
}

}  // namespace forecastd::engine
