// What everything else needs: tables, models, points and forecasts; and the numbers that come out.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <string_view>

#include "config/units.hpp"
#include "verify/checks.hpp"

namespace forecastd::verify {
namespace {

constexpr std::size_t usual_points = 300, most_points = 20'000, most_state = std::size_t{256} << 20;
constexpr std::uint32_t usual_steps = 50;

bool is_known(double number) { return !std::isinf(number); }

void check_verdict(const fcd_verdict& verdict, const std::string& when) {
    require(is_known(verdict.score) && is_known(verdict.expected) && is_known(verdict.lower) &&
                is_known(verdict.upper) && is_known(verdict.deviation),
            "a verdict has an infinity " + when);
    require(!(verdict.score < 0), "a score is " + std::to_string(verdict.score) + " " + when);
    require(!(verdict.deviation < 0), "a deviation is " + std::to_string(verdict.deviation) + " " + when);
    require(!(verdict.lower > verdict.upper), "lower is above upper " + when);
}

void check_predictions(const Series& series, std::int64_t next, const std::string& when) {
    const auto predictions = series.forecast(next, usual_steps);
    if (!predictions) return;
    for (const fcd_prediction& one : *predictions) {
        require(std::isfinite(one.mean), "a forecast has a mean that is not finite " + when);
        require(!(one.deviation < 0) && is_known(one.deviation),
                "a forecast has the deviation " + std::to_string(one.deviation) + " " + when);
    }
}

// Points may be refused; what comes out must be numbers.
void check_series(const plugin::Model& model, std::span<const double> values, std::int64_t gap_every,
                  const std::string& when) {
    Series series(model);
    std::int64_t step = 1000;
    for (std::size_t i = 0; i < values.size(); ++i) {
        fcd_verdict verdict{};
        if (!series.try_to_advance(series.point(step, values[i]), verdict)) return;  // the host sets it aside
        check_verdict(verdict, when);
        step += gap_every > 0 && static_cast<std::int64_t>(i) % gap_every == gap_every - 1 ? 1'000'000 : 1;
    }
    if (model.algorithm().forecasts()) check_predictions(series, step, when);
}

}  // namespace

// The handshake has checked the rest, or there would be no algorithm.
Result check_tables(const Rig& rig) {
    const std::string_view version = rig.table().version;
    require(
        version.find_first_of("0123456789") == 0 &&
            version.find_first_not_of("0123456789.abcdefghijklmnopqrstuvwxyz+-") == std::string_view::npos,
        "its version is '" + std::string(version) + "'");
    return {};
}

Result check_defaults(const Rig& rig) {
    for (const std::int64_t interval_ns : {1'000'000LL, 1'000'000'000LL, 10'000'000'000LL, 60'000'000'000LL,
                                           3'600'000'000'000LL, 86'400'000'000'000LL}) {
        const auto values = rig.defaults().resolve(interval_ns);
        if (!values) continue;  // a duration that this interval does not divide: the host refuses it
        const std::string on = "on an interval of " + config::format_duration(interval_ns) + ": ";
        auto made = plugin::Model::make(rig.algorithm(), *values, {interval_ns, FCD_GRID_TRIAL});
        require(made.has_value(), made ? "" : on + made.error().text);
        require((*made)->series_size() <= most_state,
                on + "a series takes " + std::to_string((*made)->series_size()) +
                    " bytes, expected at most " + std::to_string(most_state));
        const Series series(**made);
    }
    return {};
}

Result check_points(const Rig& rig) {
    const auto model = rig.model();
    Series series(*model);
    for (const fcd_point& point : series.points(rig.usual_values(usual_points))) series.advance(point);
    return {};
}

Result check_forecasts(const Rig& rig) {
    if (!rig.algorithm().forecasts()) return skip("it does not forecast");
    const auto model = rig.model();
    Series series(*model);
    std::int64_t next = 1000;
    for (const double value : rig.usual_values(usual_points)) {
        series.advance(series.point(next++, value));
        if (next < 1030) (void)series.forecast(next, 1);
    }
    // One with a season may have to see all of it first.
    for (const double value : rig.usual_values(most_points)) {
        if (series.forecast(next, usual_steps)) break;
        series.advance(series.point(next++, value));
    }
    for (const std::uint32_t steps : {1u, usual_steps})
        require(series.forecast(next, steps).has_value(), "it has too little to forecast " +
                                                              std::to_string(steps) + " steps after " +
                                                              std::to_string(next - 1000) + " points");
    return {};
}

Result check_numbers(const Rig& rig) {
    const auto model = rig.model();
    check_series(*model, rig.usual_values(usual_points), 0, "on a usual series");
    return {};
}

Result check_scores(const Rig& rig) {
    if (!rig.algorithm().detects()) return skip("it does not detect");
    const auto model = rig.model();
    Series series(*model);
    for (const fcd_point& point : series.points(rig.usual_values(2000)))
        if (!std::isnan(series.advance(point).score)) return {};
    throw Broken{"all scores of 2,000 usual points are NaN"};
}

Result check_parameters(const Rig& rig) {
    const auto values = rig.usual_values(usual_points);
    for (std::size_t i = 0; i < rig.algorithm().params.size(); ++i) {
        const fcd_param& param = *rig.algorithm().params[i];
        if (param.type == FCD_INTEGERS) continue;
        std::int64_t last = 1;
        for (; param.type == FCD_CHOICE && param.choices[last]; ++last) continue;
        for (const bool greatest : {false, true}) {
            config::ModelChoice choice = rig.defaults();
            config::ParamValue& given = choice.params[i];
            given = {};
            if (param.type == FCD_BOOLEAN || param.type == FCD_CHOICE)
                given.value.integer = !greatest ? 0 : param.type == FCD_BOOLEAN ? 1 : last - 1;
            else
                given.value = greatest ? param.max : param.min;
            const auto resolved = choice.resolve(Rig::usual_interval_ns);
            if (!resolved) continue;
            const auto made = plugin::Model::make(rig.algorithm(), *resolved, {Rig::usual_interval_ns});
            const std::string when =
                "with the " + std::string(greatest ? "greatest" : "least") + " '" + param.name + "'";
            if (!made) {
                require(made.error().text.size() > 15, "it is refused without a sentence " + when);
                continue;
            }
            if ((*made)->series_size() > most_state) continue;  // the host asks limits.max_memory
            check_series(**made, values, 0, when);
        }
    }
    return {};
}

Result check_hard_series(const Rig& rig) {
    const auto model = rig.model();
    std::mt19937_64 random(rig.seed(7));
    const std::pair<const char*, double (*)(int, std::mt19937_64&)> kinds[] = {
        {"constant", [](int, std::mt19937_64&) { return 5.0; }},
        {"zero", [](int, std::mt19937_64&) { return 0.0; }},
        {"huge", [](int i, std::mt19937_64&) { return 1e300 * (1 + i % 3); }},
        {"tiny", [](int i, std::mt19937_64&) { return 1e-300 * (1 + i % 3); }},
        {"stepping", [](int i, std::mt19937_64&) { return i < 60 ? 1.0 : 1e6; }},
        {"alternating", [](int i, std::mt19937_64&) { return i % 2 ? 1e100 : -1e100; }},
        {"negative", [](int i, std::mt19937_64&) { return -20.0 - i % 5; }},
        {"of any size",
         [](int, std::mt19937_64& r) { return std::ldexp(1.0, static_cast<int>(r() % 2000) - 1000); }},
    };
    for (const auto& [name, value] : kinds) {
        std::vector<double> values(200);
        for (int i = 0; i < 200; ++i) values[static_cast<std::size_t>(i)] = value(i, random);
        check_series(*model, values, 0, std::string("on a series that is ") + name);
        check_series(*model, values, 50, std::string("on a series with gaps that is ") + name);
    }
    return {};
}

}  // namespace forecastd::verify
