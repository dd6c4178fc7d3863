// The stage that lets the models of a series begin again at its twelfth value, if one of the first was
// wrong (first_values.hpp).
//
// It marks the row; the stages that learn heed the mark: forecaster, detector, tail, voters and drift. The
// series itself goes on, with its grid, its labels and its events. A pipeline that learns everything
// (learn_from_anomalies: always) does not have this stage.
#ifndef FORECASTD_ENGINE_STAGES_FIRST_VALUE_HPP
#define FORECASTD_ENGINE_STAGES_FIRST_VALUE_HPP

#include "engine/first_values.hpp"
#include "engine/stage.hpp"

namespace forecastd::engine {

class FirstValueStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "first value"; }
    Expected<void> begin(Series& series, const SeriesInfo&) override;
    void run(Rows& rows) override;
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

  private:
    explicit FirstValueStage(StageContext& context)
        : first_(context.layout.add<FirstValues>("first value")) {}

    const Part<FirstValues> first_;
};

}  // namespace forecastd::engine

#endif
