// The stage of several detectors that vote, in place of the stages detector and tail.
//
// Each detector judges every point by itself: its plugin with its own state, its own tail, its own direction
// and least deviations. What they make of it becomes one judgement (votes.hpp), which the rules, the alarm
// and the output see as that of a single detector:
//   - the score is the k-th greatest, where k votes are needed; expectation, bounds and deviation are those
//     of the detector whose score it is;
//   - the reason of an anomaly names the detectors that found it.
// A detector that cannot judge a point, as it warms up or has failed, does not vote on it. If none can, there
// is no score.
//
// One detector must never see or change what another one made of a point. A failure of one is no failure of
// the series, unless it is the last one (voter_failures.hpp).
#ifndef FORECASTD_ENGINE_STAGES_VOTERS_HPP
#define FORECASTD_ENGINE_STAGES_VOTERS_HPP

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/motion.hpp"
#include "engine/stages/detector.hpp"
#include "engine/stages/tail.hpp"
#include "engine/voter_failures.hpp"
#include "engine/votes.hpp"

namespace forecastd::engine {

class VotersStage : public Stage {
  public:
    static Expected<std::unique_ptr<Stage>> make(StageContext& context);

    [[nodiscard]] std::string_view name() const override { return "voters"; }
    Expected<void> begin(Series& series, const SeriesInfo& info) override;
    void end(Series& series) override;
    void run(Rows& rows) override;
    void describe(ByteWriter& out) const override;
    Expected<void> save(const Series& series, ByteWriter& out) const override;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about) override;

    [[nodiscard]] std::size_t count() const { return voters_.size(); }
    // How messages call a detector: its plugin, with a number if another one has the same.
    [[nodiscard]] const std::string& name_of(std::size_t voter) const { return voters_[voter].name; }
    // Whether a detector has failed on a series.
    [[nodiscard]] bool is_out(const Series& series, const ModelFeed& feed) const;
    // Of a row of the batch that was run last, those that voted on it, and those that have failed up to it,
    // as bits.
    [[nodiscard]] std::uint8_t voted(std::size_t row) const { return voted_[row]; }
    [[nodiscard]] std::uint8_t out(std::size_t row) const { return out_[row]; }

  private:
    struct Voter {
        config::Detect detect;
        std::string name;
        std::unique_ptr<VoterFailures> failures;
        std::unique_ptr<DetectorStage> detector;  // nullptr: it cannot run on this grid
        std::unique_ptr<TailStage> tail;          // nullptr: its scores keep their scale
    };
    // What is in a row for a detector, or comes from it.
    struct Ballot {
        Judgement judgement;
        double deviation, known_deviation;
        bool left_out, unanswered;

        static Ballot of(const Row& row);
        void put(Row& row) const;
    };

    explicit VotersStage(StageContext& context);
    [[nodiscard]] bool is_out(const Series& series, std::size_t voter) const;
    Expected<void> add_voters(StageContext& context);
    void learn_motions(Rows& rows);
    void run_voter(Rows& rows, std::size_t voter);
    void decide(Row& row, std::size_t i);
    std::string_view reason_of(const Ballot* ballots, std::uint8_t voted);

    const config::Combine combine_;
    const bool alone_;  // there is no forecaster
    const Part<Voting> voting_;
    std::optional<Part<Motion>> motion_;  // where some direction is that of the value
    std::vector<Voter> voters_;
    std::set<std::string, std::less<>> reasons_;  // that were given: judgements point to them

    // Of the rows of the batch.
    std::vector<Ballot> before_;   // as the stages before left them
    std::vector<Ballot> ballots_;  // of each row one for each detector
    std::vector<int> motions_;
    std::vector<std::uint8_t> voted_, out_;
    std::string reason_;
};

}  // namespace forecastd::engine

#endif
