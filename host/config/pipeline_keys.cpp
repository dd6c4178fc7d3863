#include <algorithm>

#include "config/keys.hpp"
#include "config/model.hpp"
#include "config/params.hpp"
#include "config/per_field.hpp"
#include "text/did_you_mean.hpp"

namespace forecastd::config {
namespace {

// Further ahead than anybody looks, and still no danger to memory.
constexpr std::int64_t max_horizon = 100'000;

// What a section asks of its plugin.
struct Ability {
    bool (plugin::Algorithm::*has)() const;
    std::uint32_t bit;
    const char* verb;
};
constexpr Ability forecasts{&plugin::Algorithm::forecasts, FCD_FORECASTS, "forecast"};
constexpr Ability detects{&plugin::Algorithm::detects, FCD_DETECTS, "detect"};

std::vector<const plugin::Algorithm*> able(const plugin::Catalogue& catalogue, const Ability& ability) {
    std::vector<const plugin::Algorithm*> result;
    for (const auto& algorithm : catalogue.algorithms())
        if ((algorithm.*ability.has)()) result.push_back(&algorithm);
    return result;
}

// The algorithms with a season that can stand in for one that has none, whether they are loaded or not; those
// that are named after it go first: "holt-winters" for "holt".
std::string with_season(const plugin::Catalogue& catalogue, const Ability& ability, std::string_view id) {
    std::string relatives, others;
    for (const std::string& other : catalogue.known(ability.bit, "season_length")) {
        std::string& names = other.find(id) == std::string::npos ? others : relatives;
        names += (names.empty() ? "'" : " or '") + other + "'";
    }
    return relatives.empty() ? others : relatives;
}

// What to say of a key that is unknown where the parameters of an algorithm are, or beside them.
std::string explain_param(const plugin::Catalogue& catalogue, const Ability& ability,
                          const plugin::Algorithm& algorithm, const std::string& name, bool is_beside) {
    const std::string id = "'" + std::string(algorithm.id()) + "'";
    if (is_beside && algorithm.find_param(name))
        return "this is a parameter of the plugin " + id + ", expected it inside of 'params'";
    if (!means_season(name) || algorithm.find_param("season_length")) return "";
    const std::string seasonal = with_season(catalogue, ability, algorithm.id());
    return "the plugin " + id + " has no season" +
           (seasonal.empty() ? ", and no other one that was found has"
                             : ", did you mean the plugin " + seasonal + "?");
}

Type<const plugin::Algorithm*> plugin_type(const plugin::Catalogue& catalogue, const Ability& ability) {
    Value::List ids;
    std::string names;
    for (const auto* algorithm : able(catalogue, ability)) ids.emplace_back(std::string(algorithm->id()));
    for (const std::string& id : catalogue.known(ability.bit)) names += (names.empty() ? "" : ", ") + id;
    Type<const plugin::Algorithm*> type;
    type.expected = "the id of a plugin, such as \"holt\"";
    type.schema = ids.empty() ? Value::Object{{"type", "string"}} : Value::Object{{"enum", ids}};
    type.read = [&catalogue, ability, names, expected = type.expected](
                    const Value& found, const plugin::Algorithm*& into, const Place& place) {
        if (!found.string()) {
            place.unexpected(found, expected);
            return false;
        }
        const auto* algorithm = catalogue.find(*found.string());
        if (!algorithm) {
            place.problem(catalogue.missing(*found.string(), ability.bit));
            return false;
        }
        if (!(algorithm->*ability.has)()) {
            place.problem("'" + *found.string() + "' does not " + ability.verb +
                          (names.empty() ? ", and no other plugin that was found does"
                                         : ", expected one of those that do: " + names));
            return false;
        }
        into = algorithm;
        return true;
    };
    type.write = [](const plugin::Algorithm* const& algorithm) {
        return algorithm ? Value(std::string(algorithm->id())) : Value();
    };
    return type;
}

// In the schema, the parameters follow from the plugin: {"if": it is this one, "then": these parameters}.
Value params_condition(const plugin::Algorithm& algorithm) {
    const SectionInfo params = params_section(algorithm).info;
    const Value is_it = Value::Object{{"const", std::string(algorithm.id())}};
    Value::Object then{{"properties", Value::Object{{"params", schema_of(params)}}}};
    if (std::any_of(params.keys.begin(), params.keys.end(), [](const KeyInfo& key) { return key.required; }))
        then.push_back({"required", Value::List{"params"}});
    return Value::Object{{"if", Value::Object{{"properties", Value::Object{{"plugin", is_it}}},
                                              {"required", Value::List{"plugin"}}}},
                         {"then", std::move(then)}};
}

// The keys "plugin" and "params". The second is read even if it was not given: the defaults have to be set,
// and a required parameter missed. S has a member `model`.
template <class S>
void add_model_keys(Section<S>& section, const plugin::Catalogue& catalogue, const Ability& ability) {
    section
        .key(
            "plugin", [](auto& s) -> auto& { return s.model.algorithm; }, plugin_type(catalogue, ability),
            "The id of the algorithm; 'forecastd plugins' lists them.")
        .require();
    section.add({"params",
                 "The parameters of the plugin; what is left out has its default.",
                 "an object",
                 Value::Object{{"type", "object"}},
                 {},
                 false,
                 {}},
                {[&catalogue, ability](const Value* found, S& into, const Place& place) {
                     if (!into.model.algorithm) return;
                     into.model.params = default_params(*into.model.algorithm);
                     const Value none = Value::Object{};
                     const plugin::Algorithm& algorithm = *into.model.algorithm;
                     Section<Params> params = params_section(algorithm);
                     params.info.explain_unknown = [&](const Value&, const std::string& name) {
                         return explain_param(catalogue, ability, algorithm, name, false);
                     };
                     read_section(params, found ? *found : none, into.model.params, place);
                 },
                 [](const S& from) {
                     if (!from.model.algorithm) return Value();
                     const Value changed =
                         changed_keys(params_section(*from.model.algorithm), from.model.params);
                     return changed.object()->empty() ? Value() : changed;
                 }});
    section.info.explain_unknown = [&catalogue, ability](const Value& found, const std::string& name) {
        const Value* const id = found.find("plugin");
        const auto* const algorithm = id && id->string() ? catalogue.find(*id->string()) : nullptr;
        return algorithm ? explain_param(catalogue, ability, *algorithm, name, true) : "";
    };
    for (const auto* algorithm : able(catalogue, ability))
        section.info.conditions.push_back(params_condition(*algorithm));
}

void add_selection_keys(Section<Pipeline>& section) {
    const auto in = [](auto member) {
        return [member](auto& p) -> auto& { return p.selection.*member; };
    };
    section.key("namepass", in(&Selection::namepass), globs(),
                "Measurements to take, as globs; left out: all, an empty list: none.");
    section.key("namedrop", in(&Selection::namedrop), globs(), "Measurements to leave, of those taken.");
    section.key("fieldpass", in(&Selection::fieldpass), globs(),
                "Fields to take, as globs; left out: all that are numbers.");
    section.key("fielddrop", in(&Selection::fielddrop), globs(), "Fields to leave, of those taken.");
    section.key("tagpass", in(&Selection::tagpass), tag_globs(),
                "Series to take by their tags: tag to globs; with several tags, one that matches is enough.");
    section.key("tagdrop", in(&Selection::tagdrop), tag_globs(),
                "Series to leave by their tags; one tag that matches is enough.");
}

// Written out, unlike other sections: what 'check' prints of a forecaster names its thresholds.
Type<Threshold> threshold() {
    const auto section = std::make_shared<const Section<Threshold>>(threshold_section());
    Type<Threshold> type = object(section);
    type.write = [section](const Threshold& one) { return changed_keys(*section, one); };
    return type;
}

void add_threshold_keys(Section<Forecast>& section) {
    section.key("thresholds", &Forecast::thresholds, list(threshold(), "thresholds", true),
                "Limits that the series may reach: whenever forecasts are due, the time until the forecast "
                "crosses each of them is written; nothing, if it does not.");
    section.key("max_horizon", &Forecast::max_horizon, optional_value(steps(1, max_horizon)),
                "How far ahead crossings are looked for; left out: as far as is forecast. Every step up to "
                "here is worked out whenever forecasts are due.");
    section.check = [](const Value&, const Forecast& forecast, const Place& place) {
        for (std::size_t i = 0; i < forecast.thresholds.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (forecast.thresholds[i].name == forecast.thresholds[j].name)
                    place.key("thresholds")
                        .item(i)
                        .key("name")
                        .problem("found " + in_words(forecast.thresholds[i].name) +
                                 ", the name of thresholds[" + std::to_string(j) +
                                 "] already, expected another name");
        if (forecast.lead_tag && forecast.stamp == Stamp::origin)
            place.key("lead_tag")
                .problem(
                    "found true, but with 'stamp' at \"origin\" the names of the fields say it; expected "
                    "false, or 'stamp' at \"target\"");
        if (forecast.max_horizon && forecast.thresholds.empty())
            place.key("max_horizon").problem("there are no 'thresholds' to look for, expected at least one");
    };
}

// A series of a group has no other tags, so that nothing else can select it.
void check_group(const Pipeline& pipeline, const Place& place) {
    if (!pipeline.group_by) return;
    const std::vector<std::string>& tags = *pipeline.group_by;
    const auto check = [&](const char* key, const std::vector<std::pair<std::string, GlobList>>& globs) {
        for (const auto& [tag, patterns] : globs)
            if (std::find(tags.begin(), tags.end(), tag) == tags.end())
                place.key(key).problem("found the tag " + in_words(tag) +
                                       ", which 'group_by' leaves out, expected one that it names");
    };
    check("tagpass", pipeline.selection.tagpass);
    check("tagdrop", pipeline.selection.tagdrop);
}

// What the parts of a pipeline must agree on: a part that has a problem of its own is not there.
void check_pipeline(const Value& found, const Pipeline& pipeline, const Place& place) {
    if (found.object() && !found.find("forecast") && !found.find("detect"))
        place.problem("there is neither 'forecast' nor 'detect', expected at least one of them");
    if (pipeline.forecast) {
        const Place forecast = place.key("forecast");
        check_model(pipeline.forecast->model, pipeline.interval_ns, forecast.key("params"));
        check_steps(pipeline.forecast->horizon, max_horizon, pipeline.interval_ns, forecast.key("horizon"));
        for (std::size_t i = 0; i < pipeline.forecast->forecast_at.size(); ++i)
            check_steps(pipeline.forecast->forecast_at[i], max_horizon, pipeline.interval_ns,
                        forecast.key("forecast_at").item(i));
        if (pipeline.forecast->max_horizon)
            check_steps(*pipeline.forecast->max_horizon, max_horizon, pipeline.interval_ns,
                        forecast.key("max_horizon"));
    }
    check_detectors(found, pipeline, place);
    check_alarm(found, pipeline, place);
    check_group(pipeline, place);
    check_calendar(pipeline, place);
    check_names(pipeline, place.key("output"));
}

}  // namespace

Section<Forecast> forecast_section(const plugin::Catalogue& catalogue) {
    Section<Forecast> section;
    section.info.path = "pipelines[].forecast";
    section.info.doc = "What is forecast, how far, and how often.";
    add_model_keys(section, catalogue, forecasts);
    section.key("horizon", &Forecast::horizon, steps(1, max_horizon),
                "How far to look ahead: each step up to here is forecast.");
    section.key("forecast_at", &Forecast::forecast_at,
                list(steps(1, max_horizon), "steps or durations", true),
                "Only these distances are forecast, in place of each step up to the horizon.");
    section.key("emit_every", &Forecast::emit_every_ns, duration(0),
                "How often forecasts are written, by the timestamps of the data; 0s: at every point.");
    const auto ascending = [](std::vector<double> levels) {
        std::sort(levels.begin(), levels.end());
        levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
        return levels;
    };
    section.key(
        "level", &Forecast::level,
        convert<std::vector<double>>(list(percent(), "percentages above 0 and below 100", false), ascending,
                                     [](const std::vector<double>& levels) { return levels; }),
        "The intervals to write, in percent: 95 covers 95 of 100 values. All but the greatest get a suffix.");
    section.key(
        "calibrate", &Forecast::calibrate, boolean(),
        "Whether intervals are made wider or narrower, for each series and distance, until they hold as many "
        "values as their level says; false: they are as wide as the plugin says.");
    section.key(
        "stamp", &Forecast::stamp, choice_of<Stamp>({"target", "origin"}),
        "The time of a forecast: that which it is for (target), or that at which it was made (origin).");
    section.key("lead_tag", &Forecast::lead_tag, boolean(),
                "Whether forecasts have the tag 'lead', how far ahead they look, so that a later one of the "
                "same time does not overwrite them; for stamp \"target\".");
    section.key("data_range", &Forecast::data_range, data_range(),
                "Forecasts and their intervals are clipped to [low, high]; left out: to the range of "
                "'detect'. null: open.");
    section.key("diagnostics_every", &Forecast::diagnostics_every_ns, duration(0),
                "How often what the plugin knows of a series is written, in the time of the data; 0s: never. "
                "'forecastd plugins ID' lists it.");
    section.key("min_samples", &Forecast::min_samples, integer(1, 1'000'000),
                "Points of a series before its first forecast is written.");
    section.key("learn_from_anomalies", &Forecast::learn_from_anomalies,
                choice_of<LearnFrom>({"clip", "skip", "always"}),
                "What the model learns of a value far from what it expected: no more than some usual errors' "
                "worth (clip), nothing (skip), or all of it (always). What lasts is learned in each case.");
    add_threshold_keys(section);
    return section;
}

Section<Threshold> threshold_section() {
    Section<Threshold> section;
    section.info.path = "pipelines[].forecast.thresholds[]";
    section.info.doc = "A limit that the series may reach.";
    section
        .key("name", &Threshold::name, tag_value(),
             "What it is called: the tag 'threshold' of what is written.")
        .require();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    section.key("value", &Threshold::value, real(-infinity, infinity), "The limit, in the unit of the field.")
        .require();
    section.key("direction", &Threshold::direction, choice_of<Side>({"above", "below"}),
                "Whether it is reached from below, by values at it or above it, or from above.");
    return section;
}

Section<Detect> detect_section(const plugin::Catalogue& catalogue) {
    Section<Detect> section;
    section.info.path = "pipelines[].detect";
    section.info.doc = "What counts as an anomaly.";
    add_model_keys(section, catalogue, detects);
    section.key(
        "detection_direction", &Detect::direction,
        choice_of<Direction>({"both", "above_expected", "below_expected", "rising", "falling"}),
        "On which side of the expected value anomalies lie; or rising: where the value itself is above "
        "its level of about the last 100 points by more than twice the usual distance from it, falling: "
        "below it, whatever was expected.");
    constexpr double infinity = std::numeric_limits<double>::infinity();
    section.key("min_dev_from_expected", &Detect::min_dev_from_expected, real(0, infinity),
                "A value nearer than this to the expected one is no anomaly; in the unit of the field.");
    section.key("min_rel_dev_from_expected", &Detect::min_rel_dev_from_expected, real(0, infinity),
                "The same, in percent of the expected value.");
    section.key("data_range", &Detect::data_range, data_range(),
                "The values that can be: [low, high]; one outside is an anomaly. null: open.");
    section.key("emit", &Detect::emit, choice_of<Emit>({"all", "anomalies"}),
                "Whether every point gets its verdict written, or anomalies alone.");
    constexpr std::int64_t minute_ns = 60'000'000'000;
    section.key(
        "false_alarms", &Detect::false_alarms_ns, duration_or_off(minute_ns),
        "How often a healthy series may ring: one false alarm in this time. The score then follows from "
        "how rare a point is for its series; off: by the detector's own limit.");
    section.key(
        "no_data_after", &Detect::no_data_after, steps_or("off", 1, 1'000'000),
        "How long a series may pause before an event tells that it has no data: a number of intervals, "
        "but at least twice its longest pause, or exactly a duration. Hours in which the series is "
        "always empty do not count.");
    section.key("drift", &Detect::drift, boolean(),
                "Whether a mean that rises or falls slowly, for longer than it usually does, is an anomaly; "
                "judged over blocks of at least 100 points and 100 minutes, after the first five.");
    section.key(
        "stuck", &Detect::stuck, boolean(),
        "Whether a value that has not changed for more than 5 times as many points as ever before, and "
        "for more than 10, is an anomaly. A series that never changes, or seldom, is not stuck.");
    return section;
}

Section<Pipeline> pipeline_section(const plugin::Catalogue& catalogue) {
    Section<Pipeline> section;
    section.info.path = "pipelines[]";
    section.info.doc =
        "One kind of series, and what is done with it: the selection in Telegraf's words, a forecaster, a "
        "detector, "
        "or both. At least one of forecast and detect must be there.";
    section.info.conditions.emplace_back(
        Value::Object{{"anyOf", Value::List{Value::Object{{"required", Value::List{"forecast"}}},
                                            Value::Object{{"required", Value::List{"detect"}}}}}});
    section
        .key("name", &Pipeline::name, tag_value(), "A name for messages; left out: \"pipeline 1\" and so on.")
        .initial = Value();
    section
        .key("was", &Pipeline::was, tag_value(),
             "The name that the pipeline had before, under which its series are saved; left out: it has not "
             "changed.")
        .initial = Value();
    add_selection_keys(section);
    section.key("interval", &Pipeline::interval_ns, interval(),
                "The distance of two points of a series; \"auto\" learns it from the data.");
    section.key(
        "timezone", &Pipeline::timezone, time_zone(),
        "The zone whose clocks days and weeks go by: seasons, and times of the day and the week; \"\": UTC.");
    section.key("calendar", &Pipeline::calendar,
                optional_object(std::make_shared<const Section<Calendar>>(calendar_section())),
                "Holidays, which have the season of another day of the week.");
    section.key(
        "group_by", &Pipeline::group_by, optional_value(list(text(), "names of tags", true)),
        "The tags that tell series apart; left out: all of them. Points that agree in these, such as those "
        "of "
        "containers of one name with ever new ids, are one series, and outputs have these tags alone. "
        "'limits.ttl' forgets the keys that do not come any more.");
    section.key("rate", &Pipeline::rate, boolean(),
                "Whether the fields are counters: what is watched is then how much they grow in a second.");
    section.key("forecast", &Pipeline::forecast,
                optional_object(std::make_shared<const Section<Forecast>>(forecast_section(catalogue))),
                "The forecaster.");
    add_detector_keys(section, catalogue);
    section.key("alarm", &Pipeline::alarm, object(std::make_shared<const Section<Alarm>>(alarm_section())),
                "What is made of the anomalies: events. Left out: events with the defaults.");
    section.key("output", &Pipeline::output,
                object(std::make_shared<const Section<Output>>(output_section())), "What is written.");
    add_per_field_key(section);
    section.check = check_pipeline;
    return section;
}

}  // namespace forecastd::config
