#include "engine/pipeline.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace forecastd::engine {

Pipeline::Pipeline(const config::Pipeline& config, std::size_t index, bool measures_accuracy,
                   std::string& error)
    : config_(config),
      index_(index),
      measures_accuracy_(measures_accuracy),
      nursery_(sizeof(Series) + Learner::bytes(learning_points)),
      wide_nursery_(sizeof(Series) + Learner::bytes(jittered_points)) {
    if (config.forecast && config.forecast->model.algorithm->diagnostics.table)
        diagnostics_every_ns_ = config.forecast->diagnostics_every_ns;
    const boost::math::normal standard;
    for (const double level : config.forecast ? config.forecast->level : std::vector<double>{95})
        widths_.push_back(boost::math::quantile(standard, 0.5 + level / 200));
    std::uint16_t number = 0;
    if (config.interval_ns != 0) cohort_for(config.interval_ns, number, error);
}

Cohort* Pipeline::cohort_for(std::int64_t interval_ns, std::uint16_t& number, std::string& error) {
    const auto distance = [&](const std::unique_ptr<Cohort>& cohort) {
        return std::abs(
            std::log(static_cast<double>(cohort->interval_ns()) / static_cast<double>(interval_ns)));
    };
    const auto nearest =
        std::min_element(cohorts_.begin(), cohorts_.end(),
                         [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
    if (nearest != cohorts_.end() &&
        ((*nearest)->interval_ns() == interval_ns || cohorts_.size() == max_cohorts)) {
        number = static_cast<std::uint16_t>(nearest - cohorts_.begin());
        return nearest->get();
    }
    auto made = Cohort::make(config_, interval_ns, error, measures_accuracy_ ? &widths_ : nullptr);
    if (!made) return nullptr;
    number = static_cast<std::uint16_t>(cohorts_.size());
    return cohorts_.emplace_back(std::move(made)).get();
}

bool Misfits::add(Kind kind, std::uint64_t answered) {
    const std::uint64_t unused =
        ++counts_[static_cast<std::size_t>(kind)] + count(kind == Kind::late ? Kind::crowded : Kind::late);
    if (told_ || unused % first_look != 0) return false;
    if (10 * unused >= 9 * (answered - answered_before_)) return told_ = true;
    if (unused >= window) {
        counts_[0] = counts_[1] = 0;
        answered_before_ = answered;
    }
    return false;
}

std::uint64_t Pipeline::answered() const {
    std::uint64_t points = 0;
    for (const auto& cohort : cohorts_)
        points +=
            cohort->forecaster() ? cohort->forecaster_batch().answered : cohort->detector_batch().answered;
    return points;
}

std::size_t Pipeline::allocated_bytes() const {
    std::size_t bytes = nursery_.allocated_bytes() + wide_nursery_.allocated_bytes();
    for (const auto& cohort : cohorts_) bytes += cohort->slab().allocated_bytes();
    return bytes;
}

}  // namespace forecastd::engine
