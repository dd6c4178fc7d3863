// The stage that notices a stuck series: its value has not moved for far longer than it ever did before.
//
// It learns how long the runs of equal values of a series are. A run is too long when it has more points than
// stuck_runs times the longest one before it, and at least stuck_points. A series is not judged before it has
// changed its value stuck_changes times, so a constant series, or one with a few levels, is never stuck. Two
// kinds of runs are allowed to be longer:
//   - at the least or the greatest value of the series so far, where many series rest (idle, empty, full): a
//     day;
//   - at the value of the last run that was found too long: twice that run.
//
// A value that is stuck is judged by the rules stage and is not learned by the models, as it says nothing
// about how much the series varies. The stage comes before the models for that reason.
#ifndef FORECASTD_ENGINE_STAGES_STUCK_HPP
#define FORECASTD_ENGINE_STAGES_STUCK_HPP

#include "engine/stage.hpp"

namespace forecastd::engine {

inline constexpr std::uint32_t stuck_changes = 20, stuck_points = 10, stuck_runs = 5;

// What is known of the runs of one series; plain data, zeroed for a new series.
struct Runs {
    double value;            // of the current run
    double low, high;        // of all values before the current run
    double rest;             // the value of the last run that was too long
    std::uint32_t run;       // points of the current run; 0: there was no value yet
    std::uint32_t longest;   // of the runs before it, without those that were too long
    std::uint32_t rest_run;  // points of the last run that was too long; 0: there was none
    std::uint32_t changes;   // of the value so far, up to stuck_changes

    // Takes the next value: whether the series is stuck at it. day: the number of points in a day.
    bool take(double next, std::uint32_t day);

  private:
    [[nodiscard]] std::uint32_t limit(std::uint32_t day) const;
    void end_run(std::uint32_t day);
};

class StuckStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "stuck"; }
    void run(Rows& rows) override;
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

  private:
    explicit StuckStage(StageContext& context);

    const Part<Runs> runs_;
    const std::uint32_t day_;  // points
};

}  // namespace forecastd::engine

#endif
