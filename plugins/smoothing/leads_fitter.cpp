#include "leads_fitter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "../fitting/scale.hpp"
#include "../numerics/finite.hpp"
#include "leads.hpp"
#include "second_season.hpp"

namespace smoothing {
namespace {

// Places that a search without a start tries: alpha, gamma.
constexpr std::array<double, 4> levels{0.03, 0.2, 0.6, 0.95};
constexpr std::array<double, 2> seasons{0.05, 0.3};
constexpr double a_trend = 0.1, a_damping = 0.9, a_second = 0.1;
constexpr std::uint32_t most_of_a_start = 60;  // evaluations
constexpr double rounding = 1e-13;             // a loss of values near 1 below this is as good as none

}  // namespace

LeadsFitter::LeadsFitter(std::size_t most_values, std::size_t season_length, std::size_t second_length,
                         std::size_t horizon)
    : season_length_(season_length),
      second_length_(second_length),
      horizon_(horizon),
      loss_(most_values, season_length, second_length),
      season_(season_length),
      second_(second_length),
      scratch_season_(season_length),
      scratch_(std::max(season_length, second_length) + season_length),
      optimisers_(NLOPT_LN_SBPLX) {
    values_.reserve(most_values);
    without_second_.reserve(most_values);
}

void LeadsFitter::take(Fitter& fitter, std::span<const double> values) {
    values_.assign(values.begin(), values.end());
    scale_ = fitting::bring_near_one(values_);
    without_second_.assign(values.begin(), values.end());
    has_second_ = second_length_ > 0 && values.size() >= 2 * second_length_;
    if (has_second_) {
        const auto scratch = std::span(scratch_);
        second_season(values_, scratch.first(season_length_), second_, without_second_,
                      scratch.subspan(season_length_));
        for (std::size_t t = 0, phase = 0; t < values.size(); ++t) {
            without_second_[t] = values[t] - scale_ * second_[phase];
            if (++phase == second_length_) phase = 0;
        }
    }
    fitter.take(without_second_);
    const std::size_t n = values.size();
    loss_.take(values_,
               Leads(horizon_, std::max<std::size_t>(1, n > season_length_ ? (n - season_length_) / 2 : 1)));
}

void LeadsFitter::solve(Fitter& fitter, const Form& form, const Weights& weights,
                        std::span<double> season_out) {
    FitOptions options;
    options.given = weights;
    options.start = &weights;
    options.max_evaluations = 2;
    solved_ = fitter.fit(form, options, season_out);
}

InitialStates LeadsFitter::states(const Form& form, std::span<const double> season_out) {
    InitialStates states{solved_.level / scale_, solved_.trend, {}, {}};
    if (form.trend != Trend::multiplicative) states.trend /= scale_;
    if (form.has_season()) {
        const bool ratio = form.season == Season::multiplicative;
        for (std::size_t j = 0; j < season_.size(); ++j)
            season_[j] = ratio ? season_out[j] : season_out[j] / scale_;
        states.season = season_;
    }
    if (has_second_) states.second = second_;
    return states;
}

double LeadsFitter::improve(const SearchBox& box, double first_step, SearchBox::Variables& place,
                            std::uint32_t evaluations) {
    struct Task {
        LeadsFitter& fitter;
        const SearchBox& box;
        double best;
        SearchBox::Variables at;
    } task{*this, box, std::numeric_limits<double>::infinity(), place};
    nlopt_opt_s* const optimiser = optimisers_.of(box.size());
    nlopt_set_min_objective(
        optimiser,
        [](unsigned n, const double* x, double*, void* data) {
            auto& its = *static_cast<Task*>(data);
            ++its.fitter.evaluations_;
            const double loss = its.fitter.loss_.evaluate(its.box.weights(x));
            if (loss < its.best) {
                its.best = loss;
                std::copy_n(x, n, its.at.begin());
            }
            return std::min(loss, std::numeric_limits<double>::max());
        },
        &task);
    nlopt_set_lower_bounds1(optimiser, 0);
    nlopt_set_upper_bounds1(optimiser, 1);
    nlopt_set_initial_step1(optimiser, first_step);
    nlopt_set_ftol_rel(optimiser, 1e-4);
    nlopt_set_xtol_abs1(optimiser, 2e-3);
    nlopt_set_maxeval(optimiser, static_cast<int>(evaluations));
    double least = 0;
    SearchBox::Variables at = place;
    nlopt_optimize(optimiser, at.data(), &least);
    place = task.at;
    return task.best;
}

Fit LeadsFitter::fit(Fitter& fitter, const Form& form, const FitOptions& options,
                     std::span<double> season_out) {
    const SearchBox box(form, options.given, SearchBox::Region::usual, has_second_);
    evaluations_ = 0;
    struct Start {
        double loss = std::numeric_limits<double>::infinity();
        SearchBox::Variables place{};
    };
    std::array<Start, 2> best;
    bool limited = false;
    const auto try_out = [&](const SearchBox::Variables& place) {
        const Weights weights = box.weights(place.data());
        solve(fitter, form, weights, scratch_season_);
        if (!solved_.found) return;
        ++evaluations_;
        if (!limited) loss_.begin(form, states(form, scratch_season_), weights);
        limited = true;
        loss_.set(states(form, scratch_season_));
        Start start{loss_.evaluate(weights), place};
        for (Start& other : best)
            if (start.loss < other.loss) std::swap(start, other);
    };
    if (options.start) {
        try_out(box.variables(*options.start));
    } else {
        for (const double gamma : form.has_season() ? std::span(seasons) : std::span(seasons).first(1))
            for (const double alpha : levels)
                if (evaluations_ == 0 || evaluations_ + 2 < options.max_evaluations)
                    try_out(box.place(alpha, a_trend, gamma, a_damping, a_second));
    }
    Fit fit;
    fit.form = form;
    fit.evaluations = evaluations_;
    if (!(best[0].loss < std::numeric_limits<double>::infinity())) return fit;

    // From each start with its own states; the deviation to begin with is that of the best one.
    Start found;
    for (std::size_t i = 0; i < best.size(); ++i) {
        if (!std::isfinite(best[i].loss)) continue;
        const Weights weights = box.weights(best[i].place.data());
        solve(fitter, form, weights, scratch_season_);
        if (i == 0) loss_.begin(form, states(form, scratch_season_), weights);
        loss_.set(states(form, scratch_season_));
        Start place{loss_.evaluate(weights), best[i].place};
        const std::uint32_t left =
            options.max_evaluations > evaluations_ ? options.max_evaluations - evaluations_ : 0;
        if (box.size() > 0 && left > 0)
            place.loss = improve(box, options.first_step, place.place, std::min(left, most_of_a_start));
        if (!(place.loss < found.loss)) continue;
        found = place;
        fit = solved_;
        std::copy_n(scratch_season_.begin(), season_out.size(), season_out.begin());
    }
    fit.found = std::isfinite(found.loss);
    if (!fit.found) return fit;
    fit.weights = box.weights(found.place.data());
    fit.evaluations = evaluations_;
    const auto n = static_cast<double>(fitter.observed());
    const double estimated =
        static_cast<double>(form.parameter_count(season_length_) - form.weight_count() + box.size());
    fit.aicc = 2 * n * std::log(std::max(found.loss, rounding) * scale_) + 2 * estimated +
               2 * estimated * (estimated + 1) / std::max(n - estimated - 1, 0.5);
    fit.freedom = n / std::max(n - estimated + 1, 1.0);
    return fit;
}

LeadsFitter::End LeadsFitter::end(const Fit& fit, std::span<const double> season_before) {
    solved_ = fit;
    loss_.begin(fit.form, states(fit.form, season_before), fit.weights);
    loss_.evaluate(fit.weights);
    End end{loss_.last_level() * scale_, loss_.last_trend(), 0, {}, {}, {}, scale_, scale_};
    if (fit.form.trend != Trend::multiplicative) end.trend *= scale_;
    if (fit.form.has_season()) end.season = loss_.last_season();
    if (fit.form.season == Season::multiplicative) end.season_unit = 1;
    if (has_second_) end.second = loss_.last_second();
    for (std::size_t t = 0; t < values_.size(); ++t) {
        const double error = loss_.errors()[t];
        if (std::isnan(error)) continue;
        end.sum += error * error * scale_ * scale_;
        const bool relative = fit.form.error == Error::multiplicative;
        end.errors.learn(numerics::saturate(relative ? error / (values_[t] - error) : error * scale_));
    }
    return end;
}

}  // namespace smoothing
