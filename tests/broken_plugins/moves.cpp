// Changes the working directory.
#include <unistd.h>

#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.moves", "1.0.0", "Changes the working directory."};
    struct Series {};
    void observe(Series&, const forecastd::Point&) const { [[maybe_unused]] const int done = ::chdir("/"); }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
