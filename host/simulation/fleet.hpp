// Many quiet series, to load and measure a forecaster with: one processor's usage on each of many hosts,
//
//     cpu,host=srv000123,rack=r3,region=eu usage=42.17 1700000000000000000
//
// in percent, with tags sorted as Telegraf sends them. Each value is a level, a slow rise and fall, and
// noise. It follows from the seed, the series, the field and the step alone: more series, or another order,
// change no value.
#ifndef FORECASTD_SIMULATION_FLEET_HPP
#define FORECASTD_SIMULATION_FLEET_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "simulation/random.hpp"
#include "simulation/scenario.hpp"

namespace forecastd::simulation {

enum class Order {
    round_robin,  // at every time each series once, always in the same order
    shuffled      // at every time each series once, in another order each time
};

struct FleetOptions {
    std::uint32_t series = 1'000;
    std::int64_t points = 1'000;  // of each series
    std::uint32_t fields = 1;     // usage, usage2, usage3 ...
    std::int64_t interval_ns = 10'000'000'000;
    std::int64_t start_ns = 0;  // the last time, start_ns + (points - 1) * interval_ns, must fit in 64 bits
    std::uint64_t seed = 1;
    Order order = Order::round_robin;
};

class Fleet final : public Scenario {
  public:
    explicit Fleet(const FleetOptions& options);

    bool append(std::string& out) override;

    // Empty: a fleet has no anomalies.
    [[nodiscard]] const std::vector<Label>& labels() const override { return labels_; }

  private:
    // How one field of one series goes, in hundredths: up and down between level - swing and level + swing.
    struct Walk {
        std::uint64_t noise_seed;
        std::uint16_t level, swing, noise;
        std::uint16_t period, phase;  // steps
    };

    static Walk drawn(Random random);
    void begin_step();
    [[nodiscard]] std::int64_t value(const Walk& walk) const;

    FleetOptions options_;
    std::string heads_;                // of all series: "cpu,host=...,rack=...,region=... "
    std::vector<std::size_t> begins_;  // of each series' head, and the end of the last
    std::vector<std::string> keys_;    // "usage=", ",usage2=", ...
    std::vector<Walk> walks_;          // the fields of the first series, of the second, ...
    std::vector<std::uint32_t> turn_;  // the order of the series at this step; empty if it never changes
    std::string time_;                 // of this step: a space, the number and the newline
    Random shuffler_;
    std::uint32_t place_ = 0;  // in the order, of the next point
    std::int64_t step_ = 0;
    std::vector<Label> labels_;
};

}  // namespace forecastd::simulation

#endif
