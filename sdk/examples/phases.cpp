#include <forecastd/plugin.hpp>

// Forecasts a season: the smoothed mean of each of its phases, such as each ten minutes of a day. How many there are
// follows from a parameter and the interval, so they are a tail.
struct Phases {
    static constexpr forecastd::About about{"example.phases", "1.0.0", "The mean of each phase of a season."};
    static constexpr auto params() {
        return std::tuple{
            forecastd::steps<&Phases::season>("season_length", forecastd::hours(24), 2, 1'000'000,
                                              "Steps of a season."),
            forecastd::real<&Phases::alpha>("alpha", 0.3, 0.01, 1.0, "Weight of the newest season.")};
    }
    std::size_t season;
    double alpha;

    struct Series {
        double last = 0;  // for phases that were not seen yet
    };
    struct Phase {
        double mean, squares;  // squares: of the distances from the mean, smoothed
        std::uint64_t seen;
    };
    auto tails() const { return std::tuple{forecastd::Tail<Phase>{season}}; }

    std::size_t index(std::int64_t local_step) const {  // a local step may be negative
        const auto length = static_cast<std::int64_t>(season);
        return static_cast<std::size_t>((local_step % length + length) % length);
    }
    void observe(Series& s, std::span<Phase> phases, const forecastd::Point& p) const {
        Phase& phase = phases[index(p.local_step)];
        if (phase.seen++ == 0) phase.mean = p.value;
        const double error = p.value - phase.mean;
        phase.mean += alpha * error;
        phase.squares += alpha * (error * error - phase.squares);
        s.last = p.value;
    }
    void forecast(const Series& s, std::span<const Phase> phases, forecastd::Forecast& out) const {
        for (std::size_t i = 0; i < out.size(); ++i) {
            const Phase& phase = phases[index(out.local_step(i))];
            if (phase.seen == 0) out[i] = {s.last, forecastd::nan};
            if (phase.seen == 1) out[i] = {phase.mean, forecastd::nan};  // the host finds the deviation
            if (phase.seen > 1) out[i] = {phase.mean, forecastd::known(std::sqrt(phase.squares))};
        }
    }
};
FORECASTD_PLUGIN(Phases)
