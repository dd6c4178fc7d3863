// What the diagnostics of a model come to over all series of a cohort, for the host's metrics.
#ifndef FORECASTD_ENGINE_MODEL_SUMMARY_HPP
#define FORECASTD_ENGINE_MODEL_SUMMARY_HPP

#include <cstdint>
#include <vector>

#include "engine/cohort.hpp"

namespace forecastd::engine {

// Of one diagnostic, over the series that know it.
struct DiagnosticSummary {
    std::uint64_t known = 0;             // the number of series
    std::int64_t sum = 0;                // of an integer
    double mean = 0;                     // of a real
    std::vector<std::uint64_t> choices;  // how many series have each
};

struct ModelSummary {
    std::uint64_t series = 0;  // that have learned a point and are not set aside
    std::vector<DiagnosticSummary> diagnostics;
};

// Walks over all series: one of the cohort's two models is asked about each. It must have diagnostics.
ModelSummary summarise(const Cohort& cohort, const ModelFeed& feed);

}  // namespace forecastd::engine

#endif
