#include "verify/growth.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "config/json.hpp"
#include "config/params.hpp"

namespace forecastd::verify {
namespace {

bool is_number(const fcd_param& param) {
    return param.type == FCD_REAL || param.type == FCD_INTEGER || param.type == FCD_STEPS ||
           param.type == FCD_DURATION;
}

std::string as_text(const config::Section<config::Params>& section, std::size_t i,
                    const config::Params& params) {
    const config::Value value = section.access[i].write(params);
    if (value.is_null()) return "chosen by the algorithm";
    return value.string() ? *value.string() : config::to_text(value);
}

// Of a value that the algorithm refuses, its own sentence.
Expected<Costs> costs_of(const Setting& setting) {
    auto found = costs(setting);
    if (found) return found;
    const std::string& why = found.error().text;
    const std::string refused =
        "no model can be made: plugin '" + std::string(setting.rig.algorithm().id()) + "': ";
    if (!why.starts_with(refused)) return found;
    return fail("it is refused: " + why.substr(refused.size()));
}

}  // namespace

void growth(const Setting& setting, const std::function<void(const Growth&)>& found) {
    const plugin::Algorithm& algorithm = setting.rig.algorithm();
    const auto section = config::params_section(algorithm);
    for (std::size_t i = 0; i < algorithm.params.size(); ++i) {
        const fcd_param& param = *algorithm.params[i];
        if (!is_number(param)) continue;
        Growth one{param.name, {}};
        const config::ParamValue least{param.min, nullptr, false}, greatest{param.max, nullptr, false};
        for (const config::ParamValue& value : {least, setting.choice.params[i], greatest}) {
            Setting other = setting;
            other.choice.params[i] = value;
            std::string text = as_text(section, i, other.choice.params);
            const bool is_there = std::any_of(one.at.begin(), one.at.end(),
                                              [&](const CostsAtValue& at) { return at.value == text; });
            if (!is_there) one.at.push_back({std::move(text), costs_of(other)});
        }
        found(one);
    }
}

std::string in_words(const Costs& costs) {
    const auto rounded = [](double number, const char* unit) {
        char text[40];
        std::snprintf(text, sizeof text, "%.0f %s", number, unit);
        return std::string(text);
    };
    std::string words = rounded(costs.ns_a_point, "ns, ");
    if (std::isnan(costs.ns_a_forecast))
        words += "no forecast yet, ";
    else if (costs.ns_a_forecast > 0)
        words += rounded(costs.ns_a_forecast, "ns, ");
    words += rounded(costs.bytes_a_series, "bytes");
    return costs.is_cut ? words + " (after " + rounded(costs.points_learned, "points)") : words;
}

std::string in_words(const Growth& growth) {
    std::string words = growth.param;
    for (const CostsAtValue& at : growth.at)
        words += (&at == &growth.at.front() ? " " : "; ") + at.value + ": " +
                 (at.costs ? in_words(*at.costs) : "not measured, since " + at.costs.error().text);
    return words;
}

}  // namespace forecastd::verify
