// The top of the config and what belongs to the whole program; pipelines are in pipeline_keys.cpp.
#include "config/keys.hpp"
#include "config/per_field.hpp"

#include <algorithm>
#include <map>

namespace forecastd::config {
namespace {

constexpr std::int64_t second = 1'000'000'000;

template <class S>
std::shared_ptr<const Section<S>> share(Section<S> section) {
    return std::make_shared<const Section<S>>(std::move(section));
}

// For sections whose keys are members of Config itself.
constexpr auto whole = [](auto& config) -> auto& { return config; };

Section<Limits> limits_section() {
    Section<Limits> section;
    section.info.path = "limits";
    section.info.doc = "What forecastd may use. Beyond a limit, data passes on without forecasts.";
    section.key("max_series", &Limits::max_series, integer(1, 1'000'000'000),
                "How many series are followed at once.");
    section.key("max_memory", &Limits::max_memory_bytes, size(1'000'000, 1'000'000'000'000'000),
                "The memory for the states and names of all series. The process takes about 15 MB more.");
    section.key(
        "ttl", &Limits::ttl_ns, duration(0),
        "A series without a point for so long, by the timestamps of the data, is forgotten; 0s: never.");
    section.key("max_line_bytes", &Limits::max_line_bytes, size(1'000, std::int64_t{1} << 30),
                "A longer point is rejected, as is an unclosed quote that reaches so far.");
    section.key("max_fields", &Limits::max_fields, integer(1, 1'000'000),
                "How many fields of one point are watched; further ones pass through.");
    section.key("max_key_bytes", &Limits::max_key_bytes, size(100, std::int64_t{1} << 20),
                "A point whose measurement and tags are longer passes through without being watched.");
    section.key(
        "evict", &Limits::evict, choice_of<Limits::Evict>({"lru", "none"}),
        "What is done about new series when max_series or max_memory is reached. lru: series without a "
        "point for ten intervals give way, those first that are idle longest, and return from "
        "state.dir, if it is set; none: new series pass through.");
    return section;
}

Section<Rename> rename_section() {
    Section<Rename> section;
    section.info.path = "identity.rename[]";
    section.info.doc =
        "A new value of a tag, such as the new name of a host: saved series that have the old one go on "
        "under "
        "the new one.";
    section.key("tag", &Rename::tag, text(), "The tag.").require();
    section.key("from", &Rename::from, text(), "The value with which series were saved.").require();
    section.key("to", &Rename::to, text(), "The value that it has now.").require();
    return section;
}

Section<Identity> identity_section() {
    Section<Identity> section;
    section.info.path = "identity";
    section.info.doc =
        "Which points are of one series: by default, those with the same measurement and tags.";
    section.key("ignore_tags", &Identity::ignore_tags, list(text(), "tags", true),
                "Tags that do not tell series apart, such as the name of a container that changes with each "
                "restart. What is derived of a series does not have them, and no filter sees them.");
    section.key("rename", &Identity::rename, list(object(share(rename_section())), "renamings", true),
                "New values of tags, under which saved series go on.");
    return section;
}

Section<State> state_section() {
    Section<State> section;
    section.info.path = "state";
    section.info.doc =
        "Where what the series have learned is kept, so that they go on after a restart; operators.md tells "
        "how.";
    section
        .key("dir", &State::dir, text(),
             "The directory for the snapshots, for one forecastd alone; made if need be.")
        .require();
    section.key("checkpoint_interval", &State::checkpoint_interval_ns, duration(second),
                "How often a snapshot is written beside the flow; another one is written at the end.");
    section.key("max_age", &State::max_age_ns, duration(0),
                "A snapshot that is older is left alone, and its series begin again; 0s: none is too old.");
    section.key(
        "on_error", &State::on_error, choice_of<State::OnError>({"run", "stop"}),
        "What is done if the directory cannot be used: run without it, or stop at once with exit code 1.");
    section.key(
        "history", &State::history, list(text(), "files", true),
        "Recorded points, in line protocol, gzip-compressed or not: at the start, series that are not "
        "saved learn from them; relative to the config file.");
    section.key(
        "history_beside", &State::history_beside, boolean(),
        "Whether points are answered while series learn from these files: they warm up until then. Else "
        "points wait.");
    return section;
}

Section<Config> metrics_section() {
    Section<Config> section;
    section.info.path = "metrics";
    section.info.doc = "The host's own counters, written as the measurement forecastd.";
    section.key("every", &Config::metrics_every_ns, duration(0), "How often they are written; 0s: never.");
    section.key("tags", &Config::metrics_tags, tags({"algorithm", "interval", "lead", "pipeline", "role"}),
                "Tags of all their lines, which tell those of several processes apart.");
    return section;
}

Section<Config> control_section() {
    Section<Config> section;
    section.info.path = "control";
    section.info.doc =
        "Labels: points by which a person or a program tells what is known about some series, such as that "
        "they are being repaired; operators.md describes them.";
    section.key("measurement", &Config::control, optional_value(text()),
                "The measurement of labels, such as \"forecastd_control\"; left out: there are none.");
    return section;
}

Section<Config> log_section() {
    Section<Config> section;
    section.info.path = "log";
    section.info.doc = "The messages on standard error.";
    section.key("level", &Config::log_level, choice_of<LogLevel>({"error", "warn", "info", "debug"}),
                "The least severe messages that are shown.");
    return section;
}

// "pipelines[2]", by its place in its file.
std::string other_pipeline(const Value::List& list, std::size_t other, std::size_t here) {
    if (list[other].file != list[here].file) return "a pipeline of another file";
    const auto first = std::find_if(list.begin(), list.end(),
                                    [&](const Value& one) { return one.file == list[other].file; });
    return "pipelines[" + std::to_string(other - static_cast<std::size_t>(first - list.begin())) + "]";
}

// A pipeline with a problem is left out; the others stay.
Type<std::vector<Pipeline>> pipelines(const std::shared_ptr<const Section<Pipeline>>& section) {
    Type<std::vector<Pipeline>> type;
    type.expected = "a list of one or more pipelines";
    type.schema = Value::Object{{"type", "array"}, {"items", schema_of(section->info)}, {"minItems", 1}};
    type.read = [section, expected = type.expected](const Value& found, std::vector<Pipeline>& into,
                                                    const Place& place) {
        const auto* list = found.list();
        if (!list || list->empty()) {
            place.unexpected(found, expected);
            return false;
        }
        std::map<std::string, std::size_t> names;
        for (std::size_t i = 0; i < list->size(); ++i) {
            if ((*list)[i].faulty) continue;
            Pipeline pipeline;
            pipeline.name = "pipeline " + std::to_string(i + 1);
            pipeline.place = i;
            std::vector<Pipeline> all = read_with_copies(*section, (*list)[i], pipeline, place.item(i));
            bool is_new = true;
            const auto note = [&](const std::string& name) {
                const auto [first, inserted] = names.emplace(name, i);
                if (!inserted)
                    place.item(i).key("name").problem("found " + in_words(name) + ", the name of " +
                                                      other_pipeline(*list, first->second, i) +
                                                      " already, expected another name");
                is_new = is_new && inserted;
            };
            note(pipeline.name);
            for (std::size_t k = 1; k < all.size(); ++k) note(all[k].name);
            if (is_new) into.insert(into.end(), all.begin(), all.end());
        }
        return true;
    };
    type.write = [](const std::vector<Pipeline>&) { return Value(); };
    return type;
}

// For editors, which find the JSON schema by it.
void add_schema_key(Section<Config>& section) {
    const Type<std::string> type = text();
    section.add({"$schema",
                 "Where an editor finds the JSON schema of this file; not read otherwise.",
                 type.expected,
                 type.schema,
                 {},
                 false,
                 {}},
                {[type](const Value* found, Config&, const Place& place) {
                     std::string ignored;
                     if (found) type.read(*found, ignored, place);
                 },
                 [](const Config&) { return Value(); }});
}

// Read where the files are (files.hpp).
void add_include_key(Section<Config>& section) {
    const Type<std::vector<std::string>> type = list(text(), "files", true);
    section.add({"include",
                 "Further files of the config, such as \"pipelines.d/*.json\", relative to this one: their "
                 "pipelines come "
                 "behind those of this file, and their other keys stand in one file each.",
                 type.expected,
                 type.schema,
                 {},
                 false,
                 {}},
                {[](const Value*, Config&, const Place&) {}, [](const Config&) { return Value(); }});
}

}  // namespace

Section<Plugins> plugins_section() {
    Section<Plugins> section;
    section.info.path = "plugins";
    section.info.doc = "What a plugin may do, and what is kept of one that crashes.";
    section.key("deadline", &Plugins::deadline_ns, duration(0),
                "How long a call to a plugin may take before it counts as a crash, and how long a plugin "
                "file may take "
                "to load; 0s: for ever.");
    section.key(
        "core", &Plugins::core, boolean(),
        "Whether a plugin that crashes leaves a core file, as far as the system allows. Plugin files are "
        "then "
        "loaded where they are, so that a debugger finds them, and must not be written over while forecastd "
        "runs.");
    return section;
}

Section<Config> config_section(const plugin::Catalogue& catalogue) {
    Section<Config> section;
    section.info.doc =
        "A file as a whole: a JSON object, in which // and /* */ comments may stand, and a comma behind the "
        "last item.";
    add_schema_key(section);
    add_include_key(section);
    section.key("plugin_dirs", &Config::plugin_dirs, list(text(), "directories", true),
                "Where plugins are looked for, before the installed ones; relative to the config file.");
    section
        .key("pipelines", &Config::pipelines, pipelines(share(pipeline_section(catalogue))),
             "What is forecast and watched, and how. A series goes through every pipeline that selects it.")
        .require();
    section.key("limits", &Config::limits, object(share(limits_section())), "What forecastd may use.");
    section.key("identity", &Config::identity, object(share(identity_section())),
                "Which points are of one series.");
    section.key("state", &Config::state, optional_object(share(state_section())),
                "Where what was learned is kept across restarts; left out: nowhere.");
    section.key(
        "watch", &Config::watch_ns, duration(0),
        "How often forecastd looks whether this file, or a plugin's, has changed, and loads it again as "
        "after SIGHUP; 0s: never.");
    section.key("plugins", &Config::plugins, object(share(plugins_section())),
                "What a plugin may do, and what is kept of one that crashes.");
    section.key("control", whole, object(share(control_section())), "Labels that come with the data.");
    section.key("metrics", whole, object(share(metrics_section())), "The host's own counters.");
    section.key("log", whole, object(share(log_section())), "The messages on standard error.");
    return section;
}

std::vector<SectionInfo> all_sections(const plugin::Catalogue& catalogue) {
    return {config_section(catalogue).info,
            pipeline_section(catalogue).info,
            forecast_section(catalogue).info,
            threshold_section().info,
            detect_section(catalogue).info,
            calendar_section().info,
            alarm_section().info,
            output_section().info,
            forecast_fields_section().info,
            limits_section().info,
            identity_section().info,
            rename_section().info,
            state_section().info,
            plugins_section().info,
            control_section().info,
            metrics_section().info,
            log_section().info};
}

}  // namespace forecastd::config
