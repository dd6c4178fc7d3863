#include "simulation/beer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "simulation/number.hpp"

namespace forecastd::simulation {
namespace {

constexpr const char* series = "temperature,brew=pale_ale";

// Degrees Celsius and seconds.
constexpr double room_c = 17;
constexpr double loss_per_s = 1.0 / 40'000;   // of the difference to the room
constexpr double growth_per_s = 1.0 / 5'400;  // of the yeast, while it has room
constexpr double heat_c_per_s = 7e-4;         // at the height of the fermentation
constexpr double cooling_c_per_s = 9e-4;
constexpr double first_target_c = 19;
constexpr double target_rise_c_per_s = 2.0 / 21'600;
constexpr double last_target_c = 22;
constexpr double dead_band_c = 0.15;  // to both sides of the target
constexpr double probe_lag_s = 30;
constexpr double noise_c = 0.05;
constexpr double longest_step_s = 5;  // of the simulation: small beside the probe's lag

// The parts of the one seed.
constexpr std::uint64_t noise_part = 0;
constexpr std::uint64_t anomalies_part = 1;

}  // namespace

Beer::Beer(const BeerOptions& options) : options_(options), noise_(options.seed, noise_part) {
    if (options.anomalies) plan_anomalies();
}

void Beer::plan_anomalies() {
    using Kind = Anomaly::Kind;
    Random random(options_.seed, anomalies_part);
    std::array kinds{Kind::spike, Kind::spike,       Kind::spike,    Kind::spike, Kind::spike,
                     Kind::spike, Kind::level_shift, Kind::drop_out, Kind::stuck};
    for (std::size_t i = kinds.size(); i > 1; --i)
        std::swap(kinds[i - 1], kinds[random.below(static_cast<std::uint32_t>(i))]);

    const std::int64_t calm = options_.points / 8;
    const std::int64_t stretch = (options_.points - calm) / static_cast<std::int64_t>(kinds.size());
    // Each begins in the first half of its stretch and ends within the next tenth: the rest of it is calm.
    const std::int64_t half = std::min<std::int64_t>(stretch / 2, UINT32_MAX);
    std::int64_t begin = calm;
    for (const Kind kind : kinds) {
        anomalies_.push_back(planned(kind, begin + random.between(0, half - 1), stretch / 10, random));
        labels_.push_back(label(anomalies_.back()));
        begin += stretch;
    }
}

Beer::Anomaly Beer::planned(Anomaly::Kind kind, std::int64_t first, std::int64_t room, Random& random) const {
    const std::int64_t sign = random.below(2) == 0 ? -1 : 1;
    const std::int64_t size = sign * random.between(150, 400);
    const std::int64_t spike_length = random.between(1, 3);
    const std::int64_t stretch_length = std::min<std::int64_t>(room, random.between(120, 300));
    switch (kind) {
        case Anomaly::Kind::spike:
            return {kind, first, first + spike_length - 1, size};
        case Anomaly::Kind::level_shift:
            return {kind, first, options_.points - 1, size / 2};
        case Anomaly::Kind::drop_out:
        case Anomaly::Kind::stuck:
            break;
    }
    return {kind, first, first + stretch_length - 1, 0};
}

Label Beer::label(const Anomaly& anomaly) const {
    Label result{series, "", time_ns(anomaly.first), time_ns(anomaly.last), std::nullopt, ""};
    const std::string length = std::to_string(anomaly.last - anomaly.first + 1);
    switch (anomaly.kind) {
        case Anomaly::Kind::spike:
            result.kind = "spike";
            result.size_hundredths = anomaly.size_hundredths;
            result.description = "misread values, points: " + length;
            break;
        case Anomaly::Kind::level_shift:
            result.kind = "level_shift";
            result.size_hundredths = anomaly.size_hundredths;
            result.description = "the probe was moved and stays where it is";
            break;
        case Anomaly::Kind::drop_out:
            result.kind = "drop_out";
            result.description = "the connection was lost, points missing: " + length;
            break;
        case Anomaly::Kind::stuck:
            result.kind = "stuck";
            result.description = "the value is frozen, points: " + length;
            break;
    }
    return result;
}

std::int64_t Beer::time_ns(std::int64_t point) const {
    return options_.start_ns + point * options_.interval_ns;
}

// One step by Euler's method.
void Beer::ferment(double seconds) {
    age_s_ += seconds;
    const double growing = yeast_ * (1 - yeast_);
    yeast_ += seconds * growth_per_s * growing;
    const double target_c = std::min(first_target_c + target_rise_c_per_s * age_s_, last_target_c);
    if (beer_c_ > target_c + dead_band_c) cooling_ = true;
    if (beer_c_ < target_c - dead_band_c) cooling_ = false;
    beer_c_ += seconds * (heat_c_per_s * 4 * growing - loss_per_s * (beer_c_ - room_c));
    if (cooling_) beer_c_ -= seconds * cooling_c_per_s;
    probe_c_ += seconds / probe_lag_s * (beer_c_ - probe_c_);
}

std::int64_t Beer::read_probe() { return rounded((probe_c_ + noise_c * noise_.normal()) * 100); }

bool Beer::append(std::string& out) {
    while (point_ < options_.points) {
        const std::int64_t point = point_++;
        const double interval_s = static_cast<double>(options_.interval_ns) * 1e-9;
        const auto steps = static_cast<std::int64_t>(std::ceil(interval_s / longest_step_s));
        for (std::int64_t step = 0; step < steps; ++step) ferment(interval_s / static_cast<double>(steps));

        std::int64_t value = read_probe();
        bool lost = false;
        for (const auto& anomaly : anomalies_) {
            if (point < anomaly.first || point > anomaly.last) continue;
            value += anomaly.size_hundredths;
            lost = lost || anomaly.kind == Anomaly::Kind::drop_out;
            if (anomaly.kind == Anomaly::Kind::stuck && point > anomaly.first) value = shown_;
        }
        shown_ = value;
        if (lost) continue;

        out.append(series).append(" temperature=");
        append_hundredths(out, value);
        out += ' ';
        append_integer(out, time_ns(point));
        out += '\n';
        return true;
    }
    return false;
}

}  // namespace forecastd::simulation
