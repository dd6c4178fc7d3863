#include "engine/failures.hpp"

#include <utility>

#include "engine/key_table.hpp"

namespace forecastd::engine {

void Failures::set_aside(Series& series, std::string_view field, const std::string& reason) {
    series.set_aside = true;
    ++counters_.plugin_failures;
    if (keeps_reasons_) reasons_[&series] = reason;
    if (std::exchange(reported_, true)) return;
    report_(config::LogLevel::error,
            "pipeline '" + pipeline_ + "', series '" + std::string(series.key->text()) + "', field '" +
                std::string(field) + "': " + reason +
                "; this series is set aside and its points pass on; further failures of the pipeline are "
                "only counted");
}

std::string Failures::take_reason(const Series& series) {
    const auto found = reasons_.find(&series);
    if (found == reasons_.end()) return "";
    std::string reason = std::move(found->second);
    reasons_.erase(found);
    return reason;
}

void Failures::not_begun(const std::string& reason) {
    ++counters_.plugin_failures;
    if (std::exchange(reported_, true)) return;
    report_(config::LogLevel::error, "pipeline '" + pipeline_ + "': no series can begin: " + reason);
}

void Failures::too_many_intervals(std::size_t most) {
    if (std::exchange(intervals_reported_, true)) return;
    report_(config::LogLevel::warn,
            "pipeline '" + pipeline_ + "': its series have more than " + std::to_string(most) +
                " intervals; a series with a further one is watched on the grid of the nearest, where points "
                "that are denser are passed over; set the pipeline's interval, or select fewer series");
}

void Failures::seasons_rounded(const std::string& what) {
    if (what.empty() || std::exchange(seasons_reported_, true)) return;
    report_(config::LogLevel::warn, "pipeline '" + pipeline_ + "': " + what);
}

void Failures::values_not_used(const Outcomes& outcomes) {
    const bool crowded = outcomes.count(Outcome::crowded) > outcomes.count(Outcome::late);
    report_(
        config::LogLevel::warn,
        "pipeline '" + pipeline_ + "': most of its values are not used, since they " +
            (crowded
                 ? "come within the interval of the value before them. Is 'interval' longer than that of the "
                   "data? Are their timestamps in seconds or milliseconds, and read as nanoseconds? "
                 : "are not later than the value before them. Does a gateway send what it has stored with "
                   "the "
                   "newest value first? Then sort it by time before forecastd. ") +
            "Do several sources write the same series? Then give them a tag, such as host, that tells them "
            "apart");
}

void Failures::never_warm(std::uint64_t unjudged, std::uint64_t judged) {
    report_(
        config::LogLevel::warn,
        "pipeline '" + pipeline_ + "': " + std::to_string(unjudged) +
            " of its series ended before their warm-up did, so none of their values was judged; " +
            std::to_string(judged) +
            " series are judged. Do their tags name short-lived things, such as a container or a process? "
            "Then name the other tags in 'group_by', or choose a detector with "
            "a shorter warm-up; 'limits.ttl' forgets series that have ended");
}

}  // namespace forecastd::engine
