// Forecasts something else if more steps are asked for.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.leans_on_horizon", "1.0.0",
                                            "Forecasts something else if more steps are asked for."};
    struct Series {
        double last = 0;
    };
    void observe(Series& s, const forecastd::Point& point) const { s.last = point.value; }
    forecastd::Prediction expect(const Series& s, const forecastd::Point&) const { return {s.last, 1}; }
    void forecast(const Series& s, forecastd::Forecast& out) const {
        const double more = out.size() > 30 ? 1 : 0;
        for (auto& step : out) step = {s.last + more, 1};
    }
};
FORECASTD_PLUGIN(Broken)
