// Believes that a step of local time is never negative.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.leans_on_utc", "1.0.0",
                                            "Believes that no local step is negative."};
    struct Series {
        std::int64_t last_local_step = 0;
        double last = 0;
    };
    void observe(Series& s, const forecastd::Point& point) const {
        if (point.local_step < 0) throw std::out_of_range("there is no phase of local step below 0");
        s = {point.local_step, point.value};
    }
    void forecast(const Series& s, forecastd::Forecast& out) const {
        for (auto& step : out) step = {s.last, 1};
    }
};
FORECASTD_PLUGIN(Broken)
