#include "fitter.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace smoothing {
namespace {

// A place of the grid and the sum there.
struct Start {
    double sum;
    SearchBox::Variables place;
};

// The grid: every combination is tried, in the optimiser's variables (search_box.hpp).
struct Grid {
    std::span<const double> alpha, beta, gamma, phi;
    std::size_t improved;  // the number of valleys that are improved
    double tolerance;      // of the sum, relative
};

constexpr std::array<double, 9> dense{0, 0.04, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 1};
constexpr std::array<double, 4> trends{0, 0.1, 0.4, 1};
constexpr std::array<double, 3> dampings{0, 0.5, 1};
constexpr std::array<double, 4> seasons{0, 0.1, 0.4, 1};
constexpr Grid thorough{dense, trends, seasons, dampings, 8, 1e-10};

constexpr std::array<double, 3> few{0.05, 0.35, 0.85};
constexpr std::array<double, 2> few_trends{0.02, 0.3}, few_seasons{0.05, 0.4};
constexpr std::array<double, 1> one_damping{0.9};
constexpr Grid quick{few, few_trends, few_seasons, one_damping, 2, 1e-8};

// Squares of scaled values below this are rounding.
constexpr double rounding = 1e-26;

// For profiles whose evaluations begin where the last one ended.
template <class Profile>
void begin(Profile& profile) {
    if constexpr (requires { profile.begin(); }) profile.begin();
}

}  // namespace

Fitter::Fitter(std::size_t most_values, std::size_t season_length) : season_length_(season_length) {
    given_.reserve(most_values);
    moved_.reserve(most_values);
    filled_.reserve(most_values);
}

void Fitter::take(std::span<const double> values) {
    given_.assign(values.begin(), values.end());
    origin_ = values[0];
    observed_ = 0;
    double spread = 0, size = 0;
    positive_ = true;
    for (const double value : values) {
        if (std::isnan(value)) continue;
        ++observed_;
        spread = std::max(spread, std::abs(value / 2 - origin_ / 2));
        size = std::max(size, std::abs(value));
        if (!(value > 0)) positive_ = false;
    }
    // Nothing but rounding moves: as good as a constant.
    if (!(spread > 1e-15 * size)) spread = size > 0 ? size : 1;
    scale_ = size > 0 ? size : 1;
    moved_.resize(given_.size());
    for (std::size_t i = 0; i < given_.size(); ++i) {
        moved_[i] = (values[i] / 2 - origin_ / 2) / spread * 2;
        given_[i] = values[i] / scale_;
    }
    spread_ = spread;
    fill_lost();
}

// A lost step of a season gets the line between the values one season before and behind it, whichever are
// there, else the line between its neighbours.
void Fitter::fill_lost() {
    filled_.assign(moved_.begin(), moved_.end());
    if (observed_ == moved_.size() || season_length_ == 0) return;
    const std::size_t n = filled_.size(), m = season_length_;
    for (std::size_t i = 0; i < n; ++i) {
        if (!std::isnan(filled_[i])) continue;
        const double before = i >= m ? filled_[i - m] : std::nan("");
        const double behind = i + m < n ? filled_[i + m] : std::nan("");
        if (!std::isnan(before) && !std::isnan(behind))
            filled_[i] = before / 2 + behind / 2;
        else if (!std::isnan(before))
            filled_[i] = before;
        else if (!std::isnan(behind))
            filled_[i] = behind;
    }
    for (std::size_t i = 1; i < n; ++i) {
        if (!std::isnan(filled_[i])) continue;
        std::size_t next = i;
        while (std::isnan(filled_[next])) ++next;
        const double step = (filled_[next] - filled_[i - 1]) / static_cast<double>(next - i + 1);
        filled_[i] = filled_[i - 1] + step;
    }
}

bool Fitter::fits(const Form& form) const {
    if (observed_ < 2 || (form.needs_positive() && !positive_)) return false;
    if (form.has_season() && (season_length_ < 2 || given_.size() < 2 * season_length_)) return false;
    return observed_ > form.parameter_count(season_length_) + 1;
}

