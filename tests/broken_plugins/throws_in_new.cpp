// Throws when a model is made.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.throws_in_new", "1.0.0", "Throws when a model is made."};
    struct Series {};
    void prepare(const forecastd::Grid&) { throw 42; }
    void observe(Series&, const forecastd::Point&) const {}
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
