#include "estimator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"

namespace smoothing {
namespace {

constexpr std::uint32_t fresh_every = 10;  // fits
constexpr double least_alpha = 1e-4;

// The plainer form that is tried where one does not go with the values.
bool make_plainer(Form& form) {
    if (form.has_season())
        form.season = Season::none;
    else if (form.damped)
        form.damped = false;
    else if (form.has_trend())
        form.trend = Trend::none;
    else
        return false;
    return true;
}

void add(std::uint32_t& count, std::uint32_t more) {
    count = more > std::numeric_limits<std::uint32_t>::max() - count
                ? std::numeric_limits<std::uint32_t>::max()
                : count + more;
}

}  // namespace

Estimator::Workspace::Workspace(const Settings& settings)
    : fitter(settings.window, settings.season_length),
      values(settings.window),
      season(settings.season_length),
      scratch(settings.season_length) {}

Estimator::Estimator(const Settings& settings)
    : settings_(settings),
      challengers_(settings.requested),
      workspaces_([settings] { return std::make_unique<Workspace>(settings); }) {}

Recursion Estimator::recursion(const Estimate& estimate) const {
    const Weights& w = estimate.weights;
    if (!has_season(estimate)) return {estimate.form, DampedTrend(w.alpha, w.beta, w.phi)};
    return {estimate.form, DampedTrend(w.alpha, w.beta, w.phi, w.gamma, settings_.season_length)};
}

void Estimator::learn(Estimate& estimate, Line& line, std::span<double> season, std::span<double> slots,
                      std::int64_t step, std::int64_t local_step, double value, bool recurs) const {
    // Only a form that was chosen by AICc can get here with a value that it cannot take: where the user asked
    // for the form, the plugin has refused the value.
    const bool misfit = estimate.fitted() && estimate.form.needs_positive() && !(value > 0);
    if (estimate.fitted() && !misfit) {
        const Recursion recursion = this->recursion(estimate);
        double none = recursion.neutral();
        double& its_season =
            has_season(estimate) ? season[numerics::phase_of(local_step, season.size())] : none;
        recursion.learn(line, its_season, step, value, recurs);
    }
    const bool is_other_day = numerics::is_other_day(step, local_step, settings_.day);
    if (is_other_day)
        add(estimate.schedule.since, 1);
    else
        push(estimate, slots, step, local_step, value, recurs);
    const bool overrun = line.errors.overrun();  // what held until now holds no longer
    const bool is_due = (!is_other_day && due(estimate, line)) || misfit;
    if (misfit) {  // what is left if no fit is found: a level alone
        line = Line::known(value, 0, step, line.errors.variance() * line.level * line.level);
        estimate.form = {Error::additive, Trend::none, false, Season::none};
        estimate.weights = {estimate.weights.alpha, 0, 0, 1};
    }
    if (is_other_day) return;
    if (settings_.budget > 0) {
        if (is_due) begin(estimate, misfit || overrun);
        if (estimate.round.under_way()) go_on(estimate, line, season, slots, step);
    } else if (is_due) {
        refit(estimate, line, season, slots, step, misfit || overrun);
    }
}

void Estimator::push(Estimate& estimate, std::span<double> slots, std::int64_t step, std::int64_t local_step,
                     double value, bool recurs) const {
    if (settings_.season_length < 2) return estimate.window.push(slots, step, value);
    estimate.window.push_local(slots, local_step, value);
    if (recurs) estimate.window.replace(slots, settings_.season_length, value);
}

bool Estimator::due(Estimate& estimate, const Line& line) const {
    fitting::Schedule& schedule = estimate.schedule;
    std::uint32_t every = fitting::sooner_while_young(settings_.refit_every, schedule);
    if (line.errors.overrun()) every = 1;
    const std::uint32_t waited = schedule.since;
    if (!schedule.tick(settings_.min_samples, every, estimate.fitted())) return false;
    if (!estimate.fitted() || estimate.window.filled >= least_filled()) return true;
    schedule.since = waited;  // the last fit is better than one on a few values behind a gap
    add(schedule.since, 1);
    return false;
}

Fit Estimator::find(const Estimate& estimate, Workspace& workspace, bool afresh) const {
    FitOptions options;
    options.given = settings_.given;
    options.max_evaluations = settings_.max_evaluations;
    const bool young = estimate.schedule.points < 2 * settings_.window;
    const bool fresh =
        afresh || young || estimate.fits % fresh_every == 0 || !workspace.fitter.fits(estimate.form);
    if (settings_.requested.chooses()) {
        options.region = SearchBox::Region::usual;
        options.effort = Effort::quick;
        const Form* const present = estimate.fitted() ? &estimate.form : nullptr;
        if (fresh)
            return choose(workspace.fitter, settings_.requested, options, present, workspace.season,
                          workspace.scratch);
        options.start = &estimate.weights;
        return workspace.fitter.fit(estimate.form, options, workspace.season);
    }
    Form form = settings_.requested.form();
    while (!workspace.fitter.fits(form))
        if (!make_plainer(form)) return {};
    if (!fresh && form == estimate.form) options.start = &estimate.weights;
    return workspace.fitter.fit(form, options, workspace.season);
}

void Estimator::refit(Estimate& estimate, Line& line, std::span<double> season, std::span<const double> slots,
                      std::int64_t step, bool afresh) const {
    const auto workspace = workspaces_.borrow();
    estimate.window.copy(slots, workspace->values.data());
    const auto values = std::span<const double>(workspace->values).first(estimate.window.filled);
    workspace->fitter.take(values);
    const Fit fit = find(estimate, *workspace, afresh);
    add(estimate.evaluations, fit.evaluations);
    if (!fit.found) return;
    add(estimate.fits, 1);
    adopt(estimate, fit, values, workspace->season, line, season, step);
}

void Estimator::adopt(Estimate& estimate, const Fit& fit, std::span<const double> values,
                      std::span<const double> fitted_season, Line& line, std::span<double> season,
                      std::int64_t step) const {
    estimate.form = fit.form;
    estimate.weights = fit.weights;
    // With no weight at all on what is new, a gap of any length would leave the future as certain as the
    // past.
    if (std::isnan(settings_.given.alpha)) estimate.weights.alpha = std::max(fit.weights.alpha, least_alpha);
    estimate.sse = numerics::saturate(fit.sum);
    estimate.aicc = fit.aicc;
    const auto back = static_cast<std::uint64_t>(values.size());
    const std::int64_t before = numerics::step_after(estimate.window.last_step, -back);
    const std::int64_t first_local = numerics::step_after(before, 1);
    if (fit.form.has_season())
        for (std::size_t j = 0; j < season.size(); ++j)
            season[numerics::phase_of(numerics::step_after(first_local, j), season.size())] =
                numerics::saturate(fitted_season[j]);

    const Recursion recursion = this->recursion(estimate);
    line = {numerics::saturate(fit.level), numerics::saturate(fit.trend), {}, before};
    double none = recursion.neutral();
    std::size_t phase = fit.form.has_season() ? numerics::phase_of(first_local, season.size()) : 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        double& its_season = fit.form.has_season() ? season[phase] : none;
        if (!std::isnan(values[i]))
            recursion.learn(line, its_season, numerics::step_after(before, i + 1), values[i]);
        if (++phase >= season.size()) phase = 0;
    }
    line.last_step = step;
    line.errors = numerics::ErrorVariance::settled(line.errors.variance() * fit.freedom);
}

