#include "engine/stages/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "engine/stages/forecasts.hpp"

namespace forecastd::engine {
namespace {

// Of errors at further leads there are few, and they come in runs: quotients learned as fast from them as
// from those of the next step would be too wide for long after the first, large errors of a young model.
constexpr IntervalFit::Pace of_next_step{30, 0.05, true}, of_further{50, 0.05, false},
    of_all_series{1000, 0.01, true};
constexpr float least_pooled = 20;  // errors of all series before one follows them
constexpr float young = 50;         // errors of a series up to which it follows the others

bool is_sound(float number) { return number >= 0 && number <= std::numeric_limits<float>::max(); }

}  // namespace

Expected<std::unique_ptr<Stage>> CalibrationStage::make(StageContext& context) {
    if (!context.forecaster) return nullptr;
    const config::Forecast& forecast = *context.pipeline.forecast;
    const auto leads = leads_of(forecast, context.interval_ns);
    if (!leads) return fail(leads.error().text);
    const auto searched = search_of(forecast, leads->back(), context.interval_ns);
    if (!searched) return fail(searched.error().text);
    std::unique_ptr<CalibrationStage> stage(
        new CalibrationStage(context, JudgedLeads(leads->back(), *searched, context.forecaster->seasons())));
    context.calibration = stage.get();
    return stage;
}

CalibrationStage::CalibrationStage(StageContext& context, const JudgedLeads& leads)
    : widths_(context.widths),
      leads_(leads),
      keeps_(leads.slots() > 0 && (context.pipeline.forecast->calibrate || context.measures_accuracy)) {
    if (keeps_) waiting_ = context.layout.add_bytes("waiting forecasts", leads.slots() * sizeof(Waiting));
    if (context.measures_accuracy)
        for (std::size_t i = 1; i < leads_.all().size(); ++i) measures_.emplace_back(level_count());
    if (!context.pipeline.forecast->calibrate) return;
    fit_.emplace(context.pipeline.forecast->level);
    const std::size_t count = leads_.all().size() * fit_->number_count();
    numbers_ = context.layout.add_bytes("calibration", count * sizeof(float));
    pool_.resize(count);
    for (std::size_t i = 0; i < leads_.all().size(); ++i) fit_->begin(pooled(i));
}

std::span<CalibrationStage::Waiting> CalibrationStage::waiting(Series& series) const {
    return {reinterpret_cast<Waiting*>(waiting_.of(series)), keeps_ ? leads_.slots() : 0};
}
std::span<float> CalibrationStage::numbers(Series& series, std::size_t lead) const {
    return {reinterpret_cast<float*>(numbers_.of(series)) + lead * fit_->number_count(),
            fit_->number_count()};
}
std::span<const float> CalibrationStage::numbers(const Series& series, std::size_t lead) const {
    return {reinterpret_cast<const float*>(numbers_.of(series)) + lead * fit_->number_count(),
            fit_->number_count()};
}
std::span<float> CalibrationStage::pooled(std::size_t lead) {
    return std::span(pool_).subspan(lead * fit_->number_count(), fit_->number_count());
}

Expected<void> CalibrationStage::begin(Series& series, const SeriesInfo&) {
    restart(series);
    return {};
}

void CalibrationStage::restart(Series& series) const {
    for (Waiting& one : waiting(series)) one = {};
    if (!fit_) return;
    for (std::size_t i = 0; i < leads_.all().size(); ++i) fit_->begin(numbers(series, i));
}

void CalibrationStage::run(Rows& rows) {
    for (const std::size_t i : rows.beginning_again)
        if (!rows[i].left_out) restart(*rows[i].series);
    for (Row& row : rows.all()) {
        if (row.left_out) continue;
        Series& series = *row.series;
        if (fit_) begin_as_others(series);
        row.reaches = static_cast<std::uint32_t>(rows.reaches.size());
        add_reaches(series, {}, row.known_deviation, rows.reaches);
        row.reach = rows.reaches.back();
        if (row.is_fed()) judge(series, row);
    }
}

// Where a series has no errors yet, its scale is that of the other series at this lead, or else of its own
// shorter lead.
void CalibrationStage::begin_as_others(Series& series) {
    for (std::size_t i = leads_.all().size(); i-- > 0;) {
        const std::span<float> own = numbers(series, i);
        if (IntervalFit::seen(own) > 0) break;  // then the shorter ones have too
        if (IntervalFit::seen(pooled(i)) >= least_pooled)
            fit_->begin(own, IntervalFit::scale(pooled(i)));
        else if (i > 0)
            fit_->begin(own, IntervalFit::scale(numbers(series, i - 1)));
    }
}

void CalibrationStage::judge(Series& series, const Row& row) {
    const double y = row.judgement.y;
    if (fit_) learn(series, 0, y - row.judgement.yhat, row.known_deviation);
    for (std::size_t i = 1; keeps_ && i < leads_.all().size(); ++i) {
        const JudgedLead& lead = leads_.all()[i];
        const std::int64_t origin = row.step - lead.steps;
        if (!JudgedLeads::begins_at(lead, origin)) continue;
        Waiting& one = waiting(series)[JudgedLeads::slot(lead, origin)];
        const double deviation = one.deviation;
        one.deviation = 0;
        if (!(deviation > 0) || one.origin != static_cast<std::uint32_t>(origin)) continue;
        if (!measures_.empty()) {
            reaches_.clear();
            add_reaches(series, {i, 0}, deviation, reaches_);
            measures_[i - 1].add(y - one.mean, y - one.origin_value, reaches_);
        }
        if (fit_) learn(series, i, y - one.mean, deviation);
    }
}

void CalibrationStage::learn(Series& series, std::size_t lead, double error, double deviation) {
    const double ratio = std::abs(error) / deviation;
    if (!(deviation > 0) || !std::isfinite(ratio)) return;
    const double weight = 1.0 / std::max<std::uint32_t>(leads_.all()[lead].slots, 1);
    const std::span<float> own = numbers(series, lead), pool = pooled(lead);
    fit_->learn(pool, ratio, weight, of_all_series, IntervalFit::scale(own));
    fit_->learn(own, ratio, weight, lead == 0 ? of_next_step : of_further);
    // Others have more to say than this series only if most errors are theirs.
    if (lead == 0 && IntervalFit::seen(own) < young &&
        IntervalFit::seen(pool) >= least_pooled + 2 * IntervalFit::seen(own))
        IntervalFit::follow(own, pool);
}

void CalibrationStage::keep(const Row& row, const JudgedLead& lead, double mean, double deviation) {
    Waiting& one = waiting(*row.series)[JudgedLeads::slot(lead, row.step)];
    one = {mean, row.judgement.y, static_cast<float>(deviation), static_cast<std::uint32_t>(row.step)};
}

double CalibrationStage::reach(const Series& series, const BetweenLeads& lead, std::size_t level) const {
    if (!fit_) return widths_[level];
    const double here = IntervalFit::reach(numbers(series, lead.place), level);
    if (lead.part == 0) return here;
    return here + lead.part * (IntervalFit::reach(numbers(series, lead.place + 1), level) - here);
}

void CalibrationStage::add_reaches(const Series& series, const BetweenLeads& lead, double deviation,
                                   std::vector<double>& reaches) const {
    for (std::size_t level = 0; level < level_count(); ++level)
        reaches.push_back(deviation * reach(series, lead, level));
}

double CalibrationStage::greatest_reach(const Series& series, const BetweenLeads& lead,
                                        double deviation) const {
    return deviation * reach(series, lead, level_count() - 1);
}

void CalibrationStage::describe(ByteWriter& out) const {
    for (const float number : pool_) out.put(std::bit_cast<std::uint32_t>(number));
}

// Unless something was learned already. Numbers of another kind are passed over: the pool is learned again soon.
void CalibrationStage::load_pool(std::span<const char> about) {
    if (!fit_ || IntervalFit::seen(pooled(0)) > 0 || about.size() != pool_.size() * sizeof(std::uint32_t))
        return;
    ByteReader in(about);
    std::vector<float> pool;
    for (std::size_t i = 0; i < pool_.size(); ++i)
        pool.push_back(std::bit_cast<float>(in.take<std::uint32_t>()));
    if (std::all_of(pool.begin(), pool.end(), is_sound)) pool_ = std::move(pool);
}

Expected<void> CalibrationStage::save(const Series& series, ByteWriter& out) const {
    const auto put = [&out](float value) { out.put(std::bit_cast<std::uint32_t>(value)); };
    if (fit_)
        for (std::size_t i = 0; i < leads_.all().size(); ++i)
            for (const float number : numbers(series, i)) put(number);
    if (!keeps_) return {};
    for (const Waiting& one : waiting(const_cast<Series&>(series))) {
        out.put(one.mean);
        out.put(one.origin_value);
        put(one.deviation);
        out.put(one.origin);
    }
    return {};
}

Expected<void> CalibrationStage::load(Series& series, ByteReader& in, std::span<const char> about) {
    load_pool(about);
    const auto take = [&in] { return std::bit_cast<float>(in.take<std::uint32_t>()); };
    if (fit_)
        for (std::size_t i = 0; i < leads_.all().size(); ++i)
            for (float& number : numbers(series, i)) number = take();
    for (Waiting& one : waiting(series)) {
        one.mean = in.take_double();
        one.origin_value = in.take_double();
        one.deviation = take();
        one.origin = in.take<std::uint32_t>();
    }
    if (fit_)
        for (std::size_t i = 0; i < leads_.all().size(); ++i)
            for (const float number : numbers(series, i))
                if (!is_sound(number))
                    return fail("the saved calibration of intervals holds " + std::to_string(number) +
                                ", expected numbers that are finite and not negative");
    return {};
}

}  // namespace forecastd::engine
