// The plugin "trend": its parameters, and the calls from the SDK of the model in trend_model.hpp.
#include <algorithm>
#include <forecastd/plugin.hpp>
#include <memory>
#include <stdexcept>
#include <string>

#include "../glue/predictions.hpp"
#include "trend_model.hpp"

struct Trend {
    static constexpr forecastd::About about{
        "trend", "1.0.0",
        "A robust straight line with seasons: where the series goes in the long run, and how sure that is."};

    static constexpr auto params() {
        using forecastd::steps;
        return std::tuple{
            steps<&Trend::window>("window", 0, 0, 1'000'000,
                                  "How many of the last values the line is fitted to, or a duration such as "
                                  "\"7d\"; 0: 288, or four of the longest season if these are more."),
            steps<&Trend::season_length>("season_length", 0, 0, 100'000,
                                         "Steps after which the series repeats itself, or a duration such as "
                                         "\"1d\"; 0 or 1: none.")
                .alias("seasonal_periods", "seasonality"),
            steps<&Trend::second_season_length>(
                "second_season_length", 0, 0, 100'000,
                "A second season that goes on beside the first, such as \"7d\"; 0 or 1: none."),
        };
    }
    std::size_t window, season_length, second_season_length;

    using Series = trend::State;
    using Numbers = std::span<const double>;

    void prepare(const forecastd::Grid& grid) {
        const std::size_t longest = std::max(season_length, second_season_length);
        if (window == 0) window = std::max<std::size_t>(288, longest > 1 ? 4 * longest : 0);
        // Durations mean nothing on a trial grid: what they make of window and season is no reason to refuse
        // them.
        if (grid.flags & FCD_GRID_TRIAL) window = std::max(window, 2 * longest);
        if (window < std::max<std::size_t>(8, longest > 1 ? 2 * longest : 0))
            throw std::invalid_argument(
                "window is " + std::to_string(window) + " steps, expected at least " +
                (longest > 1 ? "two seasons, " + std::to_string(2 * longest) : std::string("8")) +
                "; make window longer, or leave it out");
        model = std::make_unique<trend::Model>(window, season_length, second_season_length);
    }

    auto tails() const {
        using forecastd::Tail;
        const trend::Blocks& blocks = model->blocks();
        return std::tuple{Tail<double>{blocks.count()}, Tail<double>{blocks.phases()},
                          Tail<double>{blocks.short_phases()}};
    }
    bool ready(const Series& series, Numbers, Numbers, Numbers) const { return model->ready(series); }

    forecastd::Prediction expect(const Series& series, Numbers means, Numbers season, Numbers short_season,
                                 const forecastd::Point& point) const {
        return glue::prediction(
            model->expect(series, {means, season, short_season}, point.step, point.local_step));
    }
    void forecast(const Series& series, Numbers means, Numbers season, Numbers short_season,
                  forecastd::Forecast& out) const {
        glue::fill(out, [&](std::int64_t step, std::int64_t local_step) {
            return model->expect(series, {means, season, short_season}, step, local_step);
        });
    }
    void observe(Series& series, std::span<double> means, std::span<double> season,
                 std::span<double> short_season, const forecastd::Point& point) const {
        model->learn(series, {means, season, short_season}, point.step, point.local_step, point.value);
    }

    struct Diagnosis {
        double slope = forecastd::nan, slope_deviation = forecastd::nan, season = forecastd::nan,
               inflation = forecastd::nan;
        std::uint32_t blocks = 0, fits = 0;
    };
    static constexpr auto diagnostics() {
        using forecastd::diagnostic;
        return std::tuple{
            diagnostic<&Diagnosis::slope>("slope", "By how much the forecasts climb in one step."),
            diagnostic<&Diagnosis::slope_deviation>("slope_deviation", "The standard deviation of that."),
            diagnostic<&Diagnosis::inflation>(
                "past_error", "Squared errors of past lines half a window ahead, over their variance."),
            diagnostic<&Diagnosis::season>("is_seasonal", "1: a season is in use, 0: none."),
            diagnostic<&Diagnosis::blocks>("blocks", "Blocks of values that the last fit was made of."),
            diagnostic<&Diagnosis::fits>("fits", "Fits so far."),
        };
    }
    Diagnosis diagnose(const Series& series, Numbers, Numbers, Numbers) const {
        if (!model->ready(series) || series.fits == 0) return {};
        return {model->slope(series),
                model->slope_deviation(series),
                static_cast<double>(series.line.is_seasonal),
                trend::Model::inflation(series),
                series.line.used,
                series.fits};
    }

  private:
    std::unique_ptr<trend::Model> model;
};
FORECASTD_PLUGIN(Trend)
