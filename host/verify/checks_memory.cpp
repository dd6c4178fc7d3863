// Memory that is not the plugin's, and memory that it keeps.
#include <malloc.h>

#include <algorithm>
#include <limits>

#include "verify/checks.hpp"

namespace forecastd::verify {
namespace {

// What is usually done with a model.
void use(const Rig& rig, Against against) {
    const auto model = rig.model();
    Series series(*model, against), other(*model, against);
    const auto values = rig.usual_values(120);
    for (const fcd_point& point : series.points(std::span(values).first(60))) series.advance(point);
    series.advance(series.points(std::span(values).subspan(60), 1060));
    other.advance(other.points(values));
    if (against != FCD_AGAINST_NOTHING)
        require(series.is_intact() && other.is_intact(), "it wrote beside a state");
    if (!rig.algorithm().forecasts()) return;
    for (const std::uint32_t steps : {1u, 3u, 50u}) (void)series.forecast(1120, steps);
    if (against != FCD_AGAINST_NOTHING) require(series.is_intact(), "it wrote beside a state in a forecast");
}

// What malloc has handed out; below 4 GiB of it, on a C library without mallinfo2 (before glibc 2.33).
std::size_t allocated() {
#if __GLIBC_PREREQ(2, 33)
    const auto now = ::mallinfo2();
    return now.uordblks + now.hblkhd;
#else
    const auto now = ::mallinfo();
    return static_cast<unsigned>(now.uordblks) + std::size_t{static_cast<unsigned>(now.hblkhd)};
#endif
}

}  // namespace

Result check_bounds(const Rig& rig) {
    use(rig, FCD_AGAINST_PAGE_BEHIND);
    use(rig, FCD_AGAINST_PAGE_BEFORE);
    return {};
}

// What grows once, such as a workspace, is no leak: memory must grow again and again, by the least that malloc hands
// out.
Result check_leaks(const Rig& rig) {
    constexpr std::size_t rounds = 40, least = 24;
    std::size_t grown = std::numeric_limits<std::size_t>::max();
    std::size_t before = 0;
    for (int block = 0; block < 4; ++block) {
        for (std::size_t i = 0; i < rounds; ++i) use(rig, FCD_AGAINST_NOTHING);
        const std::size_t after = allocated();
        if (block > 0) grown = std::min(grown, after > before ? after - before : 0);
        before = after;
    }
    require(grown < rounds * least,
            std::to_string(grown / rounds) + " bytes are lost with each model and its two series");
    return {};
}

}  // namespace forecastd::verify
