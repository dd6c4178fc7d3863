#include <forecastd/plugin.hpp>

// Forecasts a flat line at the exponentially weighted mean of a series.
struct Ewma {
    static constexpr forecastd::About about{"example.ewma", "1.0.0", "Flat line at the weighted mean."};
    static constexpr auto params() {
        return std::tuple{
            forecastd::real<&Ewma::alpha>("alpha", 0.3, 0.0, 1.0, "Weight of the newest value.")};
    }
    double alpha;

    struct Series {
        double mean = forecastd::nan, variance = 0;
    };

    void observe(Series& s, const forecastd::Point& p) const {
        if (std::isnan(s.mean)) s.mean = p.value;
        const double error = p.value - s.mean;
        s.mean += alpha * error;
        s.variance = (1 - alpha) * (s.variance + alpha * error * error);
    }
    void forecast(const Series& s, forecastd::Forecast& out) const {
        for (auto& step : out) step = {s.mean, forecastd::known(std::sqrt(s.variance))};
    }
};
FORECASTD_PLUGIN(Ewma)
