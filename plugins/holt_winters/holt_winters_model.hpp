// Holt-Winters' method with given weights, from the first point on: two seasons to start, then the recursion.
//
// With the base B = l + phi b and s the season's value one season back:
//
//   additive:         f = B + s;   l' = alpha (y-s) + (1-alpha) B;   s' = gamma (y-B) + (1-gamma) s
//   multiplicative:   f = B * s;   l' = alpha (y/s) + (1-alpha) B;   s' = gamma (y/B) + (1-gamma) s
//   both:             b' = beta (l'-l) + (1-beta) phi b
//
// and h steps ahead B = l + b (phi + ... + phi^h). Source: P. R. Winters, Forecasting sales by exponentially
// weighted moving averages, Management Science 6, 1960, in the form of R. J. Hyndman & G. Athanasopoulos,
// Forecasting: Principles and Practice, 3rd edition, 2021, section 8.3. The recursion, also that of other
// forms: smoothing/recursion.hpp. The start:
//
//   first season    Holt's method, while the values are kept by phase
//   second season   the value kept of the same phase, plus the mean growth since the first season so far;
//                   what is kept becomes the average of both
//   then            decomposition.hpp makes level, trend and season of these, and the recursion goes on
//
// A single noisy season is thus never used as the season. The phase is the local step modulo the season
// length: a lost point, or an hour that the clock skips, leaves all others in place. The second stage goes on
// in later seasons until half of the phases were seen, and as many pairs. A phase that was lost in the second
// season is off by half a season's growth until it is seen again.
#ifndef FORECASTD_PLUGINS_HOLT_WINTERS_HOLT_WINTERS_MODEL_HPP
#define FORECASTD_PLUGINS_HOLT_WINTERS_HOLT_WINTERS_MODEL_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"
#include "../smoothing/positive_values.hpp"

#include "../holt/holt_model.hpp"
#include "../smoothing/recursion.hpp"
#include "decomposition.hpp"

namespace holt_winters {

using numerics::Expected;
using smoothing::Trend;

// The state of one series: plain bytes, and beside them the values of one season.
struct State {
    holt::State line;  // deseasonalised once the recursion has begun, before that Holt's method on the values
    numerics::ErrorVariance errors;  // of the second season's forecasts
    std::int64_t first_step = 0;     // where the first season began
    double earlier = 0, later = 0;   // mean over the pairs: in the first season, in the second
    std::uint32_t seen = 0;          // phases that have a value
    std::uint32_t pairs = 0;         // values that met one of an earlier season
    std::uint64_t seasonal = 0;      // 1: the recursion has begun; 8 bytes, so that none are left unset

    [[nodiscard]] bool begun() const { return line.begun(); }
};

// Marks every phase as not seen.
inline void start(std::span<double> season) { std::fill(season.begin(), season.end(), numerics::unknown); }

// Thread: any; a model never changes. Every span holds season_length values.
class Model {
  public:
    using State = holt_winters::State;
    static constexpr bool has_season = true;
    static void start(std::span<double> season) { holt_winters::start(season); }
    static smoothing::Line& line(State& state) { return state.line; }
    static const smoothing::Line& line(const State& state) { return state.line; }
    static bool settled(const State& state) { return state.seasonal != 0; }

    struct Parameters {
        double alpha, beta, gamma, phi;  // phi = 1: not damped
        Trend trend;
        Season season;  // additive or multiplicative
        std::size_t season_length;
    };

    Model() = default;
    explicit Model(const Parameters& given)
        : given_(given),
          line_(Trend::additive, smoothing::DampedTrend(given.alpha, trend_gain(given), given.phi)),
          recursion_({smoothing::Error::additive, given.trend, false, given.season},
                     smoothing::DampedTrend(given.alpha, trend_gain(given), given.phi, given.gamma,
                                            given.season_length)) {}

    // Forecasts one step after another; state has learned a point.
    class Outlook {
      public:
        Outlook(const Model& model, const State& state, std::span<const double> season, std::int64_t step)
            : model_(model),
              state_(state),
              season_(season),
              step_(step),
              reach_(state.seasonal ? model.recursion_.reach(state.line, step)
                                    : model.line_.reach(state.line, step)) {}

        [[nodiscard]] Expected expect(std::size_t phase) const {
            const double season = season_[phase];
            if (state_.seasonal) return model_.recursion_.expect(state_.line, season, reach_);
            const std::uint64_t place = numerics::steps_between(state_.first_step, step_);
            if (place < season_.size() || std::isnan(season)) return model_.line_.expect(state_.line, reach_);
            return model_.repeat(state_, season, place, reach_.steps);
        }
        void next() {
            step_ = numerics::step_after(step_, 1);
            state_.seasonal ? model_.recursion_.extend(reach_) : model_.line_.extend(reach_);
        }

