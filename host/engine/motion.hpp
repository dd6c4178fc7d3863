// Where a value lies beside the last values of its series, whatever was expected: rising or falling.
//
// The level is an exponentially weighted mean of about the last hundred values, the spread that of their distances from it;
// a value counts in both as at most four spreads away, so that a short dip does not make the return from it a rise. A value
// is rising that lies at least two spreads above the level: a sensor in its usual swing is not.
//
// Plain data, all zero at first.
#ifndef FORECASTD_ENGINE_MOTION_HPP
#define FORECASTD_ENGINE_MOTION_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/bytes.hpp"

namespace forecastd::engine {

class Motion {
  public:
    static constexpr double weight = 0.01, far = 2, farthest = 4;
    static constexpr std::uint32_t warm_up = 30;  // values until the spread counts

    // -1: falling, 1: rising, 0: neither, as seen before the value is learned.
    [[nodiscard]] int of(double value) const {
        if (count_ < warm_up || !(std::abs(value - level_) > far * spread_)) return 0;
        return value > level_ ? 1 : -1;
    }
    void learn(double value) {
        // While there are few values, each weighs as much as the others.
        const double part = std::max(weight, 1.0 / (count_ + 1.0));
        const double limit = count_ < warm_up ? std::numeric_limits<double>::infinity() : farthest * spread_;
        const double error = std::clamp(value - level_, -limit, limit);
        level_ += part * error;
        // The first value has no distance yet.
        if (count_ > 0) spread_ += std::max(weight, 1.0 / count_) * (std::abs(error) - spread_);
        if (count_ < warm_up) ++count_;
    }

    void save(ByteWriter& out) const {
        out.put(level_);
        out.put(spread_);
        out.put(count_);
    }
    void load(ByteReader& in) {
        level_ = in.take_double();
        spread_ = in.take_double();
        count_ = in.take<std::uint32_t>();
    }

  private:
    double level_, spread_;
    std::uint32_t count_;  // up to warm_up
};

}  // namespace forecastd::engine

#endif
