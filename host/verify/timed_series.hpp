// Series of a model and points for them, laid out beforehand, so that a clock around the calls sees little else than
// the plugin. What goes wrong in a call is thrown as Broken.
//
// Threads: one.
#ifndef FORECASTD_VERIFY_TIMED_SERIES_HPP
#define FORECASTD_VERIFY_TIMED_SERIES_HPP

#include <forecastd/plugin.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "plugin/array.hpp"
#include "plugin/model.hpp"

namespace forecastd::verify {

class TimedSeries {
  public:
    static constexpr std::size_t points_a_call = 32;  // as many as the host gives at once

    // So many series that have begun. The model must outlive them.
    TimedSeries(const plugin::Model& model, std::size_t count);
    ~TimedSeries();
    TimedSeries(const TimedSeries&) = delete;
    TimedSeries& operator=(const TimedSeries&) = delete;

    [[nodiscard]] void* state(std::size_t i) { return memory_.data() + i * lines_; }

    // Makes the next points, in place of those that there were: one for each series, then another one for each. The
    // values come again from their beginning where they end; each series begins elsewhere.
    void lay_out(std::size_t points, std::span<const double> values);
    // Judges and learns these of them, in one call; up to points_a_call.
    void advance(std::size_t first, std::size_t count);

    // Of the first series, from the step behind its last point on. false: too little was learned.
    bool forecast(std::uint32_t steps);

    // What the first series has learned, as the host saves it.
    [[nodiscard]] Bytes saved() const;
    // Into the i-th, which has just begun.
    void load(std::size_t i, const plugin::SavedModel& saved_by, std::span<const char> framed);

  private:
    struct alignas(64) Line {  // of the cache
        char bytes[64];
    };
    void end_all();

    const plugin::Model& model_;
    const std::size_t count_, lines_;  // lines of a state
    std::vector<Line> memory_;         // zeroed
    std::size_t begun_ = 0;
    const std::vector<double> unknown_;  // inputs of a point
    std::vector<double> unknown_ahead_;  // of a forecast
    plugin::Array<fcd_point> points_;
    plugin::Array<fcd_verdict> verdicts_;
    plugin::Array<fcd_prediction> predictions_;
    std::int64_t first_step_ = 1000;  // of the points that are laid out
    std::int64_t next_step_ = 1000;   // behind those that were learned
};

}  // namespace forecastd::verify

#endif
