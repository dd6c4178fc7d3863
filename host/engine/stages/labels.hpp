// The stage that knows what labels say about a series: until when its anomalies are no alarms, and until when
// its values are normal whatever they are. It marks the rows; the rules, the drift and the silence heed the
// marks.
//
// It comes before the models, so that what learns with a limit can learn normal values without one.
#ifndef FORECASTD_ENGINE_STAGES_LABELS_HPP
#define FORECASTD_ENGINE_STAGES_LABELS_HPP

#include "engine/label.hpp"
#include "engine/stage.hpp"

namespace forecastd::engine {

class LabelsStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "labels"; }
    Expected<void> begin(Series& series, const SeriesInfo&) override;
    void run(Rows& rows) override;
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

    // A label that is about the series, and is no reset.
    void take(Series& series, const Label& label) const;
    [[nodiscard]] bool is_suppressed(const Series& series, std::int64_t time_ns) const {
        return time_ns < labels_.of(series).suppressed_until_ns;
    }

  private:
    explicit LabelsStage(StageContext& context) : labels_(context.layout.add<Known>("labels")) {}

    struct Known {
        std::int64_t suppressed_until_ns, normal_until_ns;
    };
    const Part<Known> labels_;
};

}  // namespace forecastd::engine

#endif
