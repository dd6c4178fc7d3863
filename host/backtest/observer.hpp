// The last stage of a backtest's engine: it hands each value, with what the stages before made of it, to the results. It
// changes nothing in the rows.
//
// Threads: one at a time.
#ifndef FORECASTD_BACKTEST_OBSERVER_HPP
#define FORECASTD_BACKTEST_OBSERVER_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "backtest/results.hpp"
#include "engine/stage.hpp"

namespace forecastd::backtest {

class Observer : public engine::Stage {
  public:
    // How many leads of a pipeline are scored at most.
    static constexpr std::size_t most_leads = 8;

    // pipeline: its place in the config. The results must outlive the stage.
    static Expected<std::unique_ptr<engine::Stage>> make(engine::StageContext& context, std::size_t pipeline,
                                                         Results& results);

    [[nodiscard]] std::string_view name() const override { return "backtest"; }
    void run(engine::Rows& rows) override;

    // Which of a pipeline's leads are scored, as places in the list: all of a few; of many, 1, 2, 5, 10, 20, ...
    // or fewer round numbers of steps, and the last one.
    static std::vector<std::size_t> pick(const std::vector<std::int64_t>& leads);

  private:
    Observer(engine::StageContext& context, std::size_t pipeline, Results& results);
    struct Seen {
        std::uint64_t number;  // of the series' result, plus one; 0: none yet
    };
    // A lead of two steps or more that is scored.
    struct ScoredLead {
        std::int64_t steps;
        std::size_t place;  // among the leads of a forecast
        std::int64_t stride;
    };
    SeriesResult& result_of(const engine::Row& row);
    void begin_result(SeriesResult& result);
    void take(engine::Rows& rows, const engine::Row& row);
    void score_step(const engine::Rows& rows, const engine::Row& row, SeriesResult& result);
    void keep_forecasts(const engine::Rows& rows, const engine::Row& row, SeriesResult& result);
    void keep_ahead(const engine::Rows& rows, const engine::Row& row, SeriesResult& result) const;
    void draw(const engine::Row& row, SeriesResult& result) const;
    [[nodiscard]] double clipped(double value) const;
    // The intervals of all levels around a mean; first: the place of their reaches.
    const std::vector<Interval>& intervals(const engine::Rows& rows, std::size_t first, double mean);

    const engine::Part<Seen> seen_;
    const std::size_t pipeline_;
    Results& results_;
    const std::int64_t interval_ns_;
    std::vector<double> levels_;
    config::DataRange range_;
    std::int64_t season_ = 0;  // in steps; 0: none
    bool has_forecaster_ = false;
    std::vector<ScoredLead> leads_;
    std::vector<Interval> intervals_;
};

}  // namespace forecastd::backtest

#endif
