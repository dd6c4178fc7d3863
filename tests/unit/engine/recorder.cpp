#include "unit/engine/recorder.hpp"

#include <cmath>
#include <cstdio>

#include "config/config.hpp"

namespace forecastd::engine {
namespace {

std::string number(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.12g", value);
    return text;
}
std::string seconds(std::int64_t ns) { return number(static_cast<double>(ns) / 1e9); }
std::string head(const char* kind, const SeriesView& series) {
    return kind + std::string(series.key) + " " + std::string(series.field) + " " + series.config.name + " @";
}

}  // namespace

void Recorder::original(const lineprotocol::PointView& point) {
    lines.push_back("= " + std::string(point.bytes));
}

void Recorder::forecast(const SeriesView& series, const Origin& origin, std::span<const Lead> leads,
                        std::span<const double>) {
    std::string line = head("f ", series) + seconds(origin.time_ns) + ":";
    for (const Lead& lead : leads) line += " " + seconds(lead.time_ns) + "=" + number(lead.mean);
    lines.push_back(line);
}

void Recorder::judgement(const SeriesView& series, const Judgement& one) {
    std::string line = head("j ", series) + seconds(one.time_ns) + " y=" + number(one.y);
    if (!std::isnan(one.yhat)) line += " yhat=" + number(one.yhat);
    if (!std::isnan(one.score)) line += " score=" + number(one.score);
    if (one.side == Side::above_expected) line += " above";
    if (one.side == Side::below_expected) line += " below";
    if (one.is_anomaly) line += " anomaly";
    if (one.warming_up) line += " warmup";
    if (!one.reason.empty()) line += " (" + std::string(one.reason) + ")";
    lines.push_back(line);
}

void Recorder::crossing(const SeriesView& series, std::int64_t origin_ns, std::int64_t interval_ns,
                        const Crossing& one) {
    std::string line = head("c ", series) + seconds(origin_ns) + " " + one.threshold->name + " in ";
    const auto lead = [&](double steps) { return number(steps * static_cast<double>(interval_ns) / 1e9); };
    lines.push_back(line + lead(one.mean) + " from " + lead(one.earliest) + " to " + lead(one.latest));
}

void Recorder::diagnostics(const SeriesView& series, std::int64_t time_ns,
                           std::span<const fcd_value> values) {
    lines.push_back(head("d ", series) + seconds(time_ns) + " points=" + std::to_string(values[2].integer));
}

void Recorder::event(const SeriesView& series, const Event& one) {
    constexpr const char *states[] = {"open", "update", "closed"},
                         *directions[] = {"none", "above", "below", "rising", "falling"};
    lines.push_back(head("e ", series) + seconds(one.time_ns) + " " + states[static_cast<int>(one.state)] +
                    " from " + seconds(one.start_ns) + " to " + seconds(one.last_ns) + " peak " +
                    number(one.peak_score) + " at " + number(one.peak_value) + " " +
                    directions[static_cast<int>(one.direction)] + " points " + std::to_string(one.points) +
                    " (" + std::string(one.reason) + ")");
    ids.push_back(one.id);
}

void Recorder::state(const SeriesView& series, const SeriesState& one) {
    constexpr const char* states[] = {"warming", "watched", "paused", "skipped", "failing"};
    std::string line =
        head("s ", series) + seconds(one.time_ns) + " " + states[static_cast<int>(one.watching)];
    if (!one.reason.empty()) line += " (" + std::string(one.reason) + ")";
    lines.push_back(line);
}

}  // namespace forecastd::engine
