#include <forecastd/plugin.hpp>

// Scores a point by its distance from the running mean, in running standard deviations.
struct Deviation {
    static constexpr forecastd::About about{"example.deviation", "1.0.0", "Distance from the running mean."};
    static constexpr auto params() {
        return std::tuple{forecastd::real<&Deviation::k>("k", 3.0, 0.1, 100.0,
                                                         "Standard deviations at which the score is 1.")};
    }
    double k;

    struct Series {
        double count = 0, mean = 0, squares = 0;  // squares: of the distances from the mean, summed (Welford)
    };

    forecastd::Verdict judge(const Series& s, const forecastd::Point& p) const {
        return forecastd::Verdict::symmetric(p.value, s.mean, std::sqrt(s.squares / s.count), k);
    }
    void observe(Series& s, const forecastd::Point& p) const {
        const double distance = p.value - s.mean;
        s.mean += distance / ++s.count;
        s.squares += distance * (p.value - s.mean);
    }
};
FORECASTD_PLUGIN(Deviation)
