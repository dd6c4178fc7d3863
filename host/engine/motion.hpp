// Where a value lies beside the last values of its series, whatever was expected: rising or falling.
//
// The level is an exponentially weighted mean of about the last hundred values, the spread that of their
// distances from it. A value is rising that lies at least two spreads above the level: a sensor in its usual
// swing is not. Such a value counts as at most four spreads away, and weighs an eighth of another: neither
// does a dip make the return from it a rise, nor does a rise that lasts hide the next one.
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
    static constexpr double weight = 0.01, far = 2, farthest = 4, weight_of_far = weight / 8;
    static constexpr std::uint32_t warm_up = 30;  // values until the spread counts

    // -1: falling, 1: rising, 0: neither, as seen before the value is learned.
    [[nodiscard]] int of(double value) const {
        if (count_ < warm_up || !(std::abs(value - level_) > far * spread_)) return 0;
        return value > level_ ? 1 : -1;
    }
    void learn(double value) {
        const bool is_warm = count_ >= warm_up;
        const double limit = is_warm ? farthest * spread_ : std::numeric_limits<double>::infinity();
        const double error = std::clamp(value - level_, -limit, limit);
        // While there are few values, each weighs as much as the others.
        const double settled = std::abs(error) > far * spread_ ? weight_of_far : weight;
        level_ += (is_warm ? settled : 1.0 / (count_ + 1.0)) * error;
        // The first value has no distance yet.
        if (count_ > 0) spread_ += (is_warm ? settled : 1.0 / count_) * (std::abs(error) - spread_);
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
