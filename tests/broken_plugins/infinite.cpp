// Gives every point an infinite score.
#include <forecastd/plugin.hpp>

struct Infinite {
    static constexpr forecastd::About about{"broken.infinite", "1.0.0", "Gives an infinite score."};
    struct Series {};
    void observe(Series&, const forecastd::Point&) const {}
    forecastd::Verdict judge(const Series&, const forecastd::Point&) const {
        return {forecastd::infinity, 0, 1, -1, 1};
    }
};
FORECASTD_PLUGIN(Infinite)
