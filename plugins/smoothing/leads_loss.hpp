// How far the forecasts of a window were off at several distances ahead, for given weights: what a fit
// minimises with loss "leads".
//
// From every step t of the window a forecast is made at each lead L of leads.hpp, with the states as they
// were at t:
//
//   loss = sum over L of  mean over t of  |y_(t+L) - f_(t,L)|
//
// Absolute errors, so that a few bad values do not choose the weights. They are not divided by their size at
// the lead: far ones are the larger ones, and they are what a plan is made on. (Measured: so divided, with
// each lead counting the same, M4's hourly series are forecast with three times the error.)
//
// What one value may teach is limited as well: the recursion counts an error beyond five deviations as five.
// The deviation is that of the errors before it, so a window may grow or calm down:
//
//   variance' = variance + .02 (min(e^2, 64 variance) - variance)
//
// Of such errors in a row on one side only the first counts for it. The fourth is taken for a shift: then the
// level takes over the whole error, until one is ordinary again. So neither a bad value nor the weights of a
// calm window keep the level away from the values for long.
//
// The recursion is that of form.hpp. It runs over the window once and keeps level, trend and season of each
// step; then the forecasts of one lead are a plain loop, since the season of step t + L as it was known at t
// is the one that was learned k whole seasons before t + L, k = ceil(L / m). A second season (m2) adds to the
// forecast and is learned as the first: s2' = s2 + gamma2 e.
#ifndef FORECASTD_PLUGINS_SMOOTHING_LEADS_LOSS_HPP
#define FORECASTD_PLUGINS_SMOOTHING_LEADS_LOSS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "form.hpp"
#include "geometric_sums.hpp"
#include "leads.hpp"

namespace smoothing {

// Before the first value; the seasons by step from there. Without a season `season` is empty.
struct InitialStates {
    double level = 0, trend = 0;
    std::span<const double> season, second;
};

// Thread: one at a time. All memory is allocated by the constructor.
class LeadsLoss {
  public:
    static constexpr double limit_deviations = 5, most = 8, forgetting = 0.02;
    static constexpr unsigned patience = 4;

    LeadsLoss(std::size_t most_values, std::size_t season_length, std::size_t second_length)
        : season_(most_values + season_length),
          second_(most_values + second_length),
          levels_(most_values),
          trends_(most_values),
          errors_(most_values),
          sorted_(most_values) {}

    // The values of the evaluations that follow, NaN where a step was lost; they must outlive these.
    void take(std::span<const double> values, const Leads& leads) {
        values_ = values;
        leads_ = leads;
    }
    // The form and the states that the evaluations begin with, and weights near which they will be: the
    // deviation to begin with is read off there.
    void begin(const Form& form, const InitialStates& states, const Weights& near) {
        form_ = form;
        set(states);
        first_variance_ = infinite;
        if (!follow(near)) return;
        const double deviation = robust_deviation();
        first_variance_ = deviation > 0 ? deviation * deviation : infinite;
    }
    // Other states, the same first deviation.
    void set(const InitialStates& states) {
        level_ = states.level;
        trend_ = states.trend;
        length_ = states.season.size();
        second_length_ = states.second.size();
        std::copy(states.season.begin(), states.season.end(), season_.begin());
        std::copy(states.second.begin(), states.second.end(), second_.begin());
    }

    // Infinite where the form cannot go on, as with a level that is not above 0.
    double evaluate(const Weights& weights) {
        if (!follow(weights)) return infinite;
        double sum = 0;
        for (std::size_t i = 0; i < leads_.size(); ++i) sum += at_lead(leads_[i], weights);
        if (!std::isfinite(sum)) return infinite;
        return sum;
    }

    // One-step errors of the last evaluation, NaN at lost steps, before they were limited.
    [[nodiscard]] std::span<const double> errors() const { return std::span(errors_).first(values_.size()); }
    // States behind the last value, at the last evaluation.
    [[nodiscard]] double last_level() const { return levels_[values_.size() - 1]; }
    [[nodiscard]] double last_trend() const { return trends_[values_.size() - 1]; }
    [[nodiscard]] std::span<const double> last_season() const { return last(season_, length_); }
    [[nodiscard]] std::span<const double> last_second() const { return last(second_, second_length_); }

  private:
    static constexpr double infinite = std::numeric_limits<double>::infinity();

    // What an error may teach, one after another.
    struct Limits {
        double variance;  // infinite: no limit
        unsigned run = 0;
        bool below = false;

        struct Taught {
            double error;  // 0 at a lost step
            bool shifted;
        };
        Taught take(double error) {
            if (std::isnan(error)) return {0, false};
            if (std::isinf(variance)) return {error, false};
            const double square = error * error, before = variance;
            if (square <= limit_deviations * limit_deviations * before) {
                run = 0;
            } else {
                run = run > 0 && below == (error < 0) ? run + 1 : 1;
                below = error < 0;
            }
            if (run < 2) variance += forgetting * (std::min(square, most * most * before) - before);
            if (run == 0) return {error, false};
            if (run >= patience) return {error, true};
            return {std::copysign(limit_deviations * std::sqrt(before), error), false};
        }
    };

