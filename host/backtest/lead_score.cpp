#include "backtest/lead_score.hpp"

#include <cmath>
#include <limits>

namespace forecastd::backtest {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double largest = 1e150;  // whose squares are finite

double ratio(double a, double b) { return b > 0 ? a / b : nan; }
double mean(double sum, std::uint64_t count) { return ratio(sum, static_cast<double>(count)); }

}  // namespace

LeadScore::LeadScore(std::int64_t steps, std::int64_t lead_ns, std::span<const double> levels)
    : steps_(steps), lead_ns_(lead_ns) {
    for (const double level : levels) levels_.push_back({level});
}

void LeadScore::add(double y, double yhat, double naive, double seasonal,
                    std::span<const Interval> intervals) {
    const double error = y - yhat, size = std::abs(error);
    if (!(size <= largest)) return;
    ++points_;
    error_sum_ += size;
    square_sum_ += error * error;
    signed_sum_ += error;
    if (const double both = std::abs(y) + std::abs(yhat); both > 0) smape_sum_ += 200 * size / both;
    const double naive_size = std::abs(y - naive), seasonal_size = std::abs(y - seasonal);
    if (naive_size <= largest) {
        beside_naive_ += size;
        naive_sum_ += naive_size;
    }
    if (seasonal_size <= largest) {
        beside_seasonal_ += size;
        seasonal_sum_ += seasonal_size;
    }
    for (std::size_t i = 0; i < levels_.size() && i < intervals.size(); ++i) {
        const auto [lower, upper] = intervals[i];
        const double width = upper - lower;
        if (!(width <= largest)) continue;
        Level& level = levels_[i];
        ++level.points;
        level.inside += lower <= y && y <= upper;
        level.width_sum += width;
        const double outside = y < lower ? lower - y : y > upper ? y - upper : 0;
        level.score_sum += width + 2 / (1 - level.level / 100) * outside;
        if (naive_size <= largest) level.naive_sum += naive_size;
    }
}

double LeadScore::mae() const { return mean(error_sum_, points_); }
double LeadScore::rmse() const { return std::sqrt(mean(square_sum_, points_)); }
double LeadScore::smape() const { return mean(smape_sum_, points_); }
double LeadScore::bias() const { return mean(signed_sum_, points_); }
double LeadScore::mase() const { return ratio(beside_naive_, naive_sum_); }
double LeadScore::mase_seasonal() const { return ratio(beside_seasonal_, seasonal_sum_); }

double LeadScore::Level::coverage() const { return 100 * mean(static_cast<double>(inside), points); }
double LeadScore::Level::width() const { return mean(width_sum, points); }
double LeadScore::Level::msis() const { return ratio(score_sum, naive_sum); }

void LeadScore::add(const LeadScore& other) {
    points_ += other.points_;
    error_sum_ += other.error_sum_;
    square_sum_ += other.square_sum_;
    smape_sum_ += other.smape_sum_;
    signed_sum_ += other.signed_sum_;
    beside_naive_ += other.beside_naive_;
    naive_sum_ += other.naive_sum_;
    beside_seasonal_ += other.beside_seasonal_;
    seasonal_sum_ += other.seasonal_sum_;
    for (std::size_t i = 0; i < levels_.size() && i < other.levels_.size(); ++i) {
        Level& to = levels_[i];
        const Level& from = other.levels_[i];
        to.points += from.points;
        to.inside += from.inside;
        to.width_sum += from.width_sum;
        to.score_sum += from.score_sum;
        to.naive_sum += from.naive_sum;
    }
}

}  // namespace forecastd::backtest
