// A cohort without an engine: series and rows are made by hand, so that a stage is seen alone.
#ifndef FORECASTD_TESTS_ENGINE_COHORT_RIG_HPP
#define FORECASTD_TESTS_ENGINE_COHORT_RIG_HPP

#include "engine/cohort.hpp"
#include "engine/key_table.hpp"
#include "unit/engine/rig.hpp"

namespace forecastd::engine {

// What a cohort tells of all its series, as it is saved.
Bytes described(const Cohort& cohort);

class CohortRig {
  public:
    explicit CohortRig(config::Pipeline pipeline, bool measures_accuracy = false,
                       const std::vector<StageMaker>& stages = standard_stages(),
                       RecordLayout::States states = RecordLayout::States::beside_others);

    Series& create(const std::string& key = "m");
    // A row at a step; returns its number.
    std::size_t add(Series& series, std::int64_t step, double value);
    Row& row(std::size_t i) { return cohort->rows()[i]; }

    Counters counters;
    std::vector<std::string> reports;
    std::unique_ptr<Cohort> cohort;

  private:
    const config::Pipeline pipeline_;
    const std::vector<double> widths_;  // 2 deviations at each level
    const Report report_;
    Failures failures_;
    KeyTable keys_{1};
    FieldPlan field_;
};

}  // namespace forecastd::engine

#endif
