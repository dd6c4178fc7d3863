// Opens a file and leaves it open.
#include <fcntl.h>

#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.opens", "1.0.0", "Opens a file and leaves it open."};
    struct Series {};
    Broken() { descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC); }
    int descriptor;
    void observe(Series&, const forecastd::Point&) const {}
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
