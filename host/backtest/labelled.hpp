// The events of a trial beside labels: what scoring counts of them.
//
// Threads: any.
#ifndef FORECASTD_BACKTEST_LABELLED_HPP
#define FORECASTD_BACKTEST_LABELLED_HPP

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "backtest/results.hpp"
#include "scoring/labels.hpp"
#include "scoring/measures.hpp"

namespace forecastd::backtest {

struct Labelled {
    scoring::OwnLevel level = scoring::OwnLevel::verdicts;
    scoring::Found found;
    double nab = 0;  // NaN: there is no window
};

struct LabelRules {
    std::size_t probation = 0;  // points at the beginning of each series that do not count
    scoring::Counting counting;
};

using Warn = std::function<void(const std::string& sentence)>;

// Of the whole config: a labelled series that no pipeline watches counts as not found.
Labelled labelled(const Results& results, const scoring::Labels& labels, const LabelRules& rules,
                  const Warn& warn);
// Of one pipeline: only labels of series that it watches count; nullopt: there are none.
std::optional<Labelled> labelled(const Results& results, std::size_t pipeline, const scoring::Labels& labels,
                                 const LabelRules& rules);

}  // namespace forecastd::backtest

#endif
