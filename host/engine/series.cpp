#include "engine/series.hpp"

#include <algorithm>

namespace forecastd::engine {

void save_core(const Series& series, ByteWriter& out) {
    out.put(static_cast<std::uint8_t>(series.irregular));
    out.put(series.irregular_run);
    out.put(static_cast<std::uint8_t>(series.started | series.judged << 1 | series.foreign_grid << 2 |
                                      (series.was_crowded ? 8 : 0)));
    out.put(series.last_time_ns);
    out.put(series.last_step);
    out.put(series.phase_ns);
    out.put(static_cast<std::uint32_t>(series.learned));
    out.put(static_cast<std::uint8_t>(series.off_grid));
}

void load_core(Series& series, ByteReader& in) {
    series.irregular = static_cast<Irregular>(in.take<std::uint8_t>() & 3);
    series.irregular_run = in.take<std::uint8_t>();
    const auto bits = in.take<std::uint8_t>();
    series.started = bits & 1;
    series.judged = bits >> 1 & 1;
    series.foreign_grid = bits >> 2 & 1;
    series.was_crowded = (bits >> 3u) & 1u;
    series.last_time_ns = in.take<std::int64_t>();
    series.last_step = in.take<std::int64_t>();
    series.phase_ns = in.take<std::int64_t>();
    series.learned = std::min(in.take<std::uint32_t>(), Series::max_learned) & Series::max_learned;
    series.off_grid = in.take<std::uint8_t>();
    // The times of a review are not saved: the next point that is off the grid begins another.
    if (series.off_grid == Series::under_review) --series.off_grid;
}

}  // namespace forecastd::engine