template <class Profile>
void Fitter::search_cold(Search<Profile>& search, Profile& profile, const SearchBox& box, Effort effort) {
    const Grid& grid = effort == Effort::thorough ? thorough : quick;
    static constexpr std::array<double, 1> none{0};
    const auto along = [](bool there, std::span<const double> values) {
        return there ? values : std::span<const double>(none);
    };
    std::array<Start, 128> starts;
    std::size_t count = 0;
    std::array<double, dense.size()> sums{};
    for (const double gamma : along(box.has_gamma(), grid.gamma)) {
        for (const double beta : along(box.has_beta(), grid.beta)) {
            for (const double phi : along(box.has_phi(), grid.phi)) {
                const auto place = [&](double alpha) { return box.place(alpha, beta, gamma, phi); };
                const auto alphas = along(box.has_alpha(), grid.alpha);
                for (std::size_t i = 0; i < alphas.size(); ++i) {
                    begin(profile);
                    sums[i] = search.try_out(place(alphas[i]));
                }
                for (std::size_t i = 0; i < alphas.size(); ++i) {
                    const bool valley = (i == 0 || sums[i] < sums[i - 1]) &&
                                        (i + 1 == alphas.size() || sums[i] <= sums[i + 1]);
                    if (valley && std::isfinite(sums[i]) && count < starts.size())
                        starts[count++] = {sums[i], place(alphas[i])};
                }
            }
        }
    }
    std::sort(starts.begin(), starts.begin() + static_cast<std::ptrdiff_t>(count),
              [](const Start& a, const Start& b) { return a.sum < b.sum; });
    for (std::size_t i = 0; i < std::min(count, grid.improved); ++i) {
        begin(profile);
        search.improve(optimisers_, starts[i].place, grid.tolerance, Search<Profile>::Start::anywhere);
    }
}

template <class Profile>
Fit Fitter::search(Profile& profile, const Form& form, const FitOptions& options) {
    const SearchBox box(form, options.given, options.region);
    Search<Profile> search(profile, box, std::max(options.max_evaluations, 2u) - 1);  // and one at the end
    search.stop_below(rounding * static_cast<double>(observed_));
    if (options.start)
        search.improve(optimisers_, box.variables(*options.start), 1e-7,
                       Search<Profile>::Start::near_optimum);
    else
        search_cold(search, profile, box, options.effort);

    Fit fit;
    fit.form = form;
    fit.found = std::isfinite(search.best());
    if (!fit.found) return fit;
    fit.weights = box.weights(search.best_place().data());
    if constexpr (requires { profile.begin_from_kept(); }) profile.begin_from_kept();
    fit.sum = profile.evaluate(fit.weights, nullptr);
    fit.evaluations = search.evaluations() + 1;
    const auto n = static_cast<double>(observed_);
    const double estimated =
        static_cast<double>(form.parameter_count(season_length_) - form.weight_count() + box.size());
    fit.freedom = n / std::max(n - estimated + 1, 1.0);
    const double floor = std::max(fit.sum, rounding * n);
    fit.aicc = n * std::log(floor) + 2 * estimated +
               2 * estimated * (estimated + 1) / std::max(n - estimated - 1, 0.5);
    return fit;
}

Fit Fitter::fit(const Form& form, const FitOptions& options, std::span<double> season_out) {
    Fit fit;
    double origin = 0, scale = scale_;
    if (form.linear() && !form.has_season()) {
        LineProfile profile(moved_, form.has_trend());
        fit = search(profile, form, options);
        fit.level = profile.initial_level();
        fit.trend = profile.initial_trend();
        origin = origin_;
        scale = spread_;
    } else if (form.linear()) {
        if (!seasonal_) seasonal_ = std::make_unique<SeasonProfile>(filled_.capacity(), season_length_);
        seasonal_->take(filled_, form.has_trend());
        fit = search(*seasonal_, form, options);
        fit.trend = seasonal_->initial_trend();
        const auto season = seasonal_->season();
        double mean = 0;
        for (const double value : season) mean += value / static_cast<double>(season.size());
        for (std::size_t j = 0; j < season.size(); ++j) season_out[j] = (season[j] - mean) * spread_;
        fit.level = seasonal_->initial_level() + mean;
        origin = origin_;
        scale = spread_;
    } else {
        auto& curved = form.has_season() ? curved_season_ : curved_line_;
        if (!curved)
            curved =
                std::make_unique<CurvedProfile>(given_.capacity(), form.has_season() ? season_length_ : 0);
        curved->take(given_, form);
        fit = search(*curved, form, options);
        fit.level = curved->initial_level();
        fit.trend = curved->initial_trend();
        const auto season = curved->season();
        const bool ratio = form.season == Season::multiplicative;
        for (std::size_t j = 0; j < season.size(); ++j)
            season_out[j] = ratio ? season[j] : season[j] * scale_;
    }
    fit.level = origin + fit.level * scale;
    if (form.trend != Trend::multiplicative) fit.trend *= scale;
    fit.aicc += 2 * static_cast<double>(observed_) * std::log(scale);
    fit.sum = fit.sum * scale * scale;
    return fit;
}

}  // namespace smoothing
