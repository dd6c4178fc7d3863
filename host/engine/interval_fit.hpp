// How wide the intervals of one lead must be to hold as many values as their levels say.
//
// It learns from |error| / deviation of forecasts whose values have come. An interval reaches
// scale * quotient * deviation to either side:
//
//   scale     weighted mean of |error| / deviation; an error counts as three times the scale at most
//   quotient  one for each level: how far that level's interval reaches, in scales. It begins as that of
//             Student's t with 6 degrees of freedom, whose tails are as heavy as those of most forecast
//             errors, and moves by quotient *= exp(rate * (miss - share outside)) for each error: adaptive
//             conformal inference (Gibbs & Candes 2021; in multiplicative form, Angelopoulos et al. 2023).
//             Whatever the errors are, the share of those outside then comes to what the level says.
//
// The scale follows a change within some memory of errors, up and down; the quotients correct what the shape
// of the errors and the scale leave.
//
// The numbers of one lead stand in a span of floats that a series' record holds: number_count() of them.
#ifndef FORECASTD_ENGINE_INTERVAL_FIT_HPP
#define FORECASTD_ENGINE_INTERVAL_FIT_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace forecastd::engine {

// Thread: any; it never changes.
class IntervalFit {
  public:
    // levels: in percent, ascending.
    explicit IntervalFit(const std::vector<double>& levels);

    [[nodiscard]] std::size_t level_count() const { return outside_.size(); }
    // Of the floats of one lead: errors seen, scale, and the quotients.
    [[nodiscard]] std::size_t number_count() const { return 2 + outside_.size(); }

    // As if the deviations were right and nothing was seen.
    void begin(std::span<float> numbers) const;
    // The same with a scale that others have.
    void begin(std::span<float> numbers, double scale) const;
    [[nodiscard]] static float seen(std::span<const float> numbers) { return numbers[0]; }

    // How far the interval of a level reaches to either side, in deviations.
    [[nodiscard]] static double reach(std::span<const float> numbers, std::size_t level) {
        return static_cast<double>(numbers[1]) * static_cast<double>(numbers[2 + level]);
    }

    // Takes the quotients of others, and keeps the scale and the errors seen.
    static void follow(std::span<float> numbers, std::span<const float> other) {
        std::copy(other.begin() + 2, other.end(), numbers.begin() + 2);
    }

    // How fast it learns.
    struct Pace {
        double errors;  // the memory of the scale
        double rate;    // of the quotients; the least one,
        bool
            faster_at_first;  // where they begin with the rate that suits so few errors (Robbins & Monro 1951)
    };
    // Learns |error| / deviation, which is finite. weight: below 1 where errors follow one another so closely
    // that each says less.
    void learn(std::span<float> numbers, double ratio, double weight, const Pace& pace) const {
        learn(numbers, ratio, weight, pace, scale(numbers));
    }
    // The same for several series together, each with a scale of its own, which the quotients are for.
    void learn(std::span<float> numbers, double ratio, double weight, const Pace& pace,
               double scale_of_series) const;
    [[nodiscard]] static double scale(std::span<const float> numbers) { return numbers[1]; }

  private:
    static constexpr double prior_errors = 5;  // that the first scale counts as
    static constexpr double greatest_share = 3;
    static constexpr double young_errors = 20;  // that the first quotients count as

    std::vector<double> outside_;   // the share of the errors that are to be outside, by level
    std::vector<float> quotients_;  // of Student's t
    std::vector<double> steps_;     // the best rate of each level, times the errors seen
};

}  // namespace forecastd::engine

#endif
