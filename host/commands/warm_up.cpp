#include "commands/warm_up.hpp"

#include <algorithm>
#include <optional>

#include "config/model.hpp"
#include "config/units.hpp"

namespace forecastd::commands {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds for_all_pipelines(6), for_one_pipeline(2);

std::string after(std::size_t point, std::int64_t interval_ns) {
    return config::format_duration(static_cast<std::int64_t>(point - 1) * interval_ns);
}

// A forecast comes before the season of its model is known: the longest of them.
std::string about_season(const config::Pipeline& pipeline, std::int64_t interval_ns) {
    std::int64_t longest_ns = 0;
    if (pipeline.forecast)
        for (const config::SeasonInSteps& season : config::seasons_of(pipeline.forecast->model, interval_ns))
            longest_ns = std::max(longest_ns, season.ns > 0 ? season.ns : season.steps * interval_ns);
    if (longest_ns == 0) return "";
    return " without its season, which has to pass first (" + config::format_duration(longest_ns) + ")";
}

}  // namespace

WarmUp::WarmUp(const config::Config& config) : config_(config), end_(Clock::now() + for_all_pipelines) {}

rehearsal::Found WarmUp::of(const config::Pipeline& pipeline, std::int64_t interval_ns) const {
    rehearsal::Bounds bounds;
    bounds.may_go_on = [end = std::min(end_, Clock::now() + for_one_pipeline)] { return Clock::now() < end; };
    return rehearsal::rehearse(config_, pipeline, interval_ns, bounds);
}

std::string in_words(const config::Pipeline& pipeline, const rehearsal::Found& found) {
    std::string text;
    const auto add = [&](const std::string& what, std::optional<std::size_t> point) {
        text += text.empty() ? "" : ", ";
        if (point)
            text += "first " + what + " at point " + std::to_string(*point) + " (after " +
                    after(*point, found.interval_ns) + ")";
        else
            text += "no " + what + " within " + std::to_string(found.looked_at) + " points (" +
                    after(found.looked_at + 1, found.interval_ns) + ")";
    };
    if (pipeline.forecast) add("forecast", found.forecast);
    if (found.forecast) text += about_season(pipeline, found.interval_ns);
    if (!pipeline.detect) return text;
    add("score", found.score);
    if (!found.score) return text;
    add(found.alarm ? "alarm" : "alarm for a spike", found.alarm);
    if (found.outside_alarm) add("alarm for a value outside of data_range", found.outside_alarm);
    if ((found.alarm || found.outside_alarm) && found.fault_points > 1)
        text += ", which takes " + std::to_string(found.fault_points) + " points in a row";
    return text;
}

}  // namespace forecastd::commands
