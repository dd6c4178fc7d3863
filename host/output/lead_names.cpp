#include "output/lead_names.hpp"

#include <optional>
#include <set>
#include <string_view>

#include "config/name_template.hpp"
#include "config/units.hpp"
#include "lineprotocol/names.hpp"
#include "output/number.hpp"

namespace forecastd::output {
namespace {

const config::ForecastFields own_names{"yhat", "yhat_lower", "yhat_upper", "lead_s"};

const config::ForecastFields& fields_of(const config::Pipeline& config) {
    const auto& given = config.output.forecast_fields;
    return given ? *given : own_names;
}

bool is_plain(const std::optional<std::string>& name) {
    return !name || config::NameTemplate(*name, config::field_placeholder).is_plain;
}

std::string level_text(double level) {
    char text[max_number_size];
    return {text, put_exact(text, level)};
}

std::string raw_name(const std::optional<std::string>& pattern, const std::string& plain_field,
                     const std::string& suffix) {
    if (!pattern) return "";
    const config::NameTemplate name(*pattern, config::field_placeholder);
    return "," + lineprotocol::FieldKey(name.with(plain_field) + suffix).text() + "=";
}

// yhat_lower and yhat_upper are of the greatest level; the others carry their percentage. Two names can be
// the same for a field whose name is that of another one, such as "mean" beside "{field}": the first is
// written.
LeadNames make(const config::Pipeline& config, std::string_view escaped_field, const std::string& suffix) {
    const std::string field = lineprotocol::unescape_name(escaped_field);
    const config::ForecastFields& fields = fields_of(config);
    LeadNames names;
    std::set<std::string> taken;
    const auto add = [&](std::string name) {
        if (!name.empty() && !taken.insert(name).second) name.clear();
        if (name.empty()) names.complete = false;
        if (!name.empty()) names.bytes += name.size() + max_number_size;
        return name;
    };
    names.yhat = add(raw_name(fields.yhat, field, suffix));
    names.lead_s = add(raw_name(fields.lead_s, field, suffix));
    const std::vector<double>& levels = config.forecast->level;
    for (const double level : levels) {
        const std::string of = (level == levels.back() ? "" : "_" + level_text(level)) + suffix;
        auto lower = add(raw_name(fields.yhat_lower, field, of));
        names.limits.emplace_back(std::move(lower), add(raw_name(fields.yhat_upper, field, of)));
    }
    return names;
}

}  // namespace

LeadNamesOfPipeline::LeadNamesOfPipeline(const config::Pipeline& config) : config_(config) {
    const config::ForecastFields& fields = fields_of(config);
    one_for_all_ = is_plain(fields.yhat) && is_plain(fields.yhat_lower) && is_plain(fields.yhat_upper) &&
                   is_plain(fields.lead_s);
    if (one_for_all_ && config.forecast) at_target_ = make(config, "", "");
}

const LeadNames& LeadNamesOfPipeline::find(std::string_view field, std::int64_t lead_ns) {
    // Fields come and go with their series, so what is here is a cache.
    constexpr std::size_t max_names = 100'000;
    if (const auto lead = found_.find(lead_ns); lead != found_.end())
        if (const auto found = lead->second.find(field); found != lead->second.end()) return found->second;
    if (names_ >= max_names) {
        found_.clear();
        names_ = 0;
    }
    ++names_;
    return found_[lead_ns]
        .emplace(field, make(config_, field, lead_ns == 0 ? "" : "_" + config::format_duration(lead_ns)))
        .first->second;
}

}  // namespace forecastd::output
