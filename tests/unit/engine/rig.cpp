#include "unit/engine/rig.hpp"

#include <cmath>
#include <cstdio>

#include "lineprotocol/reader.hpp"

namespace forecastd::engine {

config::Pipeline pipeline(const std::string& name, std::int64_t interval_s) {
    config::Pipeline made;
    made.name = name;
    made.interval_ns = interval_s * second;
    made.output.event.reset();
    return made;
}

config::Pipeline forecasting(const std::string& name, std::int64_t interval_s, const ProbeParams& params) {
    config::Pipeline made = pipeline(name, interval_s);
    made.forecast.emplace();
    made.forecast->model = probe(params);
    made.forecast->calibrate = false;
    return made;
}

config::Pipeline detecting(const std::string& name, std::int64_t interval_s, const ProbeParams& params) {
    config::Pipeline made = pipeline(name, interval_s);
    made.detect.emplace();
    made.detect->stuck = made.detect->drift = false;
    made.detect->no_data_after = {};
    made.detect->model = probe(params);
    return made;
}

config::Pipeline doing_both(const std::string& name, std::int64_t interval_s, const ProbeParams& params) {
    config::Pipeline made = forecasting(name, interval_s, params);
    made.detect.emplace();
    made.detect->stuck = made.detect->drift = false;
    made.detect->no_data_after = {};
    made.detect->model = probe();
    return made;
}

config::Pipeline telling(std::int64_t every_s, std::int64_t interval_s) {
    config::Pipeline made = pipeline("p", interval_s);
    made.forecast.emplace();
    made.forecast->calibrate = false;
    made.forecast->model.algorithm = catalogue().find("teller");
    made.forecast->emit_every_ns = std::int64_t{1} << 60;
    made.forecast->diagnostics_every_ns = every_s * second;
    return made;
}

config::Config with(std::vector<config::Pipeline> pipelines) {
    config::Config made;
    made.pipelines = std::move(pipelines);
    return made;
}

std::string at(double seconds, double value, const std::string& key) {
    char text[80];
    std::snprintf(text, sizeof text, " v=%g %lld\n", value,
                  static_cast<long long>(std::llround(seconds * 1e9)));
    return key + text;
}

void feed(Engine& engine, Sink& sink, std::string_view text, std::size_t batch, std::int64_t clock_s) {
    lineprotocol::Reader reader;
    text.copy(reader.space(text.size()).data(), text.size());
    reader.filled(text.size());
    reader.end_of_input();
    lineprotocol::Points points;
    lineprotocol::LineError error;
    const auto flush = [&] {
        if (!points.points.empty()) engine.process(points, clock_s * second, sink);
        points.clear();
    };
    for (;;) {
        const auto outcome = reader.next(points, error);
        if (outcome == lineprotocol::Outcome::incomplete) break;
        if (points.points.size() == batch) flush();
    }
    flush();
}

Rig::Rig(const config::Config& config, std::size_t batch, const std::vector<StageMaker>& stages)
    : engine(
          config, [this](config::LogLevel, const std::string& text) { reports.push_back(text); }, stages),
      batch_(batch) {
    fed.clear();
}

void Rig::feed(std::string_view text, std::int64_t clock_s) {
    engine::feed(engine, sink, text, batch_, clock_s);
}

std::vector<std::string> Rig::lines(std::string_view kind) const {
    std::vector<std::string> result;
    for (const std::string& line : sink.lines)
        if (line.substr(0, kind.size()) == kind) result.push_back(line);
    return result;
}

}  // namespace forecastd::engine
