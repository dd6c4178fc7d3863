// The section "output" of a pipeline: what is written, and under which names.
#include <array>
#include <set>

#include "config/keys.hpp"
#include "config/name_template.hpp"

namespace forecastd::config {
namespace {

struct MeasurementKey {
    const char* key;
    std::optional<std::string> name;  // nullopt: not written
};

std::array<MeasurementKey, 7> measurements(const Output& output) {
    return {{{"forecast", output.forecast},
             {"anomaly", output.anomaly},
             {"model", output.model},
             {"threshold", output.threshold},
             {"change", output.change},
             {"event", output.event},
             {"state", output.state}}};
}

// The one name that a list takes; nothing if it takes several, or may do so.
std::optional<std::string> only_name(const std::optional<GlobList>& pass) {
    if (!pass || pass->patterns().size() != 1) return std::nullopt;
    const std::string& name = pass->patterns().front();
    return name.find_first_of("*?[{\\") == std::string::npos ? std::optional(name) : std::nullopt;
}

// Whether the lines of two fields can be told apart by the names of their own fields.
bool names_tell_fields_apart(const Pipeline& pipeline) {
    if (pipeline.detect || !pipeline.forecast || !pipeline.output.forecast_fields) return false;
    if (pipeline.forecast->diagnostics_every_ns > 0) return false;
    const ForecastFields& fields = *pipeline.output.forecast_fields;
    for (const auto* name : {&fields.yhat, &fields.yhat_lower, &fields.yhat_upper, &fields.lead_s})
        if (*name && NameTemplate(**name, field_placeholder).is_plain) return false;
    return true;
}

// A name, or null for what is not written.
Type<std::optional<std::string>> name_or_null(const Type<std::string>& name) {
    auto type = optional_value(name);
    type.expected += ", or null";
    type.schema = Value::Object{{"anyOf", Value::List{name.schema, Value::Object{{"type", "null"}}}}};
    type.read = [read = type.read, expected = type.expected](
                    const Value& found, std::optional<std::string>& into, const Place& place) {
        if (found.string()) return read(found, into, place);
        if (found.is_null())
            into.reset();
        else
            place.unexpected(found, expected);
        return found.is_null();
    };
    return type;
}

}  // namespace

namespace {

// Two limits of different levels can have one name: "a_80" for 95 %, and "a" with the suffix of 80 %.
void check_levels(const Pipeline& pipeline, const Place& fields) {
    if (!pipeline.forecast || !pipeline.output.forecast_fields) return;
    const ForecastFields& names = *pipeline.output.forecast_fields;
    const std::vector<double>& levels = pipeline.forecast->level;
    std::set<std::string> taken;
    const auto add = [&](const std::optional<std::string>& name, const std::string& suffix) {
        if (name && !taken.insert(*name + suffix).second)
            fields.problem("two fields are called " + to_text(*name + suffix) +
                           ", as further levels get a suffix; expected names that differ");
    };
    add(names.yhat, "");
    add(names.lead_s, "");
    for (const double level : levels) {
        const std::string suffix = level == levels.back() ? "" : "_" + to_text(level);
        add(names.yhat_lower, suffix);
        add(names.yhat_upper, suffix);
    }
}

}  // namespace

void check_names(const Pipeline& pipeline, const Place& output) {
    check_levels(pipeline, output.key("forecast_fields"));
    const auto measurement = only_name(pipeline.selection.namepass);
    for (const auto& [key, name] : measurements(pipeline.output)) {
        if (!name || !NameTemplate(*name, measurement_placeholder).is_plain) continue;
        if (!measurement)
            output.key(key).problem(
                "found " + to_text(*name) +
                ", in which {measurement} does not stand, so the outputs of all measurements would "
                "be one: expected it there, or 'namepass' with one name and no wildcard");
        else if (*name == *measurement)
            output.key(key).problem("found " + to_text(*name) +
                                    ", which is the original's own name, expected another");
    }
    if (!pipeline.output.field_tag && !only_name(pipeline.selection.fieldpass) &&
        !names_tell_fields_apart(pipeline))
        output.key("field_tag")
            .problem(
                "found false, so the lines of several fields could not be told apart: expected 'fieldpass' "
                "with one "
                "name and no wildcard, or a forecaster alone whose 'forecast_fields' all have {field} in "
                "them");
}

Section<ForecastFields> forecast_fields_section() {
    Section<ForecastFields> section;
    section.info.path = "pipelines[].output.forecast_fields";
    section.info.doc =
        "The fields of a forecast that are written, and their names; {field} in a name is the name of the "
        "watched "
        "field. What is left out is not written. Further levels and distances get their suffixes.";
    const auto name = optional_value(field_template());
    section.key("yhat", &ForecastFields::yhat, name, "The name of the forecast value.");
    section.key("yhat_lower", &ForecastFields::yhat_lower, name, "Of the lower limit of its interval.");
    section.key("yhat_upper", &ForecastFields::yhat_upper, name, "Of the upper limit.");
    section.key("lead_s", &ForecastFields::lead_s, name,
                "Of the distance in seconds; with stamp \"origin\" there is none.");
    section.check = [](const Value& found, const ForecastFields& fields, const Place& place) {
        const std::array names{fields.yhat, fields.yhat_lower, fields.yhat_upper, fields.lead_s};
        if (found.object() && found.object()->empty())
            place.problem("no field is named, so nothing could be written, expected at least one");
        for (std::size_t i = 0; i < names.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (names[i] && names[i] == names[j])
                    place.problem("two fields are called " + to_text(*names[i]) +
                                  ", expected names that differ");
    };
    return section;
}

Section<Output> output_section() {
    Section<Output> section;
    section.info.path = "pipelines[].output";
    section.info.doc = "What is written, and under which names.";
    section.key("passthrough", &Output::passthrough, boolean(),
                "Whether the original lines that the pipeline selects are passed on.");
    section.key("forecast", &Output::forecast, measurement_template(), "The measurement of forecasts.");
    section.key("anomaly", &Output::anomaly, measurement_template(), "The measurement of verdicts.");
    section.key("model", &Output::model, measurement_template(), "The measurement of diagnostics.");
    section.key("threshold", &Output::threshold, measurement_template(),
                "The measurement of the times until thresholds are crossed.");
    section.key("event", &Output::event, name_or_null(measurement_template()),
                "The measurement of events, one for each incident; null: there are none.");
    section.key(
        "change", &Output::change, optional_value(measurement_template()),
        "The measurement of the expected change: how far the last of the forecast values lies from the value "
        "that they were made at, without its sign. It has a field called as the watched one, and a line "
        "wherever the forecast has one. Left out, it is not written.");
    section.key(
        "state", &Output::state, optional_value(measurement_template()),
        "The measurement of the states of series: a line wherever a series begins to be watched, or is not "
        "watched, and why, such as \"{measurement}_state\". Left out, it is not written.");
    section.key("forecast_fields", &Output::forecast_fields,
                optional_object(std::make_shared<const Section<ForecastFields>>(forecast_fields_section())),
                "The names of a forecast's fields; left out, all are written under their own names.");
    section.key("field_tag", &Output::field_tag, boolean(),
                "Whether the lines have a tag that names the watched field.");
    section.check = [](const Value&, const Output& output, const Place& place) {
        const auto keys = measurements(output);
        for (std::size_t i = 0; i < keys.size(); ++i)
            for (std::size_t j = i + 1; j < keys.size(); ++j)
                if (keys[i].name && keys[i].name == keys[j].name)
                    place.problem(std::string("'") + keys[i].key + "' and '" + keys[j].key + "' are both " +
                                  in_words(*keys[i].name) + ", expected two names that differ");
    };
    return section;
}

}  // namespace forecastd::config
