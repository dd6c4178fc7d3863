#include "engine/accuracy.hpp"

#include <algorithm>

namespace forecastd::engine {

void Accuracy::forget(std::size_t series) {
    const auto fresh = static_cast<double>(points_ - points_at_forget_);
    points_at_forget_ = points_;
    const double kept =
        std::exp2(-fresh / (half_life * static_cast<double>(std::max<std::size_t>(series, 1))));
    for (double* const sum : {&weight_, &error_sum_, &naive_sum_, &signed_sum_, &judged_}) *sum *= kept;
    for (double& sum : inside_) sum *= kept;
    for (double& sum : width_sums_) sum *= kept;
}

}  // namespace forecastd::engine
