// Writes a message at each point.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.talks", "1.0.0", "Writes a message at each point."};
    struct Series {};
    void observe(Series&, const forecastd::Point&) const {
        const auto* const log = static_cast<const fcd_log*>(forecastd::host()->service(FCD_LOG));
        log->write(FCD_LOG_WARN, "the sensor\nis odd");
    }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
