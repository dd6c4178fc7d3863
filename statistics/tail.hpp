// How rare a value is, by the tail that the series itself has shown: peaks over a threshold.
//
//   u = the quantile q = 0.97 of y;  e = y - u, the excess of a value above it;  m = mean e;  m2 = mean e^2
//   s = mean |y - median|,  M = max(m, 0.1 s, 1e-6 max(|u|, |median|)),  n_e = excesses learned, at most 150
//
//   P(Y > y) = (1 - q) a (1 + k z / (1 - xi))^(-1 / k)  for y > u,   z = (y - u) / M,   k = xi + 1 / n_e
//   xi       = clamp((1 - 1 / (m2 / m^2 - 1)) / 2, 0, 0.5) min(1, n_e / 30)
//
// This is a generalised Pareto distribution whose shape xi and mean come from the moments of the excesses
// (J. R. M. Hosking & J. R. Wallis, Parameter and quantile estimation for the generalized Pareto
// distribution, Technometrics 29, 1987), above a threshold that follows the stream (A. Siffer et al.,
// Anomaly detection in streams with extreme value theory, KDD 2017). Its mean is known from few excesses
// only: 1 / n_e widens the tail for that. With xi = 0 it gives (1 + z / n_e)^(-n_e), which is exactly the
// probability that one more value of an exponential distribution lies above z means of n_e others. The
// floors of M keep a series that takes few values (a square wave, a coarse sensor) from being surprised by
// its next step. In such a series u stands at one of the values, which is then just above or just below it:
// such a tie, an excess under 0.05 m of the same value as the last one, is not learned as an excess; a is
// the share of the excesses that are none.
//
// Learning, one value at a time, with w = 1 / clamp(n, 1000, 5000):
//
//   y > u:  e = min(y - u, 50 max(m, s));  m += (e - m) / n_e;  m2 += (e^2 - m2) / n_e;  u += w m q / (1 - q)
//           a += ((it is no tie) - a) / 150, at least 1 / 150
//   else:   u -= w m
//   median += w s sign(y - median);  s += max(1 / n, 1 / 5000) (|y - median| - s)
//
// The first 150 values set u and m: both follow exactly from the six greatest of them, which are all that is
// kept. The greatest excess counts as at most ten times what the others show, so that one misread value does
// not set the scale. Median and s begin with those of the first five. The steps of the median are 1.6 s / n
// meanwhile, which is the best choice for a normal distribution (H. Robbins & S. Monro, A stochastic
// approximation method, Ann. Math. Stat. 22, 1951), and a deviation counts as at most 10 s.
//
// A caller that watches for rare large values may let an excess count in m2 as at most `shape_reach` times
// m, such as 4: one anomaly in fifty excesses then does not make the tail a heavy one. A caller that has to
// judge by few excesses may give the shape xi_0 that tails usually have. It counts as 30 excesses:
//
//   xi' = (30 xi_0 + n_e xi) / (30 + n_e)   in place of xi, where xi_0 > 0
//
// 48 plain bytes. Values are taken in any unit and from any origin; beyond 1e37 they count as 1e37.
// Thread: any; a const call changes nothing.
#ifndef FORECASTD_STATISTICS_TAIL_HPP
#define FORECASTD_STATISTICS_TAIL_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace forecastd::statistics {

class Tail {
  public:
    static constexpr std::uint16_t warm_after = 150;  // values
    static constexpr double quantile = 0.97;
    static constexpr double least_log10_p = -300;  // the rarest that is told
    static constexpr double most_deviations = 50;

    // Learns a value. One that is not finite is passed over.
    void observe(double y, double shape_reach = most_deviations) {
        if (!std::isfinite(y)) return;
        y = std::clamp(y, -greatest_value, greatest_value);
        if (count_ < warm_after)
            warm_up(y);
        else
            follow(y, shape_reach);
    }

    // Whether it has learned enough to tell a probability.
    [[nodiscard]] bool is_warm() const { return count_ >= warm_after; }

