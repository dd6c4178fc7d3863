#include "verify/timed_series.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "verify/result.hpp"
#include "verify/rig.hpp"

namespace forecastd::verify {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

const fcd_library& library_of(const plugin::Model& model) { return *model.algorithm().library; }
std::uint32_t inputs_of(const plugin::Model& model) { return model.algorithm().table->input_count; }

}  // namespace

TimedSeries::TimedSeries(const plugin::Model& model, std::size_t count)
    : model_(model),
      count_(count),
      lines_(std::max<std::size_t>((model.series_size() + sizeof(Line) - 1) / sizeof(Line), 1)),
      memory_(count * lines_),
      unknown_(inputs_of(model), nan),
      points_(library_of(model).point_size),
      verdicts_(library_of(model).verdict_size),
      predictions_(library_of(model).prediction_size) {
    verdicts_.resize(points_a_call);
    for (; begun_ < count_; ++begun_) {
        const auto done = model_.begin(state(begun_), begun_ + 1, 0);
        if (done) continue;
        end_all();
        throw Broken{"no series can begin: " + done.error().text};
    }
}

TimedSeries::~TimedSeries() { end_all(); }

void TimedSeries::end_all() {
    for (std::size_t i = 0; i < begun_; ++i) model_.end(state(i));
}

void TimedSeries::lay_out(std::size_t points, std::span<const double> values) {
    constexpr std::size_t apart = 7;  // so that the phases of the series differ
    first_step_ = next_step_;
    points_.clear();
    for (std::size_t k = 0; k < points; ++k) {
        const std::size_t series = k % count_;
        fcd_point& point = points_.append();
        point = {};
        point.series = state(series);
        point.step = point.local_step = first_step_ + static_cast<std::int64_t>(k / count_);
        point.time_ns = point.step * Rig::usual_interval_ns;
        point.value = values[(static_cast<std::size_t>(point.step) + apart * series) % values.size()];
        point.expected = point.deviation = point.learn_limit = nan;
        point.inputs = unknown_.empty() ? nullptr : unknown_.data();
    }
}

void TimedSeries::advance(std::size_t first, std::size_t count) {
    plugin::Failure failure;
    const std::size_t done = model_.advance(&points_[first], count, verdicts_.data(), failure);
    require(done == count, "it failed at a usual point: " + failure.text);
    next_step_ = first_step_ + static_cast<std::int64_t>((first + count - 1) / count_) + 1;
}

bool TimedSeries::forecast(std::uint32_t steps) {
    if (predictions_.size() < steps) {
        predictions_.resize(steps);
        unknown_ahead_.assign(static_cast<std::size_t>(inputs_of(model_)) * steps, nan);
    }
    fcd_horizon horizon{};
    horizon.struct_size = sizeof horizon;
    horizon.steps = steps;
    horizon.first_step = next_step_;
    horizon.input_count = inputs_of(model_);
    horizon.inputs = unknown_ahead_.empty() ? nullptr : unknown_ahead_.data();
    plugin::Failure failure;
    const std::int32_t result = model_.forecast(state(0), horizon, predictions_.data(), failure);
    if (is_not_yet(result, failure)) return false;
    require(result != FCD_ERROR, "a forecast of " + std::to_string(steps) + " steps failed: " + failure.text);
    return true;
}

Bytes TimedSeries::saved() const {
    Bytes bytes;
    ByteWriter out(bytes);
    const auto done = model_.save(memory_.data(), out);
    require(done.has_value(), done ? "" : "a state cannot be saved: " + done.error().text);
    return bytes;
}

void TimedSeries::load(std::size_t i, const plugin::SavedModel& saved_by, std::span<const char> framed) {
    ByteReader in(framed);
    const auto done = model_.load(state(i), saved_by, in);
    require(done.has_value(), done ? "" : "what it has saved is not loaded: " + done.error().text);
}

}  // namespace forecastd::verify
