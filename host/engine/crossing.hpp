// When a forecast first crosses thresholds.
//
// A path leads from the last value (lead 0) through the forecast of each step, in straight lines; so do the
// two bounds of its interval, which begin at the last value too. A path is at a threshold where it first is
// equal to it or past it: at 0 if the last value is there already. Steps are added one after the other until
// all paths are there, or the horizon ends; what is not there then does not cross. Forecasts with a season
// rise and fall, so no step is left out.
#ifndef FORECASTD_ENGINE_CROSSING_HPP
#define FORECASTD_ENGINE_CROSSING_HPP

#include <span>
#include <vector>

#include "config/config.hpp"
#include "engine/sink.hpp"

namespace forecastd::engine {

class CrossingSearch {
  public:
    // thresholds must outlive the search.
    void begin(std::span<const config::Threshold> thresholds, double last_value);

    // The next step: its mean and how far its interval reaches to either side, NaN if unknown.
    void add_step(double mean, double reach);

    // Whether no further step can change anything.
    [[nodiscard]] bool done() const { return open_ == 0; }

    // In the order of the thresholds.
    [[nodiscard]] const std::vector<Crossing>& result() const { return crossings_; }

  private:
    void advance(double& at, double before, double now, double limit);

    std::vector<Crossing> crossings_;
    double step_ = 0, mean_ = 0, reach_ = 0;  // the last one added
    std::size_t open_ = 0;                    // paths that are not there yet
};

}  // namespace forecastd::engine

#endif
