// A pipeline of the config at work: its cohorts, one for each interval of its series, and the nursery, where series
// wait whose interval is still being learned.
#ifndef FORECASTD_ENGINE_PIPELINE_HPP
#define FORECASTD_ENGINE_PIPELINE_HPP

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "engine/cohort.hpp"
#include "engine/failures.hpp"
#include "engine/grid.hpp"
#include "engine/slab.hpp"

namespace forecastd::engine {

// What a series in the nursery holds behind its Series: the points that came so far.
struct Learner {
    std::int64_t times_ns[learning_points];
    double values[learning_points];
    std::uint32_t count;
};

// What all pipelines of an engine share; it must outlive them.
struct PipelineSetup {
    const Report& report;
    Counters& counters;
    const std::vector<StageMaker>& stages;
    bool measures_accuracy;
};

class Pipeline {
  public:
    // Every series of the nursery has this cohort.
    static constexpr std::uint16_t nursery = std::numeric_limits<std::uint16_t>::max();
    // More intervals than these share the cohort of the nearest.
    static constexpr std::size_t max_cohorts = 64;

    // index: its place in the config. With a given interval the one cohort is made at once. An error: it cannot run.
    static Expected<std::unique_ptr<Pipeline>> make(const config::Pipeline& config, std::size_t index,
                                                    const PipelineSetup& setup);

    [[nodiscard]] const config::Pipeline& config() const { return config_; }
    [[nodiscard]] std::size_t index() const { return index_; }
    [[nodiscard]] bool learns_interval() const { return config_.interval_ns == 0; }

    // The cohort for an interval, made if need be; once there are max_cohorts, that of the nearest interval.
    Expected<std::uint16_t> cohort_for(std::int64_t interval_ns);
    [[nodiscard]] Cohort& cohort(std::uint16_t number) { return *cohorts_[number]; }
    [[nodiscard]] std::vector<std::unique_ptr<Cohort>>& cohorts() { return cohorts_; }
    [[nodiscard]] const std::vector<std::unique_ptr<Cohort>>& cohorts() const { return cohorts_; }

    [[nodiscard]] Slab& nursery_slab() { return nursery_; }
    static Learner& learner(Series& series) { return *reinterpret_cast<Learner*>(&series + 1); }
    // Values of the nursery's series, of which is only said that they warm up.
    [[nodiscard]] Rows& nursery_rows() { return nursery_rows_; }

    // For each level of the config, ascending: how many standard deviations an interval reaches to either side.
    [[nodiscard]] const std::vector<double>& widths() const { return widths_; }
    [[nodiscard]] Failures& failures() { return failures_; }
    [[nodiscard]] std::size_t allocated_bytes() const;

  private:
    Pipeline(const config::Pipeline& config, std::size_t index, const PipelineSetup& setup);

    const config::Pipeline config_;
    const std::size_t index_;
    const PipelineSetup setup_;
    Failures failures_;
    std::vector<double> widths_;
    std::vector<std::unique_ptr<Cohort>> cohorts_;
    Slab nursery_;
    Rows nursery_rows_;
};

// The bytes of a series' record, beside its key, or why a pipeline cannot run on that grid.
Expected<std::size_t> record_size(const config::Pipeline& config, std::int64_t interval_ns,
                                  bool measures_accuracy);

}  // namespace forecastd::engine

#endif
