// A plugin's model as a stage uses it: its part of the record, the rows of a batch as points, and what is
// done when a call fails.
//
// A failure leaves out the row at which it came. What happens to the series is what the plugin asked for: it
// is set aside, and its later rows are left out too; or its state begins again, and later rows go on with
// that; or nothing.
//
// One thread at a time.
#ifndef FORECASTD_ENGINE_STAGES_MODEL_FEED_HPP
#define FORECASTD_ENGINE_STAGES_MODEL_FEED_HPP

#include <forecastd/plugin.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/calendar_inputs.hpp"
#include "engine/local_steps.hpp"
#include "engine/stage.hpp"
#include "plugin/array.hpp"
#include "plugin/at_work.hpp"
#include "plugin/call_times.hpp"
#include "plugin/model.hpp"

namespace forecastd::engine {

using plugin::Model;

// Makes the model of a choice on the grid of a pipeline.
Expected<std::unique_ptr<Model>> make_model(const config::ModelChoice& choice, const StageContext& context);

class ModelFeed {
  public:
    // missed: set in a row that the model did not answer, though its series goes on.
    // choice: what the model was made of.
    ModelFeed(std::string_view name, std::unique_ptr<Model> model, const config::ModelChoice& choice,
              StageContext& context, bool Row::*missed);

    [[nodiscard]] const Model& model() const { return *model_; }
    Expected<void> begin(Series& series, const SeriesInfo& info);
    void end(Series& series) { model_->end(state_.of(series)); }
    // Begins the state again where the rows say so, and calls restarted(series) for each. Where the plugin
    // fails, the series is set aside and its rows are left out.
    template <class Restarted>
    void begin_again(Rows& rows, Restarted&& restarted) {
        for (const std::size_t i : rows.beginning_again) {
            if (rows[i].left_out) continue;
            if (begin_again(rows[i]))
                restarted(*rows[i].series);
            else
                rows.leave_out(i);
        }
    }
    // As in Stage.
    void describe(ByteWriter& out) const { model_->describe(out); }
    Expected<void> save(const Series& series, ByteWriter& out) const;
    Expected<void> load(Series& series, ByteReader& in, std::span<const char> about);

    // Makes points of all rows; those that are not fed have one too, which no call is given.
    void take(Rows& rows);
    fcd_point& point(std::size_t i) { return points_[i]; }
    // Gives the model the rows [from, to), all of which are fed, up to the first that fails, and checks its
    // verdicts. A model that is called with caution gets the first of them alone.
    struct Advance {
        std::size_t next;  // the row behind the last one that was worked off
        bool restarted;    // the series of the last one began again, behind it
    };
    Advance advance(Rows& rows, std::size_t from, std::size_t to);
    const fcd_verdict& verdict(std::size_t i) { return verdicts_[i]; }
    void set_verdict(std::size_t i, const fcd_verdict& verdict) { verdicts_[i] = verdict; }

    // The step of a row by local time, and that of LocalSteps::recurring().
    [[nodiscard]] std::int64_t local_step(const Row& row);
    [[nodiscard]] std::int64_t recurring_step(const Row& row) {
        return local_steps_.recurring(row.step, row.series->phase_ns);
    }
    [[nodiscard]] LocalSteps& local_steps() { return local_steps_; }

    [[nodiscard]] void* state(Series& series) const { return state_.of(series); }
    [[nodiscard]] const void* state(const Series& series) const { return state_.of(series); }

    // Does what the plugin asks for after a failed call for a row.
    enum class Outcome { goes_on, restarted, stopped };
    Outcome handle(const plugin::Failure& failure, const Row& row);
    void set_aside(const Row& row, const std::string& what);
    // Whom a call for the row is for.
    [[nodiscard]] plugin::Subject subject(const Row& row) const;
    // False: the plugin wrote behind the end of the state.
    [[nodiscard]] bool guard_is_intact(const Series& series) const;
    // The same of the bytes up to the page behind the state, if there is one (state_edges.hpp), and fills them again.
    [[nodiscard]] bool edge_is_intact(const Series& series) const;
    void mend_edge(Series& series) const;

    [[nodiscard]] std::uint64_t answered() const { return answered_; }  // points
    [[nodiscard]] const plugin::CallTimes& times() const { return times_; }

  private:
    bool begin_again(const Row& row);

    // Read once for the series that one model has saved.
    struct SavedBy {
        Bytes about;
        plugin::SavedModel model;
    };
    std::optional<SavedBy> saved_by_;

    const std::unique_ptr<Model> model_;
    const BytesPart state_;
    Failures& failures_;
    Counters& counters_;
    bool Row::*const missed_;
    plugin::Array<fcd_point> points_;
    plugin::Array<fcd_verdict> verdicts_;
    CalendarInputs inputs_;
    std::vector<double> input_values_;
    std::uint64_t answered_ = 0;
    plugin::CallTimes times_;
    const std::string pipeline_;
    LocalSteps local_steps_;
    const bool judges_each_value_;
};

}  // namespace forecastd::engine

#endif
