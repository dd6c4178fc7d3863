#include <forecastd/plugin.hpp>

// Forecasts a flat line at the exponentially smoothed level of a series:
//   level <- level + alpha (value - level)
struct @TYPE@ {
    static constexpr forecastd::About about{"@ID@", "0.1.0", "Flat line at the smoothed level."};
    static constexpr auto params() {
        return std::tuple{
            forecastd::real<&@TYPE@::alpha>("alpha", 0.5, 0.01, 1.0, "Weight of the newest value.")};
    }
    double alpha;

    struct Series {
        double level = forecastd::nan;
    };

    void observe(Series& s, const forecastd::Point& p) const {
        s.level = std::isnan(s.level) ? p.value : s.level + alpha * (p.value - s.level);
    }
    void forecast(const Series& s, forecastd::Forecast& out) const {
        for (auto& step : out) step = {s.level, forecastd::nan};  // the host finds the deviation
    }
};
FORECASTD_PLUGIN(@TYPE@)
