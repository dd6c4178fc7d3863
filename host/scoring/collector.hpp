// What the output of `forecastd run` has of each series: the times of its points, its verdicts and its events. Points
// may come in any order, and from several fields of a series.
//
// Threads: one.
#ifndef FORECASTD_SCORING_COLLECTOR_HPP
#define FORECASTD_SCORING_COLLECTOR_HPP

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lineprotocol/names.hpp"
#include "lineprotocol/point.hpp"

namespace forecastd::scoring {

// How the measurements of verdicts and events end.
struct Suffixes {
    std::string anomaly = "_anomaly", event = "_event";
};

struct Verdict {
    std::int64_t time_ns;
    double score;         // 0 where none was written
    std::uint32_t field;  // the same number: of the same field
    bool is_anomaly;
};

struct CollectedSeries {
    std::vector<std::int64_t> times_ns;  // of the originals
    std::vector<Verdict> verdicts;
    std::vector<std::int64_t> events_ns;  // that opened

    [[nodiscard]] bool is_judged() const { return !verdicts.empty() || !events_ns.empty(); }
};

// By their canonical keys, as those of the labels.
using SeriesByKey = std::map<std::string, CollectedSeries>;

class Collector {
  public:
    explicit Collector(Suffixes suffixes) : suffixes_(std::move(suffixes)) {}

    // What has no timestamp is passed over.
    void add(const lineprotocol::PointView& point, std::span<const lineprotocol::FieldView> fields);

    [[nodiscard]] const SeriesByKey& series() const { return series_; }

  private:
    enum class Kind : std::uint8_t { original, verdict, event };
    // What a raw key means.
    struct Source {
        Kind kind;
        std::uint32_t number;
        CollectedSeries* series;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    const Source& source_of(const lineprotocol::PointView& point);

    const Suffixes suffixes_;
    SeriesByKey series_;
    std::unordered_map<std::string, Source, Hash, std::equal_to<>> sources_;
};

}  // namespace forecastd::scoring

#endif
