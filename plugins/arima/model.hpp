// ARIMA on one series: a window that is fitted from time to time, and a filter that follows the
// points.
//
// Until min_samples points have come, and wherever no model can be fitted, the last value is the forecast.
// What an order needs and a window lacks is left out: first the seasonal part, then coefficients, then
// differences.
#ifndef FORECASTD_PLUGINS_ARIMA_MODEL_HPP
#define FORECASTD_PLUGINS_ARIMA_MODEL_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"

#include "../fitting/budget.hpp"
#include "../fitting/fallback.hpp"
#include "../fitting/pool.hpp"
#include "../fitting/schedule.hpp"
#include "../fitting/window.hpp"
#include "fit.hpp"
#include "order.hpp"
#include "order_search.hpp"
#include "process.hpp"
#include "round.hpp"
#include "shock_filter.hpp"

namespace arima {

using numerics::Expected;

struct Settings {
    std::optional<Order> order;  // none: searched for, within `search`
    SearchLimits search;
    std::uint32_t window = 200, refit_every = 25, min_samples = 30;
    std::uint32_t max_evaluations = 5000;  // of a fit, and of a search in all
    std::uint32_t budget = 0;              // at a point, as fitting/budget.hpp counts; 0: no bound
};

// The state of one series: plain bytes. The window's slots, the state's mean and its columns follow behind
// it.
struct State {
    fitting::Window window;
    fitting::Schedule schedule;
    numerics::ErrorVariance changes;  // from one value to the next
    double last = numerics::unknown;  // value; NaN until the first
    Fit fit;
    std::uint32_t fitted = 0;   // 1: fit and the filter's state are to be used
    std::uint32_t columns = 0;  // in use
    std::uint32_t fits = 0;
    std::uint32_t reduced = 0;      // 1: the fit's order is smaller than what was asked for
    std::uint32_t searched = 0;     // values in the window at the last search for an order, or first fit
    std::uint32_t refits = 0;       // since then
    double searched_deviation = 0;  // of an innovation, then
    std::uint64_t evaluations = 0;
    std::uint64_t local = 0;  // of the last point: how far its place was from its step, modulo 2^64
    fitting::Budget budget;
    Round round;
    fitting::Fallback fallback;

    static constexpr std::uint32_t search_after = 10;  // refits

    // Whether the noise is no longer what it was when the order was chosen: then the order may not fit
    // either.
    [[nodiscard]] bool has_changed(const Fit& found) const {
        return !(found.deviation() <= 1.5 * searched_deviation &&
                 found.deviation() >= 0.5 * searched_deviation);
    }
    // As at first.
    void clear() {
        const std::uint32_t lot = budget.lot;
        *this = {};
        budget.lot = lot;
    }
};

// Thread: any; what the fits share is guarded.
class Model {
  public:
    // Throws std::invalid_argument for an order whose state would have more than max_states numbers.
    explicit Model(const Settings& settings);
    ~Model();
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    // The doubles behind a State.
    [[nodiscard]] std::size_t tail_length() const;

    // Whether there is a forecast: from the first point on.
    [[nodiscard]] bool ready(const State& state) const;
    // Forecasts this many steps from this one on, each handed to out(place, forecast) in turn; the state has
    // learned a point before them.
    template <class Out>
    void predict(const State& state, std::span<const double> tail, std::int64_t first_step, std::size_t steps,
                 Out out) const {
        Lookout lookout(*this, state, tail, first_step);
        for (std::size_t i = 0; i < steps; ++i) out(i, lookout.next());
    }
    // The same of the steps that local(place) names, which may repeat an hour where the clocks are set back:
    // a step that was seen is forecast as its value.
    template <class Local, class Out>
    void predict_local(const State& state, std::span<const double> tail, Local local, std::size_t steps,
                       Out out) const {
        std::optional<Lookout> lookout;
        std::int64_t next = 0;
        for (std::size_t i = 0; i < steps; ++i) {
            const std::int64_t step = local(i);
            if (const double seen = seen_at(state, tail, step); !std::isnan(seen)) {
                out(i, {seen, state.changes.deviation(1)});
                continue;
            }
            if (!lookout || step != next) lookout.emplace(*this, state, tail, step);
            next = numerics::step_after(step, 1);
            out(i, lookout->next());
        }
    }
    // Learns the value at a later step, or at a local step that comes again: the window alone takes that.
    void learn(State& state, std::span<double> tail, std::int64_t step, double value) const;

    // The order, or what is left of it where so few values do not allow it.
    [[nodiscard]] static Order reduced(Order order, std::size_t values);

  private:
    struct Bench;
    struct Ahead {
        std::vector<double> numbers;
    };
    // Goes on from a state, step by step, without changing it.
    class Lookout {
      public:
        Lookout(const Model& model, const State& state, std::span<const double> tail,
                std::int64_t first_step);
        Expected next();

      private:
        const State& state_;
        std::uint64_t wanted_;    // steps from the newest value to the next forecast
        std::uint64_t done_ = 1;  // steps to where the filter is
        bool fitted_, ready_;
        double later_ = 0;  // variance by the innovations before it but after the newest value
        Expanded expanded_;
        std::optional<fitting::Pool<Ahead>::Lease> ahead_;
        double* newest_ = nullptr;  // what the newest value's successor's innovation does
        Shocks shocks_{};
    };

    [[nodiscard]] bool sound(const State& state) const;
    // The value in the window at a step up to its last one; NaN: there is none.
    [[nodiscard]] double seen_at(const State& state, std::span<const double> tail, std::int64_t step) const;
    [[nodiscard]] bool has_room(const Order& order) const;
    [[nodiscard]] Shocks shocks(const State& state, double* numbers) const;
    void filter(State& state, std::span<double> tail, std::uint64_t steps, double value) const;
    void refit(State& state, std::span<double> tail) const;
    [[nodiscard]] Fit fit(const State& state, Bench& bench, bool search) const;
    void adopt(State& state, std::span<double> tail, const Fit& fitted, Bench& bench) const;

    // Fits in pieces (round.cpp). A piece returns what it cost.
    void begin(State& state) const;
    void go_on(State& state, std::span<double> tail) const;
    [[nodiscard]] bool choose_next(State& state, const OrderSearch& search, std::size_t values) const;
    [[nodiscard]] static bool choose_order(State& state, const OrderSearch& search);
    double test_differences(State& state, Bench& bench) const;
    double try_piece(State& state, std::span<double> tail, Bench& bench, bool gaps) const;
    double judge(State& state, std::span<double> tail, Fit fit, Bench& bench, bool gaps) const;

    Settings settings_;
    Room room_;
    std::uint32_t capacity_ = 0;  // columns that a series keeps
    std::unique_ptr<fitting::Pool<Bench>> benches_;
    std::unique_ptr<fitting::Pool<Ahead>> aheads_;
};

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_MODEL_HPP
