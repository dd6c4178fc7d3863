// Tells whether there was a wrong value among the first ones of a series: a sensor that gives 85 or 0 when it
// is switched on, or the first reading behind a restart. The learning guard cannot keep such a value from a
// model, as it knows no scale yet; and a model that starts from it would need hundreds of points to forget
// it.
//
// Looks at the steps between the first twelve values. If one of the first seven steps is more than ten times
// as long as each of the last four, a value before those four was wrong, or the level was another one; in
// either case the models had better begin with the twelfth value. Of series of independent normal values that
// happens to 1 of 1,000, of lognormal ones to 3 of 100. They lose eleven values and nothing else.
//
// Plain data, zeroed for a new series. The number of values taken is kept by the caller.
#ifndef FORECASTD_ENGINE_FIRST_VALUES_HPP
#define FORECASTD_ENGINE_FIRST_VALUES_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/bytes.hpp"

namespace forecastd::engine {

struct FirstValues {
    double previous;
    float early, late;  // the longest of the first steps, and of the last ones

    static constexpr std::uint32_t count = 12, early_steps = 7;
    static constexpr float ratio = 10;

    // Takes a value, behind `taken` others, fewer than `count`. true: it is the last one, and one before was
    // wrong.
    bool take(double value, std::uint32_t taken) {
        const auto step = static_cast<float>(std::abs(value - previous));
        previous = value;
        if (taken == 0) return false;
        float& longest = taken <= early_steps ? early : late;
        longest = std::max(longest, step);
        return taken + 1 == count && early > ratio * late;
    }

    void save(ByteWriter& out) const {
        for (const double one : {previous, double{early}, double{late}}) out.put(one);
    }
    void load(ByteReader& in) {
        previous = in.take_double();
        early = static_cast<float>(in.take_double());
        late = static_cast<float>(in.take_double());
    }
};

}  // namespace forecastd::engine

#endif
