#include "engine/stages/forecaster.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "config/model.hpp"
#include "engine/grid.hpp"
#include "plugin/guard.hpp"

namespace forecastd::engine {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// The memory of the host's own measure of one-step errors, in points.
constexpr double error_memory = 100;

std::vector<std::int64_t> steps_of_seasons(const StageContext& context) {
    std::vector<std::int64_t> steps;
    for (const auto& season : config::seasons_of(context.pipeline.forecast->model, context.interval_ns))
        steps.push_back(season.steps);
    return steps;
}

}  // namespace

Expected<std::unique_ptr<Stage>> ForecasterStage::make(StageContext& context) {
    if (!context.pipeline.forecast) return nullptr;
    auto model = make_model(context.pipeline.forecast->model, context);
    if (!model) return fail(std::move(model.error().text));
    std::unique_ptr<ForecasterStage> stage(new ForecasterStage(context, std::move(*model)));
    context.forecaster = stage.get();
    return stage;
}

ForecasterStage::ForecasterStage(StageContext& context, std::unique_ptr<Model> model)
    : memory_(context.layout.add<Memory>("forecaster")),
      interval_ns_(context.interval_ns),
      feed_("forecaster state", std::move(model), context.pipeline.forecast->model, context, &Row::left_out),
      learns_(context.pipeline.forecast->learn_from_anomalies),
      seasons_(steps_of_seasons(context)),
      season_(learns_ == config::LearnFrom::always || seasons_.empty() ? 0 : seasons_.front()),
      guard_(season_),
      guarded_(learns_ == config::LearnFrom::always ? Part<LearningGuard::State>()
                                                    : context.layout.add<LearningGuard::State>("guard")),
      seasonal_(season_ > 0 ? context.layout.add<SeasonMemory>("season") : Part<SeasonMemory>()),
      predictions_(feed_.model().algorithm().library->prediction_size),
      inputs_(feed_.model().algorithm()) {}

Expected<void> ForecasterStage::begin(Series& series, const SeriesInfo& info) {
    memory_.of(series).next_emit_ns = std::numeric_limits<std::int64_t>::min();
    return feed_.begin(series, info);
}

void ForecasterStage::run(Rows& rows) {
    feed_.begin_again(rows, [this](Series& series) { restart(series); });
    feed_.take(rows);
    for (std::size_t from = 0; from < rows.size();) {
        if (!rows[from].is_fed()) {
            if (!rows[from].left_out) expect_outside(rows, from);
            ++from;
            continue;
        }
        const ModelFeed::Advance done = advance(rows, from, end_of_call(rows, from));
        for (; from < done.next; ++from)
            if (!rows[from].left_out) learned(rows[from], feed_.verdict(from));
        if (done.restarted) restart(*rows[done.next - 1].series);
    }
}

// How far a row may pull its model; NaN: as far as it likes; infinity: so too, for what comes back each
// season.
double ForecasterStage::limit_of(const Row& row) {
    if (row.normal) return nan;
    if (season_ > 0) {
        const int known = seasonal_.of(*row.series).knows(feed_.recurring_step(row), season_);
        if (known > 0) return known <= guard_.patience() ? std::numeric_limits<double>::infinity() : nan;
    }
    return guard_.limit(guarded_.of(*row.series));
}

// The rows that the next call has, from a row that is fed on.
std::size_t ForecasterStage::end_of_call(Rows& rows, std::size_t from) {
    std::size_t to = from;
    if (learns_ == config::LearnFrom::always) {
        while (to < rows.size() && rows[to].is_fed()) ++to;
        return to;
    }
    if (learns_ == config::LearnFrom::skip) return from + 1;
    call_ = (call_ + 1) & 0x3f;
    for (; to < rows.size() && rows[to].is_fed(); ++to) {
        LearningGuard::State& state = guarded_.of(*rows[to].series);
        // A series that had its last point 64 calls ago ends the call too, which does no harm.
        if (state.call == call_ && to > from) break;
        state.call = call_ & 0x3f;
        feed_.point(to).learn_limit = limit_of(rows[to]);
    }
    return to;
}

ModelFeed::Advance ForecasterStage::advance(Rows& rows, std::size_t from, std::size_t to) {
    return learns_ == config::LearnFrom::skip ? advance_or_skip(rows, from) : feed_.advance(rows, from, to);
}

// Judges a row, and learns it only if it is within the limit.
ModelFeed::Advance ForecasterStage::advance_or_skip(Rows& rows, std::size_t i) {
    feed_.point(i).flags = FCD_JUDGE_ONLY;
    const ModelFeed::Advance judged = feed_.advance(rows, i, i + 1);
    if (judged.restarted || rows[i].left_out) return judged;
    const fcd_verdict verdict = feed_.verdict(i);
    if (std::abs(rows[i].judgement.y - verdict.expected) > limit_of(rows[i])) return judged;
    feed_.point(i).flags = FCD_LEARN_ONLY;
    const ModelFeed::Advance done = feed_.advance(rows, i, i + 1);
    feed_.set_verdict(i, verdict);
    return done;
}

