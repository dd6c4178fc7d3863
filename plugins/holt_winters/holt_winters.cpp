// The plugin "holt-winters": the parameters of holt_winters_model.hpp, and its calls from the SDK.
#include <forecastd/plugin.hpp>

#include "holt_winters_model.hpp"

struct HoltWinters {
    static constexpr forecastd::About about{
        "holt-winters", "1.0.0",
        "Level, trend and season, exponentially smoothed; the season adds or multiplies."};

    enum class Trend : std::int32_t { none, additive };

    static constexpr auto params() {
        using forecastd::boolean, forecastd::choice, forecastd::real, forecastd::steps;
        return std::tuple{
            steps<&HoltWinters::season_length>(
                "season_length", 2, 2, 100'000,
                "Steps after which the series repeats itself, or a duration such as \"1d\".")
                .alias("seasonal_periods", "seasonality")
                .required(),
            choice<&HoltWinters::seasonal>(
                "seasonal", holt_winters::Season::additive, {"add", "mul"},
                "Whether the season is added to the level or, for values above 0, multiplies it."),
            choice<&HoltWinters::trend>("trend", Trend::additive, {"none", "add"},
                                        "Whether the level has a trend."),
            boolean<&HoltWinters::damped_trend>(
                "damped_trend", true, "Whether the trend fades over the horizon instead of going on forever.")
                .alias("damped"),
            real<&HoltWinters::alpha>("alpha", 0.4, 0, 1, "Weight of the newest value in the level.")
                .alias("smoothing_level"),
            real<&HoltWinters::beta>("beta", 0.01, 0, 1,
                                     "Weight of the newest change of the level in the trend.")
                .alias("smoothing_trend"),
            real<&HoltWinters::gamma>("gamma", 0.2, 0, 1,
                                      "Weight of the newest value in the season at its phase.")
                .alias("smoothing_seasonal"),
            real<&HoltWinters::phi>(
                "phi", 0.98, 0, 1,
                "What is left of a damped trend after each step; ignored if it is not damped.")
                .alias("damping_trend"),
        };
    }
    std::size_t season_length;
    holt_winters::Season seasonal;
    Trend trend;
    bool damped_trend;
    double alpha, beta, gamma, phi;

    using Series = holt_winters::State;
    using Season = std::span<const double>;

    void prepare(const forecastd::Grid&) {
        model = holt_winters::Model(
            {alpha, beta, gamma, damped_trend ? phi : 1, trend == Trend::additive, seasonal, season_length});
    }
    std::size_t tail_length() const { return season_length; }
    void start(Series&, std::span<double> season) const { holt_winters::start(season); }
    bool ready(const Series& series, Season) const { return series.begun(); }

    forecastd::Prediction expect(const Series& series, Season season, const forecastd::Point& point) const {
        const holt_winters::Model::Outlook outlook(model, series, season, point.step, point.local_step);
        const auto [mean, deviation] = outlook.expect();
        return {mean, deviation};
    }
    void forecast(const Series& series, Season season, forecastd::Forecast& out) const {
        holt_winters::Model::Outlook outlook(model, series, season, out.first_step(), out.first_local_step());
        for (auto& prediction : out) {
            const auto [mean, deviation] = outlook.expect();
            prediction = {mean, deviation};
            outlook.next();
        }
    }
    void observe(Series& series, std::span<double> season, const forecastd::Point& point) const {
        model.learn(series, season, point.step, point.local_step, point.value);
    }

    holt_winters::Model model;
};
FORECASTD_PLUGIN(HoltWinters)
