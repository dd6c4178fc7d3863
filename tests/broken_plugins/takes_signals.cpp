// Ignores crashes, blocks SIGTERM, and crashes at the tenth point of a series.
#include <signal.h>

#include <csignal>
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{
        "broken.takes_signals", "1.0.0",
        "Ignores crashes, blocks SIGTERM, and crashes at the tenth point of a series."};
    struct Series {
        std::int64_t points = 0;
    };
    Broken() { std::signal(SIGSEGV, SIG_IGN); }
    void observe(Series& s, const forecastd::Point&) const {
        sigset_t set;
        ::sigemptyset(&set);
        ::sigaddset(&set, SIGTERM);
        ::sigprocmask(SIG_BLOCK, &set, nullptr);
        if (++s.points == 10) std::raise(SIGSEGV);
    }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
