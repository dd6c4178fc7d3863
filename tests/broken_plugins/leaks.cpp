// Keeps memory for each model.
#include <cstdlib>
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.leaks", "1.0.0", "Keeps memory for each model."};
    struct Series {};
    static inline void* volatile kept = nullptr;
    Broken() { kept = std::malloc(1000); }
    void observe(Series&, const forecastd::Point&) const {}
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
