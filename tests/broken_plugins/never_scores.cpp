// Never gives a score.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.never_scores", "1.0.0", "Never gives a score."};
    struct Series {};
    void observe(Series&, const forecastd::Point&) const {}
    forecastd::Verdict judge(const Series&, const forecastd::Point&) const {
        return {forecastd::nan, 0, 1, -1, 1};
    }
};
FORECASTD_PLUGIN(Broken)
