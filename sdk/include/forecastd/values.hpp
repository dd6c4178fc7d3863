// forecastd/values.hpp: what a model gets and gives: points, verdicts, forecasts, saved states, errors, the
// log.
//
// Part of forecastd/plugin.hpp, which is what authors include.
#ifndef FORECASTD_VALUES_HPP
#define FORECASTD_VALUES_HPP

#include <forecastd/plugin.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace forecastd {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();

// number, or nan if it is infinite: what is unknown is told as nan, and an infinity is a fault.
inline double known(double number) { return std::isfinite(number) ? number : nan; }

using Point = fcd_point;
using Grid = fcd_grid;
using Prediction = fcd_prediction;
using SeriesInfo = fcd_series_info;

// What the catalogue shows. Raise state_version when the layout or the meaning of Series or of a tail
// changes.
struct About {
    const char* id;
    const char* version;
    const char* summary;
    std::uint32_t state_version = 1;
};

// fcd_verdict with everything unknown at first.
struct Verdict {
    double score = nan, expected = nan, deviation = nan, lower = nan, upper = nan;
    std::uint32_t reason = 0;  // 0: none; 1: the first sentence of reasons(), and so on

    // The score is 1 at `limit` deviations to either side of what was expected. All is unknown if there is no
    // deviation to measure by: if it is 0, infinite or nan.
    static Verdict symmetric(double value, double expected, double deviation, double limit) {
        const double distance = limit * deviation;
        if (!(distance > 0) || std::isinf(distance)) return {};
        const double score = std::abs(value - expected) / distance;
        return {std::isinf(score) ? std::numeric_limits<double>::max() : score, expected, deviation,
                known(expected - distance), known(expected + distance)};
    }
};

// The steps that a forecast is asked for; fill each: for (auto& step : out) step = {mean, deviation};
class Forecast {
  public:
    Forecast(const fcd_horizon& horizon, fcd_prediction* out) : horizon_(horizon), out_(out) {}

    [[nodiscard]] std::size_t size() const { return horizon_.steps; }
    [[nodiscard]] std::int64_t first_step() const { return horizon_.first_step; }
    // The i-th step in the pipeline's time zone, for daily and weekly seasons.
    [[nodiscard]] std::int64_t local_step(std::size_t i) const {
        return horizon_.local_steps ? horizon_.local_steps[i]
                                    : horizon_.first_step + static_cast<std::int64_t>(i);
    }
    // The model's inputs at the i-th step, in the order of inputs(); nan where one is not known ahead.
    [[nodiscard]] std::span<const double> inputs(std::size_t i) const {
        if (!horizon_.inputs) return {};
        return {horizon_.inputs + i * horizon_.input_count, horizon_.input_count};
    }

    Prediction& operator[](std::size_t i) { return out_[i]; }
    Prediction* begin() { return out_; }
    Prediction* end() { return out_ + horizon_.steps; }

    // The quantiles that are asked for, such as 0.1 and 0.9, ascending; empty: none.
    [[nodiscard]] std::span<const double> levels() const {
        if (!horizon_.quantiles) return {};
        return {horizon_.levels, horizon_.level_count};
    }
    // Those of the i-th step, to be filled in the order of levels(); nan at first, which means unknown.
    std::span<double> quantiles(std::size_t i) {
        if (!horizon_.quantiles) return {};
        return {horizon_.quantiles + i * horizon_.level_count, horizon_.level_count};
    }

  private:
    const fcd_horizon& horizon_;
    fcd_prediction* out_;
};

// ---- Errors -------------------------------------------------------------------------------------------

// Throw any std::exception, and its text reaches the user as a sentence; the series is set aside: it gets no
// more points until the host is restarted. Throw one of these from start, observe, judge, expect or forecast
// for less.
class Failure : public std::runtime_error {
  public:
    Failure(std::int32_t code, const std::string& text) : std::runtime_error(text), code_(code) {}
    [[nodiscard]] std::int32_t code() const { return code_; }

  private:
    std::int32_t code_;
};
// The state is thrown away, and the series begins again at its next point.
class BeginAgain : public Failure {
  public:
    explicit BeginAgain(const std::string& text) : Failure(FCD_BEGIN_AGAIN, text) {}
};
// Nothing is wrong with the state, which must be unchanged: only this point, or this forecast, is left out.
// Thrown from forecast or expect while a point is judged, it only means that nothing is expected of the
// point.
class AskLater : public Failure {
  public:
    explicit AskLater(const std::string& text) : Failure(FCD_ASK_LATER, text) {}
};

// ---- The host and its log -----------------------------------------------------------------------------

// Hidden, as what is in table.hpp: two plugins with a model of the same name must not share what is static.
#pragma GCC visibility push(hidden)
namespace detail {
inline const fcd_host* kept_host = nullptr;
}
#pragma GCC visibility pop

// The host that loaded this plugin; nullptr before that. It is valid until the process ends.
inline const fcd_host* host() { return detail::kept_host; }

