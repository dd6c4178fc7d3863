// The plans of the seasons that a model may use: one, where they are given, else those of every season that
// may be found.
//
// All plans share one size, so a series may change from one to another in its place. What a plan does not
// need of it keeps more of the past, which the seasons are found in.
#ifndef FORECASTD_PLUGINS_AUTO_SHAPES_HPP
#define FORECASTD_PLUGINS_AUTO_SHAPES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../numerics/seasons.hpp"
#include "state.hpp"

namespace automatic {

inline constexpr std::uint32_t longest_found = 2016;  // steps, of the calendar's seasons
inline constexpr std::uint32_t longest_other = 128;   // of seasons that the calendar does not have

struct Shape {
    Plan plan;
    Layout layout;
};

// Leads are judged up to this, where no horizon is given.
inline std::size_t usual_horizon(std::size_t first_season) {
    return first_season == 0 ? 12 : std::min<std::size_t>(first_season, 48);
}

// Thread: any; it never changes.
class Shapes {
  public:
    // The seasons are given.
    explicit Shapes(const Plan& plan) { add(plan); }
    // They are found: the first shape has none. horizon: 0: usual_horizon. extra, day: as in Plan.
    Shapes(const numerics::SeasonFinder& finder, std::size_t horizon, std::size_t extra, std::uint64_t day) {
        const auto plan = [&](std::uint32_t first, std::uint32_t second) {
            add(Plan(first, second, horizon == 0 ? usual_horizon(first) : horizon, first == 0 ? 0 : extra,
                     day));
        };
        plan(0, 0);
        for (std::uint32_t season = 2; season <= finder.longest_other(); ++season) plan(season, 0);
        const auto usual = finder.usual();
        std::size_t room = 0, least = 0;
        for (std::size_t i = 0; i < usual.size(); ++i) {
            if (usual[i] > finder.longest_other()) plan(usual[i], 0);
            for (std::size_t k = 0; k < i; ++k) plan(usual[k], usual[i]);
            const Layout& alone = shapes_[index_of({usual[i], 0})].layout;
            const std::size_t others = alone.floats() - alone.ring;
            if (i + 1 < usual.size() || i == 0) room = std::max(room, others);
            if (usual[i] <= most_history / most_cycles) least = others + least_cycles * usual[i];
        }
        const std::size_t longest =
            std::max<std::size_t>(finder.longest_other(), usual.empty() ? 0 : usual.back());
        room += std::min(most_cycles * longest, std::max<std::size_t>(most_history, least_cycles * longest));
        for (const Shape& shape : shapes_) least = std::max(least, shape.layout.floats());
        for (Shape& shape : shapes_) shape.layout = Layout(shape.plan, std::max(room, least));
    }

    // Of a number that a state has; of the first one, if there is no such shape.
    [[nodiscard]] const Shape& operator[](std::uint32_t index) const {
        return shapes_[index < shapes_.size() ? index : 0];
    }
    [[nodiscard]] std::uint32_t index_of(numerics::Seasons seasons) const {
        for (std::size_t i = 0; i < shapes_.size(); ++i)
            if (seasons_of(shapes_[i].plan) == seasons) return static_cast<std::uint32_t>(i);
        return 0;
    }
    [[nodiscard]] std::size_t floats() const { return greatest(&Layout::floats); }
    [[nodiscard]] std::size_t doubles() const { return greatest(&Layout::doubles); }

    static numerics::Seasons seasons_of(const Plan& plan) {
        return {static_cast<std::uint32_t>(plan.first_season()),
                static_cast<std::uint32_t>(plan.second_season())};
    }

  private:
    // Of the longest season, values that are kept to find it in.
    static constexpr std::size_t most_cycles = 4, least_cycles = 3, most_history = 2048;

    void add(const Plan& plan) { shapes_.push_back({plan, Layout(plan)}); }
    [[nodiscard]] std::size_t greatest(std::size_t (Layout::*size)() const) const {
        std::size_t most = 0;
        for (const Shape& shape : shapes_) most = std::max(most, (shape.layout.*size)());
        return most;
    }

    std::vector<Shape> shapes_;
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_SHAPES_HPP
