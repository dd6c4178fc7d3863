// How a series is cut into blocks: the line and the seasons are fitted to the means of these.
//
// The longest season is divided into `phases` blocks; a shorter one into a whole number of them,
// `short_phases`. Without a season each block has as many steps as make 48 of the window. Blocks follow local
// time, and count from 1970 on. The window holds `count` of them.
#ifndef FORECASTD_PLUGINS_TREND_BLOCKS_HPP
#define FORECASTD_PLUGINS_TREND_BLOCKS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "../numerics/steps.hpp"

namespace trend {

// Thread: any; it never changes.
class Blocks {
  public:
    static constexpr std::size_t most = 1024;  // of a window

    // In steps; a season below 2: none. A window shorter than two of the longest season is as long as that.
    Blocks(std::size_t window, std::size_t first_season, std::size_t second_season) {
        std::size_t longer = std::max(first_season, second_season);
        std::size_t shorter = std::min(first_season, second_season);
        if (shorter < 2) shorter = 0;
        if (longer < 2) {
            period_ = std::max<std::size_t>(1, (window + 47) / 48);
            count_ = std::max<std::size_t>(4, (window + period_ - 1) / period_);
            return;
        }
        if (shorter == longer) shorter = 0;
        period_ = longer;
        const std::size_t cycles = std::max<std::size_t>(2, (window + longer - 1) / longer);
        const std::size_t room = std::max<std::size_t>(2, most / cycles);  // for the blocks of one season
        phases_ = std::min({longer, room, std::size_t{144}});
        if (shorter > 0) {
            const std::size_t rounds = std::max<std::size_t>(1, (longer + shorter / 2) / shorter);
            short_phases_ = std::min(shorter, std::max<std::size_t>(2, room / rounds));
            phases_ = std::max<std::size_t>(2, rounds * short_phases_);
        }
        count_ = cycles * phases_;
    }

    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] std::size_t phases() const { return phases_; }              // 1: no season
    [[nodiscard]] std::size_t short_phases() const { return short_phases_; }  // 0: no second season
    [[nodiscard]] double steps() const {                                      // of a block
        return static_cast<double>(period_) / static_cast<double>(phases_);
    }
    // Blocks from one fit to the next: at most 72 fits a window, and 24 a season.
    [[nodiscard]] std::size_t between_fits() const {
        return std::max({std::size_t{1}, phases_ / 24, count_ / 72});
    }

    // The number of the block that a step lies in.
    [[nodiscard]] std::int64_t of(std::int64_t local_step) const {
        const auto period = static_cast<std::int64_t>(period_);
        const std::size_t phase = numerics::phase_of(local_step, period_);
        // Rounded down also for steps near the end of an int64, where local_step - phase would overflow.
        std::int64_t season = local_step / period;
        if (local_step < 0 && season * period != local_step) --season;
        const std::size_t part = phase * phases_ / period_;
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(season) * phases_ + part);
    }
    // How far into its block a step lies: from 0, its first one, up to 1.
    [[nodiscard]] double within(std::int64_t local_step) const {
        const std::size_t phase = numerics::phase_of(local_step, period_);
        return static_cast<double>(phase * phases_ % period_) / static_cast<double>(period_);
    }
    // Its place in the profile of the longest season.
    [[nodiscard]] std::size_t phase(std::int64_t block) const { return numerics::phase_of(block, phases_); }
    [[nodiscard]] std::size_t short_phase(std::int64_t block) const {
        return numerics::phase_of(block, short_phases_);
    }

  private:
    std::size_t period_ = 1, count_ = 4, phases_ = 1, short_phases_ = 0;
};

}  // namespace trend

#endif  // FORECASTD_PLUGINS_TREND_BLOCKS_HPP
