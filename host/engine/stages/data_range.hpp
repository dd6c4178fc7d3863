// The stage that marks values outside detect.data_range: the models do not learn them.
#ifndef FORECASTD_ENGINE_STAGES_DATA_RANGE_HPP
#define FORECASTD_ENGINE_STAGES_DATA_RANGE_HPP

#include "engine/stage.hpp"

namespace forecastd::engine {

inline bool in_data_range(const config::DataRange& range, double value) {
    return value >= range.low && value <= range.high;
}

class DataRangeStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "data range"; }
    void run(Rows& rows) override;

  private:
    DataRangeStage(config::DataRange range, Counters& counters) : range_(range), counters_(counters) {}

    const config::DataRange range_;
    Counters& counters_;
};

}  // namespace forecastd::engine

#endif
