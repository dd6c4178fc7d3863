#include "lineprotocol/key_text.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace forecastd::lineprotocol {

std::optional<PointView> KeyText::read(std::string_view key) {
    constexpr std::string_view field = " v=1\n";
    if (!reader_) reader_.emplace(std::size_t{1} << 30);
    const std::span<char> space = reader_->space(key.size() + field.size());
    std::copy(field.begin(), field.end(), std::copy(key.begin(), key.end(), space.begin()));
    reader_->filled(key.size() + field.size());
    points_.clear();
    const bool is_key = reader_->next(points_, error_) == Outcome::point &&
                        points_.points.front().key == key && reader_->rest().empty();
    if (!is_key) {
        reader_.reset();  // it may be within a string
        return std::nullopt;
    }
    PointView point{};
    point.key = points_.points.front().key;
    point.measurement_size = points_.points.front().measurement_size;
    return point;
}

}  // namespace forecastd::lineprotocol
