// What a backtest has found, as text for people and as JSON for programs and for the report.
#ifndef FORECASTD_COMMANDS_BACKTEST_RESULTS_HPP
#define FORECASTD_COMMANDS_BACKTEST_RESULTS_HPP

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backtest/comparison.hpp"
#include "backtest/labelled.hpp"
#include "backtest/summary.hpp"
#include "backtest/trial.hpp"
#include "commands/json_line.hpp"

namespace forecastd::commands {

struct BacktestInput {
    std::vector<std::string> files;
    std::uint64_t points = 0, left_out = 0, without_time = 0;
    std::optional<std::int64_t> first_ns, last_ns;  // nullopt: no point had a time
};

struct TrialResults {
    std::unique_ptr<backtest::Trial> trial;
    std::vector<backtest::PipelineSummary> pipelines;
    std::optional<backtest::Labelled> labelled;                           // nullopt: there are no labels
    std::vector<std::optional<backtest::Labelled>> labelled_of_pipeline;  // the same, or none for its series
};

struct BacktestResults {
    BacktestInput input;
    std::string labels_file;  // "": none
    scoring::Labels labels;
    std::vector<TrialResults> trials;
    std::vector<backtest::Comparison> comparisons;  // of the first trial with each other one
};

void print(std::ostream& out, const BacktestResults& results);

// Format 1, which host/report/README.md describes. curves: with what is drawn.
Json as_json(const BacktestResults& results, bool curves);

}  // namespace forecastd::commands

#endif
