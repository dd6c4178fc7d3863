// Divides by the distance of the last two values.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.divides", "1.0.0",
                                            "Divides by the distance of the last two values."};
    struct Series {
        double last = 0, before = 0;
    };
    void observe(Series& s, const forecastd::Point& point) const { s = {point.value, s.last}; }
    void forecast(const Series& s, forecastd::Forecast& out) const {
        for (auto& step : out) step = {1 / (s.last - s.before), 1};
    }
};
FORECASTD_PLUGIN(Broken)
