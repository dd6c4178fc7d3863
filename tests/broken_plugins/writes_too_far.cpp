// Writes one double behind its state at the tenth point of a series.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{
        "broken.writes_too_far", "1.0.0",
        "Writes one double behind its state at the tenth point of a series."};
    struct Series {
        double points = 0, last = 0;  // 16 bytes: nothing is left up to what is aligned behind it
    };
    bool ready(const Series& s) const { return s.points > 0; }  // so that the state ends with Series
    void observe(Series& s, const forecastd::Point& p) const {
        s.last = p.value;
        if (++s.points == 10) *reinterpret_cast<volatile double*>(&s + 1) = 0;
    }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
