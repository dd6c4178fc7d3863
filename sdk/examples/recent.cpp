#include <forecastd/plugin.hpp>

// Scores a point by its distance from the middle of the last values. They are floats, in a typed tail.
struct Recent {
    static constexpr forecastd::About about{"example.recent", "2.0.0", "Distance from the last values.", 2};
    static constexpr auto params() {
        return std::tuple{forecastd::steps<&Recent::window>("window", forecastd::minutes(1), 2, 10'000,
                                                            "Values that are kept.")};
    }
    static constexpr auto reasons() { return std::array{"Below all values kept.", "Above all values kept."}; }
    std::size_t window;

    struct Series {
        std::uint64_t seen = 0;
    };
    auto tails() const { return std::tuple{forecastd::Tail<float>{window}}; }
    bool ready(const Series& s, std::span<const float>) const { return s.seen >= window; }

    forecastd::Verdict judge(const Series&, std::span<const float> last, const forecastd::Point& p) const {
        const auto [low, high] = std::minmax_element(last.begin(), last.end());
        const double middle = (*low + *high) / 2.0, reach = *high - middle, distance = p.value - middle;
        if (!(reach > 0)) return {};  // all alike: there is no scale to judge by
        return {std::abs(distance) / (2 * reach),
                middle,
                forecastd::nan,
                middle - 2 * reach,
                middle + 2 * reach,
                std::abs(distance) <= reach ? 0u
                : distance < 0              ? 1u
                                            : 2u};
    }
    void observe(Series& s, std::span<float> last, const forecastd::Point& p) const {
        last[s.seen++ % window] = static_cast<float>(p.value);
    }
    // Version 1 kept doubles, and another window keeps its newest values. Both follow from the old window.
    bool migrate(const forecastd::Saved& saved, Series& s, std::span<float> last) const {
        const auto* const old = saved.series<Series>();
        const auto old_window = static_cast<std::size_t>(saved.integer("window").value_or(0));
        if (!old || old_window == 0 || saved.state_version() > 2) return false;
        const auto doubles = saved.tail<double>(saved.state_version() == 1 ? old_window : 0);
        const auto floats = saved.tail<float>(saved.state_version() == 2 ? old_window : 0);
        const std::size_t size = doubles.size() + floats.size();
        for (auto i = old->seen - std::min<std::uint64_t>({old->seen, size, window});
             size > 0 && i < old->seen; ++i)
            last[s.seen++ % window] =
                floats.empty() ? static_cast<float>(doubles[i % size]) : floats[i % size];
        return s.seen > 0;
    }
};
FORECASTD_PLUGIN(Recent)