enum class Level : std::int32_t {
    error = FCD_LOG_ERROR,
    warn = FCD_LOG_WARN,
    info = FCD_LOG_INFO,
    debug = FCD_LOG_DEBUG
};

// Writes one sentence for the operator. The host adds the plugin's name. Does nothing in a host without a
// log.
inline void log(Level level, const std::string& text) {
    if (!host() || !host()->service) return;
    const auto* const service = static_cast<const fcd_log*>(host()->service(FCD_LOG));
    if (service) service->write(static_cast<std::int32_t>(level), text.c_str());
}

// ---- Saved states -------------------------------------------------------------------------------------

namespace detail {
// Each tail begins at a multiple of this.
template <class T>
inline constexpr std::size_t tail_alignment = alignof(T) > 8 ? alignof(T) : 8;

constexpr std::size_t aligned(std::size_t size, std::size_t alignment) {
    return (size + alignment - 1) / alignment * alignment;
}
}  // namespace detail

// A state that was saved by another version of the model, with other parameters, or on another grid.
class Saved {
  public:
    explicit Saved(const fcd_saved& saved) : saved_(saved) {}

    [[nodiscard]] std::uint32_t state_version() const { return saved_.state_version; }
    [[nodiscard]] std::int64_t interval_ns() const { return saved_.interval_ns; }

    // A parameter of the model that saved it; nothing if it had none of that name and type.
    [[nodiscard]] std::optional<double> real(std::string_view name) const {
        const fcd_saved_param* const param = find(name);
        if (!param || param->type != FCD_REAL) return std::nullopt;
        return param->value.real;
    }
    // Of an integer, a boolean, a duration (nanoseconds) or steps (of the old grid).
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name) const {
        const fcd_saved_param* const param = find(name);
        if (!param || param->type == FCD_REAL || param->type == FCD_CHOICE || param->type == FCD_INTEGERS)
            return std::nullopt;
        return param->value.integer;
    }
    [[nodiscard]] std::optional<std::string_view> choice(std::string_view name) const {
        const fcd_saved_param* const param = find(name);
        if (!param || param->type != FCD_CHOICE || !param->choice) return std::nullopt;
        return param->choice;
    }
    // Empty if the algorithm was to choose.
    [[nodiscard]] std::optional<std::span<const std::int64_t>> integers(std::string_view name) const {
        const fcd_saved_param* const param = find(name);
        if (!param || param->type != FCD_INTEGERS) return std::nullopt;
        return std::span{param->value.integers->items, param->value.integers->count};
    }

    // The old Series; nullptr if there are too few bytes for it.
    template <class Old>
    [[nodiscard]] const Old* series() const {
        static_assert(std::is_trivially_copyable_v<Old> && alignof(Old) <= 16,
                      "an old Series is plain bytes");
        return saved_.size < sizeof(Old) ? nullptr : static_cast<const Old*>(saved_.bytes);
    }
    // The old tails by their types and old lengths, as in auto [a, b] = saved.tails<double, int>(n, m); all
    // are empty if there are too few bytes for them.
    template <class... T, class... Length>
    [[nodiscard]] std::tuple<std::span<const T>...> tails(Length... length) const {
        static_assert(sizeof...(T) == sizeof...(Length), "tails() needs one length for each type");
        static_assert(((alignof(T) <= 8) && ...), "use bytes() for elements that are aligned to 16 bytes");
        const std::size_t lengths[] = {static_cast<std::size_t>(length)...};
        constexpr std::size_t sizes[] = {sizeof(T)...};
        std::size_t offsets[sizeof...(T)] = {};
        std::size_t end = saved_.size;  // the tails are the last bytes of a state
        for (std::size_t i = sizeof...(T); i-- > 0;) {
            if (lengths[i] > end / sizes[i]) return {};
            const std::size_t room = detail::aligned(lengths[i] * sizes[i], i + 1 < sizeof...(T) ? 8 : 1);
            if (room > end || (end - room) % 8 != 0) return {};
            end = offsets[i] = end - room;
        }
        std::size_t next = 0;
        const auto span = [&]<class U>(const U*) {
            const std::size_t i = next++;
            return std::span{reinterpret_cast<const U*>(static_cast<const char*>(saved_.bytes) + offsets[i]),
                             lengths[i]};
        };
        return std::tuple<std::span<const T>...>{span(static_cast<const T*>(nullptr))...};
    }
    template <class T = double>
    [[nodiscard]] std::span<const T> tail(std::size_t length) const {
        return std::get<0>(tails<T>(length));
    }

    [[nodiscard]] std::span<const std::byte> bytes() const {
        return {static_cast<const std::byte*>(saved_.bytes), saved_.size};
    }

  private:
    [[nodiscard]] const fcd_saved_param* find(std::string_view name) const {
        for (std::uint32_t i = 0; i < saved_.param_count; ++i)
            if (saved_.params[i].name == name) return &saved_.params[i];
        return nullptr;
    }
    const fcd_saved& saved_;
};

}  // namespace forecastd

#endif  // FORECASTD_VALUES_HPP
