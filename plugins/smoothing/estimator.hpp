// Exponential smoothing whose weights, initial states and, if wanted, form are estimated on a window of the
// last values, and again each `refit_every` points.
//
// Between two fits the recursion follows the points with the weights of the last one. A fit finds weights and
// initial states; then the recursion runs over the window from there, so that level, trend, season and the
// variance of the errors are what these points would have left. The variance is made larger by n / (n - k)
// for the k numbers that were fitted.
//
// With a `budget` a fit is made in pieces over the points that follow (round.hpp). Without one, all of it is
// done at the point at which it is due. The first fit, those of a young series, and each tenth search from
// scratch; the others start at the last fit's weights. Where the form is to be chosen, it is chosen in such a
// search, with hysteresis (selection.hpp). A form that does not go with what is there (too few values; no two
// seasons yet; values not above 0) is replaced by a simpler one: without a season, then without damping, then
// without a trend.
//
// What is minimised: squared errors one step ahead, or the errors of forecasts over a horizon
// (leads_fitter.hpp). A fit over a horizon runs over the window itself, and leaves the states behind it.
//
// A fit comes at once, too, when errors far beyond the deviation follow one another
// (numerics/error_variance.hpp): the level has shifted, and weights of a calm window would hardly follow.
// After a gap that emptied the window the last fit holds until `min_samples` steps are there again.
//
// A gap's steps count as lost values in a fit; those of a form with an additive season are filled
// (fitter.cpp).
#ifndef FORECASTD_PLUGINS_SMOOTHING_ESTIMATOR_HPP
#define FORECASTD_PLUGINS_SMOOTHING_ESTIMATOR_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "../numerics/finite.hpp"

#include "../fitting/budget.hpp"
#include "../fitting/overlay.hpp"
#include "../fitting/pool.hpp"
#include "../fitting/schedule.hpp"
#include "../fitting/window.hpp"
#include "fitter.hpp"
#include "leads_fitter.hpp"
#include "recursion.hpp"
#include "round.hpp"
#include "selection.hpp"

namespace smoothing {

// The estimate of one series: plain bytes. The window's slots are stored elsewhere.
struct Estimate {
    Weights weights;
    double sse = numerics::unknown, aicc = numerics::unknown;  // of the last fit, over its window
    fitting::Window window;
    fitting::Schedule schedule;
    fitting::Budget budget;
    std::uint32_t fits = 0, evaluations = 0;
    Round round;
    Form form;
    std::uint32_t unused = 0;  // so that no byte is left unset

    [[nodiscard]] bool fitted() const { return fits > 0; }
};

// What the seasons add, by phase: as many values as each has; none without one.
struct Seasons {
    std::span<double> first, second;
};

// Reads an estimate from the doubles that hold it. Bytes that are no state must do no harm: only a form is
// made of them.
inline Estimate load_estimate(std::span<const double> from) {
    auto estimate = fitting::load<Estimate>(from);
    static_assert(sizeof(Form) == 4);
    for (Form* const form : {&estimate.form, &estimate.round.form}) {
        auto* const bytes = reinterpret_cast<unsigned char*>(form);
        constexpr unsigned char values[] = {2, 3, 2, 3};  // of error, trend, damped, season
        for (std::size_t i = 0; i < sizeof(Form); ++i)
            bytes[i] = static_cast<unsigned char>(bytes[i] % values[i]);
    }
    return estimate;
}

// The window of an estimate in the doubles that hold it.
inline fitting::Window window_of(std::span<const double> from) {
    static_assert(offsetof(Estimate, window) % sizeof(double) == 0);
    return fitting::load<fitting::Window>(from.subspan(offsetof(Estimate, window) / sizeof(double)));
}

// Thread: any; a model never changes, but for its workspaces.
class Estimator {
  public:
    struct Settings {
        RequestedForm requested;
        Weights given;  // NaN: estimated
        std::size_t season_length = 0;
        std::size_t window = 0;
        std::uint32_t min_samples = 0, refit_every = 0, max_evaluations = 0;
        std::uint32_t budget = 0;       // at a point, as fitting/budget.hpp counts; 0: no bound
        std::uint64_t day = 0;          // in steps; 0: there are no holidays
        std::size_t horizon = 0;        // 0: one-step least squares; else loss over leads up to it
        std::size_t second_length = 0;  // of a second season, which goes with a horizon alone; 0: none
    };
    explicit Estimator(const Settings& settings);