      private:
        const Model& model_;
        const State& state_;
        std::span<const double> season_;
        std::int64_t step_;
        smoothing::Reach reach_;
    };

    // Learns the value at a later step. recurs: it was unusual one season before too. A multiplicative season
    // throws std::domain_error at values <= 0.
    void learn(State& state, std::span<double> season, std::int64_t step, std::int64_t local_step,
               double value, bool recurs = false) const {
        if (given_.season == Season::multiplicative) smoothing::require_positive(value, "seasonal");
        if (given_.trend == Trend::multiplicative) smoothing::require_positive(value, "trend");
        double& known = season[numerics::phase_of(local_step, season.size())];
        if (!state.seasonal) {
            if (!state.begun()) state.first_step = step;
            const std::uint64_t seasons = numerics::steps_between(state.first_step, step) / season.size();
            if (seasons < 2 || std::min(state.seen, state.pairs) < (season.size() + 1) / 2)
                return prepare(state, known, step, value, seasons, recurs);
            begin(state, season,
                  numerics::step_after(local_step, numerics::steps_between(step, state.first_step)));
        }
        recursion_.learn(state.line, known, step, value, recurs);
    }

  private:
    static double trend_gain(const Parameters& given) { return given.trend == Trend::none ? 0 : given.beta; }

    // How much the values grew in `seasons` seasons, as a difference or a ratio.
    [[nodiscard]] double grown(const State& state, double value, double seasons) const {
        if (state.pairs == 0) return value;
        if (given_.season == Season::additive)
            return numerics::saturate(value + seasons * numerics::saturate(state.later - state.earlier));
        return numerics::positive(value * std::pow(state.later / state.earlier, seasons));
    }

    // The second stage's forecast, `place` steps after the first season began and `steps` after the last
    // point, from what is kept of its phase: of the first season, or the average of both.
    [[nodiscard]] Expected repeat(const State& state, double kept, std::uint64_t place,
                                  std::uint64_t steps) const {
        const std::uint64_t length = given_.season_length;
        const std::uint64_t whole_seasons = place / length;
        const auto seasons = static_cast<double>(whole_seasons);
        const std::uint64_t seasons_ahead = (steps - 1) / length + 1;
        const bool averaged = place - steps >= length + place % length;
        const auto& errors = state.errors.count() > 0 ? state.errors : state.line.errors;
        return {grown(state, kept, averaged ? seasons - 0.5 : seasons),
                errors.deviation(static_cast<double>(seasons_ahead))};
    }

    // A point of the first two stages.
    void prepare(State& state, double& kept, std::int64_t step, double value, std::uint64_t seasons,
                 bool recurs) const {
        if (seasons >= 2)  // too little was seen: go on as if this were the second season
            state.first_step = numerics::step_after(state.first_step, (seasons - 1) * given_.season_length);
        if (std::isnan(kept)) {
            ++state.seen;
            kept = value;
        } else {
            const double error = numerics::saturate(value - grown(state, kept, 1));
            const auto& errors = state.errors.count() > 0 ? state.errors : state.line.errors;
            if (recurs && std::abs(error) > numerics::ErrorVariance::limit_deviations * errors.deviation())
                kept = value;  // what was learned the season before was limited
            else
                state.errors.learn(error);
            const double count = ++state.pairs;
            state.earlier += numerics::saturate(kept - state.earlier) / count;
            state.later += numerics::saturate(value - state.later) / count;
            kept = kept / 2 + value / 2;
        }
        line_.learn(state.line, step, value);
    }

    // Ends the second season: from here on the recursion.
    void begin(State& state, std::span<double> season, std::int64_t first_local_step) const {
        const double growth = numerics::saturate(state.later - state.earlier);
        const Line line = decompose(season, numerics::phase_of(first_local_step, season.size()), growth,
                                    given_.trend != Trend::none, given_.season);
        const std::int64_t last_step = numerics::step_after(state.first_step, 2 * season.size() - 1);
        const double trend = given_.trend == Trend::multiplicative
                                 ? numerics::positive(1 + line.trend / numerics::positive(line.level))
                                 : line.trend;
        state.line = {line.level, trend, state.errors, last_step};
        state.seasonal = 1;
    }

    Parameters given_{};
    holt::Model line_;
    smoothing::Recursion recursion_;
};

}  // namespace holt_winters

#endif  // FORECASTD_PLUGINS_HOLT_WINTERS_HOLT_WINTERS_MODEL_HPP
