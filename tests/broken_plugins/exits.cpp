// Calls exit() at the tenth point of a series.
#include <cstdlib>
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.exits", "1.0.0",
                                            "Calls exit() at the tenth point of a series."};
    struct Series {
        std::int64_t points = 0;
    };
    void observe(Series& s, const forecastd::Point&) const {
        if (++s.points == 10) std::exit(3);
    }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
