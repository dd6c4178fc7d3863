#include "process/suspects.hpp"

#include <algorithm>

namespace forecastd::process {

Suspects::Measure Suspects::add(const Crash& crash) {
    Suspect& one = suspect(crash.plugin);
    const auto set_aside = [&one] {
        one.set_aside = true;
        return Measure::without_plugin;
    };
    const bool hung = crash.kind == Crash::Kind::deadline && crash.subject == Crash::Subject::series;
    one.crash_times_s.push_back(crash.time_s);
    if (hung) one.hang_times_s.push_back(crash.time_s);
    const auto of_the_hour = [&crash](const std::vector<std::int64_t>& times_s) {
        return static_cast<std::size_t>(
            std::count_if(times_s.begin(), times_s.end(),
                          [&](std::int64_t time_s) { return crash.time_s - time_s < hour_s; }));
    };
    const bool is_too_often =
        of_the_hour(one.crash_times_s) > most_crashes || (hung && of_the_hour(one.hang_times_s) > most_hangs);
    // After a signal to stop there is no time for another crash.
    if (!crash.during_call || crash.stopping) return set_aside();
    if (crash.subject == Crash::Subject::series) {
        const auto is_same = [&crash](const Crash& other) {
            return other.pipeline == crash.pipeline && other.key == crash.key && other.field == crash.field;
        };
        // It was set aside, and still there was a call for it.
        if (std::any_of(one.series.begin(), one.series.end(), is_same)) return set_aside();
        one.series.push_back(crash);
        if (is_too_often) return set_aside();
        return Measure::without_series;
    }
    if (crash.subject == Crash::Subject::none || one.one_point_a_call || is_too_often) return set_aside();
    one.one_point_a_call = true;
    return Measure::one_point_a_call;
}

Suspects::Suspect& Suspects::suspect(const std::string& plugin) {
    const auto found = std::find_if(suspects_.begin(), suspects_.end(),
                                    [&plugin](const Suspect& one) { return one.plugin == plugin; });
    if (found != suspects_.end()) return *found;
    return suspects_.emplace_back(Suspect{plugin, false, false, {}, {}, {}});
}

std::string Suspects::in_words(Measure measure) {
    switch (measure) {
        case Measure::one_point_a_call:
            return "; the call was for several points, so from now on it gets one point a call, and a "
                   "further "
                   "crash tells which series it is about";
        case Measure::without_series:
            return "; this series is set aside until forecastd is started again";
        case Measure::without_plugin:
            break;
    }
    return "; the plugin is set aside until forecastd is started again";
}

}  // namespace forecastd::process
