#include "simulation/fleet.hpp"

#include <array>
#include <numeric>
#include <utility>

#include "simulation/number.hpp"

namespace forecastd::simulation {
namespace {

constexpr std::array regions{"eu", "us", "ap"};
constexpr std::uint32_t hosts_in_a_rack = 40;

// The parts of the one seed: 0 is the shuffler's, then each field of each series has one.
constexpr std::uint64_t shuffler_part = 0;
constexpr std::uint64_t walk_part(std::uint32_t series, std::uint32_t field) {
    return 1 + (std::uint64_t{series} << 32) + field;
}

void append_head(std::string& out, std::uint32_t host) {
    const std::string number = std::to_string(host);
    const std::uint32_t rack = host / hosts_in_a_rack;
    out += "cpu,host=srv";
    if (number.size() < 6) out.append(6 - number.size(), '0');
    out.append(number).append(",rack=r").append(std::to_string(rack));
    out.append(",region=").append(regions[rack % regions.size()]).append(" ");
}

}  // namespace

Fleet::Fleet(const FleetOptions& options) : options_(options), shuffler_(options.seed, shuffler_part) {
    begins_.reserve(std::size_t{options.series} + 1);
    for (std::uint32_t host = 0; host < options.series; ++host) {
        begins_.push_back(heads_.size());
        append_head(heads_, host);
    }
    begins_.push_back(heads_.size());

    for (std::uint32_t field = 0; field < options.fields; ++field)
        keys_.push_back(field == 0 ? "usage=" : ",usage" + std::to_string(field + 1) + "=");

    walks_.reserve(std::size_t{options.series} * options.fields);
    for (std::uint32_t series = 0; series < options.series; ++series)
        for (std::uint32_t field = 0; field < options.fields; ++field)
            walks_.push_back(drawn(Random(options.seed, walk_part(series, field))));

    if (options.order == Order::shuffled) {
        turn_.resize(options.series);
        std::iota(turn_.begin(), turn_.end(), 0U);
    }
}

// With these ranges no value can leave 0 to 100: the noise ends at 16 standard deviations.
Fleet::Walk Fleet::drawn(Random random) {
    const auto draw = [&](std::int64_t first, std::int64_t last) {
        return static_cast<std::uint16_t>(random.between(first, last));
    };
    Walk walk{};
    walk.noise_seed = random.bits();
    walk.level = draw(2'500, 7'500);
    walk.swing = draw(50, 800);
    walk.noise = draw(10, 100);
    walk.period = draw(2'000, 10'000);
    walk.phase = draw(0, walk.period - 1);
    return walk;
}

void Fleet::begin_step() {
    time_ = " ";
    append_integer(time_, options_.start_ns + step_ * options_.interval_ns);
    time_ += '\n';
    for (std::size_t i = turn_.size(); i > 1; --i)
        std::swap(turn_[i - 1], turn_[shuffler_.below(static_cast<std::uint32_t>(i))]);
}

std::int64_t Fleet::value(const Walk& walk) const {
    // From -1 at the period's start to 1 at its middle and back, in straight lines.
    const auto place = static_cast<double>((step_ + walk.phase) % walk.period) / walk.period;
    const double wave = place < 0.5 ? 4 * place - 1 : 3 - 4 * place;
    Random random(walk.noise_seed, static_cast<std::uint64_t>(step_));
    return rounded(walk.level + walk.swing * wave + walk.noise * random.normal());
}

bool Fleet::append(std::string& out) {
    if (step_ == options_.points) return false;
    if (place_ == 0) begin_step();

    const std::size_t series = turn_.empty() ? place_ : turn_[place_];
    out.append(heads_, begins_[series], begins_[series + 1] - begins_[series]);
    const Walk* walk = &walks_[series * options_.fields];
    for (const auto& key : keys_) {
        out += key;
        append_hundredths(out, value(*walk++));
    }
    out += time_;

    if (++place_ == options_.series) {
        place_ = 0;
        ++step_;
    }
    return true;
}

}  // namespace forecastd::simulation
