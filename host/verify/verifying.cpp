#include "verify/verifying.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string_view>

namespace forecastd::verify {
namespace {

Result run(const std::function<Result()>& check, const Options& options) {
    return options.in_process ? in_process(check) : in_child(check, options.limits);
}

using Clock = std::chrono::steady_clock;

double nanoseconds(Clock::duration duration, std::size_t count) {
    return std::chrono::duration<double, std::nano>(duration).count() / static_cast<double>(count);
}

// In one line, since it comes from a child.
Result measure(const Rig& rig) {
    constexpr std::size_t points = 4000, forecasts = 200;
    const auto model = rig.model();
    Series series(*model);
    const auto values = rig.usual_values(points + 500);
    series.advance(series.points(std::span(values).first(500)));
    const auto given = series.points(std::span(values).subspan(500), 1500);
    Clock::time_point begin = Clock::now();
    series.advance(given);
    const double ns_a_point = nanoseconds(Clock::now() - begin, points);
    double ns_a_forecast = 0;
    if (rig.algorithm().forecasts()) {
        begin = Clock::now();
        for (std::size_t i = 0; i < forecasts; ++i) (void)series.forecast(1000 + points + 500, 10);
        ns_a_forecast = nanoseconds(Clock::now() - begin, forecasts);
    }
    char text[100];
    std::snprintf(text, sizeof text, "%.1f %.1f %zu", ns_a_point, ns_a_forecast, model->series_size());
    return {Outcome::pass, text};
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

Costs costs(const plugin::Algorithm& algorithm, const Options& options) {
    const Rig rig(algorithm, options.seed);
    const Result result = run([&] { return measure(rig); }, options);
    Costs read;
    unsigned long long bytes = 0;
    if (result.outcome != Outcome::pass ||
        std::sscanf(result.why.c_str(), "%lf %lf %llu", &read.ns_a_point, &read.ns_a_forecast, &bytes) != 3)
        return {};
    read.bytes_a_series = bytes;
    read.are_known = true;
    return read;
}

}  // namespace forecastd::verify
