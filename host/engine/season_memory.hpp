// Where in the season before a series had errors beyond the limit of the learning guard.
//
// What comes back at the same place of the season, as a nightly job does, is no outlier: where the season
// before had such an error, the guard sets no limit, so the second night is learned in full. If the errors in
// a row were no more than the guard's patience, the limit is infinite, by which a forecaster knows that its
// season has changed there. A single incident is not learned by that, since the day after it is as usual
// there.
//
// The last six stretches of such errors are kept, 32 bytes a series. One thread at a time.
#ifndef FORECASTD_ENGINE_SEASON_MEMORY_HPP
#define FORECASTD_ENGINE_SEASON_MEMORY_HPP

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"

namespace forecastd::engine {

class SeasonMemory {
  public:
    // How many such errors were in a row where one season before this step, or a step beside it, there was
    // one; 0: there was none. season: in steps.
    [[nodiscard]] int knows(std::int64_t step, std::int64_t season) const {
        const auto place = static_cast<std::uint32_t>(step - season);
        for (std::size_t i = 0; i < kept; ++i)
            if (lengths_[i] > 0 && place - firsts_[i] + 1 <= lengths_[i] + 1u) return lengths_[i];
        return 0;
    }

    // Notes such an error at a step.
    void add(std::int64_t step) {
        const auto place = static_cast<std::uint32_t>(step);
        const std::uint32_t ahead = place - firsts_[last_];
        if (lengths_[last_] > 0 && ahead <= lengths_[last_] + 1u && ahead < longest) {
            lengths_[last_] = static_cast<std::uint8_t>(ahead + 1);
            return;
        }
        last_ = static_cast<std::uint8_t>((last_ + 1u) % kept);
        firsts_[last_] = place;
        lengths_[last_] = 1;
    }

    void save(ByteWriter& out) const {
        for (const std::uint32_t first : firsts_) out.put(first);
        for (const std::uint8_t length : lengths_) out.put(length);
        out.put(last_);
    }
    void load(ByteReader& in) {
        for (std::uint32_t& first : firsts_) first = in.take<std::uint32_t>();
        for (std::uint8_t& length : lengths_) length = in.take<std::uint8_t>();
        last_ = static_cast<std::uint8_t>(in.take<std::uint8_t>() % kept);
    }

  private:
    static constexpr std::size_t kept = 6;
    static constexpr std::uint32_t longest = 250;

    std::uint32_t firsts_[kept] = {};  // steps, modulo 2^32
    std::uint8_t lengths_[kept] = {};
    std::uint8_t last_ = 0;
};
static_assert(sizeof(SeasonMemory) == 32);

}  // namespace forecastd::engine

#endif
