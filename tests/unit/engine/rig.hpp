// An engine with a small algorithm of our own, fed with text, and a sink that records what comes out as text.
#ifndef FORECASTD_TESTS_ENGINE_RIG_HPP
#define FORECASTD_TESTS_ENGINE_RIG_HPP

#include <cstdint>
#include <cstring>
#include <forecastd/plugin.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"
#include "unit/engine/probe.hpp"
#include "unit/engine/recorder.hpp"

namespace forecastd::engine {

// Pipelines: without a model; with the probe; one that forecasts with the teller.
config::Pipeline pipeline(const std::string& name, std::int64_t interval_s = 10);
config::Pipeline forecasting(const std::string& name = "p", std::int64_t interval_s = 10,
                             const ProbeParams& params = {});
config::Pipeline detecting(const std::string& name = "p", std::int64_t interval_s = 10,
                           const ProbeParams& params = {});
config::Pipeline doing_both(const std::string& name = "p", std::int64_t interval_s = 10,
                            const ProbeParams& params = {});
config::Pipeline telling(std::int64_t every_s, std::int64_t interval_s = 10);
config::Config with(std::vector<config::Pipeline> pipelines);

// A point of "m": field v at a time in seconds.
std::string at(double seconds, double value, const std::string& key = "m");

// Gives lines to an engine. batch: the points of one call.
void feed(Engine& engine, Sink& sink, std::string_view text, std::size_t batch = Engine::batch_points,
          std::int64_t clock_s = 0);

class Rig {
  public:
    explicit Rig(const config::Config& config, std::size_t batch = Engine::batch_points,
                 const std::vector<StageMaker>& stages = standard_stages());

    void feed(std::string_view text, std::int64_t clock_s = 0);
    [[nodiscard]] const Counters& counters() const { return engine.counters(); }
    [[nodiscard]] std::vector<std::string>& lines() { return sink.lines; }
    // Only those that begin so.
    [[nodiscard]] std::vector<std::string> lines(std::string_view kind) const;

    std::vector<std::string> reports;
    Engine engine;
    Recorder sink;

  private:
    const std::size_t batch_;
};

using Lines = std::vector<std::string>;

}  // namespace forecastd::engine

#endif
