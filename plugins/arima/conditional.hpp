// The sum of squares of an ARMA process with an unknown mean, given its start: innovations before and among
// the first ar.size() values are taken to be 0. The cost of a value is
// proportional to the number of coefficients that are not 0.
//
// It ranks orders where the exact likelihood would be expensive. Source: G. E. P. Box & G. M. Jenkins, Time
// Series Analysis, Forecasting and Control, 1976, section 7.1.
#ifndef FORECASTD_PLUGINS_ARIMA_CONDITIONAL_HPP
#define FORECASTD_PLUGINS_ARIMA_CONDITIONAL_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "likelihood.hpp"

namespace arima {

// Thread: one at a time.
class ConditionalFilter {
  public:
    ConditionalFilter(std::size_t values, std::size_t states)
        : room_(values + states + 1), ahead_(2 * room_) {}

    // log_determinant is 0; count is of the values whose innovations count.
    Likelihood operator()(std::span<const double> w, std::span<const double> ar, std::span<const double> ma,
                          bool with_mean) {
        const std::size_t r = std::max(ar.size(), ma.size());
        std::array<Term, 1024> terms;
        std::size_t count = 0;
        for (std::size_t i = 0; i < r && count < terms.size(); ++i) {
            const Term term{i, i < ar.size() ? ar[i] : 0, i < ma.size() ? ma[i] : 0};
            if (term.ar != 0 || term.ma != 0) terms[count++] = term;
        }
        double* const a = ahead_.data();
        double* const b = a + room_;
        std::fill_n(a, w.size() + r, 0.0);
        if (with_mean) std::fill_n(b, w.size() + r, 0.0);
        Products products;
        const std::size_t begin = std::min(ar.size(), w.size());
        for (std::size_t t = 0; t < w.size(); ++t) {
            const double v = t < begin ? 0 : w[t] - a[t], x = t < begin ? 0 : 1 - b[t];
            products.vv += v * v, products.vx += v * x, products.xx += x * x;
            for (std::size_t k = 0; k < count; ++k)
                a[t + 1 + terms[k].lag] += terms[k].ar * w[t] + terms[k].ma * v;
            if (with_mean)
                for (std::size_t k = 0; k < count; ++k)
                    b[t + 1 + terms[k].lag] += terms[k].ar + terms[k].ma * x;
        }
        return products.result(w.size() - begin, with_mean);
    }

  private:
    struct Term {
        std::size_t lag;
        double ar, ma;
    };
    std::size_t room_;
    std::vector<double> ahead_;
};

}  // namespace arima

#endif  // FORECASTD_PLUGINS_ARIMA_CONDITIONAL_HPP
