// Never has enough to forecast from.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.never_forecasts", "1.0.0",
                                            "Never has enough to forecast from."};
    struct Series {};
    bool ready(const Series&) const { return false; }
    void observe(Series&, const forecastd::Point&) const {}
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
