// The stage that tells whether each series is watched (series_state.hpp), where that changes, also where no
// judgement is written. A pipeline without `output.state` does not have it.
//
// It never changes a row but for that. It comes last, since any stage before it may fail on a series. Points
// that never become a row, as they are late or crowded, are told by SeriesStore, and so is a series whose
// interval is being learned.
#ifndef FORECASTD_ENGINE_STAGES_WATCHING_HPP
#define FORECASTD_ENGINE_STAGES_WATCHING_HPP

#include <deque>
#include <optional>
#include <string>

#include "engine/series_state.hpp"
#include "engine/stage.hpp"

namespace forecastd::engine {

class WatchingStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "watching"; }
    void run(Rows& rows) override;
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

    // Whether the last points of the series, one after the other, are so late or crowded that it is to be
    // told: ten that are late; or a hundred that are within a hundredth of the interval, since whoever sets
    // an interval of minutes for data of seconds wants one value of many.
    [[nodiscard]] bool is_passed_over(const Series& series, std::int64_t time_ns) const;
    // What is to be told then, if it was not. No row of the series may wait.
    [[nodiscard]] std::optional<SeriesState> passed_over(Series& series, std::int64_t time_ns);

  private:
    explicit WatchingStage(StageContext& context);

    // What was told last. code: one number for what is told, so that a change is seen; 0: nothing yet.
    struct Told {
        std::uint32_t code;
    };
    [[nodiscard]] std::uint32_t code_of(const Row& row, std::size_t i) const;
    std::string_view reason_of(Rows& rows, std::size_t i, std::uint32_t code);
    std::string_view warming_reason(Rows& rows, std::size_t i);
    std::string_view voters_reason(std::uint32_t voted, std::uint32_t out);

    const Part<Told> told_;
    const std::int64_t interval_ns_;
    const VotersStage* const voters_;  // nullptr: there is one detector
    Failures& failures_;
    const std::string detector_;  // the plugin's id
    const std::optional<std::string> forecaster_;
    const std::int64_t min_samples_;   // that the detector says it needs; 0: it does not say
    std::deque<std::string> reasons_;  // of the rows of the batch
};

}  // namespace forecastd::engine

#endif
