// Fits exponential smoothing to a window of values: smoothing weights and initial states by least squares, or
// by maximum likelihood where the error is multiplicative.
//
// The initial states are solved for at each trial of the weights (line_profile.hpp, season_profile.hpp,
// curved_profile.hpp), so that only the weights are searched (search.hpp): from the last fit's weights if
// they are given, else from the valleys of a grid. An evaluation, in max_evaluations and in what is counted,
// is one trial of the weights; a trial of a form that is not linear runs over the values up to 30 times,
// others 2 to 4 times.
//
// All memory is allocated by the constructor and by the first fit of a form; later fits allocate nothing.
// (NLopt's optimiser takes and frees some hundred bytes within each of its runs.)
#ifndef FORECASTD_PLUGINS_SMOOTHING_FITTER_HPP
#define FORECASTD_PLUGINS_SMOOTHING_FITTER_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "curved_profile.hpp"
#include "form.hpp"
#include "line_profile.hpp"
#include "search.hpp"
#include "season_profile.hpp"

namespace smoothing {

struct Fit {
    Form form;
    Weights weights;
    double level = 0, trend = 0;  // before the first value
    double sum = 0;   // of squared one-step errors; of relative ones times the geometric mean of the
                      // forecasts where the error is multiplicative
    double aicc = 0;  // Akaike's criterion, corrected; without the constants that all forms share
    std::uint32_t evaluations = 0;
    bool found = false;  // false: no weights and states go with these values

    // The variance of one-step errors (relative ones where the error is multiplicative) is this times their
    // mean square: n / (n - k) for the k parameters that were fitted to n values.
    double freedom = 1;
};

// How hard is searched without a start: a few places, or the valleys of a grid.
enum class Effort : std::uint8_t { quick, thorough };

struct FitOptions {
    Weights given;  // NaN: to be estimated
    SearchBox::Region region = SearchBox::Region::narrow;
    Effort effort = Effort::thorough;
    std::uint32_t max_evaluations = 1000;
    const Weights* start = nullptr;  // search from here alone
    double first_step = 0.2;         // of a search without a gradient, in the unit cube
};

// Thread: one at a time.
class Fitter {
  public:
    // For windows of up to most_values; season_length 0: only forms without a season.
    Fitter(std::size_t most_values, std::size_t season_length);

    // Takes the values that are fitted from here on, oldest first; NaN where a step was lost, neither the
    // first nor the last. Copies them.
    void take(std::span<const double> values);

    // Whether a form can be fitted to what was taken: values above 0 where it needs them, two seasons for a
    // season, more values than parameters.
    [[nodiscard]] bool fits(const Form& form) const;

    // form must be one that fits(). season_out gets the season's initial values, from the first value's phase
    // on.
    Fit fit(const Form& form, const FitOptions& options, std::span<double> season_out);

    // Values taken that are no NaN.
    [[nodiscard]] std::size_t observed() const { return observed_; }

  private:
    template <class Profile>
    Fit search(Profile& profile, const Form& form, const FitOptions& options);
    template <class Profile>
    void search_cold(Search<Profile>& search, Profile& profile, const SearchBox& box, Effort effort);
    void fill_lost();

    const std::size_t season_length_;
    std::vector<double> given_;   // as taken, scaled
    std::vector<double> moved_;   // measured from the first value: for forms that add
    std::vector<double> filled_;  // likewise, lost steps filled: for additive seasons
    double origin_ = 0, spread_ = 1, scale_ = 1;
    std::size_t observed_ = 0;
    bool positive_ = false;
    Optimisers optimisers_;
    std::unique_ptr<SeasonProfile> seasonal_;
    std::unique_ptr<CurvedProfile> curved_line_, curved_season_;
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_FITTER_HPP
