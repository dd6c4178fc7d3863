// The plugins "naive" and "seasonal-naive": their parameters, and the calls from the SDK.
#include <forecastd/plugin.hpp>

#include "../glue/predictions.hpp"
#include "naive_model.hpp"
#include "seasonal_naive_model.hpp"

struct Naive {
    static constexpr forecastd::About about{"naive", "1.0.0", "Repeats the last value."};

    using Series = naive::State;

    bool ready(const Series& series) const { return series.begun(); }
    void forecast(const Series& series, forecastd::Forecast& out) const {
        glue::fill(out, [&](std::int64_t step, std::int64_t) { return naive::expect(series, step); });
    }
    void observe(Series& series, const forecastd::Point& point) const {
        naive::learn(series, point.step, point.value);
    }
};

struct SeasonalNaive {
    static constexpr forecastd::About about{"seasonal-naive", "1.0.0",
                                            "Repeats the value at the same phase of the last season."};

    static constexpr auto params() {
        return std::tuple{forecastd::steps<&SeasonalNaive::season_length>(
                              "season_length", 2, 2, 1'000'000,
                              "Steps after which the series repeats itself, or a duration such as \"1d\".")
                              .alias("seasonal_periods", "seasonality")
                              .required()};
    }
    std::size_t season_length;

    using Series = seasonal_naive::State;
    using Season = std::span<const double>;

    std::size_t tail_length() const { return season_length; }
    void start(Series&, std::span<double> season) const { seasonal_naive::start(season); }
    bool ready(const Series& series, Season) const { return series.last.begun(); }
    void forecast(const Series& series, Season season, forecastd::Forecast& out) const {
        glue::fill(out, [&](std::int64_t step, std::int64_t local_step) {
            return seasonal_naive::expect(series, season, step, local_step);
        });
    }
    void observe(Series& series, std::span<double> season, const forecastd::Point& point) const {
        seasonal_naive::learn(series, season, point.step, point.local_step, point.value);
    }
};
FORECASTD_PLUGIN(Naive, SeasonalNaive)
