// Forecasts NaN.
#include <forecastd/plugin.hpp>

struct Nan {
    static constexpr forecastd::About about{"broken.nan", "1.0.0", "Forecasts NaN."};
    struct Series {};
    void observe(Series&, const forecastd::Point&) const {}
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {forecastd::nan, 1};
    }
};
FORECASTD_PLUGIN(Nan)
