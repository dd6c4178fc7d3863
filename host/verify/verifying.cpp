#include "verify/verifying.hpp"

#include <algorithm>
#include <string_view>

namespace forecastd::verify {
namespace {

Result run(const std::function<Result()>& check, const Options& options) {
    return options.in_process ? in_process(check) : in_child(check, options.limits);
}

}  // namespace

bool verify(const plugin::Algorithm& algorithm, const Options& options,
            const std::function<void(const Check&, const Result&)>& found) {
    const Rig rig(algorithm, options.seed);
    bool passes = true;
    const Check* failed = nullptr;  // that the following ones need
    std::vector<std::string_view> all_failed;
    for (const Check& check : all_checks()) {
        const bool is_wanted = options.only.empty() || std::find(options.only.begin(), options.only.end(),
                                                                 check.name) != options.only.end();
        if (!is_wanted) continue;
        const bool lacks =
            check.after && std::find(all_failed.begin(), all_failed.end(), check.after) != all_failed.end();
        const Result result =
            failed || lacks ? skip(std::string("'") + (failed ? failed->name : check.after) + "' failed")
                            : run([&] { return check.run(rig); }, options);
        found(check, result);
        if (result.outcome != Outcome::fail) continue;
        passes = false;
        all_failed.emplace_back(check.name);
        if (check.is_needed) failed = &check;
    }
    return passes;
}

}  // namespace forecastd::verify
