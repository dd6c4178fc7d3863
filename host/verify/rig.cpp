#include "verify/rig.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <random>

#include "config/params.hpp"
#include "verify/result.hpp"

namespace forecastd::verify {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t most_steps_ahead = std::int64_t{1} << 32;

// What a user might give for a parameter that must be given.
config::ParamValue usual_value(const fcd_param& param) {
    config::ParamValue given;
    switch (param.type) {
        case FCD_REAL:
            given.value.real = std::clamp(1.0, param.min.real, param.max.real);
            break;
        case FCD_BOOLEAN:
        case FCD_CHOICE:
            given.value.integer = 0;
            break;
        case FCD_INTEGERS: {
            const std::int64_t one = std::clamp<std::int64_t>(1, param.min.integer, param.max.integer);
            given.list = std::make_shared<config::IntegerList>(std::vector<std::int64_t>(param.count, one));
            given.value.integers = &given.list->shown;
            break;
        }
        case FCD_DURATION:
            given.value.integer =
                std::clamp<std::int64_t>(60'000'000'000, param.min.integer, param.max.integer);
            break;
        default:
            given.value.integer = std::clamp<std::int64_t>(24, param.min.integer, param.max.integer);
    }
    return given;
}

const fcd_library& library_of(const plugin::Model& model) { return *model.algorithm().library; }

// Elements in the size that the plugin was built with, against a page.
template <class Element>
class Elements {
  public:
    Elements(std::size_t stride, std::size_t count, Against against)
        : stride_(stride), memory_(stride * count, against) {}
    Element& operator[](std::size_t i) { return *reinterpret_cast<Element*>(memory_.data() + i * stride_); }
    Element* data() { return reinterpret_cast<Element*>(memory_.data()); }
    [[nodiscard]] bool is_intact() const { return memory_.is_intact(); }

  private:
    const std::size_t stride_;
    GuardedMemory memory_;
};

}  // namespace

bool is_same(double a, double b) { return (std::isnan(a) && std::isnan(b)) || a == b; }

bool agree(const fcd_verdict& a, const fcd_verdict& b) {
    return is_same(a.score, b.score) && is_same(a.expected, b.expected) &&
           is_same(a.deviation, b.deviation) && is_same(a.lower, b.lower) && is_same(a.upper, b.upper) &&
           a.reason == b.reason;
}

bool is_not_yet(std::int32_t result, const plugin::Failure& failure) {
    return result == FCD_NOT_YET || (result == FCD_ERROR && failure.code == FCD_ASK_LATER);
}

void require(bool condition, const std::string& why) {
    if (!condition) throw Broken{why};
}

config::ModelChoice Rig::defaults() const {
    config::ModelChoice choice{&algorithm_, config::default_params(algorithm_)};
    for (std::size_t i = 0; i < choice.params.size(); ++i)
        if ((algorithm_.params[i]->flags & FCD_REQUIRED) != 0)
            choice.params[i] = usual_value(*algorithm_.params[i]);
    return choice;
}

std::unique_ptr<plugin::Model> Rig::model(std::int64_t interval_ns) const {
    return model(defaults(), interval_ns);
}

std::unique_ptr<plugin::Model> Rig::model(const config::ModelChoice& choice, std::int64_t interval_ns,
                                          std::uint32_t grid_flags) const {
    const auto values = choice.resolve(interval_ns);
    require(values.has_value(), values ? "" : values.error().text);
    auto made = plugin::Model::make(algorithm_, *values, {interval_ns, grid_flags});
    require(made.has_value(), made ? "" : "no model can be made: " + made.error().text);
    return std::move(*made);
}

std::vector<double> Rig::usual_values(std::size_t count, std::uint64_t number) const {
    std::mt19937_64 random(seed(number));
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) {
        // The sum of twelve uniform numbers is nearly normal, and the same on every machine.
        double noise = -6;
        for (int k = 0; k < 12; ++k) noise += static_cast<double>(random() >> 11) / 9007199254740992.0;
        values.push_back(20 + 3 * std::sin(2 * std::numbers::pi * static_cast<double>(i % 24) / 24) +
                         noise / 2);
    }
    return values;
}

Series::Series(const plugin::Model& model, Against against)
    : model_(model), against_(against), memory_(model.series_size(), against) {
    const auto begun = model.begin(memory_.data(), 1, 0);
    require(begun.has_value(), begun ? "" : "no series can begin: " + begun.error().text);
}

Series::~Series() { model_.end(memory_.data()); }

fcd_point Series::point(std::int64_t step, double value) const {
    fcd_point made{};
    made.series = memory_.data();
    made.step = made.local_step = step;
    const bool fits = step > -most_steps_ahead / 8 && step < most_steps_ahead / 8;
    made.time_ns = fits ? step * Rig::usual_interval_ns : step;
    made.value = value;
    made.expected = made.deviation = made.learn_limit = nan;
    return made;
}

