// The plugins "naive" and "seasonal-naive": their parameters, and the calls from the SDK.
#include <forecastd/plugin.hpp>
#include <utility>

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
        return std::tuple{
            forecastd::steps<&SeasonalNaive::season_length>(
                "season_length", 2, 2, 1'000'000,
                "Steps after which the series repeats itself, or a duration such as \"1d\".")
                .alias("seasonal_periods", "seasonality")
                .required(),
            forecastd::steps<&SeasonalNaive::second_season_length>(
                "second_season_length", 0, 0, 1'000'000,
                "A second season, such as \"7d\"; 0 or 1: none. The longer of the two is repeated, "
                "the shorter one until that is over.")};
    }
    std::size_t season_length, second_season_length;

    using Series = seasonal_naive::State;
    using Season = std::span<const double>;

    void prepare(const forecastd::Grid&) {
        if (second_season_length > season_length) std::swap(season_length, second_season_length);
    }
    std::size_t tail_length() const { return season_length; }  // the longer one
    void start(Series&, std::span<double> season) const { seasonal_naive::start(season); }
    bool ready(const Series& series, Season) const { return series.last.begun(); }
    void forecast(const Series& series, Season season, forecastd::Forecast& out) const {
        glue::fill(out, [&](std::int64_t step, std::int64_t local_step) {
            return seasonal_naive::expect(series, season, step, local_step, second_season_length);
        });
    }
    void observe(Series& series, std::span<double> season, const forecastd::Point& point) const {
        seasonal_naive::learn(series, season, point.step, point.local_step, point.value,
                              second_season_length);
    }
};
FORECASTD_PLUGIN(Naive, SeasonalNaive)
