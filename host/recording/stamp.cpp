#include "recording/stamp.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "lineprotocol/bytes.hpp"

namespace forecastd::recording {

void append_stamped(std::string& out, const lineprotocol::PointView& point, std::int64_t time_ns) {
    const std::string_view bytes = point.bytes;
    const auto blank = [](char c) { return lineprotocol::is_blank(c); };
    // From the end: blanks, and before them the old timestamp, which holds none and has one before it.
    auto behind = std::find_if_not(bytes.rbegin(), bytes.rend(), blank);
    const std::string_view tail(behind.base(), bytes.end());
    if (point.has_time) behind = std::find_if(behind, bytes.rend(), blank);
    out.append(bytes.begin(), behind.base());
    if (!point.has_time) out += ' ';
    char text[24];
    out.append(text, std::to_chars(text, text + sizeof text, time_ns).ptr);
    out += tail;
    out += '\n';
}

}  // namespace forecastd::recording
