// Runs over its stack when its model is made.
#include <forecastd/plugin.hpp>

struct CrashesAtOnce {
    static constexpr forecastd::About about{"broken.crashes_at_once", "1.0.0",
                                            "Ends the process when a model is made."};
    struct Series {};
    CrashesAtOnce() { depth = deeper(1); }
    static int deeper(int level) {
        volatile char room[4096] = {};
        room[0] = static_cast<char>(level);
        return level < 0 ? 0 : deeper(level + 1) + room[0];
    }
    void observe(Series&, const forecastd::Point&) const {}
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
    int depth = 0;
};
FORECASTD_PLUGIN(CrashesAtOnce)