std::vector<fcd_point> Series::points(std::span<const double> values, std::int64_t first_step) const {
    std::vector<fcd_point> made;
    for (const double value : values) made.push_back(point(first_step++, value));
    return made;
}

std::vector<fcd_verdict> Series::advance(std::span<const fcd_point> points) {
    const fcd_library& library = library_of(model_);
    const std::uint32_t inputs = model_.algorithm().table->input_count;
    const std::vector<double> unknown(inputs, nan);
    Elements<fcd_point> given(library.point_size, points.size(), FCD_AGAINST_NOTHING);
    Elements<fcd_verdict> written(library.verdict_size, points.size(), against_);
    for (std::size_t i = 0; i < points.size(); ++i) {
        given[i] = points[i];
        given[i].inputs = inputs > 0 ? unknown.data() : nullptr;
    }
    plugin::Failure failure;
    const std::size_t done = model_.advance(given.data(), points.size(), written.data(), failure);
    require(done == points.size(), "it failed at point " + std::to_string(done + 1) + " of " +
                                       std::to_string(points.size()) + " usual ones: " + failure.text);
    require(written.is_intact(), "it wrote beside the verdicts that it was asked for");
    std::vector<fcd_verdict> verdicts;
    for (std::size_t i = 0; i < points.size(); ++i) verdicts.push_back(written[i]);
    return verdicts;
}

bool Series::try_to_advance(const fcd_point& point, fcd_verdict& verdict) {
    try {
        verdict = advance(point);
        return true;
    } catch (const Broken&) {
        return false;
    }
}

std::optional<std::vector<fcd_prediction>> Series::forecast(std::int64_t first_step,
                                                            std::uint32_t steps) const {
    auto answered = answer({first_step, steps, {}, {}});
    if (!answered) return std::nullopt;
    return std::move(answered->predictions);
}

std::optional<Answer> Series::answer(const Asked& asked) const {
    const std::uint32_t inputs = model_.algorithm().table->input_count;
    const std::vector<double> unknown(static_cast<std::size_t>(inputs) * asked.steps, nan);
    Elements<fcd_prediction> written(library_of(model_).prediction_size, asked.steps, against_);
    const std::size_t quantiles = asked.levels.size() * asked.steps;
    Elements<double> filled(sizeof(double), quantiles, against_);
    for (std::size_t i = 0; i < quantiles; ++i) filled[i] = nan;
    fcd_horizon horizon{};
    horizon.struct_size = sizeof horizon;
    horizon.steps = asked.steps;
    horizon.first_step = asked.first_step;
    horizon.local_steps = asked.local_steps.empty() ? nullptr : asked.local_steps.data();
    horizon.input_count = inputs;
    horizon.inputs = inputs > 0 ? unknown.data() : nullptr;
    horizon.level_count = static_cast<std::uint32_t>(asked.levels.size());
    horizon.levels = asked.levels.empty() ? nullptr : asked.levels.data();
    horizon.quantiles = asked.levels.empty() ? nullptr : filled.data();
    plugin::Failure failure;
    const std::int32_t result = model_.forecast(memory_.data(), horizon, written.data(), failure);
    const bool is_later = is_not_yet(result, failure);
    require(is_later || result != FCD_ERROR,
            "a forecast of " + std::to_string(asked.steps) + " steps failed: " + failure.text);
    require(written.is_intact(), "it wrote beside the predictions that it was asked for");
    require(filled.is_intact(), "it wrote beside the quantiles that it was asked for");
    if (is_later) return std::nullopt;
    Answer answered;
    for (std::uint32_t i = 0; i < asked.steps; ++i) answered.predictions.push_back(written[i]);
    for (std::size_t i = 0; i < quantiles; ++i) answered.quantiles.push_back(filled[i]);
    return answered;
}

Bytes Series::saved() const {
    Bytes bytes;
    ByteWriter out(bytes);
    const auto done = model_.save(memory_.data(), out);
    require(done.has_value(), done ? "" : "a state cannot be saved: " + done.error().text);
    const std::span<const char> state = ByteReader(bytes).take_bytes();
    return {state.begin(), state.end()};
}

Expected<void> Series::load(const plugin::SavedModel& saved_by, std::span<const char> bytes) {
    Bytes framed;
    ByteWriter(framed).put(bytes);
    ByteReader in(framed);
    return model_.load(memory_.data(), saved_by, in);
}

plugin::SavedModel described(const plugin::Model& model) {
    Bytes bytes;
    ByteWriter out(bytes);
    model.describe(out);
    ByteReader in(bytes);
    auto read = plugin::SavedModel::read(in);
    require(read.has_value(), read ? "" : read.error().text);
    return std::move(*read);
}

}  // namespace forecastd::verify
