// The stage that measures how good the forecaster's expectations are, over all series of a cohort: see
// engine/accuracy.hpp. It is there only while the host writes metrics of its own.
#ifndef FORECASTD_ENGINE_STAGES_ACCURACY_STAGE_HPP
#define FORECASTD_ENGINE_STAGES_ACCURACY_STAGE_HPP

#include "engine/accuracy.hpp"
#include "engine/stage.hpp"

namespace forecastd::engine {

class AccuracyStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "accuracy"; }
    Expected<void> begin(Series& series, const SeriesInfo&) override;
    void run(Rows& rows) override;
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

    [[nodiscard]] Accuracy& measure() { return measure_; }

  private:
    explicit AccuracyStage(StageContext& context)
        : last_(context.layout.add<Last>("accuracy")), levels_(context.widths.size()), measure_(levels_) {}

    struct Last {
        double value;  // the last one that was learned; NaN: none yet
    };
    const Part<Last> last_;
    const std::size_t levels_;
    Accuracy measure_;
};

}  // namespace forecastd::engine

#endif
