// The names of the fields of a forecast's line, as the config has them. Made once, then looked up.
//
// One thread at a time.
#ifndef FORECASTD_OUTPUT_LEAD_NAMES_HPP
#define FORECASTD_OUTPUT_LEAD_NAMES_HPP

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.hpp"

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
    // config must outlive it.
    explicit LeadNamesOfPipeline(const config::Pipeline& config);

    // In lines at the time that the forecast is for. field: the escaped name of the watched field, as in
    // every call.
    const LeadNames& at_target(std::string_view field) { return one_for_all_ ? at_target_ : find(field, 0); }
    // In lines at the time at which it was made: names end in the distance.
    const LeadNames& at_origin(std::string_view field, std::int64_t lead_ns) {
        return find(one_for_all_ ? std::string_view() : field, lead_ns);
    }

  private:
    const LeadNames& find(std::string_view field, std::int64_t lead_ns);

    const config::Pipeline& config_;
    bool one_for_all_;  // no name has {field} in it
    LeadNames at_target_;
    std::map<std::int64_t, std::map<std::string, LeadNames, std::less<>>> found_;  // lead 0: at the target
    std::size_t names_ = 0;                                                        // in found_
};

}  // namespace forecastd::output

#endif
