// A pipeline of the config at work: its cohorts, one for each interval of its series, and the nursery, where
// series wait whose interval is still being learned.
#ifndef FORECASTD_ENGINE_PIPELINE_HPP
#define FORECASTD_ENGINE_PIPELINE_HPP

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/config.hpp"
#include "engine/cohort.hpp"
#include "engine/failures.hpp"
#include "engine/grid.hpp"
#include "engine/outcomes.hpp"
#include "engine/slab.hpp"

namespace forecastd::engine {

// What a series whose interval is being learned holds behind its Series: the points that came so far.
struct Held {
    std::int64_t time_ns;
    double value;
};
struct Learner {
    alignas(Held) std::uint32_t count;

    [[nodiscard]] Held* held() { return reinterpret_cast<Held*>(this + 1); }
    [[nodiscard]] const Held* held() const { return reinterpret_cast<const Held*>(this + 1); }
    [[nodiscard]] std::span<const Held> points() const { return {held(), count}; }
    [[nodiscard]] std::vector<std::int64_t> times() const {
        std::vector<std::int64_t> result;
        for (const Held& one : points()) result.push_back(one.time_ns);
        return result;
    }
    static constexpr std::size_t bytes(std::size_t room) { return sizeof(Learner) + room * sizeof(Held); }
};

// The times of a series whose interval may be wrong, while its models go on.
struct Review {
    std::vector<std::int64_t> times_ns;
};

// What all pipelines of an engine share; it must outlive them.
struct PipelineSetup {
    const Report& report;
    Counters& counters;
    const std::vector<StageMaker>& stages;
    bool measures_accuracy;
    RecordLayout::States states = RecordLayout::States::beside_others;
};

class Pipeline {
  public:
    // Series whose interval is being learned have these cohorts: at first, and if their points have jitter.
    static constexpr std::uint16_t nursery = std::numeric_limits<std::uint16_t>::max();
    static constexpr std::uint16_t wide_nursery = nursery - 1;
    static bool is_nursery(std::uint16_t cohort) { return cohort >= wide_nursery; }
    // More intervals than these share the cohort of the nearest.
    static constexpr std::size_t max_cohorts = 64;

    // index: its place in the config. With a given interval the one cohort is made at once. An error: it
    // cannot run.
    static Expected<std::unique_ptr<Pipeline>> make(const config::Pipeline& config, std::size_t index,
                                                    const PipelineSetup& setup);

    [[nodiscard]] const config::Pipeline& config() const { return config_; }
    [[nodiscard]] std::size_t index() const { return index_; }
    [[nodiscard]] bool learns_interval() const { return config_.interval_ns == 0; }

    // The cohort for an interval, made if need be; once there are max_cohorts, that of the nearest interval.
    Expected<std::uint16_t> cohort_for(std::int64_t interval_ns);
    [[nodiscard]] Cohort& cohort(std::uint16_t number) { return *cohorts_[number]; }
    [[nodiscard]] std::vector<std::unique_ptr<Cohort>>& cohorts() { return cohorts_; }
    [[nodiscard]] const std::vector<std::unique_ptr<Cohort>>& cohorts() const { return cohorts_; }

    [[nodiscard]] Slab& nursery_slab(std::uint16_t cohort = nursery) {
        return cohort == nursery ? nursery_ : wide_nursery_;
    }
    // The records of a cohort, or of a nursery, by its number.
    [[nodiscard]] Slab& slab_of(std::uint16_t cohort) {
        return is_nursery(cohort) ? nursery_slab(cohort) : cohorts_[cohort]->slab();
    }
    static Learner& learner(Series& series) { return *reinterpret_cast<Learner*>(&series + 1); }
    static const Learner& learner(const Series& series) {
        return *reinterpret_cast<const Learner*>(&series + 1);
    }
    // Values of the nursery's series, of which is only said that they warm up.
    [[nodiscard]] Rows& nursery_rows() { return nursery_rows_; }

    // Series whose interval is being reviewed; no more than max_reviews at once.
    static constexpr std::size_t max_reviews = 256;
    [[nodiscard]] std::unordered_map<const Series*, Review>& reviews() { return reviews_; }
    // What becomes of a value. Tells once if most are not used.
    void used() { outcomes_.use(); }
    void passed_over(Outcome outcome);
    [[nodiscard]] const Outcomes& outcomes() const { return outcomes_; }

    // Series that ended, or have stopped, before a detector judged one of their values: ended_unjudged()
    // counts those that are gone; stopped and judged are those of a walk over all. Tells once if most series
    // are of that kind.
    void ended_unjudged() { ++ended_unjudged_; }
    void review_warm_up(std::uint64_t stopped_unjudged, std::uint64_t judged);

    // For each level of the config, ascending: how many standard deviations an interval reaches to either
    // side.
    [[nodiscard]] Failures& failures() { return failures_; }
    [[nodiscard]] std::size_t allocated_bytes() const;

  private:
    Pipeline(const config::Pipeline& config, std::size_t index, const PipelineSetup& setup);

    const config::Pipeline config_;
    const std::size_t index_;
    const PipelineSetup setup_;
    Failures failures_;
    std::vector<double> widths_;
    std::vector<std::unique_ptr<Cohort>> cohorts_;
    Slab nursery_, wide_nursery_;
    std::unordered_map<const Series*, Review> reviews_;
    Outcomes outcomes_;
    std::uint64_t ended_unjudged_ = 0;
    bool warm_up_told_ = false;
    Rows nursery_rows_;
};

// The bytes of a series' record, beside its key, or why a pipeline cannot run on that grid.
Expected<std::size_t> record_size(const config::Pipeline& config, std::int64_t interval_ns,
                                  bool measures_accuracy,
                                  RecordLayout::States states = RecordLayout::States::beside_others);

// How the states of a config's plugins stand in their records.
inline RecordLayout::States states_of(const config::Plugins& plugins) {
    return plugins.guards_states ? RecordLayout::States::between_pages : RecordLayout::States::beside_others;
}

}  // namespace forecastd::engine

#endif
