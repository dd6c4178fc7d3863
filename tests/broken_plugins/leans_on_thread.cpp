// Counts points in a variable of the thread.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.leans_on_thread", "1.0.0",
                                            "Gives another forecast on another thread."};
    struct Series {
        double last = 0;
    };
    static bool is_first_thread() {
        static const char* first = nullptr;
        thread_local char mine = 0;
        if (!first) first = &mine;
        return first == &mine;
    }
    void observe(Series& s, const forecastd::Point& point) const { s.last = point.value; }
    forecastd::Prediction expect(const Series& s, const forecastd::Point&) const {
        return {s.last + (is_first_thread() ? 0 : 1), 1};
    }
    void forecast(const Series& s, forecastd::Forecast& out) const {
        for (auto& step : out) step = {s.last + (is_first_thread() ? 0 : 1), 1};
    }
};
FORECASTD_PLUGIN(Broken)