// A value was learned, and the verdict is from before that.
void ForecasterStage::learned(Row& row, const fcd_verdict& verdict) {
    Series& series = *row.series;
    series.count_learned();
    const double error = row.judgement.y - verdict.expected;
    const bool is_complete = row.held_back || !std::isnan(verdict.deviation);
    double counted = error;
    row.judgement.yhat = verdict.expected;
    row.deviation = verdict.deviation;
    row.known_deviation = deviation(series, verdict.deviation);
    if (learns_ != config::LearnFrom::always) {
        LearningGuard::State& state = guarded_.of(series);
        if (!is_complete) {
            const double limit = limit_of(row);
            if (std::abs(error) > limit) counted = limit;
        }
        if (season_ > 0 && guard_.is_beyond(state, error))
            seasonal_.of(series).add(feed_.recurring_step(row));
        row.deviation = guard_.learn(state, error, verdict.deviation);
    }
    if (is_complete || !std::isfinite(counted * counted)) return;
    double& square = memory_.of(series).error_square;
    square += std::max(1.0 / series.learned, 1 / error_memory) * (counted * counted - square);
}

// A value outside data_range is a missing step to the model, which is asked what it would have expected
// there.
void ForecasterStage::expect_outside(Rows& rows, std::size_t i) {
    Row& row = rows[i];
    if (row.series->learned == 0) return;
    const std::int32_t result = forecast(row, row.step, 1);
    if (result == FCD_ERROR) {
        if (row.series->set_aside) return rows.leave_out(i);
        row.left_out = true;
    }
    if (result != FCD_OK) return;
    row.judgement.yhat = prediction(0).mean;
    row.known_deviation = deviation(*row.series, prediction(0).deviation);
}

void ForecasterStage::restart(Series& series) {
    series.learned = 0;
    memory_.of(series).error_square = 0;
    if (learns_ != config::LearnFrom::always) guarded_.of(series) = {};
    if (season_ > 0) seasonal_.of(series) = {};
}

std::int32_t ForecasterStage::ask(const Row& row, std::int64_t first_step, std::uint32_t count) {
    Series& series = *row.series;
    if (series.learned == 0) return FCD_NOT_YET;
    predictions_.resize(count);
    fcd_horizon horizon{sizeof(fcd_horizon), count, first_step, nullptr, 0, 0, nullptr, nullptr, nullptr};
    LocalSteps& local = feed_.local_steps();
    if (local.differ()) {
        local_steps_.resize(count);
        for (std::uint32_t i = 0; i < count; ++i) local_steps_[i] = local.of(first_step + i, series.phase_ns);
        horizon.local_steps = local_steps_.data();
    }
    if (inputs_.count() > 0) {
        input_values_.assign(count * inputs_.count(), nan);
        for (std::size_t i = 0; i < count; ++i) {
            std::int64_t time_ns = 0;
            if (time_of(first_step + static_cast<std::int64_t>(i), interval_ns_, series.phase_ns, time_ns))
                inputs_.fill(local, time_ns, &input_values_[i * inputs_.count()]);
        }
        horizon.input_count = static_cast<std::uint32_t>(inputs_.count());
        horizon.inputs = input_values_.data();
    }
    plugin::Failure failure;
    const std::int32_t result = forecast_times_.take(1, [&] {
        const plugin::AtSeries at_series(feed_.subject(row));
        return feed_.model().forecast(feed_.state(series), horizon, predictions_.data(), failure);
    });
    if (!feed_.guard_is_intact(series)) {
        feed_.set_aside(row, plugin::wrote_too_far);
        return FCD_ERROR;
    }
    if (result != FCD_ERROR) return result;
    switch (feed_.handle(failure, row)) {
        case ModelFeed::Outcome::goes_on:
            return FCD_NOT_YET;
        case ModelFeed::Outcome::restarted:
            restart(series);
            break;
        case ModelFeed::Outcome::stopped:
            break;
    }
    return FCD_ERROR;
}

std::int32_t ForecasterStage::forecast(const Row& row, std::int64_t first_step, std::uint32_t count) {
    const std::int32_t result = ask(row, first_step, count);
    if (result != FCD_OK) return result;
    const std::uint32_t sound = sound_predictions(count);
    if (sound == count) return FCD_OK;
    feed_.set_aside(row, "forecast a mean of " + std::to_string(predictions_[sound].mean) +
                             " and a deviation of " + std::to_string(predictions_[sound].deviation) +
                             " for step " + std::to_string(sound + 1) +
                             ", expected a finite mean and a deviation that is not negative");
    return FCD_ERROR;
}

std::uint32_t ForecasterStage::sound_predictions(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
        const fcd_prediction& one = predictions_[i];
        if (!std::isfinite(one.mean) || std::isinf(one.deviation) || one.deviation < 0) return i;
    }
    return count;
}

double ForecasterStage::deviation(const Series& series, double given) const {
    if (!std::isnan(given)) return given;
    const double square = memory_.of(series).error_square;
    return square > 0 ? std::sqrt(square) : nan;
}

double ForecasterStage::deviation_at(const Series& series, std::int64_t lead, double given) const {
    if (!std::isnan(given)) return given;
    return deviation(series, given) * std::sqrt(static_cast<double>(lead));
}

Expected<void> ForecasterStage::save(const Series& series, ByteWriter& out) const {
    out.put(memory_.of(series).next_emit_ns);
    out.put(memory_.of(series).error_square);
    if (learns_ != config::LearnFrom::always) LearningGuard::save(guarded_.of(series), out);
    if (season_ > 0) seasonal_.of(series).save(out);
    return feed_.save(series, out);
}

Expected<void> ForecasterStage::load(Series& series, ByteReader& in, std::span<const char> about) {
    memory_.of(series).next_emit_ns = in.take<std::int64_t>();
    memory_.of(series).error_square = in.take_double();
    if (learns_ != config::LearnFrom::always) LearningGuard::load(guarded_.of(series), in);
    if (season_ > 0) seasonal_.of(series).load(in);
    return feed_.load(series, in, about);
}

}  // namespace forecastd::engine
