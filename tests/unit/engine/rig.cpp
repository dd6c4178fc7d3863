#include "unit/engine/rig.hpp"

#include "lineprotocol/reader.hpp"

namespace forecastd::engine {

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

}  // namespace forecastd::engine
