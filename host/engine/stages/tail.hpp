// The stage that puts a detector's score on a scale that means the same for every series: how rarely a
// healthy series shows such a score (statistics/tail.hpp), measured by how often it may ring.
//
//   score = log p / log p_limit,   p_limit = interval / false_alarms
//
// p is the probability of a score as great as the detector's, by the scores that the series has shown; 1
// stays the limit. The bounds move to where the new score is 1: their distances from the middle grow with the
// detector's score, as they do for a detector that counts deviations.
//
// Until the tail has seen 150 scores, the detector's own score counts, divided by the limit that follows from
// the six greatest so far: few values do not tell how far the next one may go, so it is far beyond them. It
// is at least that of an exponential tail whose score is above 1 once in a thousand, and ten times as much
// before six scores were seen. So the limits are wider at first, and not absent.
//
// A pipeline without `false_alarms` does not have this stage, nor one whose detector has a parameter of that
// name.
#ifndef FORECASTD_ENGINE_STAGES_TAIL_HPP
#define FORECASTD_ENGINE_STAGES_TAIL_HPP

#include "engine/stage.hpp"
#include "statistics/tail.hpp"

namespace forecastd::engine {

// The decimal logarithm of p_limit, below 0, for a config with `false_alarms`.
double log10_limit(const config::Detect& detect, std::int64_t interval_ns);

class TailStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);
    // For one of several detectors; nullptr: its scores keep their scale. name: lives for ever.
    static std::unique_ptr<TailStage> make_for(StageContext& context, const config::Detect& detect,
                                               std::string_view name);

    [[nodiscard]] std::string_view name() const override { return "tail"; }
    Expected<void> begin(Series& series, const SeriesInfo& info) override;
    void run(Rows& rows) override;
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

  private:
    TailStage(StageContext& context, std::string_view name, double limit);
    [[nodiscard]] double early_limit(const statistics::Tail& tail) const;
    void scale(Row& row, const statistics::Tail& tail) const;

    const Part<statistics::Tail> tail_;
    const double log10_limit_;        // below 0
    const double least_early_limit_;  // the least of the detector's own score, while the tail warms up
};

}  // namespace forecastd::engine

#endif
