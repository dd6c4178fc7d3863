// The plugin "zscore": the parameters of zscore_model.hpp, and its calls from the SDK.
#include <algorithm>
#include <forecastd/plugin.hpp>
#include <stdexcept>

#include "zscore_model.hpp"

struct ZScore {
    static constexpr forecastd::About about{"zscore", "1.1.0",
                                            "How many deviations a point lies from what was expected.", 2};

    static constexpr auto params() {
        using forecastd::integer, forecastd::real, forecastd::steps;
        return std::tuple{
            real<&ZScore::z_threshold>("z_threshold", 4, 0.1, 1000,
                                       "Deviations from the expectation at which the score is 1.")
                .alias("sigma", "k"),
            steps<&ZScore::half_life>(
                "half_life", 200, 1, 10'000'000,
                "Points, or a duration, after which a point's weight in mean and deviation has halved."),
            steps<&ZScore::window>(
                "window", 0, 0, 100'000,
                "Points, or a duration, that mean and deviation are taken over, all alike; 0: by half_life."),
            integer<&ZScore::min_samples>(
                "min_samples", 30, 2, 1'000'000,
                "Points to learn before the first is judged; a smaller window is enough.")
                .alias("min_n_samples_seen", "warmup"),
            steps<&ZScore::relearn_after>(
                "relearn_after", 100, 1, 1'000'000,
                "Anomalies in a row, or as a duration, after which they are the new normal."),
            real<&ZScore::min_scale>("min_scale", 0, 0, 1e300,
                                     "Least deviation to judge by, in the unit of the value."),
            real<&ZScore::min_rel_scale>("min_rel_scale", 1e-9, 0, 1,
                                         "Least deviation to judge by, as a part of the expected value."),
        };
    }
    double z_threshold, min_scale, min_rel_scale;
    std::int64_t half_life, min_samples, relearn_after;
    std::size_t window;

    using Series = zscore::State;
    using Window = std::span<const double>;

    void prepare(const forecastd::Grid& grid) {
        if ((grid.flags & FCD_GRID_TRIAL) && window == 1)
            window = 2;  // a duration that is longer on the real grid
        if (window == 1)
            throw std::invalid_argument(
                "window is 1, and one point has no deviation; give 2 or more, or 0 for none");
        const auto needed = static_cast<std::size_t>(min_samples);
        model = zscore::Model({z_threshold, static_cast<double>(half_life), min_scale, min_rel_scale,
                               static_cast<std::uint32_t>(window > 0 ? std::min(needed, window) : needed),
                               static_cast<std::uint32_t>(relearn_after)});
    }
    std::size_t tail_length() const { return window; }

    bool ready(const Series&, Window) const { return true; }  // judge() says itself what is not known yet
    forecastd::Verdict judge(const Series& series, Window, const forecastd::Point& point) const {
        if (!model.can_judge(series, observed(point))) return {};
        const auto [score, expected, deviation, lower, upper] = model.judge(series, observed(point));
        return {score, expected, deviation, lower, upper};
    }
    void observe(Series& series, std::span<double> tail, const forecastd::Point& point) const {
        model.learn(series, observed(point), tail);
    }

  private:
    static zscore::Observed observed(const forecastd::Point& point) {
        return {point.value, point.expected, point.deviation};
    }

    zscore::Model model;
};
FORECASTD_PLUGIN(ZScore)
