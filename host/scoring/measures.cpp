#include "scoring/measures.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <utility>

namespace forecastd::scoring {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double ratio(double a, double b) { return b > 0 ? a / b : 0; }

// Counts in one series.
void find(const Timeline& series, const Level& level, const Counting& counting, Found& total) {
    std::vector<Window> targets;
    for (const Window& window : series.windows)
        if (window.low >= series.start) targets.push_back(window);
    std::vector<char> is_hit(targets.size());
    std::size_t quiet_until = 0;  // a point from here on counts
    for (std::size_t i = series.start; i < series.times_ns.size(); ++i) {
        if (!level.rings(series, i)) continue;
        bool is_inside = false;
        for (std::size_t k = 0; k < targets.size() && targets[k].low <= i; ++k) {
            if (i > targets[k].high + counting.grace) continue;
            is_inside = true;
            if (is_hit[k]) continue;
            is_hit[k] = true;
            ++total.found;
            total.delay_s_sum += static_cast<double>(series.times_ns[i] - targets[k].first_time_ns) / 1e9;
        }
        if (i < quiet_until) continue;
        quiet_until = i + counting.repeat;
        total.false_alarms += !is_inside;
    }
    total.windows += targets.size() + series.windows_missed;
    total.days += series.days();
}

// Of NAB: from 1 far before 0 to -1 far behind it.
double sigmoid(double x) { return x > 3 ? -1 : 2 / (1 + std::exp(5 * x)) - 1; }

std::vector<double> thresholds(std::span<const Timeline> series) {
    constexpr int count = 60;
    std::vector<double> scores;
    for (const Timeline& one : series)
        for (std::size_t i = one.start; i < one.scores.size(); ++i)
            if (one.scores[i] > 0) scores.push_back(one.scores[i]);
    if (scores.empty()) return {};
    std::sort(scores.begin(), scores.end(), std::greater<>());
    std::set<double, std::greater<>> picked{1.0};
    const auto size = static_cast<double>(scores.size());
    for (int k = 0; k <= count; ++k) {
        const double place = size * std::pow(size, static_cast<double>(k) / count) / size;
        picked.insert(scores[std::min(static_cast<std::size_t>(place), scores.size() - 1)]);
    }
    return {picked.begin(), picked.end()};
}

}  // namespace

double Found::recall() const { return ratio(static_cast<double>(found), static_cast<double>(windows)); }
double Found::precision() const {
    return ratio(static_cast<double>(found), static_cast<double>(found + false_alarms));
}
double Found::f1() const { return ratio(2 * recall() * precision(), recall() + precision()); }
double Found::false_alarms_a_day() const { return ratio(static_cast<double>(false_alarms), days); }
double Found::mean_delay_s() const { return found > 0 ? delay_s_sum / static_cast<double>(found) : nan; }

Found find(std::span<const Timeline> series, const Level& level, const Counting& counting) {
    Found total;
    for (const Timeline& one : series) find(one, level, counting, total);
    return total;
}

Nab::Nab(std::span<const Timeline> series) : series_(series) {
    for (const Timeline& one : series) {
        const std::size_t size = one.times_ns.size();
        Weights made{std::vector<int>(size, -1), std::vector<double>(size, -1)};
        for (std::size_t k = 0; k < one.windows.size(); ++k) {
            const auto [low, high, time] = one.windows[k];
            const auto width = static_cast<double>(high - low + 1);
            for (std::size_t i = low; i <= high; ++i) {
                made.window[i] = static_cast<int>(k);
                made.weight[i] = sigmoid(-static_cast<double>(high - i + 1) / width) / sigmoid(-1);
            }
            const std::size_t end = k + 1 < one.windows.size() ? one.windows[k + 1].low : size;
            for (std::size_t i = high + 1; i < end; ++i)
                made.weight[i] = width > 1 ? sigmoid(static_cast<double>(i - high) / (width - 1)) : -1;
        }
        weights_.push_back(std::move(made));
    }
}

double Nab::score(const Level& level) const {
    constexpr double weight_of_a_false_alarm = 0.11;  // the standard profile; those of a window are 1
    double won = 0, lost = 0;
    std::size_t missed = 0, windows = 0;
    for (std::size_t s = 0; s < series_.size(); ++s) {
        const Timeline& one = series_[s];
        const auto& [window, weight] = weights_[s];
        std::vector<double> earned(one.windows.size());
        std::vector<char> is_live(one.windows.size());  // a part of it is behind the probation
        for (std::size_t i = one.start; i < window.size(); ++i) {
            if (window[i] >= 0) is_live[static_cast<std::size_t>(window[i])] = true;
            if (!level.rings(one, i)) continue;
            if (window[i] < 0) {
                lost += weight[i];
            } else {
                double& most = earned[static_cast<std::size_t>(window[i])];
                most = std::max(most, weight[i]);
            }
        }
        for (std::size_t k = 0; k < earned.size(); ++k) {
            won += earned[k];
            missed += is_live[k] && earned[k] == 0;
        }
        windows += one.windows.size() + one.windows_missed;
        missed += one.windows_missed;
    }
    if (windows == 0) return nan;
    const auto all = static_cast<double>(windows);
    return 100 * (won - static_cast<double>(missed) + weight_of_a_false_alarm * lost + all) / (2 * all);
}

Best best(std::span<const Timeline> series, const Nab& nab, const Counting& counting) {
    Best result;
    for (const double threshold : thresholds(series)) {
        const Level level{false, threshold};
        const Found found = find(series, level, counting);
        if (!result.has_scores || found.f1() > result.found.f1()) {
            result.threshold = threshold;
            result.found = found;
        }
        const double score = nab.score(level);
        if (!result.has_scores || score > result.nab) {
            result.nab_threshold = threshold;
            result.nab = score;
        }
        result.has_scores = true;
        for (auto& [allowed, recall] : result.recall_within)
            if (found.false_alarms_a_day() <= allowed) recall = std::max(recall, found.recall());
    }
    return result;
}

}  // namespace forecastd::scoring
