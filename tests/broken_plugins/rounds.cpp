// Changes the floating point mode and the locale at the first point of a series.
#include <cfenv>
#include <clocale>
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{
        "broken.rounds", "1.0.0",
        "Changes the floating point mode and the locale at the first point of a series."};
    struct Series {
        std::int64_t points = 0;
    };
    void observe(Series& s, const forecastd::Point&) const {
        if (++s.points > 1) return;
        std::fesetround(FE_UPWARD);
        std::setlocale(LC_ALL, "C.UTF-8");
    }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
