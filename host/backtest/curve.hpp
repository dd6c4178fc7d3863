// A series in a bounded number of buckets, for drawing. Each holds the least and the greatest of its values, so that no
// peak is lost. Once there are too many, each two neighbours become one.
//
// Threads: one.
#ifndef FORECASTD_BACKTEST_CURVE_HPP
#define FORECASTD_BACKTEST_CURVE_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

namespace forecastd::backtest {

// What is drawn of a value. NaN: unknown.
struct CurvePoint {
    std::int64_t time_ns;
    double y, yhat, lower, upper, score;
};

class Curve {
  public:
    struct Bucket {
        std::int64_t time_ns;  // of its first value
        float low, high;
        float yhat;          // of its last value that has one
        float lower, upper;  // the least and the greatest
        float error;         // y - yhat, the greatest in size
        float score;         // the greatest
    };

    // most_buckets: 2 or more.
    void add(const CurvePoint& point, std::size_t most_buckets);
    // Makes neighbours one until there are no more.
    void shrink(std::size_t most_buckets);

    [[nodiscard]] const std::vector<Bucket>& buckets() const { return buckets_; }
    // How many values a bucket has; the last one may have fewer.
    [[nodiscard]] std::size_t points_a_bucket() const { return points_a_bucket_; }

  private:
    std::vector<Bucket> buckets_;
    std::size_t points_a_bucket_ = 1, in_last_ = 1;
};

}  // namespace forecastd::backtest

#endif
