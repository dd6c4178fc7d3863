#include "engine/judged_leads.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace forecastd::engine {
namespace {

constexpr std::int64_t most_waiting = 2;   // forecasts of one lead
constexpr std::int64_t factors = 210;      // 2 * 3 * 5 * 7
constexpr std::int64_t short_factors = 6;  // of strides below 11; a season has phases enough for 5 and 7

std::uint32_t stride_of(std::int64_t lead, std::span<const std::int64_t> seasons) {
    std::int64_t stride = (lead + most_waiting - 1) / most_waiting;
    const auto shares_a_factor = [&](std::int64_t season) {
        return season > 1 && std::gcd(stride, season) > 1;
    };
    const auto repeats = [&] { return std::gcd(stride, stride < 11 ? short_factors : factors) > 1; };
    while (stride > 1 && (repeats() || std::any_of(seasons.begin(), seasons.end(), shares_a_factor)))
        ++stride;
    return static_cast<std::uint32_t>(
        std::min<std::int64_t>(stride, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

JudgedLeads::JudgedLeads(std::int64_t horizon, std::int64_t searched, std::span<const std::int64_t> seasons) {
    std::vector<std::int64_t> steps{1, horizon / 8, horizon / 3, 2 * horizon / 3, horizon};
    if (searched > horizon) {
        steps.push_back(
            std::llround(std::sqrt(static_cast<double>(horizon) * static_cast<double>(searched))));
        steps.push_back(searched);
    }
    for (std::int64_t& one : steps) one = std::max<std::int64_t>(one, 1);
    std::sort(steps.begin(), steps.end());
    steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
    std::uint32_t next = 0;
    for (const std::int64_t one : steps) {
        JudgedLead lead;
        lead.steps = one;
        lead.log_steps = std::log(static_cast<double>(one));
        lead.first = next;
        if (one > 1) {
            lead.stride = stride_of(one, seasons);
            lead.slots = static_cast<std::uint32_t>((one + lead.stride - 1) / lead.stride);
        }
        next += lead.slots;
        leads_.push_back(lead);
    }
}

BetweenLeads JudgedLeads::between(std::int64_t steps) const {
    std::size_t place = 0;
    while (place + 1 < leads_.size() && steps >= leads_[place + 1].steps) ++place;
    if (place + 1 == leads_.size() || steps <= leads_[place].steps) return {place, 0};
    const double from = leads_[place].log_steps, to = leads_[place + 1].log_steps;
    return {place, (std::log(static_cast<double>(steps)) - from) / (to - from)};
}

}  // namespace forecastd::engine
