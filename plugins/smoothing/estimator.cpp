#include "estimator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"
#include "../numerics/steps.hpp"
#include "simple_fit.hpp"

namespace smoothing {
namespace {

constexpr std::uint32_t fresh_every = 10;  // fits

}  // namespace

Estimator::Workspace::Workspace(const Settings& settings)
    : fitter(settings.window, settings.season_length),
      leads(settings.horizon > 0 ? std::make_unique<LeadsFitter>(settings.window, settings.season_length,
                                                                 settings.second_length, settings.horizon)
                                 : nullptr),
      values(settings.window),
      season(settings.season_length),
      scratch(settings.season_length) {}

void Estimator::Workspace::take(std::span<const double> window) {
    if (leads)
        leads->take(fitter, window);
    else
        fitter.take(window);
}

Fit Estimator::Workspace::fit(const Form& form, const FitOptions& options, std::span<double> season_out) {
    if (leads) return leads->fit(fitter, form, options, season_out);
    return fitter.fit(form, options, season_out);
}

Estimator::Estimator(const Settings& settings)
    : settings_(settings),
      challengers_(settings.requested, settings.horizon > 0 ? Loss::leads : Loss::squares),
      workspaces_([settings] { return std::make_unique<Workspace>(settings); }) {}

Recursion Estimator::recursion(const Estimate& estimate) const {
    const Weights& w = estimate.weights;
    if (!has_season(estimate)) return {estimate.form, DampedTrend(w.alpha, w.beta, w.phi)};
    return {estimate.form, DampedTrend(w.alpha, w.beta, w.phi, w.gamma, settings_.season_length)};
}

void Estimator::learn(Estimate& estimate, Line& line, Seasons seasons, std::span<double> slots,
                      std::int64_t step, std::int64_t local_step, double value, bool recurs) const {
    // Only a form that was chosen by AICc can get here with a value that it cannot take: where the user asked
    // for the form, the plugin has refused the value.
    const bool misfit = estimate.fitted() && estimate.form.needs_positive() && !(value > 0);
    if (estimate.fitted() && !misfit) {
        const Recursion recursion = this->recursion(estimate);
        double none = recursion.neutral();
        double& its_season =
            has_season(estimate) ? seasons.first[numerics::phase_of(local_step, seasons.first.size())] : none;
        if (seasons.second.empty()) {
            recursion.learn(line, its_season, step, value, recurs);
        } else {
            double& second = seasons.second[numerics::phase_of(local_step, seasons.second.size())];
            const double rest = numerics::saturate(value - second);
            const double expected = recursion.expect(line, its_season, recursion.reach(line, step)).mean;
            recursion.learn(line, its_season, step, rest, recurs);
            second = numerics::saturate(second +
                                        estimate.weights.second_gamma * numerics::saturate(rest - expected));
        }
    }
    const bool is_other_day = numerics::is_other_day(step, local_step, settings_.day);
    if (is_other_day)
        fitting::add(estimate.schedule.since, 1);
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
        if (estimate.round.under_way()) go_on(estimate, line, seasons, slots, step);
    } else if (is_due) {
        refit(estimate, line, seasons, slots, step, misfit || overrun);
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
    fitting::add(schedule.since, 1);
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
            return choose_with(
                workspace.fitter, workspace.leads ? Loss::leads : Loss::squares,
                [&](const Form& form, const FitOptions& its_options, std::span<double> season) {
                    return workspace.fit(form, its_options, season);
                },
                settings_.requested, options, present, workspace.season, workspace.scratch);
        options.start = &estimate.weights;
        return workspace.fit(estimate.form, options, workspace.season);
    }
    Form form = settings_.requested.form();
    while (!workspace.fitter.fits(form))
        if (!make_plainer(form)) return {};
    if (!fresh && form == estimate.form) options.start = &estimate.weights;
    return workspace.fit(form, options, workspace.season);
}

void Estimator::refit(Estimate& estimate, Line& line, Seasons seasons, std::span<const double> slots,
                      std::int64_t step, bool afresh) const {
    const auto workspace = workspaces_.borrow();
    estimate.window.copy(slots, workspace->values.data());
    const auto values = std::span<const double>(workspace->values).first(estimate.window.filled);
    workspace->take(values);
    const Fit fit = find(estimate, *workspace, afresh);
    fitting::add(estimate.evaluations, fit.evaluations);
    if (!fit.found) return;
    fitting::add(estimate.fits, 1);
    adopt({estimate, line, seasons, step, *workspace, values}, fit);
}

void Estimator::adopt(const Piece& piece, const Fit& fit) const {
    Estimate& estimate = piece.estimate;
    estimate.form = fit.form;
    estimate.weights = fit.weights;
    // With no weight at all on what is new, a gap of any length would leave the future as certain as the
    // past.
    if (std::isnan(settings_.given.alpha)) estimate.weights.alpha = std::max(fit.weights.alpha, least_alpha);
    estimate.sse = numerics::saturate(fit.sum);
    estimate.aicc = fit.aicc;
    if (piece.workspace.leads)
        take_over(piece, fit);
    else
        run_over(piece, fit);
    piece.line.last_step = piece.step;
    piece.line.errors = numerics::ErrorVariance::settled(piece.line.errors.variance() * fit.freedom);
}

void Estimator::run_over(const Piece& piece, const Fit& fit) const {
    const Estimate& estimate = piece.estimate;
    Line& line = piece.line;
    const std::span<double> season = piece.seasons.first;
    const std::span<const double> values = piece.values;
    const auto back = static_cast<std::uint64_t>(values.size());
    const std::int64_t before = numerics::step_after(estimate.window.last_step, -back);
    const std::int64_t first_local = numerics::step_after(before, 1);
    if (fit.form.has_season())
        for (std::size_t j = 0; j < season.size(); ++j)
            season[numerics::phase_of(numerics::step_after(first_local, j), season.size())] =
                numerics::saturate(piece.workspace.season[j]);

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
}

void Estimator::take_over(const Piece& piece, const Fit& fit) {
    const auto end = piece.workspace.leads->end(fit, piece.workspace.season);
    const std::int64_t last = piece.estimate.window.last_step;
    piece.estimate.sse = numerics::saturate(end.sum);
    piece.line = {numerics::saturate(end.level), numerics::saturate(end.trend), end.errors, last};
    // Those of the steps that follow, from the next one on.
    const auto turn = [&](std::span<const double> from, double unit, std::span<double> to) {
        for (std::size_t j = 0; j < to.size(); ++j)
            to[numerics::phase_of(numerics::step_after(last, j + 1), to.size())] =
                from.empty() ? 0 : numerics::saturate(from[j] * unit);
    };
    if (fit.form.has_season()) turn(end.season, end.season_unit, piece.seasons.first);
    turn(end.second, end.second_unit, piece.seasons.second);
}

}  // namespace smoothing
