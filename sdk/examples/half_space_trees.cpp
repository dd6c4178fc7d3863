#include <forecastd/plugin.hpp>

// Scores a point by how few of the last points lie near it in random trees, each of which halves the plane of value and
// change again and again.
// Source: S. C. Tan, K. M. Ting, T. F. Liu, "Fast Anomaly Detection for Streaming Data", IJCAI 2011. The ranges are those
// of the first window. The score is log2(expected mass / mass) / bits, with the mass that even points would have.
struct HalfSpaceTrees {
    static constexpr forecastd::About about{"example.half-space-trees", "1.0.0",
                                            "How empty the space around a point is."};
    static constexpr auto params() {
        return std::tuple{
            forecastd::integer<&HalfSpaceTrees::trees>("trees", 25, 1, 100, "How many trees."),
            forecastd::integer<&HalfSpaceTrees::depth>("depth", 6, 1, 12,
                                                       "How often a tree halves the plane."),
            forecastd::steps<&HalfSpaceTrees::window>("window", 250, 16, 100'000, "Points that are counted."),
            forecastd::real<&HalfSpaceTrees::bits>("bits", 5.0, 0.1, 100.0,
                                                   "Halvings at which the score is 1.")};
    }
    std::size_t trees, depth, window;
    double bits;

    static constexpr std::size_t dimensions = 2;
    using Place = std::array<double, dimensions>;
    struct Series {
        std::uint64_t seed = 0, seen = 0;
        double last = 0;
        Place low{}, high{};  // of the first window
    };
    struct Node {
        std::uint32_t of_late, counting;  // points of the last window, and of the one that goes on
    };
    std::size_t nodes() const { return (std::size_t{2} << depth) - 1; }
    auto tails() const { return std::tuple{forecastd::Tail<Node>{trees * nodes()}}; }

    void start(Series& s, std::span<Node>, const forecastd::SeriesInfo& info) const { s.seed = info.id_hash; }
    bool ready(const Series& s, std::span<const Node>) const { return s.seen >= 2 * window; }

    // A random number of a node, the same each time (splitmix64).
    static std::uint64_t random(std::uint64_t seed, std::uint64_t tree, std::uint64_t node) {
        std::uint64_t z = seed + 0x9e3779b97f4a7c15u * (tree * 65536 + node + 1);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    // From 0 to 1 within the ranges of the first window.
    static Place place(const Series& s, double value) {
        Place at{value, value - s.last};
        for (std::size_t d = 0; d < dimensions; ++d)
            at[d] = s.high[d] > s.low[d] ? (at[d] / 2 - s.low[d] / 2) / (s.high[d] / 2 - s.low[d] / 2) : 0.5;
        return at;
    }
    // Visits the nodes of a tree from its root to a leaf.
    template <class Visit>
    void descend(const Series& s, std::size_t tree, const Place& at, Visit visit) const {
        Place low, high;  // a random space around the ranges
        for (std::size_t d = 0; d < dimensions; ++d) {
            const double middle = static_cast<double>(random(s.seed, tree, 65000 + d) >> 11) * 0x1p-53;
            const double reach = 2 * std::max(middle, 1 - middle);
            low[d] = middle - reach;
            high[d] = middle + reach;
        }
        for (std::size_t level = 0, node = 0;; ++level) {
            visit(tree * nodes() + node, level);
            if (level == depth) return;
            const std::size_t d = random(s.seed, tree, node) % dimensions;
            const double half = (low[d] + high[d]) / 2;
            (at[d] < half ? high : low)[d] = half;
            node = 2 * node + (at[d] < half ? 1 : 2);
        }
    }
    forecastd::Verdict judge(const Series& s, std::span<const Node> all, const forecastd::Point& p) const {
        double mass = 1;
        for (std::size_t tree = 0; tree < trees; ++tree) {
            double own = 0;
            descend(s, tree, place(s, p.value), [&](std::size_t node, std::size_t level) {
                if (level == 0 || all[node].of_late > 0)
                    own = std::ldexp(all[node].of_late, static_cast<int>(level));
                if (level > 0 && all[node].of_late == 0) own = std::min(own, 1.0);
            });
            mass += own;
        }
        const double even = static_cast<double>(trees * window);
        return {.score = std::max(0.0, std::log2(even / mass) / bits)};
    }
    void observe(Series& s, std::span<Node> all, const forecastd::Point& p) const {
        if (s.seen == 0) s.last = p.value;
        const Place raw{p.value, p.value - s.last}, at = place(s, p.value);
        for (std::size_t d = 0; d < dimensions && s.seen < window; ++d) {
            s.low[d] = s.seen == 0 ? raw[d] : std::min(s.low[d], raw[d]);
            s.high[d] = s.seen == 0 ? raw[d] : std::max(s.high[d], raw[d]);
        }
        for (std::size_t tree = 0; tree < trees && s.seen >= window; ++tree)
            descend(s, tree, at, [&](std::size_t node, std::size_t) { ++all[node].counting; });
        s.last = p.value;
        if (++s.seen % window != 0) return;
        for (Node& node : all) node = {node.counting, 0};
    }
};
FORECASTD_PLUGIN(HalfSpaceTrees)
