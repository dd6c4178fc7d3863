// A config on trial: an engine of its own, and what came of it.
//
// Threads: one.
#ifndef FORECASTD_BACKTEST_TRIAL_HPP
#define FORECASTD_BACKTEST_TRIAL_HPP

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "backtest/results.hpp"
#include "engine/engine.hpp"
#include "engine/null_sink.hpp"
#include "engine/report.hpp"
#include "engine/state_summary.hpp"

namespace forecastd::backtest {

class Trial {
  public:
    // name: of the config, as people know it.
    Trial(std::string name, config::Config config, engine::Report report, Keeping keeping);
    ~Trial();
    Trial(const Trial&) = delete;
    Trial& operator=(const Trial&) = delete;

    // A batch of at most Engine::batch_points. clock_ns: the time of points that came without one.
    void process(const lineprotocol::Points& batch, std::int64_t clock_ns);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const config::Config& config() const { return config_; }
    [[nodiscard]] const Results& results() const { return results_; }
    // How the series of a pipeline are now; all zero if it does not run.
    [[nodiscard]] engine::StateSummary state(std::size_t pipeline) const;
    // That the engine has worked.
    [[nodiscard]] std::chrono::duration<double> worked() const { return worked_; }

  private:
    // Takes the events; all else comes to the results from the observer.
    class Events : public engine::NullSink {
      public:
        explicit Events(Results& results) : results_(results) {}
        void event(const engine::SeriesView& series, const engine::Event& event) override;

      private:
        Results& results_;
    };
    std::vector<engine::StageMaker> stages();

    const std::string name_;
    const config::Config config_;
    Results results_;
    Events events_;
    const std::vector<engine::StageMaker> stages_;
    std::unique_ptr<engine::Engine> engine_;
    std::chrono::duration<double> worked_{};
};

}  // namespace forecastd::backtest

#endif
