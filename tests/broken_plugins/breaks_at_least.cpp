// Divides by a parameter that may be 0.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.breaks_at_least", "1.0.0",
                                            "Divides by a parameter that may be 0."};
    static constexpr auto params() {
        return std::tuple{forecastd::real<&Broken::weight>("weight", 0.5, 0, 1, "Divides the last value.")};
    }
    double weight = 0.5;
    struct Series {
        double last = 0;
    };
    void observe(Series& s, const forecastd::Point& point) const { s.last = point.value; }
    void forecast(const Series& s, forecastd::Forecast& out) const {
        for (auto& step : out) step = {s.last / weight, 1};
    }
};
FORECASTD_PLUGIN(Broken)
