// The stage that asks the forecaster what it knows of a series, at most once in each diagnostics_every.
//
// As with a forecast, a row for which is_due() is the last of its series in its batch.
#ifndef FORECASTD_ENGINE_STAGES_DIAGNOSTICS_HPP
#define FORECASTD_ENGINE_STAGES_DIAGNOSTICS_HPP

#include "engine/stages/forecaster.hpp"

namespace forecastd::engine {

class DiagnosticsStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "diagnostics"; }
    Expected<void> begin(Series& series, const SeriesInfo&) override;
    void run(Rows& rows) override;
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

    [[nodiscard]] bool is_due(const Series& series, std::int64_t time_ns) const {
        return time_ns >= next_.of(series).due_ns;
    }

  private:
    explicit DiagnosticsStage(StageContext& context);

    struct Next {
        std::int64_t due_ns;  // they are due at the first value from here on
    };
    ForecasterStage& forecaster_;
    const Part<Next> next_;
    const std::int64_t every_ns_;
    std::vector<fcd_value> values_;
};

}  // namespace forecastd::engine

#endif
