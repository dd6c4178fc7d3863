#include "engine/value_kind.hpp"

#include <algorithm>
#include <cmath>

namespace forecastd::engine {

void ValueKind::add(double value) {
    if (count_ > 0) {
        rises_ += value > last_;
        falls_ += value < last_;
    }
    ++count_;
    last_ = value;
    is_whole_ = is_whole_ && std::trunc(value) == value && std::abs(value) < 1e15;
    if (different_ > most_kept) return;
    const auto end = kept_.begin() + static_cast<std::ptrdiff_t>(different_);
    if (std::find(kept_.begin(), end, value) != end) return;
    if (different_ < most_kept) kept_[different_] = value;
    ++different_;
}

bool ValueKind::only_rises() const {
    return count_ >= least && is_whole_ && rises_ * 2 >= count_ && falls_ * 100 <= count_;
}

std::string ValueKind::few_whole_numbers() const {
    if (count_ < least || !is_whole_ || different_ < 2 || different_ > most_kept || falls_ == 0) return "";
    auto sorted = kept_;
    std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(different_));
    std::string text;
    for (std::size_t i = 0; i < different_; ++i)
        text += (i > 0 ? ", " : "") + std::to_string(static_cast<std::int64_t>(sorted[i]));
    return text;
}

}  // namespace forecastd::engine
