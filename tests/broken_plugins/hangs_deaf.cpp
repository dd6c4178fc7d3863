// Blocks every signal and never returns, at the tenth point of a series.
#include <signal.h>

#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{
        "broken.hangs_deaf", "1.0.0",
        "Blocks every signal and never returns, at the tenth point of a series."};
    struct Series {
        std::int64_t points = 0;
    };
    void observe(Series& s, const forecastd::Point&) const {
        if (++s.points == 10) be_deaf();
    }
    static void be_deaf() {
        sigset_t all;
        ::sigfillset(&all);
        ::sigprocmask(SIG_SETMASK, &all, nullptr);
        for (volatile bool on = true; on;) continue;
    }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
