// Wants a state of 8 MB for each series.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.huge", "1.0.0", "Wants a state of 8 MB for each series."};
    struct Series {
        double values[1000000];
    };
    void observe(Series&, const forecastd::Point&) const {}
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
