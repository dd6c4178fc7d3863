// Leaves behind what crashes outside of its call: a timer that raises SIGSEGV.
#include <chrono>
#include <forecastd/plugin.hpp>
#include <thread>

struct Broken {
    static constexpr forecastd::About about{
        "broken.crashes_later", "1.0.0",
        "Leaves behind what crashes outside of its call: a timer that raises SIGSEGV."};
    struct Series {
        std::int64_t points = 0;
    };
    void observe(Series& s, const forecastd::Point&) const {
        if (++s.points == 10) arm();
    }
    static void arm() {
        std::thread([] {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            auto* const nowhere = reinterpret_cast<volatile int*>(16);  // nothing is there
            *nowhere = 1;
        }).detach();
    }
    void forecast(const Series&, forecastd::Forecast& out) const {
        for (auto& step : out) step = {0, 1};
    }
};
FORECASTD_PLUGIN(Broken)
