#include "engine/coverage.hpp"

#include <algorithm>

#include "engine/grid.hpp"
#include "engine/selection.hpp"
#include "lineprotocol/values.hpp"

namespace forecastd::engine {

void Coverage::add(const lineprotocol::PointView& point, std::span<const lineprotocol::FieldView> fields) {
    ++points_;
    points_without_time_ += !point.has_time;
    lineprotocol::Key key = lineprotocol::parse_key(point.key, point.measurement_size);
    const auto& ignored = config_.identity.ignore_tags;
    std::erase_if(key.tags, [&](const auto& tag) {
        return std::find(ignored.begin(), ignored.end(), tag.first) != ignored.end();
    });
    const std::string text = lineprotocol::canonical_key(key);
    bool is_taken = false;
    for (std::size_t i = 0; i < pipelines_.size(); ++i) {
        const config::Selection& selection = config_.pipelines[i].selection;
        if (!selects_key(selection, key)) continue;
        is_taken = true;
        for (const lineprotocol::FieldView& field : fields)
            add_field(pipelines_[i], selection, {key, text, point, field});
    }
    if (!is_taken) ++unwatched_[key.measurement];
}

void Coverage::add_field(OfPipeline& pipeline, const config::Selection& selection, const Value& value) {
    const auto& [key, text, point, field] = value;
    const std::string name = lineprotocol::unescape_name(field.key);
    const bool is_number = lineprotocol::is_number(field.type);
    if (!is_number || !selects_field(selection, name)) {
        pipeline.left_out.emplace(key.measurement + "." + name, is_number ? "not selected" : "not a number");
        return;
    }
    const std::string id = text + '\0' + name;
    auto found = pipeline.series.find(id);
    if (found == pipeline.series.end()) {
        if (is_full()) return;
        ++series_;
        found = pipeline.series.emplace(id, Seen{key.measurement, name, {}, {}}).first;
    }
    ++pipeline.values;
    found->second.values.add(lineprotocol::to_number(field));
    auto& times = found->second.times_ns;
    if (point.has_time && times.size() < jittered_points && (times.empty() || times.back() < point.time_ns))
        times.push_back(point.time_ns);
}

Coverage::Watched Coverage::watched(std::size_t pipeline) const {
    const OfPipeline& one = pipelines_[pipeline];
    Watched result;
    result.series = one.series.size();
    result.values = one.values;
    result.left_out = one.left_out;
    for (const auto& [id, seen] : one.series) {
        ++result.measurements[seen.measurement];
        const bool is_enough = seen.times_ns.size() >= learning_points;
        ++result.intervals_ns[is_enough ? learned_interval(seen.times_ns) : 0];
        result.irregular += seen.times_ns.size() == jittered_points && !is_regular(seen.times_ns);
        const std::string field = seen.measurement + "." + seen.field;
        if (seen.values.is_constant()) ++result.constant[field];
        if (seen.values.only_rises()) ++result.counters[field];
        if (seen.values.falls_often()) ++result.no_counters[field];
        if (const std::string few = seen.values.few_whole_numbers(); !few.empty())
            result.few_values.emplace(field, few);
    }
    return result;
}

}  // namespace forecastd::engine
