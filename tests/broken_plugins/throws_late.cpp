// Does well for nine points of a series, and throws at the tenth.
#include <forecastd/plugin.hpp>

struct ThrowsLate {
    static constexpr forecastd::About about{"broken.throws_late", "1.0.0",
                                            "Throws at the tenth point of a series."};
    struct Series {
        std::int64_t points = 0;
    };
    void observe(Series& s, const forecastd::Point&) const {
        if (++s.points == 10) throw std::runtime_error("the model broke down at point 10");
    }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(ThrowsLate)
