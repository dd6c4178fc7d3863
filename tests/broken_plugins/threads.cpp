// Starts a thread that does nothing.
#include <chrono>
#include <forecastd/plugin.hpp>
#include <thread>

struct Broken {
    static constexpr forecastd::About about{"broken.threads", "1.0.0", "Starts a thread that does nothing."};
    struct Series {
        std::int64_t points = 0;
    };
    void observe(Series& s, const forecastd::Point&) const {
        if (++s.points == 10)
            std::thread([] { std::this_thread::sleep_for(std::chrono::hours(1)); }).detach();
    }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