    [[nodiscard]] std::span<const double> last(const std::vector<double>& season, std::size_t length) const {
        return std::span(season).subspan(values_.size(), length);
    }
    [[nodiscard]] bool ratio_trend() const { return form_.trend == Trend::multiplicative; }
    [[nodiscard]] bool ratio_season() const { return form_.season == Season::multiplicative; }

    // The recursion over the window. False: it cannot go on.
    bool follow(const Weights& w) {
        if (form_.needs_positive()) return follow_as<false>(w);
        return follow_as<true>(w);
    }
    template <bool adds>
    bool follow_as(const Weights& w) {
        double level = level_, trend = trend_;
        const double slope = w.alpha * w.beta;
        Limits limits{first_variance_};
        for (std::size_t t = 0; t < values_.size(); ++t) {
            const double season = length_ > 0 ? season_[t] : ratio_season() ? 1 : 0;
            const double second = second_length_ > 0 ? second_[t] : 0;
            const double moved = adds || !ratio_trend() ? w.phi * trend : std::pow(trend, w.phi);
            const double base = adds || !ratio_trend() ? level + moved : level * moved;
            if (!adds && !(base > least)) return false;
            const double forecast = (adds || !ratio_season() ? base + season : base * season) + second;
            const double error = values_[t] - forecast;
            errors_[t] = error;
            const auto [taught, shifted] = limits.take(error);
            double rest = taught, season_change = taught;
            if (!adds && ratio_season()) {
                if (!(season > least)) return false;
                rest = taught / season;
                season_change = taught / base;
            }
            if (shifted) {  // of the level alone
                trend = moved;
                level = base + rest;
                season_change = 0;
            } else {
                trend = moved + (adds || !ratio_trend() ? slope * rest : slope * rest / level);
                level = base + w.alpha * rest;
            }
            if (!adds && (!(level > 0) || (ratio_trend() && !(trend > 0)))) return false;
            levels_[t] = level;
            trends_[t] = trend;
            if (length_ > 0) season_[t + length_] = season + w.gamma * season_change;
            if (second_length_ > 0)
                second_[t + second_length_] = second + (shifted ? 0 : w.second_gamma * taught);
        }
        return std::isfinite(level);
    }

    // Calls see(error) for the forecasts of a lead, in order; NaN where the value is lost.
    template <class See>
    void each(std::size_t lead, const Weights& w, See see) const {
        if (values_.size() <= lead) return;
        const std::size_t count = values_.size() - lead;
        const double trends = w.phi * GeometricSums::of(w.phi, lead).sum;
        const double* const ahead = values_.data() + lead;
        const double* const season = season_.data() + known_at(lead, length_);
        const double* const second = second_.data() + known_at(lead, second_length_);
        for (std::size_t t = 0; t < count; ++t) {
            double forecast =
                ratio_trend() ? levels_[t] * std::pow(trends_[t], trends) : levels_[t] + trends * trends_[t];
            if (length_ > 0) forecast = ratio_season() ? forecast * season[t] : forecast + season[t];
            if (second_length_ > 0) forecast += second[t];
            see(ahead[t] - forecast);
        }
    }
    // From the slot of step t to that of the season of step t + lead that is known at t.
    static std::size_t known_at(std::size_t lead, std::size_t length) {
        return length == 0 ? 0 : lead - (lead - 1) / length * length;
    }
    // The mean size of the errors.
    [[nodiscard]] double at_lead(std::size_t lead, const Weights& w) const {
        double sum = 0, count = 0;
        each(lead, w, [&](double error) {
            const bool there = !std::isnan(error);
            sum += there ? std::abs(error) : 0;
            count += there ? 1 : 0;
        });
        return count > 0 ? sum / count : 0;
    }
    // Of the last errors: from their median, or half of their mean where that is more, since a series that
    // mostly stands still has the median 0.
    double robust_deviation() {
        std::size_t count = 0;
        double sum = 0;
        for (std::size_t t = 0; t < values_.size(); ++t) {
            if (std::isnan(errors_[t])) continue;
            sorted_[count] = std::abs(errors_[t]);
            sum += sorted_[count++];
        }
        if (count == 0) return 0;
        const auto middle = sorted_.begin() + static_cast<std::ptrdiff_t>(count / 2);
        std::nth_element(sorted_.begin(), middle, sorted_.begin() + static_cast<std::ptrdiff_t>(count));
        return 1.4826 * std::max(*middle, sum / static_cast<double>(count) / 2);
    }

    static constexpr double least = 1e-12;  // that counts as above 0, of values near 1

    std::span<const double> values_;
    Leads leads_{1, 1};
    Form form_;
    double level_ = 0, trend_ = 0;
    std::size_t length_ = 0, second_length_ = 0;
    double first_variance_ = infinite;
    std::vector<double> season_, second_;  // of step t at t; what is learned at t stands a season later
    std::vector<double> levels_, trends_, errors_, sorted_;
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_LEADS_LOSS_HPP
