// Does well for nine points of a series, and takes the process down at the tenth.
#include <csignal>
#include <forecastd/plugin.hpp>

struct Crashes {
    static constexpr forecastd::About about{"broken.crashes", "1.0.0",
                                            "Ends the process at the tenth point of a series."};
    struct Series {
        std::int64_t points = 0;
    };
    void observe(Series& s, const forecastd::Point&) const {
        if (++s.points == 10) std::raise(SIGSEGV);
    }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Crashes)
