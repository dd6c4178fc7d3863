// What every scenario offers: its points one by one as line protocol, and what was put wrong in them.
//
// Threads: a Scenario is used by one thread at a time.
#ifndef FORECASTD_SIMULATION_SCENARIO_HPP
#define FORECASTD_SIMULATION_SCENARIO_HPP

#include <string>
#include <vector>

#include "simulation/label.hpp"

namespace forecastd::simulation {

class Scenario {
  public:
    virtual ~Scenario() = default;

    // Appends the next point, a line with its newline, in the order of time. False: there is none; out is
    // unchanged.
    virtual bool append(std::string& out) = 0;

    // The anomalies of the whole run, in the order of their first times. Known from the start.
    [[nodiscard]] virtual const std::vector<Label>& labels() const = 0;

  protected:
    Scenario() = default;
    Scenario(const Scenario&) = default;
    Scenario& operator=(const Scenario&) = default;
};

}  // namespace forecastd::simulation

#endif