// ---- Fits in pieces -------------------------------------------------------------------------------------

void Estimator::begin(Estimate& estimate, bool afresh) const {
    Round& round = estimate.round;
    const bool young = estimate.schedule.points < 2 * settings_.window;
    const bool whole = afresh || young || !estimate.fitted();
    if (round.under_way() && (!whole || round.whole != 0)) return;
    const bool first = !estimate.fitted();
    const std::uint32_t next = whole ? 0 : round.next;
    round = {};
    round.next = next;
    round.left = whole ? challengers_.at_first() : 1;
    round.whole = whole ? 1 : 0;
    round.first = first ? 1 : 0;
    round.present = first ? 0 : 1;
    if (!first) return;
    estimate.schedule.since =
        estimate.budget.offset(fitting::sooner_while_young(settings_.refit_every, estimate.schedule));
}

void Estimator::go_on(Estimate& estimate, Line& line, std::span<double> season, std::span<const double> slots,
                      std::int64_t step) const {
    const double share = settings_.budget;
    if (!estimate.budget.earn(share)) return;
    const auto workspace = workspaces_.borrow();
    estimate.window.copy(slots, workspace->values.data());
    const auto values = std::span<const double>(workspace->values).first(estimate.window.filled);
    workspace->fitter.take(values);
    const Piece piece{estimate, line, season, step, *workspace, values};
    estimate.budget.spend(piece_cost(values.size()), share);
    while (estimate.budget.credit > 0 && choose_next(estimate, workspace->fitter)) {
        const double least =
            least_evaluations * evaluation_cost(estimate.round.form, values.size(), settings_.season_length);
        if (least > share && std::exchange(estimate.round.spread, 1u) == 0)
            estimate.budget.spread(least, share);
        else
            estimate.budget.spend(try_piece(piece), share);
    }
}

