// Sums over the powers of a damping factor, for any number of steps at a bounded cost.
//
// With u_n = 1 + phi + ... + phi^(n-1), the sums below obey
//
//   u_(n+j) = u_n + phi^n * u_j
//
// so those of n + m steps follow from those of n and of m, and those of n from log2(n) doublings. Against the
// textbook's closed forms, which divide by 1 - phi, this has one form for damped and undamped trends (phi =
// 1) and adds positive terms only: nothing cancels when phi comes close to 1.
#ifndef FORECASTD_PLUGINS_SMOOTHING_GEOMETRIC_SUMS_HPP
#define FORECASTD_PLUGINS_SMOOTHING_GEOMETRIC_SUMS_HPP

#include <cstdint>

namespace smoothing {

struct GeometricSums {
    double ratio = 1;     // phi, in [0, 1]
    double count = 0;     // n
    double power = 1;     // phi^n
    double sum = 0;       // u_n
    double sums = 0;      // u_1 + ... + u_n
    double squares = 0;   // u_1^2 + ... + u_n^2
    double weighted = 0;  // phi u_1 + phi^2 u_2 + ... + phi^n u_n

    // The sums over these steps and then those of `more`, which has the same ratio.
    [[nodiscard]] GeometricSums then(const GeometricSums& more) const {
        return {ratio,
                count + more.count,
                power * more.power,
                sum + power * more.sum,
                sums + more.count * sum + power * more.sums,
                squares + more.count * sum * sum + 2 * sum * power * more.sums + power * power * more.squares,
                weighted + power * (sum * ratio * more.sum + power * more.weighted)};
    }

    // The sums over `steps` steps.
    [[nodiscard]] static GeometricSums of(double ratio, std::uint64_t steps) {
        GeometricSums result{ratio};
        for (GeometricSums span{ratio, 1, ratio, 1, 1, 1, ratio}; steps > 0; steps /= 2) {
            if (steps % 2 == 1) result = result.then(span);
            span = span.then(span);
        }
        return result;
    }
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_GEOMETRIC_SUMS_HPP
