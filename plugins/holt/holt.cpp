// The plugin "holt": the parameters of holt_model.hpp, and its calls from the SDK.
#include "holt_model.hpp"

#include <forecastd/plugin.hpp>

struct Holt {
    static constexpr forecastd::About about{
        "holt", "1.0.0",
        "Level and trend, exponentially smoothed; the trend may be damped or multiplicative."};

    static constexpr auto params() {
        using forecastd::boolean, forecastd::choice, forecastd::real;
        return std::tuple{
            real<&Holt::alpha>("alpha", 0.7, 0, 1,
                               "Weight of the newest value in the level; 1 forgets all others.")
                .alias("smoothing_level"),
            real<&Holt::beta>(
                "beta", 0.03, 0, 1,
                "Weight of the newest change of the level in the trend; 0 keeps the trend at none.")
                .alias("smoothing_trend"),
            boolean<&Holt::damped_trend>(
                "damped_trend", true, "Whether the trend fades over the horizon instead of going on forever.")
                .alias("damped"),
            real<&Holt::phi>("phi", 0.9, 0, 1,
                             "What is left of a damped trend after each step; ignored if it is not damped.")
                .alias("damping_trend"),
            choice<&Holt::trend>(
                "trend", holt::Trend::additive, {"add", "mul"},
                "Whether the level moves by a difference or, for values above 0, by a ratio."),
        };
    }
    double alpha, beta, phi;
    bool damped_trend;
    holt::Trend trend;

    using Series = holt::State;

    void prepare(const forecastd::Grid&) {
        model = holt::Model(trend, smoothing::DampedTrend(alpha, beta, damped_trend ? phi : 1));
    }
    bool ready(const Series& series) const { return series.begun(); }

    forecastd::Prediction expect(const Series& series, const forecastd::Point& point) const {
        const auto [mean, deviation] = model.expect(series, model.reach(series, point.step));
        return {mean, deviation};
    }
    void forecast(const Series& series, forecastd::Forecast& out) const {
        auto reach = model.reach(series, out.first_step());
        for (auto& step : out) {
            const auto [mean, deviation] = model.expect(series, reach);
            step = {mean, deviation};
            model.extend(reach);
        }
    }
    void observe(Series& series, const forecastd::Point& point) const {
        model.learn(series, point.step, point.value);
    }

    holt::Model model;
};
FORECASTD_PLUGIN(Holt)
