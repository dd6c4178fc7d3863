// Fits exponential smoothing to a window by the forecasts at several distances ahead (leads_loss.hpp), with a
// second season if there is one.
//
// The initial states are those of least squares at the weights of a start (fitter.hpp) and stay while the
// weights are searched; the second season's follow from the window (second_season.hpp) and are taken off the
// values before. The loss has kinks, so the search uses no gradient: NLopt's Sbplx (T. Rowan, Functional
// stability analysis of numerical algorithms, thesis, 1990), from the last fit's weights or from the best two
// of a few places. An evaluation is one trial of the weights and runs over the window once.
#ifndef FORECASTD_PLUGINS_SMOOTHING_LEADS_FITTER_HPP
#define FORECASTD_PLUGINS_SMOOTHING_LEADS_FITTER_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../numerics/error_variance.hpp"
#include "fitter.hpp"
#include "form.hpp"
#include "leads_loss.hpp"
#include "search.hpp"
#include "search_box.hpp"

namespace smoothing {

// Thread: one at a time. All memory is allocated by the constructor and by the first fit of a form.
class LeadsFitter {
  public:
    // For windows of up to most_values; the lengths are 0 where there is no season.
    LeadsFitter(std::size_t most_values, std::size_t season_length, std::size_t second_length,
                std::size_t horizon);

    // Takes the values that are fitted from here on, as Fitter::take; the fitter takes them without the
    // second season.
    void take(Fitter& fitter, std::span<const double> values);

    // As Fitter::fit. aicc: for a choice among forms, from the loss.
    Fit fit(Fitter& fitter, const Form& form, const FitOptions& options, std::span<double> season_out);

    // What is known behind the last value, for a fit to the values taken. season_before: as fit() wrote it.
    struct End {
        double level, trend;
        double sum;  // of squared one-step errors
        numerics::ErrorVariance errors;
        // Of the steps that follow, times their unit; valid until the next fit. Empty: none.
        std::span<const double> season, second;
        double season_unit, second_unit;
    };
    End end(const Fit& fit, std::span<const double> season_before);

  private:
    void solve(Fitter& fitter, const Form& form, const Weights& weights, std::span<double> season_out);
    InitialStates states(const Form& form, std::span<const double> season_out);
    double improve(const SearchBox& box, double first_step, SearchBox::Variables& place,
                   std::uint32_t evaluations);

    const std::size_t season_length_, second_length_, horizon_;
    LeadsLoss loss_;
    double scale_ = 1;
    bool has_second_ = false;
    Fit solved_;
    std::vector<double> values_, without_second_, season_, second_, scratch_season_, scratch_;
    std::uint32_t evaluations_ = 0;
    Optimisers optimisers_;
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_LEADS_FITTER_HPP
