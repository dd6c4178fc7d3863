// The stage for counters: the growth of a counter in a second takes the place of its reading. The first
// reading has none, and neither has one after the counter went back: such a row is left out.
//
// It comes before all other stages, so that everything else sees rates alone.
#ifndef FORECASTD_ENGINE_STAGES_RATE_HPP
#define FORECASTD_ENGINE_STAGES_RATE_HPP

#include "engine/counter_reading.hpp"
#include "engine/stage.hpp"

namespace forecastd::engine {

class RateStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "rate"; }
    Expected<void> begin(Series& series, const SeriesInfo&) override;
    void run(Rows& rows) override;
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

  private:
    explicit RateStage(StageContext& context) : reading_(context.layout.add<CounterReading>("rate")) {}

    const Part<CounterReading> reading_;
};

}  // namespace forecastd::engine

#endif