    // How a fitted series goes on.
    [[nodiscard]] Recursion recursion(const Estimate& estimate) const;

    // Learns the value at a later step: follows it if the series is fitted (if not, the caller has), and fits
    // if a fit is due. recurs: the value was unusual a season before too (Recursion::learn_recurring()), and
    // the window takes it for that season as well.
    //
    // With a season the window goes by local steps, so that all of it is in phase across a change of the
    // clocks. Values of a day that counts as another one do not get into it, and no fit is made on such a
    // day.
    void learn(Estimate& estimate, Line& line, Seasons seasons, std::span<double> slots, std::int64_t step,
               std::int64_t local_step, double value, bool recurs = false) const;

  private:
    struct Workspace {
        explicit Workspace(const Settings& settings);
        Fitter fitter;
        std::unique_ptr<LeadsFitter> leads;  // where the loss is over leads
        std::vector<double> values, season, scratch;

        void take(std::span<const double> window);
        Fit fit(const Form& form, const FitOptions& options, std::span<double> season_out);
    };

    // What is known at a point at which a fit is made or goes on.
    struct Piece {
        Estimate& estimate;
        Line& line;
        Seasons seasons;
        std::int64_t step;
        Workspace& workspace;
        std::span<const double> values;
    };
    // False, too, for bytes that are no valid state.
    [[nodiscard]] bool has_season(const Estimate& estimate) const {
        return estimate.form.has_season() && settings_.season_length > 0;
    }
    // Slots of the window that must be in use for a fit to replace another.
    [[nodiscard]] std::size_t least_filled() const {
        return std::min<std::size_t>(settings_.min_samples, settings_.window);
    }
    void push(Estimate& estimate, std::span<double> slots, std::int64_t step, std::int64_t local_step,
              double value, bool recurs) const;
    // Counts a point; whether a fit is due.
    bool due(Estimate& estimate, const Line& line) const;
    void refit(Estimate& estimate, Line& line, Seasons seasons, std::span<const double> slots,
               std::int64_t step, bool afresh) const;
    // afresh: search from scratch, whatever was there.
    Fit find(const Estimate& estimate, Workspace& workspace, bool afresh) const;
    // Takes a fit into use, whose season is the workspace's.
    void adopt(const Piece& piece, const Fit& fit) const;
    // The states behind the window: by the recursion from a fit's states on, or as a fit over leads left
    // them.
    void run_over(const Piece& piece, const Fit& fit) const;
    static void take_over(const Piece& piece, const Fit& fit);

    // Pieces.
    [[nodiscard]] Work work_of(const Form& form, std::size_t size) const {
        return fit_work(form, size, settings_.season_length, settings_.horizon > 0);
    }
    void begin(Estimate& estimate, bool afresh) const;
    void go_on(Estimate& estimate, Line& line, Seasons seasons, std::span<const double> slots,
               std::int64_t step) const;
    [[nodiscard]] bool choose_next(Estimate& estimate, const Fitter& fitter) const;
    [[nodiscard]] bool may_be_tried(const Form& form, const Fitter& fitter) const;
    double try_piece(const Piece& piece) const;
    double judge(const Piece& piece, const Fit& fit) const;
    [[nodiscard]] FitOptions options_from(const Weights& start) const;

    Settings settings_;
    Challengers challengers_;
    mutable fitting::Pool<Workspace> workspaces_;
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_ESTIMATOR_HPP
