#include "commands/against.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>

#include "commands/figures.hpp"
#include "commands/recorded_files.hpp"
#include "config/units.hpp"
#include "engine/coverage.hpp"
#include "recording/recording.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

using engine::Coverage;

constexpr std::size_t most_names = 20;  // of a list

void warn(const std::string& sentence) { std::cerr << "W! " << text::escaped(sentence) << "\n"; }

// "cpu 3, mem 1", or the first of them and how many more there are.
template <class Map, class Name>
std::string list(const Map& map, Name&& name) {
    std::string text;
    std::size_t written = 0;
    for (const auto& entry : map) {
        if (written++ == most_names)
            return text + ", and " + std::to_string(map.size() - most_names) + " more";
        text.append(text.empty() ? "" : ", ").append(name(entry));
    }
    return text;
}

std::string interval_of(std::int64_t interval_ns) {
    return interval_ns > 0 ? config::format_duration(interval_ns) : "not known from so few points";
}

void print(const config::Pipeline& pipeline, const Coverage::Watched& watched) {
    std::cout << "pipeline '" << text::escaped(pipeline.name) << "' takes "
              << counted(watched.values, "value", "values") << "\n";
    if (watched.series > 0)
        std::cout << "  series    " << watched.series << ": "
                  << text::escaped(
                         list(watched.measurements,
                              [](const auto& one) { return one.first + " " + std::to_string(one.second); }))
                  << "\n  interval  "
                  << list(watched.intervals_ns,
                          [](const auto& one) {
                              return interval_of(one.first) + " (" + counted(one.second, "series", "series") +
                                     ")";
                          })
                  << "\n";
    const auto name_and_series = [](const auto& one) {
        return one.first + " (" + counted(one.second, "series", "series") + ")";
    };
    if (!watched.constant.empty())
        std::cout << "  constant  " << text::escaped(list(watched.constant, name_and_series)) << "\n";
    if (!watched.few_values.empty())
        std::cout << "  few       " << text::escaped(list(watched.few_values, [](const auto& one) {
            return one.first + " (" + one.second + ")";
        })) << "\n";
    if (!watched.left_out.empty())
        std::cout << "  left out  " << text::escaped(list(watched.left_out, [](const auto& one) {
            return one.first + " (" + one.second + ")";
        })) << "\n";
}

// How series warm up where their interval was not known before: at the intervals that most of them have.
void print_warm_up(const config::Pipeline& pipeline, const Coverage::Watched& watched,
                   const WarmUp& warm_up) {
    constexpr std::size_t most = 3;
    if (pipeline.interval_ns > 0) return;
    std::vector<std::pair<std::size_t, std::int64_t>> intervals;
    for (const auto& [interval_ns, series] : watched.intervals_ns)
        if (interval_ns > 0) intervals.emplace_back(series, interval_ns);
    std::sort(intervals.rbegin(), intervals.rend());
    if (intervals.size() > most) intervals.resize(most);
    for (const auto& [series, interval_ns] : intervals) {
        const auto found = warm_up.of(pipeline, interval_ns);
        std::cout << "  warm-up   at " << config::format_duration(interval_ns) << ": "
                  << text::escaped(found.failure.empty() ? in_words(pipeline, found) : found.failure) << "\n";
    }
}

// A config that names an interval, and series that have another one.
void warn_of_intervals(const config::Pipeline& pipeline, const Coverage::Watched& watched) {
    for (const auto& [interval_ns, series] : watched.intervals_ns) {
        if (pipeline.interval_ns == 0 || interval_ns == 0) continue;
        const double ratio = static_cast<double>(interval_ns) / static_cast<double>(pipeline.interval_ns);
        if (std::abs(ratio - 1) < 0.01) continue;
        warn("pipeline '" + pipeline.name + "': its interval is " +
             config::format_duration(pipeline.interval_ns) + ", but " + std::to_string(series) + " of " +
             std::to_string(watched.series) + " series have a point each " +
             config::format_duration(interval_ns) +
             (ratio > 1 ? ": most of their steps are empty" : ": several points fall on one step") +
             "; set \"interval\" to what they have, or leave it out");
    }
}

template <class Map>
std::string names(const Map& map) {
    return list(map, [](const auto& one) { return one.first; });
}

// Series that are not what the config takes them for.
void warn_of_values(const config::Pipeline& pipeline, const Coverage::Watched& watched) {
    const std::string begin = "pipeline '" + pipeline.name + "': ";
    if (!pipeline.rate && !watched.counters.empty() &&
        (!pipeline.forecast || pipeline.forecast->thresholds.empty()))
        warn(begin + names(watched.counters) +
             " only rise, as counters do: what is judged is then the total; with \"rate\": true it is the "
             "growth a "
             "second");
    if (pipeline.rate && !watched.no_counters.empty())
        warn(
            begin + names(watched.no_counters) +
            " fall too often to be counters: with \"rate\": true, each fall counts as a new beginning and is "
            "lost; leave \"rate\" out, or take these fields out");
    if (pipeline.detect && !watched.few_values.empty() && !std::isfinite(pipeline.detect->data_range.low) &&
        !std::isfinite(pipeline.detect->data_range.high))
        warn(begin + names(watched.few_values) +
             " have a few whole values, as codes do: their mean says nothing about codes; if they are, name "
             "those "
             "that are right in \"data_range\"");
    if (pipeline.forecast && pipeline.interval_ns == 0 && watched.irregular > 0)
        warn(
            begin + std::to_string(watched.irregular) + " of " + std::to_string(watched.series) +
            " series have their points at no regular distance, so the grid of their forecast is a guess; set "
            "\"interval\" to the distance of steps that you want");
}

}  // namespace

bool print_against(const config::Config& config, const std::vector<std::string>& files,
                   const WarmUp* warm_up) {
    ErrorReport errors("check");
    recording::Recording recording(files, [&errors](const std::string& sentence) { errors.add(sentence); });
    Coverage coverage(config);
    for (recording::Event event = recording.next(); event != recording::Event::end;
         event = recording.next()) {
        if (event == recording::Event::point)
            coverage.add(recording.point(), recording.fields());
        else if (!recording.fetch())
            return false;
    }
    std::cout << "against " << counted(coverage.points(), "recorded point", "recorded points") << ":\n";
    for (std::size_t i = 0; i < config.pipelines.size(); ++i) {
        const config::Pipeline& pipeline = config.pipelines[i];
        const Coverage::Watched watched = coverage.watched(i);
        print(pipeline, watched);
        if (warm_up) print_warm_up(pipeline, watched, *warm_up);
        warn_of_intervals(pipeline, watched);
        warn_of_values(pipeline, watched);
        if (watched.series == 0)
            warn("pipeline '" + pipeline.name +
                 "': no value of these points is for it; look at its namepass, tagpass and fieldpass");
    }
    if (!coverage.unwatched().empty())
        std::cout << "no pipeline takes " << text::escaped(list(coverage.unwatched(), [](const auto& one) {
            return one.first + " (" + counted(one.second, "point", "points") + ")";
        })) << "\n";
    if (coverage.points_without_time() > 0)
        warn(counted(coverage.points_without_time(), "point has", "points have") +
             " no time; in a running forecastd they get the time at which they come");
    if (coverage.is_full())
        warn("there are more than " + std::to_string(Coverage::most_series) +
             " series; further ones are not counted");
    return errors.exit_code() == success;
}

}  // namespace forecastd::commands
