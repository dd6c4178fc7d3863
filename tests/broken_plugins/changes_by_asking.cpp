// Counts its forecasts in the state.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.changes_by_asking", "1.0.0",
                                            "Counts its forecasts in the state."};
    struct Series {
        double last = 0, asked = 0;
    };
    bool ready(const Series& s) const { return s.last != 0; }
    void observe(Series& s, const forecastd::Point& point) const { s.last = point.value; }
    forecastd::Prediction expect(const Series& s, const forecastd::Point&) const { return {s.last, 1}; }
    void forecast(const Series& s, forecastd::Forecast& out) const {
        const_cast<Series&>(s).asked += 1;
        for (auto& step : out) step = {s.last, 1};
    }
};
FORECASTD_PLUGIN(Broken)
