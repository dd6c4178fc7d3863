// Takes over no state of another version, which is allowed: one of its own is copied by the host.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.migrates_nothing", "2.0.0",
                                            "The mean of all values, which no other state becomes.", 2};
    struct Series {
        double count = 0, mean = 0;
    };
    void observe(Series& s, const forecastd::Point& point) const {
        s.mean += (point.value - s.mean) / ++s.count;
    }
    void forecast(const Series& s, forecastd::Forecast& out) const {
        for (auto& step : out) step = {s.mean, 1};
    }
    bool migrate(const forecastd::Saved&, Series&) const { return false; }
};
FORECASTD_PLUGIN(Broken)
