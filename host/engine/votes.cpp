#include "engine/votes.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace forecastd::engine {

std::size_t votes_needed(const config::Combine& combine, std::size_t ready) {
    using enum config::Combine::Rule;
    switch (combine.rule) {
        case any:
            break;
        case all:
            return ready;
        case majority:
            return ready == 0 ? 0 : ready / 2 + 1;
        case least:
            return std::min(static_cast<std::size_t>(combine.least), ready);
    }
    return std::min<std::size_t>(1, ready);
}

std::size_t deciding_vote(const config::Combine& combine, std::span<const double> scores) {
    std::array<std::size_t, config::most_detectors> order{};
    std::size_t ready = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (std::isnan(scores[i])) continue;
        // Inserted behind all that are at least as great.
        std::size_t at = ready++;
        for (; at > 0 && scores[order[at - 1]] < scores[i]; --at) order[at] = order[at - 1];
        order[at] = i;
    }
    if (ready == 0) return static_cast<std::size_t>(-1);
    return order[votes_needed(combine, ready) - 1];
}

}  // namespace forecastd::engine
