// How strong a season is: 1 - var(rest) / var(season + rest), of a decomposition by STL.
//
// STL in brief, twice over: take off the trend; smooth the values of each phase by loess (weighted mean of
// the nearest 11 years); take off what is left of a trend in that (moving averages of m, m, 3, then loess of
// length m); what remains is the season, and loess of the series without it is the trend. No robust passes.
// Sources: R. B. Cleveland, W. S. Cleveland, J. E. McRae & I. Terpenning, STL, J. Official Statistics 6,
// 1990; the measure: X. Wang, K. A. Smith & R. J. Hyndman, Characteristic-based clustering for time series
// data, Data Mining and Knowledge Discovery 13, 2006; above 0.64 R's auto.arima takes seasonal differences.
#ifndef FORECASTD_PLUGINS_ARIMA_SEASONAL_STRENGTH_HPP
#define FORECASTD_PLUGINS_ARIMA_SEASONAL_STRENGTH_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace arima {

// Thread: one at a time.
class SeasonalStrength {
  public:
    static constexpr double strong = 0.64;

    explicit SeasonalStrength(std::size_t values)
        : trend_(values),
          season_(values),
          work_(3 * values + 8),
          smooth_(3 * values + 8),
          spare_(3 * values + 8) {}

    // x: at least two seasons of season >= 2 values, and no more than the room.
    double operator()(std::span<const double> x, std::size_t season) {
        const std::size_t n = x.size(), m = season;
        const std::size_t trend_window = odd(1.5 * static_cast<double>(m) / (1 - 1.5 / seasons));
        std::fill_n(trend_.begin(), n, 0.0);
        for (int pass = 0; pass < 2; ++pass) {
            smooth_phases(x, m);
            // smooth_: n + 2m values, from one season before the first; to the level in them.
            const std::size_t wide = n + 2 * m;
            moving_average(smooth_.data(), wide, m, work_.data());
            moving_average(work_.data(), wide - m + 1, m, spare_.data());
            moving_average(spare_.data(), wide - 2 * m + 2, 3, work_.data());
            for (std::size_t t = 0; t < n; ++t)
                season_[t] = smooth_[m + t] - loess({work_.data(), n}, odd(static_cast<double>(m)), true,
                                                    static_cast<double>(t));
            for (std::size_t t = 0; t < n; ++t) work_[t] = x[t] - season_[t];
            for (std::size_t t = 0; t < n; ++t)
                trend_[t] = loess({work_.data(), n}, trend_window, true, static_cast<double>(t));
        }
        for (std::size_t t = 0; t < n; ++t) work_[t] = x[t] - trend_[t];  // season + rest
        const double both = variance({work_.data(), n});
        for (std::size_t t = 0; t < n; ++t) work_[t] -= season_[t];
        return both > 0 ? std::clamp(1 - variance({work_.data(), n}) / both, 0.0, 1.0) : 0;
    }

  private:
    static constexpr double seasons = 11;  // of one phase that are smoothed together

    static std::size_t odd(double length) {
        const auto whole = static_cast<std::size_t>(std::ceil(length));
        return whole + (whole % 2 == 0 ? 1 : 0);
    }
    static double variance(std::span<const double> x) {
        double mean = 0, sum = 0;
        for (const double value : x) mean += value / static_cast<double>(x.size());
        for (const double value : x) sum += (value - mean) * (value - mean);
        return sum;
    }
    // Local constant or line through the nearest `window` values, tricube weights.
    static double loess(std::span<const double> y, std::size_t window, bool line, double at) {
        const std::size_t n = y.size(), length = std::min(window, n);
        double from = std::round(at - std::floor(static_cast<double>(length) / 2));
        from = std::clamp(from, 0.0, static_cast<double>(n - length));
        const auto first = static_cast<std::size_t>(from);
        double reach = std::max(at - from, from + static_cast<double>(length - 1) - at);
        if (window > n) reach += static_cast<double>(window - n) / 2;
        reach = std::max(reach, 1e-9);
        double weights = 0, moment = 0, second = 0, sum = 0, product = 0;
        for (std::size_t i = first; i < first + length; ++i) {
            const double distance = static_cast<double>(i) - at, share = std::abs(distance) / reach;
            if (share > 0.999) continue;
            const double rest = 1 - share * share * share, weight = rest * rest * rest;
            weights += weight, moment += weight * distance, second += weight * distance * distance;
            sum += weight * y[i], product += weight * distance * y[i];
        }
        if (!(weights > 0)) return y[first];
        const double determinant = weights * second - moment * moment;
        if (!line || !(determinant > 1e-6 * weights * weights)) return sum / weights;
        return (second * sum - moment * product) / determinant;
    }
    static void moving_average(const double* x, std::size_t n, std::size_t length, double* out) {
        double sum = 0;
        for (std::size_t t = 0; t < n; ++t) {
            sum += x[t];
            if (t + 1 < length) continue;
            out[t + 1 - length] = sum / static_cast<double>(length);
            sum -= x[t + 1 - length];
        }
    }
    // Each phase of x - trend smoothed, and carried one season further at both ends.
    void smooth_phases(std::span<const double> x, std::size_t m) {
        for (std::size_t phase = 0; phase < m; ++phase) {
            std::size_t count = 0;
            for (std::size_t t = phase; t < x.size(); t += m) work_[count++] = x[t] - trend_[t];
            for (std::size_t k = 0; k < count + 2; ++k)
                smooth_[phase + k * m] = loess({work_.data(), count}, static_cast<std::size_t>(seasons),
                                               false, static_cast<double>(k) - 1);
        }
    }
    std::vector<double> trend_, season_, work_, smooth_, spare_;
};

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_SEASONAL_STRENGTH_HPP
