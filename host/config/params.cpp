#include "config/params.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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
                (param.flags & FCD_AUTO) != 0 ? steps_or("auto", min, max) : steps(min, max),
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

// Another number of steps that goes with the i-th one: "second_season_length" with "season_length". nullopt:
// there is none.
std::optional<std::size_t> second_of(const plugin::Algorithm& algorithm, std::size_t i) {
    if (algorithm.params[i]->type != FCD_STEPS) return std::nullopt;
    const std::string name = std::string("second_") + algorithm.params[i]->name;
    for (std::size_t k = 0; k < algorithm.params.size(); ++k)
        if (algorithm.params[k]->type == FCD_STEPS && algorithm.params[k]->name == name) return k;
    return std::nullopt;
}

// Both of them may be given as a list in place of the first.
struct Pair {
    Type<ParamValue> first, second;
    std::size_t place, second_place;

    [[nodiscard]] std::string expected() const {
        return first.expected + ", or a list of one or two of these";
    }
    [[nodiscard]] Value schema() const {
        const Value list =
            Value::Object{{"type", "array"}, {"items", first.schema}, {"minItems", 1}, {"maxItems", 2}};
        return Value::Object{{"anyOf", Value::List{first.schema, list}}};
    }
    void read(const Value& found, Params& into, const Place& at) const {
        const auto* const items = found.list();
        if (!items) {
            if (found.number() || found.string())
                first.read(found, into[place], at);
            else
                at.unexpected(found, expected());
        } else if (items->empty() || items->size() > 2) {
            at.unexpected(found, expected());
        } else {
            first.read((*items)[0], into[place], at.item(0));
            if (items->size() == 2) second.read((*items)[1], into[second_place], at.item(1));
        }
    }
};

// Adds a problem where the second of a list is given once more by its own name.
void check_pairs(const plugin::Algorithm& algorithm, const Value& found, const Place& place) {
    const auto given = [&](const fcd_param& param) -> const Value* {
        if (const Value* const value = found.find(param.name)) return value;
        for (const std::string& alias : names_in(param.aliases))
            if (const Value* const value = found.find(alias)) return value;
        return nullptr;
    };
    for (std::size_t i = 0; i < algorithm.params.size(); ++i) {
        const auto second = second_of(algorithm, i);
        if (!second) continue;
        const Value* const first = given(*algorithm.params[i]);
        if (!first || !first->list() || first->list()->size() != 2 || !given(*algorithm.params[*second]))
            continue;
        place.key(algorithm.params[*second]->name)
            .problem("found it beside a list of two in '" + std::string(algorithm.params[i]->name) +
                     "', expected one of both");
    }
}

}  // namespace

bool means_season(std::string_view name) {
    constexpr std::string_view names[] = {"season_length", "seasonal_periods", "seasonality", "season",
                                          "period"};
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

bool is_season(const fcd_param& param) {
    constexpr std::string_view second = "second_";
    std::string_view name = param.name;
    if (name.starts_with(second)) name.remove_prefix(second.size());
    return param.type == FCD_STEPS && means_season(name);
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
        const auto second = second_of(algorithm, i);
        KeyInfo key{param.name, param.doc, type.expected, type.schema, {}, false, names_in(param.aliases)};
        if ((param.flags & FCD_REQUIRED) != 0)
            key.require();
        else
            key.initial = type.write(defaults[i]);
        if (second) {
            const Pair pair{type, type_of(*algorithm.params[*second]), i, *second};
            key.expected = pair.expected();
            key.schema = pair.schema();
            section.info.keys.push_back(std::move(key));
            section.access.push_back({[pair](const Value* found, Params& into, const Place& place) {
                                          if (found) pair.read(*found, into, place);
                                      },
                                      [type, i](const Params& from) { return type.write(from[i]); }});
            continue;
        }
        section.info.keys.push_back(std::move(key));
        section.access.push_back({[type, i](const Value* found, Params& into, const Place& place) {
                                      if (found) type.read(*found, into[i], place);
                                  },
                                  [type, i](const Params& from) { return type.write(from[i]); }});
    }
    section.check = [&algorithm](const Value& found, Params&, const Place& place) {
        check_pairs(algorithm, found, place);
    };
    return section;
}

}  // namespace forecastd::config
