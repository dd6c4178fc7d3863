#include "output/lead_names.hpp"

#include <optional>
#include <string_view>

#include "config/name_template.hpp"
#include "config/units.hpp"
#include "lineprotocol/names.hpp"
#include "output/number.hpp"

namespace forecastd::output {
namespace {

const config::ForecastFields own_names{"yhat", "yhat_lower", "yhat_upper", "lead_s"};

const config::ForecastFields& fields_of(const engine::Pipeline& pipeline) {
    const auto& given = pipeline.config().output.forecast_fields;
    return given ? *given : own_names;
}

bool is_plain(const std::optional<std::string>& name) {
    return !name || config::NameTemplate(*name, config::field_placeholder).is_plain;
}

std::string level_text(double level) {
    char text[max_number_size];
    return {text, put_exact(text, level)};
}

// field: escaped.
std::string raw_name(const std::optional<std::string>& pattern, std::string_view field,
                     const std::string& suffix) {
    if (!pattern) return "";
    const config::NameTemplate name(*pattern, config::field_placeholder);
    std::string raw = ",";
    lineprotocol::append_name(raw, lineprotocol::clean_name(name.before));
    if (!name.is_plain) raw += field;
    lineprotocol::append_name(raw, lineprotocol::clean_name(name.after + suffix));
    return raw + "=";
}

// yhat_lower and yhat_upper are of the greatest level; the others carry their percentage.
LeadNames make(const engine::Pipeline& pipeline, std::string_view field, const std::string& suffix) {
    const config::ForecastFields& fields = fields_of(pipeline);
    LeadNames names;
    const auto add = [&](std::string name) {
        if (name.empty()) names.complete = false;
        if (!name.empty()) names.bytes += name.size() + max_number_size;
        return name;
    };
    names.yhat = add(raw_name(fields.yhat, field, suffix));
    names.lead_s = add(raw_name(fields.lead_s, field, suffix));
    const std::vector<double>& levels = pipeline.config().forecast->level;
    for (const double level : levels) {
        const std::string of = (level == levels.back() ? "" : "_" + level_text(level)) + suffix;
        auto lower = add(raw_name(fields.yhat_lower, field, of));
        names.limits.emplace_back(std::move(lower), add(raw_name(fields.yhat_upper, field, of)));
    }
    return names;
}

}  // namespace

LeadNamesOfPipeline::LeadNamesOfPipeline(const engine::Pipeline& pipeline) : pipeline_(pipeline) {
    const config::ForecastFields& fields = fields_of(pipeline);
    one_for_all_ = is_plain(fields.yhat) && is_plain(fields.yhat_lower) && is_plain(fields.yhat_upper) &&
                   is_plain(fields.lead_s);
    if (one_for_all_ && pipeline.config().forecast) at_target_ = make(pipeline, "", "");
}

const LeadNames& LeadNamesOfPipeline::find(const engine::FieldPlan* field, std::int64_t lead_ns) {
    // Fields come and go with their series, so what is here is a cache.
    constexpr std::size_t max_names = 100'000;
    const std::pair key(field ? field->serial : 0, lead_ns);
    if (found_.size() >= max_names && !found_.contains(key)) found_.clear();
    const auto [place, is_new] = found_.try_emplace(key);
    if (is_new)
        place->second = make(pipeline_, field ? std::string_view(field->output_name) : "",
                             lead_ns == 0 ? "" : "_" + config::format_duration(lead_ns));
    return place->second;
}

}  // namespace forecastd::output
