// Which seasons equally spaced values show: the calendar's, or another one that stands out.
//
// A season of p steps is judged by how much the last C = n/p cycles resemble each other. Each cycle loses its
// mean and the slope between the means of its neighbours, and deviations beyond four mean absolute ones count
// as four. Then
//
//   r = (sum over phases of (sum over cycles)^2 - E) / ((C - 1) E),   E: the sum of squares
//
// is the mean correlation of two cycles, the intraclass correlation of the analysis of variance (R. A.
// Fisher, Statistical Methods for Research Workers, 1925, chapter 7). Cycles of white noise, of AR(1)
// processes and of random walks are independent once their means are gone, so r then varies around 0, by
// less than sqrt(2 / (C (C - 1))). Evidence is r over that, beside
//
//   1.5 + 9/p   above which fewer than 1 in 500 made-up series of these kinds came, whatever p and C
//   .7 + 4/p    for a longer season once a shorter one is there: what a false one costs is little
//
// and r must be .1. Periods of the calendar come first, ascending, each judged on what the shorter ones
// leave. Only where there is none, all periods up to a bound are searched, with 1.8 times the evidence; a
// period that is a part of the true one then gives way to its multiple. The two longest are returned.
//
// Never: reads more than the values given, keeps anything, or returns a season of which fewer than three
// cycles are there.
#ifndef FORECASTD_PLUGINS_NUMERICS_SEASONS_HPP
#define FORECASTD_PLUGINS_NUMERICS_SEASONS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace numerics {

// In steps, ascending; 0: none.
struct Seasons {
    std::uint32_t first = 0, second = 0;

    friend bool operator==(const Seasons&, const Seasons&) = default;
};

// The hour, the day and the week as steps of an interval, ascending: those that are whole numbers of steps
// from 2 to longest.
inline std::vector<std::uint32_t> calendar_seasons(std::int64_t interval_ns, std::uint32_t longest) {
    constexpr std::int64_t hour = 3'600'000'000'000;
    std::vector<std::uint32_t> result;
    for (const std::int64_t length : {hour, 24 * hour, 168 * hour})
        if (interval_ns > 0 && length % interval_ns == 0 && length / interval_ns >= 2 &&
            length / interval_ns <= longest)
            result.push_back(static_cast<std::uint32_t>(length / interval_ns));
    return result;
}

// Thread: any; it never changes.
class SeasonFinder {
  public:
    // What find() works in; it may be used again for other values.
    struct Room {
        std::vector<double> left, deviations, phases, squares, means;
    };

    // usual: seasons that are likely, ascending. longest_other: of those that are searched where none of
    // these is there.
    SeasonFinder(std::vector<std::uint32_t> usual, std::uint32_t longest_other)
        : usual_(std::move(usual)), longest_other_(longest_other) {}

    [[nodiscard]] std::span<const std::uint32_t> usual() const { return usual_; }
    [[nodiscard]] std::uint32_t longest_other() const { return longest_other_; }

    // values: oldest first, all finite. in_use: what was found before, which stays on half the evidence, and
    // where the values are too few to tell. Time: that of a few passes over the values, and of longest_other
    // passes over the last 4 longest_other of them.
    [[nodiscard]] Seasons find(std::span<const double> values, Seasons in_use, Room& room) const {
        room.left.assign(values.begin(), values.end());
        Seasons found;
        for (const std::uint32_t season : usual_) {
            const bool stays = season == in_use.first || season == in_use.second;
            if (stays && values.size() < least_cycles * std::size_t{season}) {
                if (in_use.second != 0 && found.first != in_use.first) continue;
            } else {
                if (!(evidence(room.left, season, found.first > 0, room) > (stays ? to_stay : 1))) continue;
                take_out(season, room);
            }
            if (found.first == 0)
                found.first = season;
            else
                found = {found.second > 0 ? found.second : found.first, season};
        }
        if (found.first == 0) found.first = strongest(values, in_use, room);
        return found;
    }

    // Evidence for a season beside what is needed: above 1 it is there. 0: too few cycles, or too alike.
    [[nodiscard]] static double evidence(std::span<const double> values, std::size_t season, bool is_second,
                                         Room& room) {
        const std::size_t cycles = values.size() / season;
        if (season < 2 || cycles < least_cycles) return 0;
        const double r = resemblance(values.last(cycles * season), season, room);
        if (!(r >= least_resemblance)) return 0;
        const auto count = static_cast<double>(cycles), steps = static_cast<double>(season);
        const double needed = is_second ? 0.7 + 4 / steps : 1.5 + 9 / steps;
        return r * std::sqrt(count * (count - 1) / 2) / needed;
    }

  private:
    static constexpr std::size_t least_cycles = 3;
    static constexpr double least_resemblance = 0.1, clipped_at = 4, for_others = 1.8, to_stay = 0.5;

