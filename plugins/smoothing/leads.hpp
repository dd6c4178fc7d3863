// The distances ahead at which a fit compares forecasts with values: one step, the end of the horizon, and
// three between.
//
// One step alone says little of forecasts further ahead: a weight that follows each error at once is often
// best for the next step and worst for the next day. Every distance would say more than five do, at many
// times the cost.
#ifndef FORECASTD_PLUGINS_SMOOTHING_LEADS_HPP
#define FORECASTD_PLUGINS_SMOOTHING_LEADS_HPP

#include <array>
#include <cstddef>

namespace smoothing {

class Leads {
  public:
    static constexpr std::size_t most = 5;

    // 1, h/8, h/3, 2h/3 and h steps, each once, in this order; none is more than `longest`.
    Leads(std::size_t horizon, std::size_t longest) {
        for (const std::size_t steps : {std::size_t{1}, horizon / 8, horizon / 3, 2 * horizon / 3, horizon})
            if (steps <= longest && (count_ == 0 ? steps == 1 : steps > steps_[count_ - 1]))
                steps_[count_++] = steps;
    }

    [[nodiscard]] std::size_t size() const { return count_; }
    [[nodiscard]] std::size_t operator[](std::size_t place) const { return steps_[place]; }

  private:
    std::array<std::size_t, most> steps_{};
    std::size_t count_ = 0;
};

}  // namespace smoothing

#endif  // FORECASTD_PLUGINS_SMOOTHING_LEADS_HPP
