// Two configs beside each other: for the series that both forecast, how the errors of b compare with those of a.
//
// Threads: any.
#ifndef FORECASTD_BACKTEST_COMPARISON_HPP
#define FORECASTD_BACKTEST_COMPARISON_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "backtest/results.hpp"

namespace forecastd::backtest {

// At one lead. ratio: the geometric mean, over the series, of the MAE of b / that of a. Below 1, b is better.
struct LeadComparison {
    std::int64_t lead_ns = 0, steps = 0;
    std::size_t series = 0, a_better = 0, b_better = 0;
    double ratio = 0;
};

struct SeriesComparison {
    std::string key, field;
    std::int64_t lead_ns, steps;
    double ratio;
};

struct Comparison {
    std::vector<LeadComparison> leads;  // ascending
    // One step ahead: where b gains most, and where it loses most.
    std::vector<SeriesComparison> b_gains, b_loses;
};

// Series are the same if their keys and fields are; of several pipelines of a config that forecast one, the first counts.
// A series without errors in a or in b, such as one that is constant, is left out.
Comparison compare(const Results& a, const Results& b);

}  // namespace forecastd::backtest

#endif
