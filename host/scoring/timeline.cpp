#include "scoring/timeline.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace forecastd::scoring {
namespace {

using Warn = std::function<void(const std::string& sentence)>;

std::size_t at_or_behind(const std::vector<std::int64_t>& times_ns, std::int64_t time_ns) {
    return static_cast<std::size_t>(std::lower_bound(times_ns.begin(), times_ns.end(), time_ns) -
                                    times_ns.begin());
}

// The times of all points: those of the originals, and of verdicts whose original was not written.
std::vector<std::int64_t> all_times(const CollectedSeries& series) {
    std::vector<std::int64_t> times = series.times_ns;
    std::sort(times.begin(), times.end());
    std::vector<std::int64_t> others;
    for (const Verdict& verdict : series.verdicts)
        if (!std::binary_search(times.begin(), times.end(), verdict.time_ns))
            others.push_back(verdict.time_ns);
    std::sort(others.begin(), others.end());
    others.erase(std::unique(others.begin(), others.end()), others.end());
    std::vector<std::int64_t> merged;
    std::merge(times.begin(), times.end(), others.begin(), others.end(), std::back_inserter(merged));
    return merged;
}

// Gives each verdict its point: of several at one time, the first verdict of a field belongs to the first one.
void put_verdicts(const CollectedSeries& series, bool make_alarms, Timeline& timeline) {
    std::vector<Verdict> verdicts = series.verdicts;
    const auto place = [](const Verdict& verdict) { return std::tie(verdict.field, verdict.time_ns); };
    std::stable_sort(verdicts.begin(), verdicts.end(),
                     [&](const Verdict& a, const Verdict& b) { return place(a) < place(b); });
    std::size_t before = 0;  // at the same time, of the same field
    for (std::size_t k = 0; k < verdicts.size(); ++k) {
        const Verdict& verdict = verdicts[k];
        before = k > 0 && place(verdicts[k - 1]) == place(verdict) ? before + 1 : 0;
        std::size_t i = at_or_behind(timeline.times_ns, verdict.time_ns);
        for (std::size_t n = 0;
             n < before && i + 1 < timeline.times_ns.size() && timeline.times_ns[i + 1] == verdict.time_ns;
             ++n)
            ++i;
        timeline.scores[i] = std::max(timeline.scores[i], verdict.score);
        if (make_alarms && verdict.is_anomaly) timeline.alarms[i] = true;
    }
}

// An event may stand between two points, or behind one that was lost: it counts at the next.
void put_events(const CollectedSeries& series, Timeline& timeline) {
    for (const std::int64_t time_ns : series.events_ns)
        if (const std::size_t i = at_or_behind(timeline.times_ns, time_ns); i < timeline.times_ns.size())
            timeline.alarms[i] = true;
}

void put_windows(const std::vector<LabelledWindow>& labels, Timeline& timeline, const Warn& warn) {
    const std::vector<std::int64_t>& times = timeline.times_ns;
    if (times.empty()) {
        timeline.windows_missed = labels.size();
        return;
    }
    for (const LabelledWindow& label : labels) {
        if (label.first_time_ns > times.back() || label.last_time_ns < times.front()) {
            warn(label.place + ": the window from " + std::to_string(label.first_time_ns) + " to " +
                 std::to_string(label.last_time_ns) + " of '" + timeline.key +
                 "' lies outside of its points, which go from " + std::to_string(times.front()) + " to " +
                 std::to_string(times.back()) + "; it is left out");
            continue;
        }
        const std::size_t low = at_or_behind(times, label.first_time_ns);
        std::size_t high = at_or_behind(times, label.last_time_ns);
        if (high == times.size() || times[high] > label.last_time_ns) high = std::max(high, low + 1) - 1;
        timeline.windows.push_back({low, high, label.first_time_ns});
    }
    std::sort(timeline.windows.begin(), timeline.windows.end(), [](const Window& a, const Window& b) {
        return std::tie(a.low, a.high) < std::tie(b.low, b.high);
    });
}

// "'a', 'b' and 3 others"
std::string some(const SeriesByKey& collected) {
    constexpr std::size_t most = 5;
    std::string names;
    std::size_t count = 0;
    for (const auto& [key, series] : collected)
        if (series.is_judged() && ++count <= most) names += (names.empty() ? "'" : ", '") + key + "'";
    if (names.empty()) return "none";
    return count > most ? names + " and " + std::to_string(count - most) + " others" : names;
}

}  // namespace

double Timeline::days() const {
    constexpr double day_ns = 86'400e9;
    if (start >= times_ns.size()) return 0;
    return std::max(static_cast<double>(times_ns.back() - times_ns[start]), 1.0) / day_ns;
}

Timelines make_timelines(const SeriesByKey& collected, const Labels& labels, std::size_t probation,
                         const Warn& warn) {
    Timelines made;
    for (const auto& [key, series] : collected)
        if (!series.events_ns.empty()) made.own_level = OwnLevel::events;
    const auto add = [&](const std::string& key, const CollectedSeries& series,
                         const std::vector<LabelledWindow>& windows) {
        Timeline timeline;
        timeline.key = key;
        timeline.times_ns = all_times(series);
        timeline.scores.assign(timeline.times_ns.size(), 0);
        timeline.alarms.assign(timeline.times_ns.size(), false);
        timeline.start = std::min(probation, timeline.times_ns.size());
        put_verdicts(series, made.own_level == OwnLevel::verdicts, timeline);
        if (made.own_level == OwnLevel::events) put_events(series, timeline);
        put_windows(windows, timeline, warn);
        made.series.push_back(std::move(timeline));
    };
    for (const auto& [key, series] : collected)
        if (series.is_judged() && labels.count(key) == 0) add(key, series, {});
    for (const auto& [key, windows] : labels) {
        const auto found = collected.find(key);
        const bool is_there = found != collected.end();
        if (!is_there && !windows.empty())
            warn(windows.front().place + ": the output has no point of the series '" + key +
                 "', so its windows count as not found; judged are " + some(collected));
        add(key, is_there ? found->second : CollectedSeries{}, windows);
    }
    return made;
}

}  // namespace forecastd::scoring
