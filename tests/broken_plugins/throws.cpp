// Throws at every point.
#include <forecastd/plugin.hpp>

struct Throws {
    static constexpr forecastd::About about{"broken.throws", "1.0.0", "Throws at every point."};
    struct Series {};
    void observe(Series&, const forecastd::Point&) const { throw std::runtime_error("the model broke down"); }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Throws)
