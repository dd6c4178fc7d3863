// How bad the incidents of a series usually are, and from where on one is rare for it.
//
// An incident is the anomalies within `span` steps of the first one, and is as bad as the sum of their
// scores: one point far beyond the limit counts as much as several just beyond it. n incidents were learned
// in a time of E steps, with sums that exceed the least one, 1, by S in total. One more is taken for granted:
// an excess of 0.5, in a time of `assumed` (a day). Then
//
//   how often one comes, in a time of `rare` (five days)   r = (n + 1) / (E + assumed) rare
//   the share of them with a sum above 1 + y               (1 + y / (S + 0.5))^-(n + 1)
//   the sum that is exceeded once in `rare`                1 + (S + 0.5) (r^(1 / (n + 1)) - 1), at least 1
//
// The second is exactly the probability that one more value of an exponential distribution lies above y,
// given n + 1 others (the predictive distribution: A. Gelman et al., Bayesian Data Analysis, 2013, section
// 2.6). Sums are those of clusters of peaks over a threshold (A. C. Davison & R. L. Smith, Models for
// exceedances over high thresholds, J. R. Stat. Soc. B 52, 1990), as one incident must not count as many. So
// a series that has shown nothing has a limit of 3 at first, and of 1 after four days. Of one that has an
// incident each hour, others are rare from about 5.8 times its usual excess on: its excess times the natural
// logarithm of 24 * 5, and 1.
//
// An excess counts as at most ten times the mean of the others. n, S and E fade with a time constant of
// `memory` (two weeks).
//
// 16 plain bytes, all zero at first. Steps may wrap. Threads: one at a time for a state.
#ifndef FORECASTD_ENGINE_USUAL_INCIDENTS_HPP
#define FORECASTD_ENGINE_USUAL_INCIDENTS_HPP

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "base/bytes.hpp"

namespace forecastd::engine {

class UsualIncidents {
  public:
    static constexpr std::int64_t span = 30;  // steps
    // In steps of a series.
    struct Times {
        double rare, assumed, memory;
    };
    static Times times(std::int64_t interval_ns) {
        const double day = 86'400e9 / static_cast<double>(interval_ns);
        return {5 * day, day, 14 * day};
    }

    // Whether a step is in the same incident as the first anomaly of the last one.
    [[nodiscard]] bool goes_on(std::int64_t step) const { return sum_ > 0 && since(step) < span; }
    // An incident begins; the one before it is learned.
    void begin(const Times& times, std::int64_t step) {
        if (sum_ > 0) learn(std::exp(-static_cast<double>(since(step)) / times.memory));
        first_step_ = static_cast<std::uint32_t>(step);
        sum_ = 0;
    }
    // A score above 1 in it.
    void add(double score) { sum_ += static_cast<float>(std::min(score, greatest_score)); }

    // Whether the incident is rare for the series. seen: steps.
    [[nodiscard]] bool is_rare(const Times& times, double seen) const {
        return static_cast<double>(sum_) > limit(times, seen);
    }
    // The sum from which on it is.
    [[nodiscard]] double limit(const Times& times, double seen) const {
        const double known = static_cast<double>(count_) + 1;
        const double time = times.assumed - times.memory * std::expm1(-seen / times.memory);
        const double often = known / time * times.rare;
        return often > 1 ? 1 + excess() * (std::pow(often, 1 / known) - 1) : 1;
    }

    void save(ByteWriter& out) const {
        for (const float one : {count_, excess_, sum_}) out.put(std::bit_cast<std::uint32_t>(one));
        out.put(first_step_);
    }
    void load(ByteReader& in) {
        for (float* const one : {&count_, &excess_, &sum_})
            *one = std::bit_cast<float>(in.take<std::uint32_t>());
        first_step_ = in.take<std::uint32_t>();
    }

  private:
    [[nodiscard]] std::int64_t since(std::int64_t step) const {
        return static_cast<std::uint32_t>(step) - first_step_;
    }
    [[nodiscard]] double excess() const { return static_cast<double>(excess_) + assumed_excess; }
    // kept: what is left of the weight of those before.
    void learn(double kept) {
        const double known = static_cast<double>(count_) + 1;
        const double excess_of_it = std::min(static_cast<double>(sum_) - 1, farthest * excess() / known);
        excess_ = static_cast<float>((static_cast<double>(excess_) + std::max(excess_of_it, 0.0)) * kept);
        count_ = static_cast<float>(known * kept);
    }

    static constexpr double assumed_excess = 0.5, farthest = 10, greatest_score = 1e9;

    float count_, excess_;  // n and S
    float sum_;             // of the incident; 0: there was none
    std::uint32_t first_step_;
};
static_assert(sizeof(UsualIncidents) == 16);

}  // namespace forecastd::engine

#endif
