#include "engine/stages/tail.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace forecastd::engine {
namespace {

// p_limit is no greater than this, since the tail begins at 0.03.
constexpr double greatest_p = config::Detect::most_false_alarms;
// -log10 of the share of a healthy series' points that are beyond a detector's own limit.
constexpr double own_limit_decades = 3;

}  // namespace

double log10_limit(const config::Detect& detect, std::int64_t interval_ns) {
    const double p = static_cast<double>(interval_ns) / static_cast<double>(detect.false_alarms_ns);
    return std::log10(std::min(p, greatest_p));
}

Expected<std::unique_ptr<Stage>> TailStage::make(StageContext& context) {
    if (!context.pipeline.detect || !context.pipeline.voters.empty()) return nullptr;
    return make_for(context, *context.pipeline.detect, "tail");
}

std::unique_ptr<TailStage> TailStage::make_for(StageContext& context, const config::Detect& detect,
                                               std::string_view name) {
    if (detect.false_alarms_ns == 0 || detect.model.algorithm->find_param("false_alarms")) return nullptr;
    const double limit = log10_limit(detect, context.interval_ns);
    return std::unique_ptr<TailStage>(new TailStage(context, name, limit));
}

TailStage::TailStage(StageContext& context, std::string_view name, double limit)
    : tail_(context.layout.add<statistics::Tail>(name)),
      log10_limit_(limit),
      least_early_limit_(std::max(1.0, -limit / own_limit_decades)) {}

Expected<void> TailStage::begin(Series& series, const SeriesInfo&) {
    tail_.of(series) = {};
    return {};
}

void TailStage::run(Rows& rows) {
    for (const std::size_t i : rows.beginning_again) tail_.of(*rows[i].series) = {};
    for (Row& row : rows.all()) {
        const double own = row.judgement.score;
        if (!row.is_fed() || row.unanswered || std::isnan(own)) continue;
        statistics::Tail& tail = tail_.of(*row.series);
        scale(row, tail);
        tail.observe(own);
    }
}

// Of the detector's own score, while the tail warms up.
double TailStage::early_limit(const statistics::Tail& tail) const {
    constexpr double widest = 10;
    const double seen = tail.early_value_at(log10_limit_);
    return std::isnan(seen) ? widest * least_early_limit_ : std::max(least_early_limit_, seen);
}

// By what was learned before the row.
void TailStage::scale(Row& row, const statistics::Tail& tail) const {
    Judgement& judgement = row.judgement;
    double limit = 0;
    if (tail.is_warm()) {
        limit = tail.value_at(log10_limit_);
        judgement.score = tail.log10_p(judgement.score) / log10_limit_;
    } else {
        limit = early_limit(tail);
        judgement.score /= limit;
    }
    // One that is only on one side, or unknown, has no middle to move away from.
    const double middle = (judgement.lower + judgement.upper) / 2;
    const double reach = (judgement.upper - judgement.lower) / 2 * limit;
    judgement.lower = middle - reach;
    judgement.upper = middle + reach;
}

Expected<void> TailStage::save(const Series& series, ByteWriter& out) const {
    using Words = std::array<std::uint64_t, sizeof(statistics::Tail) / 8>;
    for (const std::uint64_t word : std::bit_cast<Words>(tail_.of(series))) out.put(word);
    return {};
}

Expected<void> TailStage::load(Series& series, ByteReader& in, std::span<const char> /*about*/) {
    std::array<std::uint64_t, sizeof(statistics::Tail) / 8> words{};
    for (std::uint64_t& word : words) word = in.take<std::uint64_t>();
    tail_.of(series) = std::bit_cast<statistics::Tail>(words);
    return {};
}

}  // namespace forecastd::engine
