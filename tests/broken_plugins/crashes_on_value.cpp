// Does well, and takes the process down at the value 666.
#include <csignal>
#include <forecastd/plugin.hpp>

struct Crashes {
    static constexpr forecastd::About about{"broken.crashes_on_value", "1.0.0",
                                            "Ends the process at the value 666."};
    struct Series {
        double last = 0;
    };
    void observe(Series& s, const forecastd::Point& point) const {
        if (point.value == 666) std::raise(SIGSEGV);
        s.last = point.value;
    }
    void forecast(const Series& s, forecastd::Forecast& out) const {
        for (auto& step : out) step = {s.last, 1};
    }
};
FORECASTD_PLUGIN(Crashes)
