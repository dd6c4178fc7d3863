// Exponential smoothing that learns its weights point by point, without keeping any: a few fixed sets of
// weights run side by side, and their forecasts are averaged by how small their errors were
// (expert_bank.hpp).
//
// Each expert has a level, a trend and, if there is one, a season of its own. The variance of the errors is
// that of the average's. Given weights replace those of every expert. The cost of a point is that of Count
// recursions, always.
#ifndef FORECASTD_PLUGINS_SMOOTHING_EXPERT_LINES_HPP
#define FORECASTD_PLUGINS_SMOOTHING_EXPERT_LINES_HPP

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"

#include "expert_bank.hpp"
#include "recursion.hpp"

namespace smoothing {

// The states of the experts for one series: plain bytes. Their seasons are stored elsewhere: Count values for
// each phase.
template <std::size_t Count>
struct Experts {
    std::array<double, Count> levels{}, trends{};
    ExpertBank<Count> bank;
};

// Thread: any; it never changes. A Line holds the shared errors and the last step; its level is the average.
template <std::size_t Count>
class ExpertLines {
  public:
    using Numbers = std::array<double, Count>;

    // given: NaN where the experts' own weights are to be used.
    ExpertLines(const Form& form, const std::array<Weights, Count>& weights, const Weights& given,
                std::size_t season_length)
        : form_(form) {
        const auto pick = [](double chosen, double own) { return std::isnan(chosen) ? own : chosen; };
        for (std::size_t i = 0; i < Count; ++i) {
            const Weights& own = weights[i];
            const double phi = form.damped ? pick(given.phi, own.phi) : 1;
            const double beta = form.has_trend() ? pick(given.beta, own.beta) : 0;
            const double gamma = form.has_season() ? pick(given.gamma, own.gamma) : 0;
            recursions_[i] = Recursion(form, DampedTrend(pick(given.alpha, own.alpha), beta, phi, gamma,
                                                         form.has_season() ? season_length : 0));
        }
    }

    [[nodiscard]] const Form& form() const { return form_; }

    // Begins every expert from the same state.
    static void begin(Experts<Count>& experts, double level, double trend) {
        experts.levels.fill(level);
        experts.trends.fill(trend);
    }

    // Forecasts one step after another. seasons: those of all phases; empty without a season.
    class Outlook {
      public:
        Outlook(const ExpertLines& model, const Line& line, const Experts<Count>& experts,
                std::span<const double> seasons, std::int64_t step)
            : model_(model),
              line_(line),
              experts_(experts),
              seasons_(seasons),
              weights_(experts.bank.weights()) {
            for (std::size_t i = 0; i < Count; ++i) reaches_[i] = model.recursions_[i].reach(line, step);
        }
        [[nodiscard]] numerics::Expected expect(std::size_t phase) const {
            numerics::Expected average{0, 0};
            for (std::size_t i = 0; i < Count; ++i) {
                const auto [mean, deviation] =
                    model_.expect(i, line_, experts_, seasons_, phase, reaches_[i]);
                average.mean += weights_[i] * mean;
                average.deviation += weights_[i] * deviation;
            }
            return {numerics::saturate(average.mean), numerics::saturate(average.deviation)};
        }
        void next() {
            for (std::size_t i = 0; i < Count; ++i) model_.recursions_[i].extend(reaches_[i]);
        }

      private:
        const ExpertLines& model_;
        const Line& line_;
        const Experts<Count>& experts_;
        std::span<const double> seasons_;
        Numbers weights_;
        std::array<Reach, Count> reaches_;
    };

    // Learns the value at a later step; the experts have begun. recurs: see Recursion::learn_recurring().
    void learn(Line& line, Experts<Count>& experts, std::span<double> seasons, std::int64_t step,
               std::size_t phase, double value, bool recurs = false) const {
        const Numbers weights = experts.bank.weights();
        Numbers errors;
        double mean = 0, unit = 0, variance = 0, level = 0;
        const std::uint64_t steps = numerics::steps_between(line.last_step, step);
        for (std::size_t i = 0; i < Count; ++i) {
            const Recursion& recursion = recursions_[i];
            Line own = line_of(line, experts, i);
            double none = recursion.neutral();
            double& season = seasons.empty() ? none : seasons[phase * Count + i];
            const Reach reach = recursion.reach(own, step);
            const double expected = recursion.expect(own, season, reach).mean;
            errors[i] = numerics::saturate(value - expected);
            mean += weights[i] * expected;
            unit += weights[i] * (form_.season == Season::multiplicative ? season : 1);
            variance += weights[i] * reach.variance;
            if (recurs)
                recursion.learn_recurring(own, season, reach, value);
            else
                recursion.learn(own, season, reach, recursion.gains(reach), value);
            experts.levels[i] = own.level;
            experts.trends[i] = own.trend;
            level += weights[i] * own.level;
        }
        if (steps == 1 && !recurs) experts.bank.learn(errors);  // not behind a gap: see ExpertBank::learn
        if (!recurs) line.errors.learn(numerics::saturate((value - mean) / unit), variance);
        line.level = numerics::saturate(level);
        line.last_step = step;
    }

  private:
    static Line line_of(const Line& shared, const Experts<Count>& experts, std::size_t i) {
        return {experts.levels[i], experts.trends[i], shared.errors, shared.last_step};
    }
    [[nodiscard]] numerics::Expected expect(std::size_t i, const Line& line, const Experts<Count>& experts,
                                            std::span<const double> seasons, std::size_t phase,
                                            const Reach& reach) const {
        const double season = seasons.empty() ? recursions_[i].neutral() : seasons[phase * Count + i];
        return recursions_[i].expect(line_of(line, experts, i), season, reach);
    }

    Form form_;
    std::array<Recursion, Count> recursions_;
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_EXPERT_LINES_HPP
