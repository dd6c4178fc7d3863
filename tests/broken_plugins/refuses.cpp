// Refuses its own default parameters when a model is made.
#include <forecastd/plugin.hpp>

struct Refuses {
    static constexpr forecastd::About about{"broken.refuses", "1.0.0", "Refuses every model."};
    struct Series {};
    void prepare(const forecastd::Grid&) {
        throw std::invalid_argument("these parameters do not go together");
    }
    void observe(Series&, const forecastd::Point&) const {}
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Refuses)
