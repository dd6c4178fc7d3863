// Which earlier values a forecast is made of: the last three, and those around one season back.
//
//   1, 2, 3   m1 - 1, m1, m1 + 1   2 m1   m2 - 1, m2, m2 + 1       m1 < m2: the seasons, in steps
//
// Each number once, in ascending order. A young series does not reach back to all of them: it takes as many
// of the first ones as it has values for, and never a part of a season's neighbourhood.
#ifndef FORECASTD_PLUGINS_LAG_LAG_SET_HPP
#define FORECASTD_PLUGINS_LAG_LAG_SET_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace lag {

inline constexpr std::size_t most_lags = 10;
inline constexpr std::size_t most_columns = most_lags + 1;  // and a constant

// Thread: any; it never changes.
class LagSet {
  public:
    // In steps; below 2: none.
    LagSet(std::size_t first_season, std::size_t second_season) {
        auto shorter = static_cast<std::uint32_t>(first_season);
        auto longer = static_cast<std::uint32_t>(second_season);
        if (shorter < 2 || (longer >= 2 && longer < shorter)) std::swap(shorter, longer);
        add(1, 3);
        if (shorter >= 2) add(shorter - 1, shorter + 1), add(2 * shorter, 2 * shorter);
        if (longer >= 2) add(longer - 1, longer + 1);
        for (const std::uint32_t season : {shorter, longer})
            if (season >= 2) seasons_[season_count_++] = season;
        finish();
    }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::uint32_t operator[](std::size_t place) const { return lags_[place]; }
    [[nodiscard]] std::size_t longest() const { return lags_[size_ - 1]; }
    // The longest season; 1: none.
    [[nodiscard]] std::size_t period() const { return season_count_ > 0 ? seasons_[season_count_ - 1] : 1; }

    // Whether the first `count` lags may be used without the others.
    [[nodiscard]] bool is_whole(std::size_t count) const { return whole_[count - 1]; }
    // Whether a lag is about a season: it then goes by local time.
    [[nodiscard]] bool is_seasonal(std::size_t place) const { return seasonal_[place]; }
    // The place of the longest season that is among the first `count` lags; without one, of lag 1.
    [[nodiscard]] std::size_t naive_place(std::size_t count) const {
        for (std::size_t i = season_count_; i-- > 0;)
            for (std::size_t place = 0; place < count; ++place)
                if (lags_[place] == seasons_[i]) return place;
        return 0;
    }

  private:
    void add(std::uint32_t from, std::uint32_t to) {
        for (std::uint32_t lag = from; lag <= to; ++lag) lags_[size_++] = lag;
    }
    void finish() {
        const auto end = lags_.begin() + static_cast<std::ptrdiff_t>(size_);
        std::sort(lags_.begin(), end);
        size_ = static_cast<std::size_t>(std::unique(lags_.begin(), end) - lags_.begin());
        for (std::size_t place = 0; place < size_; ++place) {
            const std::uint32_t lag = lags_[place];
            const auto about = [lag](std::uint32_t season) { return lag + 1 >= season && lag <= season + 1; };
            whole_[place] = lag <= 3;
            for (std::size_t i = 0; i < season_count_; ++i) {
                if (about(seasons_[i])) seasonal_[place] = true;
                if (lag == seasons_[i] + 1) whole_[place] = true;
            }
            if (season_count_ > 0 && lag == 2 * seasons_[0]) seasonal_[place] = whole_[place] = true;
            if (lag <= 3) seasonal_[place] = false;
        }
    }

    std::array<std::uint32_t, most_lags> lags_{};
    std::array<bool, most_lags> whole_{}, seasonal_{};
    std::array<std::uint32_t, 2> seasons_{};  // ascending
    std::size_t size_ = 0, season_count_ = 0;
};

}  // namespace lag

#endif  // FORECASTD_PLUGINS_LAG_LAG_SET_HPP
