// The plugin "auto": its parameters, and the calls from the SDK of the model in automatic_model.hpp.
#include <algorithm>
#include <forecastd/plugin.hpp>
#include <memory>
#include <utility>

#include "../glue/local_day.hpp"
#include "../glue/predictions.hpp"
#include "../glue/recurs.hpp"
#include "../numerics/seasons.hpp"
#include "automatic_model.hpp"

struct Auto {
    static constexpr forecastd::About about{
        "auto", "1.2.0",
        "Several simple forecasters together, weighted by how good each was of late at each distance.",
        2};  // state_version

    static constexpr auto params() {
        using forecastd::steps;
        return std::tuple{
            steps<&Auto::season_length>("season_length", 0, 0, 100'000,
                                        "Steps after which the series repeats itself, or a duration such as "
                                        "\"1d\"; 1: none; 0 or \"auto\": seasons are found in the values.")
                .alias("seasonal_periods", "seasonality")
                .or_automatic(),
            steps<&Auto::second_season_length>(
                "second_season_length", 0, 0, 100'000,
                "A second season that goes on beside the first, such as \"7d\"; 0 or 1: none."),
            steps<&Auto::horizon>("horizon", 0, 0, 100'000,
                                  "How far ahead the forecasters are judged, in steps, or a duration; 0: one "
                                  "season, at most 48 steps, or 12 without a season."),
        };
    }
    std::size_t season_length, second_season_length, horizon;

    using Series = automatic::State;
    using Floats = std::span<const float>;

    void prepare(const forecastd::Grid& grid) {
        // Room for the hour by which a lag becomes longer where the clocks are set back, and for what takes
        // the place of a day that counted as another one.
        const bool local = (grid.flags & FCD_GRID_LOCAL) != 0;
        const auto hour = static_cast<std::size_t>((forecastd::hours(1).ns - 1) / grid.interval_ns + 1);
        const std::size_t extra = local ? hour + lag::other_day_kept : 0;
        if (season_length == 0 && second_season_length < 2) {
            numerics::SeasonFinder finder(
                numerics::calendar_seasons(grid.interval_ns, automatic::longest_found),
                automatic::longest_other);
            model =
                std::make_unique<automatic::Model>(std::move(finder), horizon, extra, glue::local_day(grid));
            return;
        }
        const std::size_t first = automatic::Plan(season_length, second_season_length, 1).first_season();
        model = std::make_unique<automatic::Model>(automatic::Plan(
            season_length, second_season_length, horizon == 0 ? automatic::usual_horizon(first) : horizon,
            first > 0 ? extra : 0, glue::local_day(grid)));
    }

    auto tails() const { return std::tuple{forecastd::Tail<float>{model->floats()}}; }
    bool ready(const Series& series, Floats) const { return model->ready(series); }

    forecastd::Prediction expect(const Series& series, Floats floats, const forecastd::Point& point) const {
        return glue::prediction(model->expect(series, floats, point.step, point.local_step));
    }
    void forecast(const Series& series, Floats floats, forecastd::Forecast& out) const {
        model->forecast(series, floats, [&](automatic::Combination& combination) {
            glue::fill(out, [&](std::int64_t step, std::int64_t local_step) {
                return combination.at(step, local_step);
            });
        });
    }
    void observe(Series& series, std::span<float> floats, const forecastd::Point& point) const {
        model->learn(series, floats, point.step, point.local_step, point.value, glue::recurs(point));
    }

    struct Diagnosis {
        std::int32_t near = -1, middle = -1, far = -1;
        double near_weight = forecastd::nan, middle_weight = forecastd::nan, far_weight = forecastd::nan;
        std::int64_t season = 0, second_season = 0;
    };
    static constexpr auto diagnostics() {
        using forecastd::diagnostic;
        constexpr auto& names = automatic::member_names;
        return std::tuple{
            diagnostic<&Diagnosis::near>("leader", names,
                                         "The forecaster with the greatest weight one step ahead."),
            diagnostic<&Diagnosis::near_weight>("leader_weight", "Its weight; those of all sum to 1."),
            diagnostic<&Diagnosis::middle>("middle_leader", names, "The same a third of the horizon ahead."),
            diagnostic<&Diagnosis::middle_weight>("middle_leader_weight", "Its weight."),
            diagnostic<&Diagnosis::far>("far_leader", names, "The same at the end of the horizon."),
            diagnostic<&Diagnosis::far_weight>("far_leader_weight", "Its weight."),
            diagnostic<&Diagnosis::season>("season", "The season in use, in steps; 0: none."),
            diagnostic<&Diagnosis::second_season>("second_season",
                                                  "The longer season that goes on beside it; 0: none."),
        };
    }
    Diagnosis diagnose(const Series& series, Floats floats) const {
        if (!model->ready(series)) return {};
        const automatic::Plan& plan = model->plan(series);
        const std::size_t leads = plan.leads();
        const auto leader = [&](std::size_t lead) { return model->leader(series, floats, lead); };
        const auto near = leader(0), middle = leader(leads / 2), far = leader(leads - 1);
        const auto choice = [](const automatic::Standing& standing) {
            return static_cast<std::int32_t>(standing.member);
        };
        return {choice(near),
                choice(middle),
                choice(far),
                near.weight,
                middle.weight,
                far.weight,
                static_cast<std::int64_t>(plan.first_season()),
                static_cast<std::int64_t>(plan.second_season())};
    }

  private:
    std::unique_ptr<automatic::Model> model;
};
FORECASTD_PLUGIN(Auto)
