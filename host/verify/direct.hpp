// A model and its series, driven by the bare functions of the algorithm's table, past the host's door: which puts back some
// of what a plugin changes in the process, and is made for one thread.
//
// Threads: those of plugin.h: a series on one thread at a time. What goes wrong is thrown as Broken.
#ifndef FORECASTD_VERIFY_DIRECT_HPP
#define FORECASTD_VERIFY_DIRECT_HPP

#include <forecastd/plugin.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "verify/guarded_memory.hpp"
#include "verify/rig.hpp"

namespace forecastd::verify {

class DirectModel {
  public:
    // With default parameters, on the usual grid. The rig must outlive it.
    explicit DirectModel(const Rig& rig);
    ~DirectModel() { table_.model_free(model_); }
    DirectModel(const DirectModel&) = delete;
    DirectModel& operator=(const DirectModel&) = delete;

  private:
    friend class DirectSeries;
    const fcd_algorithm& table_;
    const fcd_library& library_;
    std::size_t series_size_ = 0;
    fcd_model* model_;
};

class DirectSeries {
  public:
    explicit DirectSeries(const DirectModel& model);
    ~DirectSeries();
    DirectSeries(const DirectSeries&) = delete;
    DirectSeries& operator=(const DirectSeries&) = delete;

    // Judges and learns a value at the next step; a failure leaves the verdict unknown.
    fcd_verdict advance(double value);
    // Asks for 10 steps, and looks at none.
    void forecast() const;

  private:
    const DirectModel& model_;
    const GuardedMemory state_, point_, verdict_;  // in the sizes that the plugin was built with
    const std::vector<double> unknown_;            // inputs
    std::int64_t step_ = 1000;
};

}  // namespace forecastd::verify

#endif
