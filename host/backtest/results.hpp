// The results of all series of a config, and what they share.
//
// Memory: at most `curve_buckets` buckets of curves and `season_bytes` of seasonal values for all series together; per
// series its names, sums and events.
//
// Threads: one.
#ifndef FORECASTD_BACKTEST_RESULTS_HPP
#define FORECASTD_BACKTEST_RESULTS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "backtest/series_result.hpp"
#include "scoring/collector.hpp"

namespace forecastd::backtest {

// What is kept beside the sums.
struct Keeping {
    bool curves = false;    // for a report
    bool verdicts = false;  // of each point, for labels
};

// Errors one step ahead in units of how far the widest interval reaches, in equal bins; the first and the last one hold what
// lies beyond.
struct ErrorBins {
    static constexpr double from = -2, to = 2;
    std::array<std::uint64_t, 41> counts{};
    void add(double error);
};

class Results {
  public:
    static constexpr std::size_t curve_buckets = 4'000'000, season_bytes = std::size_t{256} << 20;
    static constexpr std::size_t most_buckets = 2048, least_buckets = 64;  // of a series

    Results(std::size_t pipelines, Keeping keeping)
        : bins(pipelines), season_steps(pipelines), verdicts(pipelines), keeping_(keeping) {}

    // By its number; made if it is new.
    std::size_t find_or_add(std::size_t pipeline, std::string_view key, std::string_view field);
    [[nodiscard]] SeriesResult& series(std::size_t number) { return series_[number]; }
    [[nodiscard]] const std::deque<SeriesResult>& all() const { return series_; }
    [[nodiscard]] const Keeping& keeping() const { return keeping_; }
    [[nodiscard]] std::size_t buckets_a_series() const { return buckets_a_series_; }

    // Gives the series room for the values of a season, if there is some left.
    void make_season(SeriesResult& series, std::int64_t steps);
    [[nodiscard]] std::size_t without_season() const { return without_season_; }

    // By pipeline.
    std::vector<ErrorBins> bins;
    std::vector<std::map<std::int64_t, std::int64_t>> season_steps;  // by interval; 0: none
    std::vector<scoring::SeriesByKey> verdicts;

  private:
    const Keeping keeping_;
    std::deque<SeriesResult> series_;
    std::unordered_map<std::string, std::size_t> numbers_;
    std::string name_;  // of the last look-up
    std::size_t buckets_a_series_ = most_buckets;
    std::size_t season_bytes_ = 0, without_season_ = 0;
};

}  // namespace forecastd::backtest

#endif