    // The decimal logarithm of the probability that a value is greater than y; at least least_log10_p. 0
    // where y is not above the threshold, is not a number, or too little was learned.
    [[nodiscard]] double log10_p(double y, double usual_shape = 0) const {
        if (!is_warm() || !(y > threshold_)) return 0;
        const double scale = excess_scale();
        const double excess = y - threshold_;
        // A tail of no width, since all was 0 until now: nothing is known of other values.
        if (!(scale > 0) || excess > 1e300 * scale) return least_log10_p;
        const Shape shape = tail_shape(usual_shape);
        const double drop = std::log1p(shape.k * excess / (scale * shape.width)) / shape.k;
        return std::max(log10_above() - drop / ln_10, least_log10_p);
    }
    // The same as a quantity that grows with the rarity: -log10 P(Y > y), 0 below the threshold.
    [[nodiscard]] double surprise(double y, double usual_shape = 0) const { return -log10_p(y, usual_shape); }

    // The value that is exceeded with a probability of 10^log10_p, which must be below 1 - quantile to be
    // meant; NaN until it is warm.
    [[nodiscard]] double value_at(double log10_p) const {
        if (!is_warm()) return std::nan("");
        const Shape shape = tail_shape(0);
        const double drop = std::max(0.0, (log10_above() - log10_p) * ln_10);
        return threshold_ + excess_scale() * shape.width * std::expm1(shape.k * drop) / shape.k;
    }

    // The same while it warms up, by the k = 5 excesses of the six greatest of n values above the least of
    // them, with the sum S: (6 / (n + 1)) (1 + e / S)^-5 is the probability that one more value exceeds it by
    // e, if the tail is exponential. NaN until there are six, or where they are equal.
    [[nodiscard]] double early_value_at(double log10_p) const {
        if (is_warm() || count_ < kept) return std::nan("");
        const double least = state_.greatest[kept - 1];
        double sum = 0;
        for (const float one : state_.greatest) sum += one - least;
        if (!(sum > 0)) return std::nan("");
        const double decades = std::log10(kept / (count_ + 1.0)) - log10_p;
        return threshold_ + least + sum * std::expm1(std::max(decades, 0.0) * ln_10 / (kept - 1));
    }

    [[nodiscard]] double threshold() const { return threshold_; }  // u, once it is warm
    // The mean excess above the threshold, once it is warm.
    [[nodiscard]] double mean_excess() const { return static_cast<double>(state_.excess.mean); }
    [[nodiscard]] double median() const { return median_; }
    // The mean of |y - median|.
    [[nodiscard]] double spread() const { return spread_; }

  private:
    static constexpr std::size_t kept = 6, begins_after = 5;
    static constexpr std::uint16_t most_excesses = 150, most_count = 5000;
    static constexpr double greatest_value = 1e37;
    static constexpr double ln_10 = 2.302585092994046;
    static constexpr double log10_beyond = -1.5228787452803376;  // of 1 - quantile

    struct Shape {
        double k, width;  // k = xi + 1 / n_e, width = 1 - xi
    };

    [[nodiscard]] double log10_above() const {
        const float above = state_.excess.share;
        return above > 0.9F ? log10_beyond : log10_beyond + std::log10(above);
    }
    [[nodiscard]] double excess_scale() const {
        const double rounding = 1e-6 * std::max(std::abs(threshold_), std::abs(median_));
        return std::max(
            {static_cast<double>(state_.excess.mean), 0.1 * static_cast<double>(spread_), rounding});
    }
    [[nodiscard]] Shape tail_shape(double usual_shape) const {
        const double learned = std::max<double>(excesses_, 1);
        const double ratio = static_cast<double>(state_.excess.root_mean_square) / state_.excess.mean;
        double xi = 0;
        if (state_.excess.mean > 0 && ratio * ratio > 2)
            xi = std::min((1 - 1 / (ratio * ratio - 1)) / 2, 0.5) * std::min(1.0, learned / 30);
        if (usual_shape > 0) xi = (30 * usual_shape + learned * xi) / (30 + learned);
        return {xi + 1 / learned, 1 - xi};
    }