    // The mean correlation of two cycles; NaN where all cycles are straight lines.
    static double resemblance(std::span<const double> values, std::size_t season, Room& room) {
        const std::size_t cycles = values.size() / season;
        const auto steps = static_cast<double>(season);
        room.means.assign(cycles, 0);
        for (std::size_t c = 0; c < cycles; ++c) {
            double sum = 0;
            for (std::size_t k = 0; k < season; ++k) sum += values[c * season + k];
            room.means[c] = sum / steps;
        }
        room.deviations.resize(values.size());
        room.phases.assign(season, 0);
        // Sums stand at each phase, so that the loops over them need no order.
        for (std::size_t c = 0; c < cycles; ++c) {
            const std::size_t before = c > 0 ? c - 1 : c, behind = c + 1 < cycles ? c + 1 : c;
            const double slope =
                (room.means[behind] - room.means[before]) / (static_cast<double>(behind - before) * steps);
            const double begin = room.means[c] - slope * (steps - 1) / 2;
            const double* const value = values.data() + c * season;
            double* const deviation = room.deviations.data() + c * season;
            double* const sizes = room.phases.data();
            for (std::size_t k = 0; k < season; ++k) {
                deviation[k] = value[k] - (begin + slope * static_cast<double>(static_cast<std::int32_t>(k)));
                sizes[k] += std::abs(deviation[k]);
            }
        }
        const double size = std::accumulate(room.phases.begin(), room.phases.end(), 0.0);
        const double limit = clipped_at * size / static_cast<double>(values.size());
        room.phases.assign(season, 0);
        room.squares.assign(season, 0);
        for (std::size_t c = 0; c < cycles; ++c) {
            const double* const deviations = room.deviations.data() + c * season;
            double *const sums = room.phases.data(), *const squares = room.squares.data();
            for (std::size_t k = 0; k < season; ++k) {
                double deviation = deviations[k] < limit ? deviations[k] : limit;
                deviation = deviation > -limit ? deviation : -limit;
                sums[k] += deviation;
                squares[k] += deviation * deviation;
            }
        }
        const double squares = std::accumulate(room.squares.begin(), room.squares.end(), 0.0);
        double together = 0;
        for (const double sum : room.phases) together += sum * sum;
        return (together - squares) / (static_cast<double>(cycles - 1) * squares);
    }

    // Takes away what the cycles have in common; resemblance() of this season was the last call.
    static void take_out(std::size_t season, Room& room) {
        const std::size_t size = room.left.size(), whole = size / season;
        const auto cycles = static_cast<double>(whole);
        std::fill(room.phases.begin(), room.phases.end(), 0.0);
        for (std::size_t t = 0; t < whole * season; ++t) room.phases[t % season] += room.deviations[t];
        std::size_t k = (season - size % season) % season;
        for (double& value : room.left) {
            value -= room.phases[k] / cycles;
            k = k + 1 == season ? 0 : k + 1;
        }
    }

    // The period with the most evidence of all up to the bound; 0: none has enough.
    [[nodiscard]] std::uint32_t strongest(std::span<const double> all, Seasons in_use, Room& room) const {
        const auto values = all.last(std::min<std::size_t>(all.size(), std::size_t{4} * longest_other_));
        const auto longest = static_cast<std::uint32_t>(values.size() / 4);
        double most = for_others;
        std::uint32_t best = 0;
        for (std::uint32_t season = 2; season <= longest; ++season) {
            const double found =
                evidence(values, season, false, room) / (season == in_use.first ? to_stay : 1);
            if (found > most) most = found, best = season;
        }
        if (best == 0 || best == in_use.first) return best;
        best = sharpest(values, best, longest, room);
        room.left.assign(values.begin(), values.end());
        std::uint32_t season = best;
        resemblance(values.last(values.size() / season * season), season, room);
        take_out(season, room);
        for (std::uint32_t times = 2; times <= 4 && times * best <= longest; ++times) {
            if (!(evidence(room.left, std::size_t{times} * best, false, room) > 1)) continue;
            season = times * best;
            take_out(season, room);
        }
        return season;
    }
    // Of the periods near one, that whose cycles are the most alike: short ones have more evidence, as there
    // are more of their cycles.
    static std::uint32_t sharpest(std::span<const double> values, std::uint32_t about, std::uint32_t longest,
                                  Room& room) {
        const std::uint32_t reach = about / 16;
        std::uint32_t best = about;
        double most = 0;
        for (std::uint32_t season = about - reach; season <= std::min(about + reach, longest); ++season) {
            const double r = resemblance(values.last(values.size() / season * season), season, room);
            if (r > most) most = r, best = season;
        }
        return best;
    }

    std::vector<std::uint32_t> usual_;
    std::uint32_t longest_other_;
};

}  // namespace numerics

#endif  // FORECASTD_PLUGINS_NUMERICS_SEASONS_HPP
