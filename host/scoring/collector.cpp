#include "scoring/collector.hpp"

#include <algorithm>

#include "lineprotocol/values.hpp"

namespace forecastd::scoring {
namespace {

using lineprotocol::FieldType;
using lineprotocol::FieldView;

// The tag that names the watched field; the second one where the original has a tag of the first name.
constexpr std::string_view field_tags[] = {"forecastd_field", "field"};

// Cuts a suffix off a measurement. false: it has none.
bool cut(std::string& measurement, const std::string& suffix) {
    if (suffix.empty() || measurement.size() <= suffix.size() || !measurement.ends_with(suffix)) return false;
    measurement.resize(measurement.size() - suffix.size());
    return true;
}

void remove_field_tag(lineprotocol::Key& key) {
    for (const std::string_view name : field_tags) {
        const auto found = std::find_if(key.tags.begin(), key.tags.end(),
                                        [name](const auto& tag) { return tag.first == name; });
        if (found == key.tags.end()) continue;
        key.tags.erase(found);
        return;
    }
}

}  // namespace

const Collector::Source& Collector::source_of(const lineprotocol::PointView& point) {
    if (const auto found = sources_.find(point.key); found != sources_.end()) return found->second;
    lineprotocol::Key key = lineprotocol::parse_key(point.key, point.measurement_size);
    const Kind kind = cut(key.measurement, suffixes_.anomaly) ? Kind::verdict
                      : cut(key.measurement, suffixes_.event) ? Kind::event
                                                              : Kind::original;
    if (kind != Kind::original) remove_field_tag(key);
    CollectedSeries& series = series_[lineprotocol::canonical_key(key)];
    const auto number = static_cast<std::uint32_t>(sources_.size());
    return sources_.emplace(std::string(point.key), Source{kind, number, &series}).first->second;
}

void Collector::add(const lineprotocol::PointView& point, std::span<const FieldView> fields) {
    if (!point.has_time) return;
    const Source& source = source_of(point);
    if (source.kind == Kind::original) {
        source.series->times_ns.push_back(point.time_ns);
        return;
    }
    Verdict verdict{point.time_ns, 0, source.number, false};
    bool is_verdict = false, is_open = false;
    for (const FieldView& field : fields) {
        if (field.key == "anomaly_score" && lineprotocol::is_number(field.type)) {
            verdict.score = lineprotocol::to_number(field);
            is_verdict = true;
        } else if (field.key == "is_anomaly" && field.type == FieldType::boolean) {
            verdict.is_anomaly = lineprotocol::to_boolean(field);
            is_verdict = true;
        } else if (field.key == "state" && field.type == FieldType::string) {
            is_open = field.value == "open";
        }
    }
    if (source.kind == Kind::verdict && is_verdict) source.series->verdicts.push_back(verdict);
    if (source.kind == Kind::event && is_open) source.series->events_ns.push_back(point.time_ns);
}

}  // namespace forecastd::scoring
