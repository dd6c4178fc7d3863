// What is done when a plugin fails on a series of a pipeline: the series is set aside and counted, and the
// first failure of the pipeline is told.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_FAILURES_HPP
#define FORECASTD_ENGINE_FAILURES_HPP

#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/counters.hpp"
#include "engine/outcomes.hpp"
#include "engine/report.hpp"
#include "engine/series.hpp"

namespace forecastd::engine {

class Failures {
  public:
    Failures(std::string pipeline, const Report& report, Counters& counters)
        : pipeline_(std::move(pipeline)), report_(report), counters_(counters) {}
    virtual ~Failures() = default;

    // The series is not fed any more. field: its plain name. reason: begins with who failed.
    virtual void set_aside(Series& series, std::string_view field, const std::string& reason);
    // No series could be made for a key.
    void not_begun(const std::string& reason);
    // The reasons of set_aside() are kept from now on, until they are taken; "": it was none of a plugin's.
    void keep_reasons() { keeps_reasons_ = true; }
    std::string take_reason(const Series& series);
    // More intervals than cohorts: told once.
    void too_many_intervals(std::size_t most);
    // A model's seasons were rounded to whole steps, as rounded_seasons() says: told once.
    void seasons_rounded(const std::string& what);
    // Most values of the pipeline are not used.
    void values_not_used(const Outcomes& outcomes);
    // Most of its series end before they are judged.
    void never_warm(std::uint64_t unjudged, std::uint64_t judged);

  protected:
    Failures(const Failures&) = default;

    const std::string pipeline_;
    const Report& report_;
    Counters& counters_;

  private:
    bool keeps_reasons_ = false;
    std::unordered_map<const Series*, std::string> reasons_;
    bool reported_ = false, intervals_reported_ = false, seasons_reported_ = false;
};

}  // namespace forecastd::engine

#endif
