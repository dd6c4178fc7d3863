#include "engine/stages/voters.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/stages/rules.hpp"

namespace forecastd::engine {
namespace {

// The names of the parts of a record, which saved states rely on.
constexpr std::array<std::string_view, config::most_detectors> state_names{
    "voter 1 state", "voter 2 state", "voter 3 state", "voter 4 state",
    "voter 5 state", "voter 6 state", "voter 7 state", "voter 8 state"};
constexpr std::array<std::string_view, config::most_detectors> tail_names{
    "voter 1 tail", "voter 2 tail", "voter 3 tail", "voter 4 tail",
    "voter 5 tail", "voter 6 tail", "voter 7 tail", "voter 8 tail"};

std::uint8_t bit_of(std::size_t voter) { return static_cast<std::uint8_t>(1u << voter); }

std::uint8_t bits_of(std::size_t voters) { return static_cast<std::uint8_t>((1u << voters) - 1); }

// "mad", or "mad 2" for the second of several.
std::string name_among(const std::vector<config::Detect>& voters, std::size_t voter) {
    const std::string id(voters[voter].model.algorithm->id());
    std::size_t same = 0, place = 0;
    for (std::size_t i = 0; i < voters.size(); ++i) {
        same += voters[i].model.algorithm->id() == id;
        if (i == voter) place = same;
    }
    return same > 1 ? id + " " + std::to_string(place) : id;
}

}  // namespace

VotersStage::Ballot VotersStage::Ballot::of(const Row& row) {
    return {row.judgement, row.deviation, row.known_deviation, row.left_out, row.unanswered};
}

void VotersStage::Ballot::put(Row& row) const {
    row.judgement = judgement;
    row.deviation = deviation;
    row.known_deviation = known_deviation;
    row.left_out = left_out;
    row.unanswered = unanswered;
}

Expected<std::unique_ptr<Stage>> VotersStage::make(StageContext& context) {
    if (context.pipeline.voters.empty()) return nullptr;
    std::unique_ptr<VotersStage> stage(new VotersStage(context));
    if (auto added = stage->add_voters(context); !added) return fail(std::move(added.error().text));
    context.voters = stage.get();
    for (const Voter& voter : stage->voters_)
        if (voter.detector) context.detectors.push_back(voter.detector.get());
    return stage;
}

VotersStage::VotersStage(StageContext& context)
    : combine_(context.pipeline.combine),
      alone_(!context.forecaster),
      voting_(context.layout.add<Voting>("voters")) {}

// An error: none of them can run on the grid.
Expected<void> VotersStage::add_voters(StageContext& context) {
    const std::vector<config::Detect>& all = context.pipeline.voters;
    std::vector<std::string> errors(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        Voter voter{all[i], name_among(all, i), {}, {}, {}};
        voter.failures =
            std::make_unique<VoterFailures>(context.failures, voting_, bit_of(i), bits_of(all.size()));
        StageContext own{context.pipeline, context.widths,   context.interval_ns, context.measures_accuracy,
                         context.layout,   context.counters, *voter.failures};
        own.forecaster = context.forecaster;
        if (auto made = DetectorStage::make_voter(own, voter.detect, state_names[i])) {
            voter.detector = std::move(*made);
            voter.tail = TailStage::make_for(own, voter.detect, tail_names[i]);
        } else {
            errors[i] = made.error().text;
        }
        if (is_of_value(voter.detect.direction) && !motion_)
            motion_ = context.layout.add<Motion>("voters' motion");
        voters_.push_back(std::move(voter));
    }
    if (std::none_of(voters_.begin(), voters_.end(),
                     [](const Voter& one) { return one.detector != nullptr; }))
        return fail(errors.front());
    for (std::size_t i = 0; i < voters_.size(); ++i)
        if (!voters_[i].detector) voters_[i].failures->cannot_run(errors[i]);
    return {};
}

Expected<void> VotersStage::begin(Series& series, const SeriesInfo& info) {
    Voting& voting = voting_.of(series);
    voting = {};
    std::string first_error;
    for (std::size_t i = 0; i < voters_.size(); ++i) {
        Voter& voter = voters_[i];
        if (!voter.detector) {
            voting.leave(bit_of(i));
            continue;
        }
        const plugin::Algorithm& algorithm = *voter.detect.model.algorithm;
        if (algorithm.caution.is_without(info.id_hash)) {
            voter.failures->has_crashed(series, algorithm.id());
            continue;
        }
        if (auto begun = voter.detector->begin(series, info); !begun) {
            if (first_error.empty()) first_error = begun.error().text;
            voter.failures->cannot_begin(series, begun.error().text);
            continue;
        }
        voting.begun = static_cast<std::uint8_t>(voting.begun | bit_of(i));
        if (!voter.tail) continue;
        if (auto begun = voter.tail->begin(series, info); !begun) return begun;
    }
    if (voting.begun != 0) return {};
    return fail(first_error.empty() ? "none of its detectors can watch the series" : first_error);
}

void VotersStage::end(Series& series) {
    for (std::size_t i = 0; i < voters_.size(); ++i)
        if (voting_.of(series).begun & bit_of(i)) voters_[i].detector->end(series);
}

bool VotersStage::is_out(const Series& series, std::size_t voter) const {
    return (voting_.of(series).out & bit_of(voter)) != 0;
}

bool VotersStage::is_out(const Series& series, const ModelFeed& feed) const {
    for (std::size_t i = 0; i < voters_.size(); ++i)
        if (voters_[i].detector && &voters_[i].detector->feed() == &feed) return is_out(series, i);
    return false;
}

void VotersStage::run(Rows& rows) {
    for (const std::size_t i : rows.beginning_again) {
        Series& series = *rows[i].series;
        series.judged = false;
        if (alone_) series.learned = 0;
        if (motion_) motion_->of(series) = {};
    }
    before_.clear();
    for (const Row& row : rows.all()) before_.push_back(Ballot::of(row));
    ballots_.resize(rows.size() * voters_.size());
    voted_.assign(rows.size(), 0);
    out_.assign(rows.size(), 0);
    if (motion_) learn_motions(rows);
    for (std::size_t voter = 0; voter < voters_.size(); ++voter) run_voter(rows, voter);
    for (std::size_t i = 0; i < rows.size(); ++i) decide(rows[i], i);
}

void VotersStage::learn_motions(Rows& rows) {
    motions_.assign(rows.size(), 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].left_out) continue;
        Motion& of_series = motion_->of(*rows[i].series);
        motions_[i] = of_series.of(rows[i].judgement.y);
        if (!rows[i].outside) of_series.learn(rows[i].judgement.y);
    }
}

