#include "recording/merged.hpp"

#include <algorithm>

namespace forecastd::recording {

Merged::Merged(const std::vector<std::string>& files, const Report& report) {
    for (const std::string& file : files) {
        Lane& lane = lanes_.emplace_back();
        lane.recording = std::make_unique<Recording>(std::vector<std::string>{file}, report);
    }
}

bool Merged::next_batch(lineprotocol::Points& batch, std::size_t most) {
    batch.clear();
    for (Lane& lane : lanes_) lane.in_batch = false;
    while (batch.points.size() < most) {
        for (Lane& lane : lanes_) {
            if (lane.has_point || lane.at_end) continue;
            if (!advance(lane)) return !batch.points.empty();
            if (stopped_) return false;
        }
        Lane* const lane = earliest();
        if (!lane) break;
        append(batch, *lane);
    }
    return !batch.points.empty();
}

bool Merged::advance(Lane& lane) {
    for (;;) {
        switch (lane.recording->next()) {
            case Event::point:
                lane.has_point = true;
                return true;
            case Event::end:
                lane.at_end = true;
                return true;
            case Event::starved:
                if (lane.in_batch) return false;
                if (lane.recording->fetch()) continue;
                stopped_ = true;
                return true;
        }
    }
}

Merged::Lane* Merged::earliest() {
    Lane* found = nullptr;
    for (Lane& lane : lanes_) {
        if (!lane.has_point) continue;
        const lineprotocol::PointView& point = lane.recording->point();
        if (!point.has_time) return &lane;
        if (!found || point.time_ns < found->recording->point().time_ns) found = &lane;
    }
    return found;
}

void Merged::append(lineprotocol::Points& batch, Lane& lane) {
    constexpr std::int64_t minute_ns = 60'000'000'000;
    lineprotocol::PointView point = lane.recording->point();
    const std::span<const lineprotocol::FieldView> fields = lane.recording->fields();
    point.first_field = static_cast<std::uint32_t>(batch.fields.size());
    batch.fields.insert(batch.fields.end(), fields.begin(), fields.end());
    batch.points.push_back(point);
    lane.has_point = false;
    lane.in_batch = true;
    if (!point.has_time) return;
    if (any_time_ && point.time_ns < latest_ns_ - minute_ns) ++times_back_;
    latest_ns_ = any_time_ ? std::max(latest_ns_, point.time_ns) : point.time_ns;
    any_time_ = true;
}

std::uint64_t Merged::bytes_read() const {
    std::uint64_t bytes = 0;
    for (const Lane& lane : lanes_) bytes += lane.recording->bytes_read();
    return bytes;
}

std::uint64_t Merged::left_out() const {
    std::uint64_t count = 0;
    for (const Lane& lane : lanes_) count += lane.recording->left_out();
    return count;
}

}  // namespace forecastd::recording
