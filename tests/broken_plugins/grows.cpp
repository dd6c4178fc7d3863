// Refuses the least value of its parameter, and wants 400 MB a series for the greatest.
#include <forecastd/plugin.hpp>

struct Broken {
    static constexpr forecastd::About about{"broken.grows", "1.0.0",
                                            "Forecasts the mean of the last values."};
    static constexpr auto params() {
        return std::tuple{
            forecastd::steps<&Broken::window>("window", 20, 1, 50'000'000, "How many values are kept.")};
    }
    std::size_t window = 20;
    struct Series {
        std::uint64_t seen = 0;
    };
    void prepare(const forecastd::Grid&) {
        if (window == 1)
            throw std::invalid_argument("window is 1, and one value has no spread; give 2 or more");
    }
    std::size_t tail_length() const { return window; }
    void observe(Series& s, std::span<double> last, const forecastd::Point& p) const {
        last[s.seen++ % window] = p.value;
    }
    void forecast(const Series& s, std::span<const double> last, forecastd::Forecast& out) const {
        double sum = 0;
        const std::size_t count = std::min<std::size_t>(s.seen, window);
        for (std::size_t i = 0; i < count; ++i) sum += last[i];
        for (auto& step : out) step = {sum / static_cast<double>(count), 1};
    }
};
FORECASTD_PLUGIN(Broken)