    void warm_up(double y) {
        if (count_ == 0) threshold_ = y;  // the origin of what is kept
        keep_if_great(static_cast<float>(y - threshold_));
        ++count_;
        if (count_ == begins_after) {
            begin_middle();
        } else if (count_ > begins_after) {
            const double most = spread_ > 0 ? 10 * spread_ : 2 * greatest_value;
            follow_middle(std::clamp(y - median_, -most, most), 1.6 / count_, 1.0 / count_);
        }
        if (count_ == warm_after) begin_tail();
    }
    void keep_if_great(float above) {
        float* const greatest = state_.greatest;
        const std::size_t filled = std::min<std::size_t>(count_, kept);
        for (std::size_t i = 0; i < filled; ++i)
            if (above > greatest[i]) std::swap(above, greatest[i]);
        if (filled < kept) greatest[filled] = above;
    }
    // The first five are all kept: their median, and the median of their deviations for the mean of them.
    void begin_middle() {
        const float* const first = state_.greatest;
        float deviations[begins_after];
        for (std::size_t i = 0; i < begins_after; ++i) deviations[i] = std::abs(first[i] - first[2]);
        std::sort(deviations, deviations + begins_after);
        median_ = threshold_ + first[2];
        spread_ = deviations[2];
    }

    // Of 150 values, the quantile 0.97 lies between the sixth and the fifth greatest, 0.53 of the way.
    void begin_tail() {
        const float* const greatest = state_.greatest;
        const double u = greatest[5] + 0.53 * (static_cast<double>(greatest[4]) - greatest[5]);
        double sum = 0, squares = 0;
        for (std::size_t i = 5; i-- > 0;) {
            double e = greatest[i] - u;
            // Of an exponential distribution, the second to fifth of five excesses add up to 2.72 means.
            if (i == 0) e = std::min(e, 10 * std::max(sum / 2.72, static_cast<double>(spread_)));
            sum += e;
            squares += e * e;
        }
        excesses_ = sum > 0 ? kept - 1 : 0;
        state_.excess = {static_cast<float>(sum / 5), static_cast<float>(std::sqrt(squares / 5)), 1,
                         std::numeric_limits<float>::quiet_NaN()};
        threshold_ += u;
    }

    void follow(double y, double shape_reach) {
        const double weight = 1.0 / std::max<int>(count_, 1000);
        if (count_ < most_count) ++count_;
        const double known = std::max(state_.excess.mean, spread_);
        const double most = known > 0 ? most_deviations * known : 2 * greatest_value;
        if (y > threshold_) {
            learn_excess(y, std::min(y - threshold_, most), shape_reach);
            threshold_ += weight * state_.excess.mean * quantile / (1 - quantile);
        } else {
            threshold_ -= weight * state_.excess.mean;
        }
        follow_middle(std::clamp(y - median_, -most, most), weight, 1.0 / count_);
    }

    void learn_excess(double y, double e, double shape_reach) {
        auto& [mean, root_mean_square, share, last_tie] = state_.excess;
        const bool near = e < 0.05 * mean, tie = near && static_cast<float>(y) == last_tie;
        if (near) last_tie = static_cast<float>(y);
        share = std::max(share + ((tie ? 0.0F : 1.0F) - share) / most_excesses, 1.0F / most_excesses);
        if (tie) return;
        if (excesses_ < most_excesses) ++excesses_;
        const double part = 1.0 / excesses_;
        const double square = static_cast<double>(root_mean_square) * root_mean_square;
        mean += static_cast<float>(part * (e - mean));
        const double counted = std::min(e, shape_reach * mean);
        root_mean_square = static_cast<float>(std::sqrt(square + part * (counted * counted - square)));
    }

    void follow_middle(double offset, double step, double weight) {
        spread_ += static_cast<float>(weight * (std::abs(offset) - spread_));
        median_ += std::clamp(offset, -step * spread_, step * spread_);
    }

    double threshold_ = 0;  // u; while it warms up, the first value
    double median_ = 0;
    union {
        float greatest[kept];  // while it warms up: the greatest values less the first one, descending
        struct {
            float mean, root_mean_square, share, last_tie;
        } excess;
    } state_ = {};
    float spread_ = 0;
    std::uint16_t count_ = 0, excesses_ = 0;
};
static_assert(sizeof(Tail) == 48);

}  // namespace forecastd::statistics

#endif  // FORECASTD_STATISTICS_TAIL_HPP
