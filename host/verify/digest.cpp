#include "verify/digest.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cmath>
#include <cstdio>
#include <vector>

namespace forecastd::verify {
namespace {

constexpr std::size_t count = 300;
constexpr std::int64_t block = 50;

// All NaNs are alike.
double normal(double number) { return std::isnan(number) ? std::nan("") : number; }

}  // namespace

std::string digest(const Rig& rig) {
    const auto model = rig.model();
    Series series(*model);
    std::vector<double> numbers;
    std::int64_t step = 1000;
    for (const double value : rig.usual_values(count)) {
        const fcd_verdict verdict = series.advance(series.point(step++, value));
        for (const double number :
             {verdict.score, verdict.expected, verdict.deviation, verdict.lower, verdict.upper})
            numbers.push_back(normal(number));
        numbers.push_back(verdict.reason);
        if (step % block != 0 || !rig.algorithm().forecasts()) continue;
        const auto predictions = series.forecast(step, static_cast<std::uint32_t>(block));
        if (!predictions) continue;
        for (const fcd_prediction& one : *predictions)
            numbers.insert(numbers.end(), {normal(one.mean), normal(one.deviation)});
    }
    char text[17];
    std::snprintf(
        text, sizeof text, "%016llx",
        static_cast<unsigned long long>(XXH3_64bits(numbers.data(), numbers.size() * sizeof(double))));
    return text;
}

}  // namespace forecastd::verify
