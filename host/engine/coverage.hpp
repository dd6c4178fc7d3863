// What the pipelines of a config would watch of recorded points: for people who try a config on them.
//
// Of a series it keeps the first times, and how its values move (value_kind.hpp). Of more than `most_series` series it counts
// no further ones.
//
// Threads: one at a time.
#ifndef FORECASTD_ENGINE_COVERAGE_HPP
#define FORECASTD_ENGINE_COVERAGE_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/config.hpp"
#include "engine/value_kind.hpp"
#include "lineprotocol/names.hpp"
#include "lineprotocol/point.hpp"

namespace forecastd::engine {

class Coverage {
  public:
    static constexpr std::size_t most_series = 1'000'000;

    // The config must outlive it.
    explicit Coverage(const config::Config& config) : config_(config), pipelines_(config.pipelines.size()) {}

    void add(const lineprotocol::PointView& point, std::span<const lineprotocol::FieldView> fields);

    // What one pipeline would watch.
    struct Watched {
        std::size_t series = 0;
        std::uint64_t values = 0;
        std::map<std::string, std::size_t> measurements;  // how many series each has
        // How many series have this interval, as the engine would learn it; 0: too few points to tell.
        std::map<std::int64_t, std::size_t> intervals_ns;
        std::size_t irregular = 0;  // series whose points come at no regular distance
        // Fields of points that it takes, "measurement.field", and why they are not watched.
        std::map<std::string, std::string> left_out;
        // Fields, "measurement.field", of which a series has values of a kind, and how many series.
        std::map<std::string, std::size_t> constant, counters;
        // Fields that have only a few whole numbers, and a list of these numbers: "0, 1, 3".
        std::map<std::string, std::string> few_values;
        std::map<std::string, std::size_t> no_counters;  // of which values fall too often to be one
    };
    [[nodiscard]] Watched watched(std::size_t pipeline) const;

    // Points of measurements that no pipeline takes.
    [[nodiscard]] const std::map<std::string, std::uint64_t>& unwatched() const { return unwatched_; }
    [[nodiscard]] std::uint64_t points() const { return points_; }
    [[nodiscard]] std::uint64_t points_without_time() const { return points_without_time_; }
    [[nodiscard]] bool is_full() const { return series_ >= most_series; }

  private:
    struct Seen {
        std::string measurement, field;
        std::vector<std::int64_t> times_ns;  // the first ones, as they came
        ValueKind values;
    };
    struct OfPipeline {
        std::unordered_map<std::string, Seen> series;  // by key and field
        std::uint64_t values = 0;
        std::map<std::string, std::string> left_out;
    };
    // A field of a point, and the series' key, also as a text.
    struct Value {
        const lineprotocol::Key& key;
        const std::string& text;
        const lineprotocol::PointView& point;
        const lineprotocol::FieldView& field;
    };
    void add_field(OfPipeline& pipeline, const config::Selection& selection, const Value& value);

    const config::Config& config_;
    std::vector<OfPipeline> pipelines_;
    std::map<std::string, std::uint64_t> unwatched_;
    std::uint64_t points_ = 0, points_without_time_ = 0;
    std::size_t series_ = 0;
};

}  // namespace forecastd::engine

#endif
