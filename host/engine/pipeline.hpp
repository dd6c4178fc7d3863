// A pipeline of the config at work: its cohorts, one for each interval of its series, and the nursery, where series
// wait whose interval is still being learned.
#ifndef FORECASTD_ENGINE_PIPELINE_HPP
#define FORECASTD_ENGINE_PIPELINE_HPP

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "engine/cohort.hpp"
#include "engine/grid.hpp"
#include "engine/slab.hpp"

namespace forecastd::engine {

// What a series in the nursery holds behind its Series: the points that came so far.
struct Learner {
    std::int64_t times_ns[learning_points];
    double values[learning_points];
    std::uint32_t count;
};

class Pipeline {
  public:
    // Every series of the nursery has this cohort.
    static constexpr std::uint16_t nursery = std::numeric_limits<std::uint16_t>::max();
    // More intervals than these share the cohort of the nearest.
    static constexpr std::size_t max_cohorts = 64;

    // With a given interval the one cohort is made at once; error is a sentence if a plugin refuses, and then the
    // pipeline watches nothing.
    Pipeline(const config::Pipeline& config, std::size_t index, bool measures_accuracy, std::string& error);

    [[nodiscard]] const config::Pipeline& config() const { return config_; }
    [[nodiscard]] std::size_t index() const { return index_; }
    [[nodiscard]] bool learns_interval() const { return config_.interval_ns == 0; }

    // The cohort for an interval, made if need be. nullptr: a plugin refused; error is a sentence.
    Cohort* cohort_for(std::int64_t interval_ns, std::uint16_t& number, std::string& error);
    [[nodiscard]] Cohort& cohort(std::uint16_t number) { return *cohorts_[number]; }
    [[nodiscard]] std::vector<std::unique_ptr<Cohort>>& cohorts() { return cohorts_; }
    [[nodiscard]] const std::vector<std::unique_ptr<Cohort>>& cohorts() const { return cohorts_; }
    Slab& nursery_slab() { return nursery_; }

    static Learner& learner(Series& series) { return *reinterpret_cast<Learner*>(&series + 1); }

    // How often the forecaster's diagnostics are handed on; 0: never, as it has none or they are not asked for.
    [[nodiscard]] std::int64_t diagnostics_every_ns() const { return diagnostics_every_ns_; }

    // For each level of the config, ascending: how many standard deviations an interval reaches to either side.
    [[nodiscard]] const std::vector<double>& widths() const { return widths_; }

    [[nodiscard]] std::size_t allocated_bytes() const;

    // A plugin's failures are told for the first series alone, then counted: false at the first call, true after it.
    [[nodiscard]] bool failure_was_reported() { return std::exchange(failure_reported_, true); }

  private:
    bool failure_reported_ = false;
    const config::Pipeline config_;
    const std::size_t index_;
    const bool measures_accuracy_;
    std::vector<std::unique_ptr<Cohort>> cohorts_;
    Slab nursery_;
    std::vector<double> widths_;
    std::int64_t diagnostics_every_ns_ = 0;
};

}  // namespace forecastd::engine

#endif