// A detector sees the rows as if it were the only one; those of series that it has failed on are left out.
void VotersStage::run_voter(Rows& rows, std::size_t voter) {
    const Voter& one = voters_[voter];
    for (std::size_t i = 0; i < rows.size(); ++i) {
        before_[i].put(rows[i]);
        if (is_out(*rows[i].series, voter)) rows[i].left_out = true;
    }
    if (one.detector) one.detector->run(rows);
    if (one.tail) one.tail->run(rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Row& row = rows[i];
        if (row.is_fed() && !row.unanswered)
            apply_rules(one.detect, row.judgement, motion_ ? motions_[i] : 0);
        ballots_[i * voters_.size() + voter] = Ballot::of(row);
        if (row.left_out && !before_[i].left_out)
            out_[i] = static_cast<std::uint8_t>(out_[i] | bit_of(voter));
    }
}

void VotersStage::decide(Row& row, std::size_t i) {
    const Ballot* const ballots = &ballots_[i * voters_.size()];
    before_[i].put(row);
    if (!row.is_fed()) return;
    std::array<double, config::most_detectors> scores{};
    const Ballot* decider = nullptr;  // at first one that answered, if it cannot judge
    for (std::size_t v = 0; v < voters_.size(); ++v) {
        const bool answered = !ballots[v].left_out && !ballots[v].unanswered;
        scores[v] = answered ? ballots[v].judgement.score : std::numeric_limits<double>::quiet_NaN();
        if (answered && !decider) decider = &ballots[v];
        if (!std::isnan(scores[v])) voted_[i] = static_cast<std::uint8_t>(voted_[i] | bit_of(v));
    }
    if (!decider) {
        row.unanswered = true;
        row.left_out = out_[i] == bits_of(voters_.size());
        return;
    }
    if (alone_) row.series->count_learned();
    if (voted_[i] != 0) decider = ballots + deciding_vote(combine_, {scores.data(), voters_.size()});
    decider->put(row);
    if (row.judgement.score > 1) row.judgement.reason = reason_of(ballots, voted_[i]);
}

