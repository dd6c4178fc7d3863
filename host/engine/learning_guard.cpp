#include "engine/learning_guard.hpp"

#include <bit>
#include <limits>
#include <utility>

namespace forecastd::engine {
namespace {

using State = LearningGuard::State;

constexpr double no_limit = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint32_t early_after = 6, warm_after = 16, memory = 200, calm_after = 100, longest_run = 1000;
constexpr double limit_scales = 3.5, run_scales = 2, most_scales = 8, early_scales = 10;

// The limit of a series without a run.
double base_limit(const State& state) {
    if (!(state.scale > 0) || state.count < early_after) return no_limit;
    const double base = (state.count < warm_after ? early_scales : limit_scales) * double{state.scale};
    return std::isfinite(base) ? base : no_limit;
}

// The scale is the mean square of all errors so far but the greatest two.
void learn_early(State& state, double size) {
    auto rest = static_cast<float>(size);
    if (rest > state.first) std::swap(rest, state.first);
    if (rest > state.second) std::swap(rest, state.second);
    state.count = (state.count + 1) & 0xff;
    if (state.count <= 2) return;
    const double others = state.count - 2, square = double{state.scale} * state.scale;
    state.scale = static_cast<float>(std::sqrt(square + (double{rest} * rest - square) / others));
    if (state.count < warm_after) return;

    const double most = state.scale > 0 ? most_scales * state.scale : std::numeric_limits<double>::max();
    double sum = others * state.scale * state.scale;
    for (const double greatest : {state.first, state.second})
        sum += std::min(greatest, most) * std::min(greatest, most);
    state.scale = static_cast<float>(std::sqrt(sum / state.count));
    state.first = state.second = 0;
}

void weigh(State& state, double size) {
    if (state.count < memory) state.count = (state.count + 1) & 0xff;
    const double square = double{state.scale} * state.scale;
    state.scale = static_cast<float>(std::sqrt(square + (size * size - square) / state.count));
}

}  // namespace

double LearningGuard::limit(const State& state) const {
    const double base = base_limit(state);
    const int over = static_cast<int>(state.run) - patience_;
    if (state.run == 0) return base;
    if (over <= 0) return run_scales / limit_scales * base;
    const double opened = base * std::exp2(2.0 * over / patience_);
    return std::isfinite(opened) ? opened : no_limit;
}

bool LearningGuard::is_beyond(const State& state, double error) {
    return std::abs(error) > base_limit(state);
}

double LearningGuard::learn(State& state, double error, double deviation) const {
    const double size = std::abs(error);
    if (!std::isfinite(size)) return deviation;
    if (state.count < warm_after) {
        learn_early(state, size);
        return deviation;
    }
    const double base = base_limit(state);
    if (!(size > base)) {
        state.run = state.run >> 1 & 0x3ff;
        weigh(state, size);
        if (state.calm == 0) return deviation;
        state.calm = (state.calm - 1) & 0x7f;
        return std::min(deviation, double{state.second});
    }
    const bool below = error < 0, goes_on = below == (state.below != 0);
    state.run = goes_on ? std::min(std::uint32_t{state.run} + 1, longest_run) & 0x3ff : 1;
    state.below = below;
    const bool lasts = static_cast<int>(state.run) > patience_;
    if (state.run <= 2 || lasts) weigh(state, std::min(size, most_scales / limit_scales * base));
    if (lasts) {
        state.calm = 0;
    } else if (state.calm == 0 && !std::isnan(deviation)) {
        state.calm = calm_after;
        state.second = static_cast<float>(deviation);
    }
    return state.calm > 0 ? std::min(deviation, double{state.second}) : deviation;
}

void LearningGuard::save(const State& state, ByteWriter& out) {
    out.put(std::bit_cast<std::uint32_t>(state.scale));
    out.put(std::bit_cast<std::uint32_t>(state.second));
    out.put(std::bit_cast<std::uint32_t>(state.first));
    out.put(static_cast<std::uint8_t>(state.count));
    out.put(static_cast<std::uint8_t>(state.calm));
    out.put(static_cast<std::uint16_t>(state.run | state.below << 10));
}

void LearningGuard::load(State& state, ByteReader& in) {
    state.scale = std::bit_cast<float>(in.take<std::uint32_t>());
    state.second = std::bit_cast<float>(in.take<std::uint32_t>());
    state.first = std::bit_cast<float>(in.take<std::uint32_t>());
    state.count = in.take<std::uint8_t>();
    state.calm = in.take<std::uint8_t>() & 0x7f;
    state.call = 0;
    const std::uint32_t run = in.take<std::uint16_t>();
    state.run = run & 0x3ff;
    state.below = run >> 10 & 1;
}

}  // namespace forecastd::engine
