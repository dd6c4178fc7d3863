#include "verify/direct.hpp"

#include <cstring>
#include <limits>

namespace forecastd::verify {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

fcd_error no_error() {
    fcd_error error{};
    error.struct_size = sizeof error;
    return error;
}

}  // namespace

DirectModel::DirectModel(const Rig& rig) : table_(rig.table()), library_(*rig.algorithm().library) {
    const config::ModelChoice choice = rig.defaults();
    const auto values = choice.resolve(Rig::usual_interval_ns);
    require(values.has_value(), values ? "" : values.error().text);
    const fcd_grid grid{sizeof(fcd_grid), 0, Rig::usual_interval_ns};
    fcd_error error = no_error();
    model_ = table_.model_new(values->data(), &grid, &series_size_, &error);
    require(model_ != nullptr, "no model can be made");
}

DirectSeries::DirectSeries(const DirectModel& model)
    : model_(model),
      state_(model.series_size_, FCD_AGAINST_NOTHING),
      point_(model.library_.point_size, FCD_AGAINST_NOTHING),
      verdict_(model.library_.verdict_size, FCD_AGAINST_NOTHING),
      unknown_(std::size_t{model.table_.input_count} * 10, nan) {
    const fcd_series_info info{sizeof(fcd_series_info), 0, 1, 0};
    fcd_error error = no_error();
    if (model.table_.series_init) model.table_.series_init(model.model_, state_.data(), &info, &error);
}

DirectSeries::~DirectSeries() {
    if (model_.table_.series_free) model_.table_.series_free(model_.model_, state_.data());
}

fcd_verdict DirectSeries::advance(double value) {
    fcd_point one{};
    one.series = state_.data();
    one.step = one.local_step = step_;
    one.time_ns = step_++ * Rig::usual_interval_ns;
    one.value = value;
    one.expected = one.deviation = one.learn_limit = nan;
    one.inputs = unknown_.empty() ? nullptr : unknown_.data();
    std::memcpy(point_.data(), &one, sizeof one);
    fcd_error error = no_error();
    const std::size_t done =
        model_.table_.advance(model_.model_, reinterpret_cast<const fcd_point*>(point_.data()), 1,
                              reinterpret_cast<fcd_verdict*>(verdict_.data()), &error);
    fcd_verdict verdict{nan, nan, nan, nan, nan, 0, 0};
    if (done == 1) std::memcpy(&verdict, verdict_.data(), sizeof verdict);
    return verdict;
}

void DirectSeries::forecast() const {
    if (!model_.table_.forecast) return;
    const GuardedMemory predictions(10 * std::size_t{model_.library_.prediction_size}, FCD_AGAINST_NOTHING);
    fcd_horizon horizon{};
    horizon.struct_size = sizeof horizon;
    horizon.steps = 10;
    horizon.first_step = step_;
    horizon.input_count = model_.table_.input_count;
    horizon.inputs = unknown_.empty() ? nullptr : unknown_.data();
    fcd_error error = no_error();
    model_.table_.forecast(model_.model_, state_.data(), &horizon,
                           reinterpret_cast<fcd_prediction*>(predictions.data()), &error);
}

}  // namespace forecastd::verify
