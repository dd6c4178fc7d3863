// A sink that records what an engine hands on, as text.
#ifndef FORECASTD_TESTS_ENGINE_RECORDER_HPP
#define FORECASTD_TESTS_ENGINE_RECORDER_HPP

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/sink.hpp"

namespace forecastd::engine {

// "= BYTES" for an original, "f KEY FIELD PIPELINE @10: 20=1 30=1" for a forecast, "j KEY FIELD PIPELINE @10
// y=2 yhat=1 score=1 above" for a judgement, "c KEY FIELD PIPELINE @10 NAME in 5 from 3 to 8" for a crossing,
// "e KEY FIELD PIPELINE @10 open from ..." for an event, "d KEY FIELD PIPELINE @10 points=2" for the teller's
// diagnostics, "s KEY FIELD PIPELINE @10 watched" for a state; times in seconds.
class Recorder : public Sink {
  public:
    void original(const lineprotocol::PointView& point) override;
    void forecast(const SeriesView& series, const Origin& origin, std::span<const Lead> leads,
                  std::span<const double>) override;
    void judgement(const SeriesView& series, const Judgement& one) override;
    void crossing(const SeriesView& series, std::int64_t origin_ns, std::int64_t interval_ns,
                  const Crossing& one) override;
    void diagnostics(const SeriesView& series, std::int64_t time_ns,
                     std::span<const fcd_value> values) override;
    void event(const SeriesView& series, const Event& one) override;
    void state(const SeriesView& series, const SeriesState& one) override;

    std::vector<std::string> lines;
    std::vector<std::uint64_t> ids;  // of the events
};

}  // namespace forecastd::engine

#endif
