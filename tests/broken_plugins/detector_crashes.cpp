// A detector that takes the process down at the tenth point of a series, and at later ones, if it is below 0.
#include <csignal>
#include <forecastd/plugin.hpp>

struct Crashes {
    static constexpr forecastd::About about{
        "broken.detector_crashes", "1.0.0",
        "Ends the process at the tenth point of a series or a later one, if it is below 0."};
    struct Series {
        std::int64_t points = 0;
    };
    void observe(Series& s, const forecastd::Point& point) const {
        if (++s.points >= 10 && point.value < 0) std::raise(SIGSEGV);
    }
    forecastd::Verdict judge(const Series&, const forecastd::Point&) const { return {0, 0, 1, -1, 1}; }
};
FORECASTD_PLUGIN(Crashes)
