#include "engine/voter_failures.hpp"

#include <utility>

#include "engine/key_table.hpp"

namespace forecastd::engine {

void VoterFailures::set_aside(Series& series, std::string_view field, const std::string& reason) {
    Voting& voting = voting_.of(series);
    voting.leave(bit_);
    if (voting.out == all_) return of_pipeline_.set_aside(series, field, reason);
    ++counters_.plugin_failures;
    if (std::exchange(told_, true)) return;
    report_(config::LogLevel::warn,
            "pipeline '" + pipeline_ + "', series '" + std::string(series.key->text()) + "', field '" +
                std::string(field) + "': " + reason +
                "; it does not vote on this series any more, and the other detectors go on; further failures "
                "of this detector are only counted");
}

void VoterFailures::cannot_begin(Series& series, const std::string& reason) {
    voting_.of(series).leave(bit_);
    ++counters_.plugin_failures;
    if (std::exchange(told_, true)) return;
    report_(config::LogLevel::warn, "pipeline '" + pipeline_ + "': a detector cannot begin a series: " +
                                        reason + "; it does not vote there, and the other detectors go on");
}

void VoterFailures::has_crashed(Series& series, std::string_view plugin) {
    voting_.of(series).leave(bit_);
    if (std::exchange(told_, true)) return;
    report_(config::LogLevel::warn, "pipeline '" + pipeline_ + "': the detector '" + std::string(plugin) +
                                        "' does not vote on a series that it has crashed on; the other "
                                        "detectors go on");
}

void VoterFailures::cannot_run(const std::string& what) {
    report_(config::LogLevel::warn, "pipeline '" + pipeline_ + "': " + what +
                                        "; it does not vote there, and the other detectors go on");
}

}  // namespace forecastd::engine
