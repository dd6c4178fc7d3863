// The plans of the seasons that a model may use: one, where they are given, else those of every season that
// may be found.
//
// All plans share one size, so a series may change from one to another in its place. What a plan does not
// need of it keeps more of the past, which the seasons are found in.
//
// A week that is found alone is forecast with the day beside it: the lags of a week alone reach back two of
// them, which would be the most that any series keeps.
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
    numerics::Seasons seasons;  // that are there; the plan may have others too
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
    explicit Shapes(const Plan& plan) {
        add({narrow(plan.first_season()), narrow(plan.second_season())}, plan);
    }
    // They are found: the first shape has none. horizon: 0: usual_horizon. extra, day: as in Plan.
    Shapes(const numerics::SeasonFinder& finder, std::size_t horizon, std::size_t extra, std::uint64_t day) {
        const auto add_found = [&](numerics::Seasons seasons, std::uint32_t first, std::uint32_t second) {
            add(seasons, Plan(first, second, horizon == 0 ? usual_horizon(first) : horizon,
                              first == 0 ? 0 : extra, day));
        };
        add_found({}, 0, 0);
        for (std::uint32_t season = 2; season <= finder.longest_other(); ++season)
            add_found({season, 0}, season, 0);
        const auto usual = finder.usual();
        for (std::size_t i = 0; i < usual.size(); ++i) {
            const bool is_week = i > 0 && usual[i] == 7 * usual[i - 1];
            if (usual[i] > finder.longest_other())
                add_found({usual[i], 0}, is_week ? usual[i - 1] : usual[i], is_week ? usual[i] : 0);
            for (std::size_t k = 0; k < i; ++k) add_found({usual[k], usual[i]}, usual[k], usual[i]);
        }
        std::size_t room = 0;
        for (const Shape& shape : shapes_) room = std::max(room, needed(finder, shape));
        for (Shape& shape : shapes_) shape.layout = Layout(shape.plan, room);
    }

    // Of a number that a state has; of the first one, if there is no such shape.
    [[nodiscard]] const Shape& operator[](std::uint32_t index) const {
        return shapes_[index < shapes_.size() ? index : 0];
    }
    // The first one, if there is none for these seasons.
    [[nodiscard]] std::uint32_t index_of(numerics::Seasons seasons) const {
        for (std::size_t i = 0; i < shapes_.size(); ++i)
            if (shapes_[i].seasons == seasons) return narrow(i);
        return 0;
    }
    [[nodiscard]] std::size_t floats() const {
        std::size_t most = 0;
        for (const Shape& shape : shapes_) most = std::max(most, shape.layout.floats());
        return most;
    }

  private:
    // Values that are kept to find a season in: four of its cycles; of a long one `history` values, but three
    // cycles at least and four at most; of the longest, while it is in use, three cycles and no more than
    // `history_of_longest` values.
    static constexpr std::size_t most_cycles = 4, least_cycles = 3, history = 2048, history_of_longest = 3000;

    static std::uint32_t narrow(std::size_t number) { return static_cast<std::uint32_t>(number); }
    void add(numerics::Seasons seasons, const Plan& plan) {
        shapes_.push_back({seasons, plan, Layout(plan)});
    }
    // Floats that a shape needs, with values enough to find the next longer season, or to see that its
    // longest one is still there.
    static std::size_t needed(const numerics::SeasonFinder& finder, const Shape& shape) {
        const std::size_t period = shape.plan.period();
        const auto usual = finder.usual();
        const bool is_usual = period == 1 || std::find(usual.begin(), usual.end(), period) != usual.end();
        const std::size_t longest =
            std::max<std::size_t>(finder.longest_other(), usual.empty() ? 0 : usual.back());
        std::size_t values = most_cycles * finder.longest_other();
        if (is_usual && period < longest)
            values =
                std::max(values, std::min(most_cycles * longest, std::max(history, least_cycles * longest)));
        if (is_usual && period == longest)
            values = std::max(values, std::min(least_cycles * longest, history_of_longest));
        const std::size_t ring = shape.layout.ring;
        return shape.layout.floats() + (std::max(values, ring) - ring + 1) / 2;
    }

    std::vector<Shape> shapes_;
};

}  // namespace automatic

#endif  // FORECASTD_PLUGINS_AUTO_SHAPES_HPP
