#include "engine/pipeline.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "config/model.hpp"

namespace forecastd::engine {
namespace {

// For each level of the config, ascending: how many standard deviations its interval reaches to either side
// where errors are normal.
std::vector<double> widths_of(const config::Pipeline& config) {
    const boost::math::normal standard;
    std::vector<double> widths;
    for (const double level : config.forecast ? config.forecast->level : std::vector<double>{95})
        widths.push_back(boost::math::quantile(standard, 0.5 + level / 200));
    return widths;
}

}  // namespace

Expected<std::unique_ptr<Pipeline>> Pipeline::make(const config::Pipeline& config, std::size_t index,
                                                   const PipelineSetup& setup) {
    std::unique_ptr<Pipeline> pipeline(new Pipeline(config, index, setup));
    if (pipeline->learns_interval()) return pipeline;
    auto number = pipeline->cohort_for(config.interval_ns);
    if (!number) return fail(std::move(number.error().text));
    return pipeline;
}

Pipeline::Pipeline(const config::Pipeline& config, std::size_t index, const PipelineSetup& setup)
    : config_(config),
      index_(index),
      setup_(setup),
      failures_(config.name, setup.report, setup.counters),
      widths_(widths_of(config)),
      nursery_(sizeof(Series) + Learner::bytes(learning_points)),
      wide_nursery_(sizeof(Series) + Learner::bytes(jittered_points)) {}

Expected<std::uint16_t> Pipeline::cohort_for(std::int64_t interval_ns) {
    const auto distance = [&](const std::unique_ptr<Cohort>& cohort) {
        return std::abs(
            std::log(static_cast<double>(cohort->interval_ns()) / static_cast<double>(interval_ns)));
    };
    const auto nearest =
        std::min_element(cohorts_.begin(), cohorts_.end(),
                         [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
    const bool found = nearest != cohorts_.end() && (*nearest)->interval_ns() == interval_ns;
    if (found || cohorts_.size() == max_cohorts) {
        if (!found) failures_.too_many_intervals(max_cohorts);
        return static_cast<std::uint16_t>(nearest - cohorts_.begin());
    }
    auto made = Cohort::make({config_, widths_, setup_.measures_accuracy, setup_.counters, failures_,
                              setup_.stages, setup_.states},
                             interval_ns);
    if (!made) return fail(std::move(made.error().text));
    cohorts_.push_back(std::move(*made));
    failures_.seasons_rounded(config::rounded_seasons(config_, interval_ns));
    return static_cast<std::uint16_t>(cohorts_.size() - 1);
}

void Pipeline::passed_over(Outcome outcome) {
    if (outcomes_.pass_over(outcome)) failures_.values_not_used(outcomes_);
}

void Pipeline::review_warm_up(std::uint64_t stopped_unjudged, std::uint64_t judged) {
    constexpr std::uint64_t enough = 32;
    const std::uint64_t unjudged = ended_unjudged_ + stopped_unjudged;
    if (warm_up_told_ || unjudged < enough || unjudged < 2 * judged) return;
    warm_up_told_ = true;
    failures_.never_warm(unjudged, judged);
}

std::size_t Pipeline::allocated_bytes() const {
    std::size_t bytes = nursery_.allocated_bytes() + wide_nursery_.allocated_bytes();
    for (const auto& cohort : cohorts_) bytes += cohort->slab().allocated_bytes();
    return bytes;
}

Expected<std::size_t> record_size(const config::Pipeline& config, std::int64_t interval_ns,
                                  bool measures_accuracy, RecordLayout::States states) {
    const Report report = [](config::LogLevel, const std::string&) {};
    Counters counters;
    Failures failures(config.name, report, counters);
    const std::vector<double> widths = widths_of(config);
    auto cohort = Cohort::make(
        {config, widths, measures_accuracy, counters, failures, standard_stages(), states}, interval_ns);
    if (!cohort) return fail(std::move(cohort.error().text));
    return (*cohort)->layout().record_size();
}

}  // namespace forecastd::engine
