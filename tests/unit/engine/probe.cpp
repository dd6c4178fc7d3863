#include "unit/engine/probe.hpp"

#include <cmath>
#include <forecastd/plugin.hpp>
#include <stdexcept>

namespace forecastd::engine {
namespace {

// Expects the last value again, with a deviation of 1; the score is the distance from it.
struct Probe {
    static constexpr About about{"probe", "1.0.0", "Repeats the last value."};
    static constexpr auto params() {
        return std::tuple{
            integer<&Probe::fail_at>("fail_at", 0, 0, 1000, "Fails at this point of a series."),
            integer<&Probe::infinite_at>("infinite_at", 0, 0, 1000, "An infinite score for this point."),
            integer<&Probe::forecast_fail_at>("forecast_fail_at", 0, 0, 1000, "No forecast behind it."),
            boolean<&Probe::start_fails>("start_fails", false, "No series can begin."),
        };
    }
    std::int64_t fail_at = 0, infinite_at = 0, forecast_fail_at = 0;
    bool start_fails = false;

    struct Series {
        double last = 0;
        std::int64_t count = 0;
    };
    void start(Series&) const {
        if (start_fails) throw std::runtime_error("does not begin");
    }
    bool ready(const Series& series) const { return series.count > 0; }
    void observe(Series& series, const Point& point) const {
        ++series.count;
        if (series.count == fail_at) throw std::runtime_error("broke at point " + std::to_string(fail_at));
        fed.push_back({point.time_ns / second, point.step, point.value});
        fed_local_steps.push_back(point.local_step);
        series.last = point.value;
    }
    Verdict judge(const Series& series, const Point& point) const {
        const double expected = std::isnan(point.expected) ? series.last : point.expected;
        const double score = series.count + 1 == infinite_at ? infinity : std::abs(point.value - expected);
        return {score, expected, 1, expected - 1, expected + 1};
    }
    Prediction expect(const Series& series, const Point&) const { return {series.last, 1}; }
    void forecast(const Series& series, Forecast& out) const {
        if (series.count == forecast_fail_at) throw std::runtime_error("knows no future");
        for (auto& step : out) step = {series.last, 1};
    }
};

// Repeats the last value, and tells what it saw; fails to tell at the value 13.
struct Teller {
    static constexpr About about{"teller", "1.0.0", "Tells what it saw."};
    enum class Sign { negative, positive, unknown = -1 };
    struct Known {
        Sign sign = Sign::unknown;
        double mean = nan;
        std::int64_t points = forecastd::unknown;
    };
    static constexpr auto diagnostics() {
        return std::tuple{
            diagnostic<&Known::sign>("sign", {"below \"0\"", "above"}, "The side of the last value."),
            diagnostic<&Known::mean>("mean", "The mean of all values."),
            diagnostic<&Known::points>("points", "How many values there were."),
        };
    }
    struct Series {
        double last = 0, sum = 0;
        std::int64_t count = 0;
    };
    void observe(Series& series, const Point& point) const {
        series.last = point.value;
        series.sum += point.value;
        ++series.count;
    }
    void forecast(const Series& series, Forecast& out) const {
        for (auto& step : out) step = {series.last, 1};
    }
    Known diagnose(const Series& series) const {
        if (series.last == 13) throw std::runtime_error("knows nothing of 13");
        if (series.last == 0) return {};
        return {series.last < 0 ? Sign::negative : Sign::positive,
                series.sum / static_cast<double>(series.count), series.count};
    }
};

}  // namespace

const plugin::Catalogue& catalogue() {
    static const plugin::Catalogue made = [] {
        plugin::Catalogue result;
        result.add(detail::library<Probe, Teller>(), "in the test");
        return result;
    }();
    return made;
}

config::ModelChoice probe(const ProbeParams& params) {
    config::ModelChoice choice{catalogue().find("probe"), std::vector<config::ParamValue>(4)};
    choice.params[0].value.integer = params.fail_at;
    choice.params[1].value.integer = params.infinite_at;
    choice.params[2].value.integer = params.forecast_fail_at;
    choice.params[3].value.integer = params.start_fails;
    return choice;
}

}  // namespace forecastd::engine
