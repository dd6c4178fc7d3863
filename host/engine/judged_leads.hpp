// The leads at which forecasts are kept until their values come, so that intervals and accuracy are measured
// there: the next step; h/8, h/3, 2h/3 and h for the furthest forecast h that is written; and the geometric
// mean of h and the end of the search for thresholds, and that end, where it is further.
//
// At each lead two forecasts wait at once, so a lead of L steps is judged at every (L/2)-th point or less
// often. That stride has no factor in common with a season of the model, nor with 2, 3, 5 and 7, of which the
// hours, days and weeks of most grids consist: else only some phases of what repeats would ever be judged.
#ifndef FORECASTD_ENGINE_JUDGED_LEADS_HPP
#define FORECASTD_ENGINE_JUDGED_LEADS_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace forecastd::engine {

struct JudgedLead {
    std::int64_t steps = 1;    // ahead
    double log_steps = 0;      // natural logarithm
    std::uint32_t stride = 1;  // steps from one forecast that is judged to the next
    std::uint32_t slots =
        0;  // for forecasts that wait; none at the first lead: its forecast comes with each value
    std::uint32_t first = 0;  // the place of its first slot among those of all leads
};

// Where a lead stands between two judged ones: at `place`, or `part` of the way from there to the next, by
// the logarithm of the steps.
struct BetweenLeads {
    std::size_t place = 0;
    double part = 0;
};

// Thread: any; it never changes.
class JudgedLeads {
  public:
    // In steps; searched: how far thresholds are looked for, or 0. seasons: of the model, in steps.
    JudgedLeads(std::int64_t horizon, std::int64_t searched, std::span<const std::int64_t> seasons);

    [[nodiscard]] std::span<const JudgedLead> all() const { return leads_; }
    [[nodiscard]] std::size_t slots() const { return leads_.back().first + leads_.back().slots; }
    [[nodiscard]] BetweenLeads between(std::int64_t steps) const;

    // Whether some forecast made at a step is to be kept.
    [[nodiscard]] bool any_begins_at(std::int64_t step) const {
        for (std::size_t i = 1; i < leads_.size(); ++i)
            if (begins_at(leads_[i], step)) return true;
        return false;
    }
    [[nodiscard]] static bool begins_at(const JudgedLead& lead, std::int64_t step) {
        return static_cast<std::uint32_t>(step) % lead.stride == 0;
    }
    // The slot of the forecast made there.
    [[nodiscard]] static std::size_t slot(const JudgedLead& lead, std::int64_t step) {
        return lead.first + static_cast<std::uint32_t>(step) / lead.stride % lead.slots;
    }

  private:
    std::vector<JudgedLead> leads_;
};

}  // namespace forecastd::engine

#endif
