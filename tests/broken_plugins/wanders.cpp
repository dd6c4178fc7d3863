// Goes to another directory at the first point, and crashes at the tenth.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{
        "broken.wanders", "1.0.0", "Goes to another directory at the first point, and crashes at the tenth."};
    struct Series {
        std::int64_t points = 0;
    };
    void observe(Series& s, const forecastd::Point&) const {
        if (++s.points == 1 && ::chdir("/") != 0) std::abort();
        if (s.points == 10) std::raise(SIGSEGV);
    }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