bool Estimator::may_be_tried(const Form& form, const Fitter& fitter) const {
    const bool costly = form.has_season() && !form.linear() && !settings_.requested.season &&
                        fitter.observed() * settings_.season_length > most_curved_work;
    return fitter.fits(form) && !costly;
}

// Sees to it that someone is being tried. False: the fit is over.
bool Estimator::choose_next(Estimate& estimate, const Fitter& fitter) const {
    Round& round = estimate.round;
    if (round.trying != 0 && may_be_tried(round.form, fitter)) return true;
    round.trying = 0;
    round.evaluations = 0;
    if (round.present != 0 && fitter.fits(estimate.form)) {
        round.form = estimate.form;
        round.best = estimate.weights;
        round.trying = 1;
        return true;
    }
    round.present = 0;
    std::uint32_t passed = 0;
    while (round.left > 0 && round.all_evaluations < settings_.max_evaluations) {
        const std::uint32_t place = round.next % challengers_.count();
        Form form = challengers_.form(place);
        bool fits = may_be_tried(form, fitter);
        while (!fits && !settings_.requested.chooses() && make_plainer(form))
            fits = may_be_tried(form, fitter);
        round.next = (place + 1) % challengers_.count();
        if (!fits) {
            if (round.whole != 0 || ++passed >= challengers_.count()) --round.left;
            continue;
        }
        --round.left;
        round.form = form;
        round.best = challengers_.start(place);
        round.trying = 1;
        return true;
    }
    const std::uint32_t next = round.next;
    round = {};
    round.next = next;
    return false;
}

FitOptions Estimator::options_from(const Weights& start) const {
    FitOptions options;
    options.given = settings_.given;
    if (settings_.requested.chooses()) options.region = SearchBox::Region::usual;
    options.start = &start;
    return options;
}

// Improves who is being tried by a few evaluations. Returns what that cost.
double Estimator::try_piece(const Piece& piece) const {
    Estimate& estimate = piece.estimate;
    Round& round = estimate.round;
    constexpr double most = 60;            // evaluations of a piece
    constexpr std::uint32_t enough = 100;  // of a challenger
    const double each = evaluation_cost(round.form, piece.values.size(), settings_.season_length);
    FitOptions options = options_from(round.best);
    options.max_evaluations = static_cast<std::uint32_t>(
        std::clamp(static_cast<double>(estimate.budget.credit) / each, least_evaluations, most));
    const Fit fit = piece.workspace.fitter.fit(round.form, options, piece.workspace.season);
    double cost = each * fit.evaluations;
    add(estimate.evaluations, fit.evaluations);
    add(round.evaluations, fit.evaluations);
    add(round.all_evaluations, fit.evaluations);
    const bool done = !fit.found || fit.evaluations < options.max_evaluations || round.evaluations >= enough;
    if (fit.found) {
        round.best = fit.weights;
        if (done || !estimate.fitted()) cost += judge(piece, fit);
    }
    if (done) round.trying = round.present = 0;
    return cost;
}

// Takes the fit into use if it is better than what is. Returns what that cost.
double Estimator::judge(const Piece& piece, const Fit& fit) const {
    Estimate& estimate = piece.estimate;
    Fitter& fitter = piece.workspace.fitter;
    double cost = 0;
    if (estimate.fitted() && estimate.round.present == 0 && fitter.fits(estimate.form)) {
        FitOptions options = options_from(estimate.weights);
        options.max_evaluations = 2;  // one would leave it no place
        const Fit present = fitter.fit(estimate.form, options, piece.workspace.scratch);
        cost = 2 * evaluation_cost(estimate.form, piece.values.size(), settings_.season_length);
        const double margin = estimate.round.first != 0 ? 0 : hysteresis;
        if (present.found &&
            charged_aicc(present) - (present.form == fit.form ? 0 : margin) <= charged_aicc(fit))
            return cost;
    }
    if (!estimate.fitted() || estimate.round.present != 0) add(estimate.fits, 1);
    adopt(estimate, fit, piece.values, piece.workspace.season, piece.line, piece.season, piece.step);
    return cost;
}

}  // namespace smoothing
