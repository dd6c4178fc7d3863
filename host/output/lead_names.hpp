// The names of the fields of a forecast's line, as the config has them. Made once, then looked up.
//
// One thread at a time.
#ifndef FORECASTD_OUTPUT_LEAD_NAMES_HPP
#define FORECASTD_OUTPUT_LEAD_NAMES_HPP

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/pipeline.hpp"
#include "engine/selection.hpp"

namespace forecastd::output {

// Each with the comma before it and the '=' behind it; "": not written.
struct LeadNames {
    std::string yhat, lead_s;
    std::vector<std::pair<std::string, std::string>> limits;  // lower and upper, for each level
    std::size_t bytes = 0;                                    // what a line's fields need at most
    bool complete = true;                                     // none of them is ""
};

class LeadNamesOfPipeline {
  public:
    explicit LeadNamesOfPipeline(const engine::Pipeline& pipeline);

    // In lines at the time that the forecast is for.
    const LeadNames& at_target(const engine::FieldPlan& field) {
        return one_for_all_ ? at_target_ : find(&field, 0);
    }
    // In lines at the time at which it was made: names end in the distance.
    const LeadNames& at_origin(const engine::FieldPlan& field, std::int64_t lead_ns) {
        return find(one_for_all_ ? nullptr : &field, lead_ns);
    }

  private:
    const LeadNames& find(const engine::FieldPlan* field, std::int64_t lead_ns);

    const engine::Pipeline& pipeline_;
    bool one_for_all_;  // no name has {field} in it
    LeadNames at_target_;
    std::map<std::pair<std::uint64_t, std::int64_t>, LeadNames>
        found_;  // by FieldPlan::serial (0: any) and lead (0: target)
};

}  // namespace forecastd::output

#endif
