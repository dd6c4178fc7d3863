// A Sink that takes nothing: for engines that only learn, and to derive from.
#ifndef FORECASTD_ENGINE_NULL_SINK_HPP
#define FORECASTD_ENGINE_NULL_SINK_HPP

#include "engine/sink.hpp"

namespace forecastd::engine {

class NullSink : public Sink {
  public:
    void original(const lineprotocol::PointView&) override {}
    void forecast(const SeriesView&, const Origin&, std::span<const Lead>, std::span<const double>) override {
    }
    void judgement(const SeriesView&, const Judgement&) override {}
    void crossing(const SeriesView&, std::int64_t, std::int64_t, const Crossing&) override {}
    void diagnostics(const SeriesView&, std::int64_t, std::span<const fcd_value>) override {}
    void event(const SeriesView&, const Event&) override {}
    void state(const SeriesView&, const SeriesState&) override {}
};

}  // namespace forecastd::engine

#endif
