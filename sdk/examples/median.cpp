#include <forecastd/plugin.hpp>

#include <vector>

// Scores a point by its distance from the median of the last values, in their scaled median absolute deviations:
//   |value - median| / (k 1.4826 MAD)
// Source: F. R. Hampel, "The Influence Curve and its Role in Robust Estimation" (1974). 1.4826 MAD is the standard
// deviation of normal values.
struct Median {
    static constexpr forecastd::About about{"example.median", "1.0.0", "Distance from the median of late."};
    static constexpr auto params() {
        return std::tuple{
            forecastd::real<&Median::k>("k", 6.0, 0.1, 1000.0, "Scaled deviations at which the score is 1."),
            forecastd::steps<&Median::window>("window", 60, 3, 100'000, "How many values are remembered.")};
    }
    double k;
    std::size_t window;

    struct Series {
        std::uint64_t seen = 0;
    };
    using Last = std::span<const double>;
    std::size_t tail_length() const { return window; }
    bool ready(const Series& s, Last) const { return s.seen >= window; }

    static double median_of(std::vector<double>& values) {
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), middle, values.end());
        return *middle;
    }
    forecastd::Verdict judge(const Series&, Last last, const forecastd::Point& p) const {
        std::vector<double> values(last.begin(), last.end());
        const double median = median_of(values);
        for (double& value : values) value = std::abs(value - median);
        return forecastd::Verdict::symmetric(p.value, median, 1.4826 * median_of(values), k);
    }
    void observe(Series& s, std::span<double> last, const forecastd::Point& p) const {
        last[s.seen++ % window] = p.value;
    }
};
FORECASTD_PLUGIN(Median)
