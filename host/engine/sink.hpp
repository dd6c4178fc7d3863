// What the engine hands on, in the order in which it is to be written.
#ifndef FORECASTD_ENGINE_SINK_HPP
#define FORECASTD_ENGINE_SINK_HPP

#include <cstdint>
#include <span>
#include <string_view>

#include "config/own_names.hpp"
#include "engine/event.hpp"
#include "engine/series_state.hpp"
#include "engine/series_view.hpp"
#include "lineprotocol/point.hpp"

namespace forecastd::engine {

// The tag that names the field in our own outputs; the other one if the original has a tag of that name.
inline constexpr std::string_view field_tag = "field";
inline constexpr std::string_view other_field_tag = "forecastd_field";
// The measurements of the host's own metrics.
using config::own_accuracy_measurement;
using config::own_measurement;
using config::own_model_measurement;
using config::own_plugin_measurement;
using config::own_state_measurement;

enum class Side : std::uint8_t { none = 0, above_expected = 1, below_expected = 2 };

// What is known of one point of one watched field. NaN: unknown.
struct Judgement {
    std::int64_t time_ns;
    double y, yhat, lower, upper, score;
    Side side;
    bool is_anomaly;
    bool warming_up;          // no score yet, and no alarm
    std::string_view reason;  // a sentence: why the score is what it is; "": none
};

// The forecast of one step. deviation is that of the plugin, or the host's; NaN if neither knows it.
struct Lead {
    std::int64_t time_ns;  // of the step
    std::int64_t lead_ns;  // from the origin's step to it
    double mean, deviation;
};

// The point at which forecasts were made.
struct Origin {
    std::int64_t time_ns;
    double y;
};

// When a forecast first is at a threshold or past it, in steps from its origin: its mean, and of its interval
// the bound on the threshold's side, which is there first, and the other one. NaN: not within the horizon, or
// unknown.
struct Crossing {
    const config::Threshold* threshold;
    double mean, earliest, latest;
};

class Sink {
  public:
    virtual ~Sink() = default;
    // A point that passes on as it came.
    virtual void original(const lineprotocol::PointView& point) = 0;
    // Forecasts made at a point, ascending in time; never none. reaches: how far their intervals reach to
    // either side, those of all levels for each lead; NaN: unknown.
    virtual void forecast(const SeriesView& series, const Origin& origin, std::span<const Lead> leads,
                          std::span<const double> reaches) = 0;
    virtual void judgement(const SeriesView& series, const Judgement& judgement) = 0;
    // A threshold that the forecast made at a point crosses.
    virtual void crossing(const SeriesView& series, std::int64_t origin_ns, std::int64_t interval_ns,
                          const Crossing& crossing) = 0;
    // What the forecaster knows of a series once it has learned a point, in the order of its diagnostics.
    virtual void diagnostics(const SeriesView& series, std::int64_t time_ns,
                             std::span<const fcd_value> values) = 0;
    // A row about an event of a series.
    virtual void event(const SeriesView& series, const Event& event) = 0;
    // Whether a series is watched has changed.
    virtual void state(const SeriesView& series, const SeriesState& state) = 0;
};

}  // namespace forecastd::engine

#endif
