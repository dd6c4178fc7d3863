// Gives a score below 0.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.negative", "1.0.0", "Gives a score below 0."};
    struct Series {};
    void observe(Series&, const forecastd::Point&) const {}
    forecastd::Verdict judge(const Series&, const forecastd::Point&) const { return {-1, 0, 1, -1, 1}; }
};
FORECASTD_PLUGIN(Broken)
