// The temperature of a fermenting beer, one point at every interval:
//
//     temperature,brew=pale_ale temperature=19.37 1700000000000000000
//
// Yeast warms the beer, slowly at first, most at the height of the fermentation, then less; the room takes
// some of the warmth; a thermostat with a dead band switches the cooling on and off, and its target rises
// slowly, as brewers let it. So the curve is a saw-tooth of some tenths of a degree on a slow rise. The probe
// lags half a minute behind, adds noise with a standard deviation of 0.05 degrees, and shows hundredths.
//
// Six spikes, a level shift that stays, a drop-out (points that are missing) and a stuck stretch (the value
// does not change) are spread over the run, at most one in each of nine stretches of equal length, after an
// eighth of the run that is left calm. Their kinds, places and sizes follow from the seed. Without anomalies
// the other points are the same.
#ifndef FORECASTD_SIMULATION_BEER_HPP
#define FORECASTD_SIMULATION_BEER_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "simulation/random.hpp"
#include "simulation/scenario.hpp"

namespace forecastd::simulation {

struct BeerOptions {
    std::int64_t points =
        20'000;  // at least least_points if anomalies, counting those that a drop-out takes away
    std::int64_t interval_ns = 1'000'000'000;
    std::int64_t start_ns = 0;  // the last time, start_ns + (points - 1) * interval_ns, must fit in 64 bits
    std::uint64_t seed = 1;
    bool anomalies = true;
};

class Beer final : public Scenario {
  public:
    static constexpr std::int64_t least_points = 1'000;  // fewer have no room for the anomalies

    explicit Beer(const BeerOptions& options);

    bool append(std::string& out) override;
    [[nodiscard]] const std::vector<Label>& labels() const override { return labels_; }

  private:
    // A label in terms of points.
    struct Anomaly {
        enum class Kind { spike, level_shift, drop_out, stuck } kind;
        std::int64_t first, last;  // points
        std::int64_t size_hundredths;
    };

    void plan_anomalies();
    [[nodiscard]] Anomaly planned(Anomaly::Kind kind, std::int64_t first, std::int64_t room,
                                  Random& random) const;
    [[nodiscard]] Label label(const Anomaly& anomaly) const;
    [[nodiscard]] std::int64_t time_ns(std::int64_t point) const;
    void ferment(double seconds);
    [[nodiscard]] std::int64_t read_probe();

    BeerOptions options_;
    Random noise_;
    std::vector<Anomaly> anomalies_;  // in the order of their first points
    std::vector<Label> labels_;
    std::int64_t point_ = 0;  // the next one
    std::int64_t shown_ = 0;  // the value of the last one
    double age_s_ = 0;        // since the start
    double yeast_ = 0.08;     // the grown part, 0 to 1
    double beer_c_ = 19;      // the beer's temperature
    double probe_c_ = 19;     // the probe's, behind the beer's
    bool cooling_ = false;
};

}  // namespace forecastd::simulation

#endif
