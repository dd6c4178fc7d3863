#include "engine/stages/model_feed.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "config/units.hpp"
#include "engine/grid.hpp"
#include "engine/key_table.hpp"
#include "engine/series_id.hpp"
#include "plugin/guard.hpp"

namespace forecastd::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// What is wrong with a verdict. The sentence is made only where it is needed.
enum class Fault { none, numbers, reason };

Fault fault_of(const fcd_verdict& verdict, std::uint32_t reasons) {
    if (std::isinf(verdict.score) || std::isinf(verdict.expected) || std::isinf(verdict.deviation) ||
        verdict.score < 0 || verdict.deviation < 0)
        return Fault::numbers;
    return verdict.reason > reasons ? Fault::reason : Fault::none;
}

std::string sentence(Fault fault, const fcd_verdict& verdict, std::uint32_t reasons) {
    if (fault == Fault::numbers)
        return "returned a verdict that is infinite, or a score or a deviation below 0";
    return "returned the reason " + std::to_string(verdict.reason) + ", expected at most " +
           std::to_string(reasons) + ", the number of reasons that it declares";
}

}  // namespace

Expected<std::unique_ptr<Model>> make_model(const config::ModelChoice& choice, const StageContext& context) {
    const auto values = choice.resolve(context.interval_ns);
    if (!values)
        return forecastd::fail("plugin '" + std::string(choice.algorithm->id()) +
                               "': " + values.error().text);
    const LocalSteps local(context.pipeline, context.interval_ns, choice.odd_season(context.interval_ns));
    if (local.knows_holidays() && !local.divides_days())
        return forecastd::fail("holidays need an interval that divides a day, and the interval is " +
                               config::format_duration(context.interval_ns) +
                               "; choose another interval, or leave 'calendar' out");
    const std::uint32_t flags = local.differ() ? FCD_GRID_LOCAL : 0;
    return Model::make(*choice.algorithm, *values, {context.interval_ns, flags});
}

ModelFeed::ModelFeed(std::string_view name, std::unique_ptr<Model> model, const config::ModelChoice& choice,
                     StageContext& context, bool Row::*missed)
    : model_(std::move(model)),
      state_(context.layout.add_bytes(name, model_->series_size(), plugin::guard_bytes)),
      failures_(context.failures),
      counters_(context.counters),
      missed_(missed),
      points_(model_->algorithm().library->point_size),
      verdicts_(model_->algorithm().library->verdict_size),
      inputs_(model_->algorithm()),
      pipeline_(context.pipeline.name),
      local_steps_(context.pipeline, context.interval_ns, choice.odd_season(context.interval_ns)),
      judges_each_value_(context.pipeline.judges_each_value()) {}

Expected<void> ModelFeed::begin(Series& series, const SeriesInfo& info) {
    plugin::set_guard(state_.guard(series));
    mend_edge(series);
    return model_->begin(state_.of(series), info.id_hash, info.first_time_ns);
}

Expected<void> ModelFeed::save(const Series& series, ByteWriter& out) const {
    if (!guard_is_intact(series))
        return forecastd::fail("plugin '" + std::string(model_->algorithm().id()) + "' " +
                               plugin::wrote_too_far);
    return model_->save(state_.of(series), out);
}

Expected<void> ModelFeed::load(Series& series, ByteReader& in, std::span<const char> about) {
    if (!saved_by_ ||
        !std::equal(about.begin(), about.end(), saved_by_->about.begin(), saved_by_->about.end())) {
        ByteReader of_model(about);
        auto model = plugin::SavedModel::read(of_model);
        if (!model) return forecastd::fail(std::move(model.error().text));
        saved_by_ = SavedBy{Bytes(about.begin(), about.end()), std::move(*model)};
    }
    return model_->load(state_.of(series), saved_by_->model, in);
}

