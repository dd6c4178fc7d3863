// Where the smoothing weights are searched, and the map from the optimiser's variables to them.
//
// The optimiser moves in a unit cube, one variable for each weight to estimate. In the narrow region, which
// is the one of statsmodels, 0 <= beta <= alpha: the variable is beta / alpha. In the usual one, that of R's
// ets, 0 <= beta <= 1 (the book's beta is alpha * beta, and lies in [0, alpha]); there phi may fall to 0.2,
// where ets stops at 0.8: a burst that lasts some steps is then no lasting trend (measured: hourly loads,
// MASE 2.1 and 1.8). In both 0 <= gamma <= 1 - alpha: the variable is gamma / (1 - alpha). phi's narrow range
// is stretched to the unit. A weight that the user gave stays where it is, and bounds nothing else.
#ifndef FORECASTD_PLUGINS_SMOOTHING_SEARCH_BOX_HPP
#define FORECASTD_PLUGINS_SMOOTHING_SEARCH_BOX_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "form.hpp"

namespace smoothing {

class SearchBox {
  public:
    static constexpr std::size_t most = 5;
    using Variables = std::array<double, most>;

    enum class Region { narrow, usual };

    // given: NaN where a weight is to be estimated. What the form lacks is not estimated.
    SearchBox(const Form& form, const Weights& given, Region region, bool second_season = false)
        : region_(region) {
        const bool narrow = region == Region::narrow;
        const double edge = narrow ? 0 : 1e-4;
        fixed_ = given;
        if (std::isnan(given.alpha)) add(alpha, edge, 1 - edge);
        if (!form.has_trend())
            fixed_.beta = 0;
        else if (std::isnan(given.beta))
            add(beta, edge, 1 - edge);
        if (!form.damped)
            fixed_.phi = 1;
        else if (std::isnan(given.phi))
            add(phi, narrow ? 0.8 : 0.2, narrow ? 0.995 : 0.98);
        if (!form.has_season())
            fixed_.gamma = 0;
        else if (std::isnan(given.gamma))
            add(gamma, edge, 1 - edge);
        if (!second_season)
            fixed_.second_gamma = 0;
        else if (std::isnan(given.second_gamma))
            add(second_gamma, edge, 1 - edge);
    }

    [[nodiscard]] std::size_t size() const { return size_; }

    [[nodiscard]] Weights weights(const double* variables) const {
        Weights weights = fixed_;
        for (std::size_t i = 0; i < size_; ++i) member_of(weights, kinds_[i]) = value(variables, i);
        if (free(beta) && region_ == Region::narrow) weights.beta *= weights.alpha;
        if (free(gamma)) weights.gamma *= room(weights.alpha);
        if (free(second_gamma)) weights.second_gamma *= room(weights.alpha);
        return weights;
    }

    // The nearest place in the cube.
    [[nodiscard]] Variables variables(const Weights& weights) const {
        Variables result{};
        for (std::size_t i = 0; i < size_; ++i) {
            double value = member(weights, kinds_[i]);
            if (kinds_[i] == beta && region_ == Region::narrow) value = share(value, weights.alpha);
            if (kinds_[i] == gamma || kinds_[i] == second_gamma) value = share(value, room(weights.alpha));
            result[i] = std::clamp((value - lower_[i]) / range_[i], 0.0, 1.0);
        }
        return result;
    }

    // The gradient in the variables, from that in the weights.
    void chain(const double* variables, const Weights& gradient, double* out) const {
        const double level = weights(variables).alpha;
        for (std::size_t i = 0; i < size_; ++i) {
            double slope = member(gradient, kinds_[i]);
            if (kinds_[i] == beta && region_ == Region::narrow) slope *= level;
            if (kinds_[i] == gamma) slope *= room(level);
            for (std::size_t j = 0; kinds_[i] == alpha && j < size_; ++j) {
                if (kinds_[j] == beta && region_ == Region::narrow)
                    slope += value(variables, j) * gradient.beta;
                if (kinds_[j] == gamma && level < 1) slope -= value(variables, j) * gradient.gamma;
            }
            out[i] = slope * range_[i];
        }
    }

    // The second derivative by each of the variables alone. For forms without a season.
    [[nodiscard]] Variables curvature(const double* variables, const Curvature& by_weight) const {
        const double level = weights(variables).alpha;
        double beta_share = 0;  // of alpha
        if (region_ == Region::narrow)
            for (std::size_t i = 0; i < size_; ++i)
                if (kinds_[i] == beta) beta_share = value(variables, i);
        Variables result{};
        for (std::size_t i = 0; i < size_; ++i) {
            double second = by_weight.phi;
            if (kinds_[i] == beta) second = by_weight.beta * (region_ == Region::narrow ? level * level : 1);
            if (kinds_[i] == alpha)
                second =
                    by_weight.alpha + beta_share * (2 * by_weight.alpha_beta + beta_share * by_weight.beta);
            result[i] = second * range_[i] * range_[i];
        }
        return result;
    }

    [[nodiscard]] bool has_alpha() const { return free(alpha); }
    [[nodiscard]] bool has_beta() const { return free(beta); }
    [[nodiscard]] bool has_gamma() const { return free(gamma); }
    [[nodiscard]] bool has_phi() const { return free(phi); }

    // The variables for these places in the unit cube; those that are not searched are left out.
    [[nodiscard]] Variables place(double at_alpha, double at_beta, double at_gamma, double at_phi,
                                  double at_second_gamma = 0) const {
        Variables result{};
        for (std::size_t i = 0; i < size_; ++i)
            result[i] = kinds_[i] == alpha   ? at_alpha
                        : kinds_[i] == beta  ? at_beta
                        : kinds_[i] == gamma ? at_gamma
                        : kinds_[i] == phi   ? at_phi
                                             : at_second_gamma;
        return result;
    }

  private:
    enum Kind { alpha, beta, gamma, phi, second_gamma };
    static double& member_of(Weights& w, Kind kind) {
        return kind == alpha   ? w.alpha
               : kind == beta  ? w.beta
               : kind == gamma ? w.gamma
               : kind == phi   ? w.phi
                               : w.second_gamma;
    }
    static double member(Weights w, Kind kind) { return member_of(w, kind); }
    static double share(double value, double whole) { return whole > 0 ? value / whole : 0; }
    [[nodiscard]] double value(const double* variables, std::size_t i) const {
        return lower_[i] + variables[i] * range_[i];
    }
    // What alpha leaves for gamma.
    static double room(double level) { return std::max(1 - level, 0.0); }
    [[nodiscard]] bool free(Kind kind) const {
        return std::find(kinds_.begin(), kinds_.begin() + static_cast<std::ptrdiff_t>(size_), kind) !=
               kinds_.begin() + static_cast<std::ptrdiff_t>(size_);
    }
    void add(Kind kind, double lower, double upper) {
        kinds_[size_] = kind;
        lower_[size_] = lower;
        range_[size_] = upper - lower;
        ++size_;
    }

    Region region_;
    Weights fixed_;
    std::size_t size_ = 0;
    std::array<Kind, most> kinds_{};
    Variables lower_{}, range_{};
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_SEARCH_BOX_HPP
