// Gives quantiles from the highest to the lowest.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.descends", "1.0.0",
                                            "Gives quantiles from the highest to the lowest."};
    struct Series {
        double last = 0;
    };
    void observe(Series& s, const forecastd::Point& point) const { s.last = point.value; }
    void forecast(const Series& s, forecastd::Forecast& out) const {
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i] = {s.last, 1};
            for (std::size_t k = 0; k < out.levels().size(); ++k)
                out.quantiles(i)[k] = s.last - out.levels()[k];
        }
    }
};
FORECASTD_PLUGIN(Broken)
