#include "config/params.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace forecastd::config {
namespace {

ParamValue of_real(double real) {
    ParamValue param;
    param.value.real = real;
    return param;
}

ParamValue of_integer(std::int64_t integer) {
    ParamValue param;
    param.value.integer = integer;
    return param;
}

double to_real(const ParamValue& param) { return param.value.real; }
std::int64_t to_integer(const ParamValue& param) { return param.value.integer; }

ParamValue of_integers(std::vector<std::int64_t> integers) {
    ParamValue param;
    param.list = std::make_shared<const IntegerList>(std::move(integers));
    param.value.integers = &param.list->shown;
    return param;
}

std::vector<std::int64_t> to_integers(const ParamValue& param) {
    const fcd_integers& shown = *param.value.integers;
    return {shown.items, shown.items + shown.count};
}

std::vector<std::string> names_in(const char* const* list) {
    std::vector<std::string> names;
    for (; list && *list; ++list) names.emplace_back(*list);
    return names;
}

// A bound that every double meets is none.
double bound(double limit) {
    constexpr double greatest = std::numeric_limits<double>::max();
    return std::abs(limit) < greatest ? limit : std::copysign(std::numeric_limits<double>::infinity(), limit);
}

Type<double> real_type(const fcd_param& param) {
    const double min = bound(param.min.real), max = bound(param.max.real);
    const bool chosen = std::isnan(param.initial.real) && (param.flags & FCD_REQUIRED) == 0;
    return chosen ? real_or_null(min, max, param.initial.real) : real(min, max);
}

// The handshake has checked that the type is one of these (plugin/checks.hpp).
Type<ParamValue> type_of(const fcd_param& param) {
    const std::int64_t min = param.min.integer, max = param.max.integer;
    switch (param.type) {
        case FCD_REAL:
            return convert<ParamValue>(real_type(param), of_real, to_real);
        case FCD_BOOLEAN:
            return convert<ParamValue>(boolean(), of_integer,
                                       [](const ParamValue& p) { return p.value.integer != 0; });
        case FCD_CHOICE:
            return convert<ParamValue>(
                choice(names_in(param.choices)),
                [](std::size_t index) { return of_integer(static_cast<std::int64_t>(index)); },
                [](const ParamValue& p) { return static_cast<std::size_t>(p.value.integer); });
        case FCD_DURATION:
            return convert<ParamValue>(duration(min, max), of_integer, to_integer);
        case FCD_STEPS:
            return convert<ParamValue>(
                steps(min, max),
                [](const Steps& steps) {
                    ParamValue result = of_integer(steps.ns > 0 ? steps.ns : steps.count);
                    result.duration_of_steps = steps.ns > 0;
                    return result;
                },
                [](const ParamValue& p) {
                    return p.duration_of_steps ? Steps{0, p.value.integer} : Steps{p.value.integer, 0};
                });
        case FCD_INTEGERS:
            return convert<ParamValue>(integers(param.count, min, max, (param.flags & FCD_AUTO) != 0),
                                       of_integers, to_integers);
        default:
            return convert<ParamValue>(integer(min, max), of_integer, to_integer);
    }
}

}  // namespace

bool means_season(std::string_view name) {
    constexpr std::string_view names[] = {"season_length", "seasonal_periods", "seasonality", "season",
                                          "period"};
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

Params default_params(const plugin::Algorithm& algorithm) {
    Params params;
    for (const auto* param : algorithm.params)
        params.push_back({param->initial, nullptr, (param->flags & FCD_INITIAL_DURATION) != 0});
    return params;
}

std::string diagnostic_in_words(const fcd_diagnostic& diagnostic) {
    if (diagnostic.type == FCD_CHOICE) return choice(names_in(diagnostic.choices)).expected;
    return diagnostic.type == FCD_INTEGER ? "an integer" : "a number";
}

Section<Params> params_section(const plugin::Algorithm& algorithm) {
    Section<Params> section;
    section.info.path = std::string(algorithm.id());
    section.info.doc = algorithm.table->summary;
    const Params defaults = default_params(algorithm);
    for (std::size_t i = 0; i < algorithm.params.size(); ++i) {
        const fcd_param& param = *algorithm.params[i];
        const Type<ParamValue> type = type_of(param);
        KeyInfo key{param.name, param.doc, type.expected, type.schema, {}, false, names_in(param.aliases)};
        if ((param.flags & FCD_REQUIRED) != 0)
            key.require();
        else
            key.initial = type.write(defaults[i]);
        section.info.keys.push_back(std::move(key));
        section.access.push_back({[type, i](const Value* found, Params& into, const Place& place) {
                                      if (found) type.read(*found, into[i], place);
                                  },
                                  [type, i](const Params& from) { return type.write(from[i]); }});
    }
    return section;
}

}  // namespace forecastd::config