void ModelFeed::take(Rows& rows) {
    points_.clear();
    for (const Row& row : rows.all()) {
        fcd_point& point = points_.append();
        point.series = state_.of(*row.series);
        point.time_ns = row.judgement.time_ns;
        point.step = row.step;
        point.local_step = local_step(row);
        point.value = row.judgement.y;
        point.expected = nan;
        point.deviation = nan;
        point.learn_limit = nan;
        point.flags = 0;
        point.reserved = 0;
        point.inputs = nullptr;
    }
    verdicts_.resize(rows.size());
    if (inputs_.count() == 0) return;
    input_values_.resize(rows.size() * inputs_.count());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        double* const values = &input_values_[i * inputs_.count()];
        inputs_.fill(local_steps_, rows[i].judgement.time_ns, values);
        points_[i].inputs = values;
    }
}

// Where each value gets a step, steps may run ahead of the time.
std::int64_t ModelFeed::local_step(const Row& row) {
    const std::int64_t phase_ns = row.series->phase_ns;
    return judges_each_value_ ? local_steps_.at(row.judgement.time_ns, phase_ns)
                              : local_steps_.of(row.step, phase_ns);
}

ModelFeed::Advance ModelFeed::advance(Rows& rows, std::size_t from, std::size_t to) {
    if (model_->algorithm().caution.one_point_a_call) to = from + 1;
    plugin::Failure failure;
    const std::size_t done = times_.take(to - from, [&] {
        const plugin::AtSeries at_series(to - from == 1 ? subject(rows[from]) : plugin::several_points);
        return model_->advance(&points_[from], to - from, &verdicts_[from], failure);
    });
    answered_ += done;
    const std::size_t end = from + done;
    Advance result{end, false};
    if (end < to) {
        rows[end].*missed_ = true;
        const Outcome outcome = handle(failure, rows[end]);
        if (outcome == Outcome::stopped) rows.leave_out(end);
        result = {end + 1, outcome == Outcome::restarted};
    }
    const std::uint32_t reasons = model_->algorithm().table->reason_count;
    for (; from < end; ++from) {
        if (rows[from].left_out) continue;
        const bool intact = guard_is_intact(*rows[from].series);
        const Fault fault = fault_of(verdicts_[from], reasons);
        if (intact && fault == Fault::none) continue;
        set_aside(rows[from], intact ? sentence(fault, verdicts_[from], reasons) : plugin::wrote_too_far);
        rows.leave_out(from);
    }
    return result;
}

bool ModelFeed::guard_is_intact(const Series& series) const {
    return plugin::guard_is_intact(state_.guard(series));
}

bool ModelFeed::edge_is_intact(const Series& series) const {
    return plugin::edge_is_intact(state_.of(series) + state_.size(), state_.edge());
}

void ModelFeed::mend_edge(Series& series) const {
    plugin::fill_edge(state_.of(series) + state_.size(), state_.edge());
}

ModelFeed::Outcome ModelFeed::handle(const plugin::Failure& failure, const Row& row) {
    if (failure.code == FCD_ASK_LATER) return Outcome::goes_on;
    if (failure.code != FCD_BEGIN_AGAIN) {
        set_aside(row, failure.text);
        return Outcome::stopped;
    }
    ++counters_.restarted;
    return begin_again(row) ? Outcome::restarted : Outcome::stopped;
}

bool ModelFeed::begin_again(const Row& row) {
    Series& series = *row.series;
    const plugin::AtSeries at_series(subject(row));
    model_->end(state_.of(series));
    std::memset(state_.of(series), 0, state_.size());
    const Expected<void> begun = begin(
        series, {series_id_hash(pipeline_, series.key->text(), row.field->name), row.judgement.time_ns});
    if (!begun) failures_.set_aside(series, row.field->name, begun.error().text);
    return begun.has_value();
}

plugin::Subject ModelFeed::subject(const Row& row) const {
    return {pipeline_, row.series->key->text(), row.field->name};
}

void ModelFeed::set_aside(const Row& row, const std::string& what) {
    failures_.set_aside(*row.series, row.field->name,
                        "plugin '" + std::string(model_->algorithm().id()) + "' failed: " + what);
}

}  // namespace forecastd::engine
