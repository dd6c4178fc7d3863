// The stage that feeds the forecaster: it learns each value, and says before that what it expected.
//
// What one value may teach the model is limited by the guard (learning_guard.hpp), as the config's
// learn_from_anomalies says. The limit of a value follows from the error of the value before, so a call to
// the plugin has each series at most once.
//
// It also answers for the value's later stages: forecasts from the last point on, and a deviation from the
// errors that it has seen where the plugin knows none.
#ifndef FORECASTD_ENGINE_STAGES_FORECASTER_HPP
#define FORECASTD_ENGINE_STAGES_FORECASTER_HPP

#include "engine/learning_guard.hpp"
#include "engine/season_memory.hpp"
#include "engine/stages/model_feed.hpp"

namespace forecastd::engine {

class ForecasterStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "forecaster"; }
    Expected<void> begin(Series& series, const SeriesInfo& info) override;
    void end(Series& series) override { feed_.end(series); }
    void run(Rows& rows) override;
    void describe(ByteWriter& out) const override { feed_.describe(out); }
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

    // Asks for the prediction of steps [first, first + count) of the row's series: FCD_OK, FCD_NOT_YET, or
    // FCD_ERROR, after which what the plugin asked for was done. FCD_OK says nothing about the values: see
    // sound_predictions().
    std::int32_t ask(const Row& row, std::int64_t first_step, std::uint32_t count);
    // The same; all predictions are sound, or the series is set aside.
    std::int32_t forecast(const Row& row, std::int64_t first_step, std::uint32_t count);
    fcd_prediction& prediction(std::size_t i) { return predictions_[i]; }
    // How many of the first `count` predictions there are before one is not finite.
    std::uint32_t sound_predictions(std::uint32_t count);

    // A deviation that was given, or that of the errors seen if it is NaN; for a step so far ahead, errors
    // are taken to add up as those of a random walk.
    [[nodiscard]] double deviation(const Series& series, double given) const;
    [[nodiscard]] double deviation_at(const Series& series, std::int64_t lead, double given) const;

    void set_aside(const Row& row, const std::string& what) { feed_.set_aside(row, what); }
    [[nodiscard]] ModelFeed& feed() { return feed_; }
    [[nodiscard]] const ModelFeed& feed() const { return feed_; }
    // Of the model, in steps; none: it has none.
    [[nodiscard]] const std::vector<std::int64_t>& seasons() const { return seasons_; }
    [[nodiscard]] const plugin::CallTimes& forecast_times() const { return forecast_times_; }

    // What it keeps beside the plugin's state. The stage that hands on forecasts keeps next_emit_ns in the
    // same 16 bytes.
    struct Memory {
        std::int64_t next_emit_ns;  // the next forecast is due at the first point from here on
        double error_square;        // exponentially weighted mean square of one-step errors
    };
    [[nodiscard]] Part<Memory> memory() const { return memory_; }

  private:
    ForecasterStage(StageContext& context, std::unique_ptr<Model> model);
    [[nodiscard]] double limit_of(const Row& row);
    [[nodiscard]] std::size_t end_of_call(Rows& rows, std::size_t from);
    [[nodiscard]] ModelFeed::Advance advance(Rows& rows, std::size_t from, std::size_t to);
    [[nodiscard]] ModelFeed::Advance advance_or_skip(Rows& rows, std::size_t i);
    void learned(Row& row, const fcd_verdict& verdict);
    void expect_outside(Rows& rows, std::size_t i);
    void restart(Series& series);

    const Part<Memory> memory_;
    const std::int64_t interval_ns_;
    ModelFeed feed_;
    const config::LearnFrom learns_;
    const std::vector<std::int64_t> seasons_;
    const std::int64_t season_;  // in steps; 0: the model has none, or nothing is guarded
    const LearningGuard guard_;
    const Part<LearningGuard::State> guarded_;  // unless learns_ is always
    const Part<SeasonMemory> seasonal_;         // if there is a season_
    std::uint32_t call_ = 0;                    // LearningGuard::State::call
    plugin::Array<fcd_prediction> predictions_;
    CalendarInputs inputs_;
    std::vector<double> input_values_;
    std::vector<std::int64_t> local_steps_;  // of a horizon
    plugin::CallTimes forecast_times_;
};

}  // namespace forecastd::engine

#endif
