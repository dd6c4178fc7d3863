// The stage that notices slow drifts: see drift.hpp. While a series drifts, each of its values is an anomaly.
//
// It comes behind the rules, since a drift is no matter of one value's distance from what was expected, and
// sees the values that the models see.
#ifndef FORECASTD_ENGINE_STAGES_DRIFT_STAGE_HPP
#define FORECASTD_ENGINE_STAGES_DRIFT_STAGE_HPP

#include "engine/drift.hpp"
#include "engine/stage.hpp"

namespace forecastd::engine {

// The score of a value of a series that drifts.
inline constexpr double score_drift = 1.5;

class DriftStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "drift"; }
    void run(Rows& rows) override;
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

  private:
    explicit DriftStage(StageContext& context);
    void found(Row& row, int side);

    const config::Direction direction_;
    Counters& counters_;
    const Part<Drift> drift_;
    const std::uint32_t block_;  // points
    const double h_;
};

}  // namespace forecastd::engine

#endif
