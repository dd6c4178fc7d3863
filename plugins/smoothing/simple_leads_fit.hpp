// Fits simple exponential smoothing to a window by the forecasts at several distances ahead (leads_loss.hpp):
// the alpha of the least loss, from the first values' median on.
//
// One parameter, and a loss with kinks: 12 trials, denser towards 0, then two beside the best one, five
// times, each time at half of the distance.
#ifndef FORECASTD_PLUGINS_SMOOTHING_SIMPLE_LEADS_FIT_HPP
#define FORECASTD_PLUGINS_SMOOTHING_SIMPLE_LEADS_FIT_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../numerics/error_variance.hpp"
#include "../numerics/finite.hpp"

#include "form.hpp"
#include "leads.hpp"
#include "leads_loss.hpp"
#include "simple_fit.hpp"

namespace smoothing {

// The median of the first values that are there, at most five.
inline double first_median(std::span<const double> values) {
    std::array<double, 5> first{};
    std::size_t count = 0;
    for (const double value : values.first(std::min<std::size_t>(values.size(), 20))) {
        if (std::isnan(value) || count == first.size()) continue;
        std::size_t place = count++;
        for (; place > 0 && first[place - 1] > value; --place) first[place] = first[place - 1];
        first[place] = value;
    }
    return count > 0 ? first[count / 2] : 0;
}

// What is known behind the last value; errors as in follow(). values: brought near 1 by `scale`, the first is
// not NaN. otherwise: the alpha where each fits equally well. trials: their number is added.
inline SimpleEnd fit_simple_leads(LeadsLoss& loss, std::span<const double> values, std::size_t horizon,
                                  double scale, double otherwise, std::uint32_t& trials) {
    constexpr std::size_t count = 12;
    const Form form{Error::additive, Trend::none, false, Season::none};
    loss.take(values, Leads(horizon, std::max<std::size_t>(1, values.size() / 2)));
    loss.begin(form, {first_median(values), 0, {}, {}}, {.alpha = 0.3});
    double least = HUGE_VAL, most = 0, best = otherwise;
    const auto try_out = [&](double alpha) {
        const double found = loss.evaluate({.alpha = alpha});
        ++trials;
        most = std::max(most, found);
        if (found < least) {
            least = found;
            best = alpha;
        }
    };
    const auto place = [](double share) { return std::max(share * share, least_alpha); };
    for (std::size_t i = 0; i < count; ++i) try_out(place(static_cast<double>(i) / (count - 1)));
    if (!(most > 0)) best = otherwise;  // nothing to choose by
    for (double width = 1.0 / (count - 1); most > 0 && width > 0.005; width /= 2) {
        const double middle = std::sqrt(best);
        for (const double offset : {-0.5, 0.5}) try_out(place(std::clamp(middle + offset * width, 0.0, 1.0)));
    }

    loss.evaluate({.alpha = best});
    double seen = 0;
    for (const double error : loss.errors()) seen += std::isnan(error) ? 0 : 1;
    const double enlarged = scale * (seen > 2 ? std::sqrt(seen / (seen - 2)) : 1);
    SimpleEnd end{best, numerics::saturate(scale * loss.last_level()), {}};
    for (const double error : loss.errors())
        if (!std::isnan(error)) end.errors.learn(numerics::saturate(error * enlarged));
    return end;
}

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_SIMPLE_LEADS_FIT_HPP
