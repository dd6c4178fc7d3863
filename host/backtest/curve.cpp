#include "backtest/curve.hpp"

#include <cmath>

namespace forecastd::backtest {
namespace {

Curve::Bucket bucket_of(const CurvePoint& point) {
    const auto real = [](double value) { return static_cast<float>(value); };
    return {point.time_ns,
            real(point.y),
            real(point.y),
            real(point.yhat),
            real(point.lower),
            real(point.upper),
            real(point.y - point.yhat),
            real(point.score)};
}

// std::fmin and std::fmax pass over what is not a number.
void merge(Curve::Bucket& into, const Curve::Bucket& next) {
    into.low = std::fmin(into.low, next.low);
    into.high = std::fmax(into.high, next.high);
    if (!std::isnan(next.yhat)) into.yhat = next.yhat;
    into.lower = std::fmin(into.lower, next.lower);
    into.upper = std::fmax(into.upper, next.upper);
    if (!(std::abs(into.error) >= std::abs(next.error)) && !std::isnan(next.error)) into.error = next.error;
    into.score = std::fmax(into.score, next.score);
}

}  // namespace

void Curve::add(const CurvePoint& point, std::size_t most_buckets) {
    if (in_last_ == points_a_bucket_) shrink(most_buckets - 1);
    if (!buckets_.empty() && in_last_ < points_a_bucket_) {
        merge(buckets_.back(), bucket_of(point));
        ++in_last_;
        return;
    }
    buckets_.push_back(bucket_of(point));
    in_last_ = 1;
}

void Curve::shrink(std::size_t most_buckets) {
    while (buckets_.size() > most_buckets && buckets_.size() > 1) {
        const std::size_t count = buckets_.size(), pairs = count / 2;
        for (std::size_t i = 0; i < pairs; ++i) {
            Bucket both = buckets_[2 * i];
            merge(both, buckets_[2 * i + 1]);
            buckets_[i] = both;
        }
        if (count % 2 == 0) in_last_ += points_a_bucket_;
        if (count % 2 != 0) buckets_[pairs] = buckets_.back();
        buckets_.resize(pairs + count % 2);
        points_a_bucket_ *= 2;
    }
}

}  // namespace forecastd::backtest