// "2 of 3 detectors: zscore; novelty (The level has moved.)"
std::string_view VotersStage::reason_of(const Ballot* ballots, std::uint8_t voted) {
    constexpr std::size_t most_reasons = 10'000;
    std::size_t ready = 0, found = 0;
    std::string& names = reason_;
    names.clear();
    const bool is_short = reasons_.size() >= most_reasons;
    for (std::size_t v = 0; v < voters_.size(); ++v) {
        if (!(voted & bit_of(v))) continue;
        ++ready;
        const Judgement& judgement = ballots[v].judgement;
        if (!(judgement.score > 1)) continue;
        names.append(found++ == 0 ? "" : "; ").append(voters_[v].name);
        if (!is_short && !judgement.reason.empty()) names.append(" (").append(judgement.reason).append(")");
    }
    names.insert(0, std::to_string(found) + " of " + std::to_string(ready) + " detectors: ");
    const auto known = reasons_.find(names);
    return known != reasons_.end() ? *known : *reasons_.insert(names).first;
}

// Each detector: its plugin, and how its model was made.
void VotersStage::describe(ByteWriter& out) const {
    out.put(static_cast<std::uint8_t>(voters_.size()));
    Bytes model;
    for (const Voter& voter : voters_) {
        model.clear();
        ByteWriter to_model(model);
        voter.detector->describe(to_model);
        out.put(std::span<const char>(voter.detect.model.algorithm->id()));
        out.put(std::span<const char>(model));
    }
}

// Of each detector that has not failed its state and its tail. One that has failed is saved without a state,
// and begins again.
Expected<void> VotersStage::save(const Series& series, ByteWriter& out) const {
    Bytes state, tail;
    for (std::size_t i = 0; i < voters_.size(); ++i) {
        state.clear();
        tail.clear();
        if (!is_out(series, i)) {
            ByteWriter to_state(state), to_tail(tail);
            if (auto saved = voters_[i].detector->save(series, to_state); !saved) return saved;
            if (voters_[i].tail)
                if (auto saved = voters_[i].tail->save(series, to_tail); !saved) return saved;
        }
        out.put(std::span<const char>(state));
        out.put(std::span<const char>(tail));
    }
    if (motion_) motion_->of(series).save(out);
    return {};
}

Expected<void> VotersStage::load(Series& series, ByteReader& in, std::span<const char> about) {
    ByteReader described(about);
    const std::size_t count = described.take<std::uint8_t>();
    if (count != voters_.size())
        return fail("the series was saved with " + std::to_string(count) + " detectors, expected " +
                    std::to_string(voters_.size()));
    for (std::size_t i = 0; i < count; ++i) {
        const std::span<const char> id_bytes = described.take_bytes(), model = described.take_bytes();
        const std::string_view id(id_bytes.data(), id_bytes.size());
        ByteReader state(in.take_bytes()), tail(in.take_bytes());
        if (!in.complete() || !described.complete())
            return fail("the saved detectors end in the middle of a value");
        const Voter& voter = voters_[i];
        if (id != voter.detect.model.algorithm->id())
            return fail("detector " + std::to_string(i + 1) + " was saved as '" + std::string(id) +
                        "', expected '" + std::string(voter.detect.model.algorithm->id()) + "'");
        if (!(voting_.of(series).begun & bit_of(i)) || state.at_end()) continue;
        if (auto loaded = voter.detector->load(series, state, model); !loaded) return loaded;
        if (!voter.tail || tail.at_end()) continue;
        if (auto loaded = voter.tail->load(series, tail, {}); !loaded) return loaded;
    }
    if (in.at_end()) return {};
    Motion motion{};
    motion.load(in);
    if (motion_) motion_->of(series) = motion;
    return {};
}

}  // namespace forecastd::engine
