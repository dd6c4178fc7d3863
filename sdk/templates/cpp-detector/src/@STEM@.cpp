#include <forecastd/plugin.hpp>

// Scores a point by its distance from the exponentially smoothed level, in smoothed distances:
//   spread <- spread + alpha (|value - level| - spread),  level <- level + alpha (value - level)
struct @TYPE@ {
    static constexpr forecastd::About about{"@ID@", "0.1.0", "Distance from the smoothed level."};
    static constexpr auto params() {
        return std::tuple{
            forecastd::real<&@TYPE@::alpha>("alpha", 0.5, 0.01, 1.0, "Weight of the newest value."),
            forecastd::real<&@TYPE@::k>("k", 4.0, 0.1, 1000.0, "Usual distances at which the score is 1.")};
    }
    double alpha, k;

    struct Series {
        double level = forecastd::nan, spread = 0;
    };

    bool ready(const Series& s) const { return s.spread > 0; }  // without a distance there is no scale

    forecastd::Verdict judge(const Series& s, const forecastd::Point& p) const {
        forecastd::Verdict verdict = forecastd::Verdict::symmetric(p.value, s.level, s.spread, k);
        verdict.deviation = forecastd::nan;  // a mean distance is no standard deviation
        return verdict;
    }
    void observe(Series& s, const forecastd::Point& p) const {
        if (std::isnan(s.level)) s.level = p.value;
        s.spread += alpha * (std::abs(p.value - s.level) - s.spread);
        s.level += alpha * (p.value - s.level);
    }
};
FORECASTD_PLUGIN(@TYPE@)
