#include "commands/costs_json.hpp"

namespace forecastd::commands {

Json as_json(const verify::Costs& costs) {
    return {{"ns_a_point", costs.ns_a_point},
            {"ns_a_forecast", costs.ns_a_forecast},  // NaN is written as null
            {"bytes_a_series", static_cast<std::uint64_t>(costs.bytes_a_series)},
            {"points_learned", static_cast<std::uint64_t>(costs.points_learned)}};
}

Json growth_json(const verify::Setting& setting) {
    Json growth = Json::object();
    verify::growth(setting, [&growth](const verify::Growth& one) {
        Json values = Json::array();
        for (const verify::CostsAtValue& at : one.at) {
            Json value{{"value", at.value}};
            if (at.costs)
                value.update(as_json(*at.costs));
            else
                value["why"] = at.costs.error().text;
            values.push_back(value);
        }
        growth[one.param] = values;
    });
    return growth;
}

}  // namespace forecastd::commands
