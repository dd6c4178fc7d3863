#include "engine/label.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "config/units.hpp"

namespace forecastd::engine {
namespace {

constexpr std::array<std::string_view, 4> action_names{"suppress", "resume", "reset", "normal"};
constexpr std::int64_t default_normal_ns = 3'600'000'000'000;

Expected<Label::Action> action_of(const std::string& name) {
    const auto found = std::find(action_names.begin(), action_names.end(), name);
    if (found == action_names.end())
        return fail("found the action '" + name + "', expected suppress, resume, reset or normal");
    return static_cast<Label::Action>(found - action_names.begin());
}

}  // namespace

Expected<Label> Label::read(const lineprotocol::Points& batch, const lineprotocol::PointView& point,
                            std::int64_t time_ns) {
    Label label;
    label.scope = lineprotocol::parse_key(point.key, point.measurement_size);
    label.scope.measurement.clear();
    std::optional<std::string> action;
    std::int64_t duration_ns = 0;
    const lineprotocol::FieldView* const fields = batch.fields_of(point);
    for (std::uint32_t i = 0; i < point.field_count; ++i) {
        if (fields[i].type != lineprotocol::FieldType::string) continue;
        const std::string name = lineprotocol::unescape_name(fields[i].key);
        std::string text = lineprotocol::unescape_string(fields[i].value);
        if (name == "action")
            action = std::move(text);
        else if (name == "measurement")
            label.scope.measurement = std::move(text);
        else if (name == "field")
            label.field = std::move(text);
        else if (name == "pipeline")
            label.pipeline = std::move(text);
        else if (name == "duration" && !text.empty()) {
            const auto read = config::parse_duration(text);
            if (!read) return fail("found the duration '" + text + "': " + read.error().text);
            duration_ns = *read;
        }
    }
    if (!action)
        return fail(
            "there is no string field 'action', expected one that is suppress, resume, reset or normal");
    auto known = action_of(*action);
    if (!known) return fail(std::move(known.error().text));
    label.action = *known;
    if (duration_ns == 0 && label.action == Action::normal) duration_ns = default_normal_ns;
    if (duration_ns > 0 && __builtin_add_overflow(time_ns, duration_ns, &label.until_ns))
        label.until_ns = for_ever;
    return label;
}

bool Label::concerns(std::string_view pipeline_name, std::string_view key, std::size_t measurement_size,
                     std::string_view field_name) const {
    if (!pipeline.empty() && pipeline != pipeline_name) return false;
    if (!field.empty() && field != field_name) return false;
    if (scope.measurement.empty() && scope.tags.empty()) return true;
    const lineprotocol::Key series = lineprotocol::parse_key(key, measurement_size);
    if (!scope.measurement.empty() && scope.measurement != series.measurement) return false;
    return std::all_of(scope.tags.begin(), scope.tags.end(), [&](const auto& tag) {
        const std::string* const value = series.tag(tag.first);
        return value && *value == tag.second;
    });
}

bool Label::has_same_scope(const Label& other) const {
    return scope.measurement == other.scope.measurement && scope.tags == other.scope.tags &&
           field == other.field && pipeline == other.pipeline;
}

void Label::save(ByteWriter& out) const {
    const auto put = [&out](const std::string& text) { out.put(std::span<const char>(text)); };
    put(scope.measurement);
    out.put(static_cast<std::uint32_t>(scope.tags.size()));
    for (const auto& [name, value] : scope.tags) {
        put(name);
        put(value);
    }
    put(field);
    put(pipeline);
    out.put(until_ns);
}

Label Label::load(ByteReader& in) {
    const auto text = [&in] {
        const std::span<const char> bytes = in.take_bytes();
        return std::string(bytes.begin(), bytes.end());
    };
    Label label;
    label.scope.measurement = text();
    for (auto count = in.take<std::uint32_t>(); count > 0 && in.complete(); --count) {
        std::string name = text();
        label.scope.tags.emplace_back(std::move(name), text());
    }
    label.field = text();
    label.pipeline = text();
    label.until_ns = in.take<std::int64_t>();
    return label;
}

}  // namespace forecastd::engine
