// The search for the smoothing weights: several starts, each improved within a box, the best kept.
//
// Each start is improved by sequential quadratic programming on the exact gradient (D. Kraft, ACM Trans.
// Math. Softw. 20, 1994; NLopt's LD_SLSQP). That begins with the unit matrix as the curvature. From a start
// near the optimum, if the profile has the true curvature, the sum and the variables are therefore scaled so
// that it is about 1 (measured on Holt's form: 11 evaluations in place of 16). From the valleys of the grid
// they are not: the curvature there differs, and with scaling more starts ended in a worse optimum. The
// search ends after max_evaluations and returns the best place seen.
#ifndef FORECASTD_PLUGINS_SMOOTHING_SEARCH_HPP
#define FORECASTD_PLUGINS_SMOOTHING_SEARCH_HPP

#include <nlopt.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include "search_box.hpp"

namespace smoothing {

// The optimisers, made once: one for each number of variables. Thread: one at a time.
class Optimisers {
  public:
    explicit Optimisers(nlopt_algorithm algorithm = NLOPT_LD_SLSQP) : algorithm_(algorithm) {}

    nlopt_opt of(std::size_t variables) {
        auto& optimiser = optimisers_[variables - 1];
        if (!optimiser) optimiser.reset(nlopt_create(algorithm_, static_cast<unsigned>(variables)));
        return optimiser.get();
    }

  private:
    struct Destroy {
        void operator()(nlopt_opt optimiser) const { nlopt_destroy(optimiser); }
    };
    nlopt_algorithm algorithm_;
    std::array<std::unique_ptr<nlopt_opt_s, Destroy>, SearchBox::most> optimisers_;
};

// Profile: double evaluate(const Weights&, Weights* gradient), which also holds the initial states that it
// found; keep(), if the next evaluation depends on them, is called at each best one. curvature(), if it has
// one, is that at the last evaluation with a gradient.
template <class Profile>
class Search {
  public:
    Search(Profile& profile, const SearchBox& box, std::uint32_t max_evaluations)
        : profile_(profile), box_(box), max_evaluations_(max_evaluations) {}

    // The sum at one place; remembers it if it is the best so far. Infinite once the evaluations are spent.
    double try_out(const SearchBox::Variables& at) {
        return spent() ? std::numeric_limits<double>::infinity() : evaluate(at.data(), nullptr);
    }

    enum class Start { anywhere, near_optimum };

    // Improves a place; `tolerance` is the relative fall of the sum at which it is done.
    void improve(Optimisers& optimisers, SearchBox::Variables at, double tolerance, Start start) {
        if (spent()) return;
        if (box_.size() == 0) {
            try_out(at);
            return;
        }
        first_ = evaluate(at.data(), first_gradient_.data());
        if (spent()) return;
        stretch_.fill(1);
        unit_ = 1;
        if (start == Start::near_optimum) choose_units(at);
        first_is_known_ = true;
        SearchBox::Variables upper{};
        for (std::size_t i = 0; i < box_.size(); ++i) {
            at[i] *= stretch_[i];
            upper[i] = stretch_[i];
        }
        nlopt_opt_s* const optimiser = optimisers.of(box_.size());
        nlopt_set_min_objective(
            optimiser,
            [](unsigned, const double* x, double* gradient, void* self) {
                return static_cast<Search*>(self)->show(x, gradient);
            },
            this);
        nlopt_set_lower_bounds1(optimiser, 0);
        nlopt_set_upper_bounds(optimiser, upper.data());
        nlopt_set_ftol_rel(optimiser, tolerance);
        nlopt_set_ftol_abs(optimiser, floor_ / unit_);
        nlopt_set_maxeval(optimiser, static_cast<int>(max_evaluations_ - evaluations_) + 1);  // one is known
        double sum = 0;
        nlopt_optimize(optimiser, at.data(), &sum);  // its result is ignored: the best seen is kept here
    }

    // A sum below this is as good as none: the search stops there.
    void stop_below(double sum) { floor_ = sum; }

    [[nodiscard]] bool spent() const { return evaluations_ >= max_evaluations_ || best_ <= floor_; }
    [[nodiscard]] std::uint32_t evaluations() const { return evaluations_; }
    [[nodiscard]] double best() const { return best_; }  // infinite: nothing worked
    [[nodiscard]] const SearchBox::Variables& best_place() const { return best_place_; }

  private:
    // Units for the optimiser, from the curvature at the first evaluation.
    void choose_units(const SearchBox::Variables& at) {
        if constexpr (requires { profile_.curvature(); }) {
            if (first_ == std::numeric_limits<double>::max()) return;
            unit_ = first_;
            const SearchBox::Variables second = box_.curvature(at.data(), profile_.curvature());
            for (std::size_t i = 0; i < box_.size(); ++i)
                stretch_[i] = std::sqrt(std::max(second[i] / unit_, 1e-6));
        }
    }

    // The sum and its gradient in the optimiser's units.
    double show(const double* stretched, double* gradient) {
        double sum = first_;
        if (std::exchange(first_is_known_, false)) {
            if (gradient) std::copy_n(first_gradient_.begin(), box_.size(), gradient);
        } else {
            SearchBox::Variables x{};
            for (std::size_t i = 0; i < box_.size(); ++i) x[i] = std::min(stretched[i] / stretch_[i], 1.0);
            sum = evaluate(x.data(), gradient);
        }
        for (std::size_t i = 0; gradient && i < box_.size(); ++i) gradient[i] /= unit_ * stretch_[i];
        return sum / unit_;
    }

    double evaluate(const double* x, double* gradient) {
        ++evaluations_;
        Weights by_weight;
        double sum = profile_.evaluate(box_.weights(x), gradient ? &by_weight : nullptr);
        if (!std::isfinite(sum)) sum = std::numeric_limits<double>::max();
        if (gradient) box_.chain(x, by_weight, gradient);
        if (sum < best_) {
            best_ = sum;
            if constexpr (requires { profile_.keep(); }) profile_.keep();
            std::copy_n(x, box_.size(), best_place_.begin());
        }
        return sum;
    }

    Profile& profile_;
    const SearchBox& box_;
    const std::uint32_t max_evaluations_;
    std::uint32_t evaluations_ = 0;
    double floor_ = 0;
    double first_ = 0, unit_ = 1;
    bool first_is_known_ = false;  // the optimiser has not asked for it yet
    SearchBox::Variables first_gradient_{}, stretch_{};
    double best_ = std::numeric_limits<double>::infinity();
    SearchBox::Variables best_place_{};
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_SEARCH_HPP
