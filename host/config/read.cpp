#include "config/read.hpp"

#include <algorithm>

#include "config/files.hpp"
#include "config/hints.hpp"
#include "config/json.hpp"
#include "config/keys.hpp"
#include "config/params.hpp"
#include "config/section.hpp"
#include "config/traps.hpp"

namespace forecastd::config {
namespace {

// A filter by a tag that no key has.
void check_ignored_tags(const Identity& identity, const Pipeline& pipeline, const Place& place) {
    const auto check = [&](const char* key, const std::string& tag) {
        if (std::find(identity.ignore_tags.begin(), identity.ignore_tags.end(), tag) !=
            identity.ignore_tags.end())
            place.key(key).problem(
                "found the tag " + in_words(tag) +
                ", which identity.ignore_tags leaves out of every key, expected another tag");
    };
    for (const auto& [tag, globs] : pipeline.selection.tagpass) check("tagpass", tag);
    for (const auto& [tag, globs] : pipeline.selection.tagdrop) check("tagdrop", tag);
    if (pipeline.group_by)
        for (const std::string& tag : *pipeline.group_by) check("group_by", tag);
}

std::filesystem::path absolute_path(const std::filesystem::path& path) {
    std::error_code fault;  // there is no working directory: the path stays as it is
    auto result = std::filesystem::absolute(path, fault);
    return fault ? path : result.lexically_normal();
}

Expected<std::string> read_file(const Surroundings& surroundings, const std::filesystem::path& file,
                                const std::string& what) {
    if (surroundings.read) return surroundings.read(file, what);
    return fail("the " + what + " '" + file.string() +
                "' cannot be read here, expected a config without one");
}

}  // namespace

struct Document::Content {
    Surroundings surroundings;
    Files files;

    // A key at the top; nullptr: there is none.
    [[nodiscard]] const Value* find(std::string_view name) const {
        return files.root ? files.root->find(name) : nullptr;
    }
    // A path that a value names, from the folder of the value's file.
    [[nodiscard]] std::filesystem::path beside(const Value& value, const std::string& path) const {
        return absolute_path(files.files[value.file].folder / path);
    }
};

std::string Problem::sentence() const {
    if (path.empty()) return message;
    return path + (pipeline.empty() ? "" : " of pipeline '" + pipeline + "'") + ": " + message;
}

std::string Problem::text() const { return where.empty() ? sentence() : where + ": " + sentence(); }

Document::Document(std::unique_ptr<Content> content) : content_(std::move(content)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Document Document::parse(std::string text, std::vector<Problem>& problems, const std::string& name,
                         const Surroundings& surroundings) {
    return Document(std::make_unique<Content>(
        Content{surroundings, read_text(std::move(text), name, surroundings, problems)}));
}

Document Document::open(const std::filesystem::path& path, std::vector<Problem>& problems,
                        const Surroundings& surroundings) {
    return Document(
        std::make_unique<Content>(Content{surroundings, read_files(path, surroundings, problems)}));
}

std::vector<std::string> Document::files() const {
    std::vector<std::string> names;
    for (const File& file : content_->files.files) names.push_back(file.name);
    return names;
}

const FileLooks& Document::looked_at() const { return content_->files.looked_at; }

std::vector<std::filesystem::path> Document::plugin_dirs() const {
    std::vector<std::filesystem::path> directories;
    const Value* value = content_->find("plugin_dirs");
    if (!value || !value->list()) return directories;
    for (const auto& item : *value->list())
        if (item.string() && !item.string()->empty())
            directories.push_back(content_->beside(item, *item.string()));
    return directories;
}

Plugins Document::plugins() const {
    Plugins result;
    std::vector<Problem> ignored;  // read() finds them again
    const Value* value = content_->find("plugins");
    if (value) read_section(plugins_section(), *value, result, Place(ignored));
    return result;
}

std::vector<plugin::Wanted> Document::wanted() const {
    std::vector<plugin::Wanted> result;
    const Value* pipelines = content_->find("pipelines");
    if (!pipelines || !pipelines->list()) return result;
    const auto add = [&result](const Value* section, std::uint32_t ability) {
        if (!section || !section->object()) return;
        const Value* const id = section->find("plugin");
        if (!id || !id->string()) return;
        auto one = std::find_if(result.begin(), result.end(),
                                [&](const plugin::Wanted& other) { return other.id == *id->string(); });
        if (one == result.end()) one = result.insert(one, {*id->string(), 0, {}});
        one->abilities |= ability;
        // A season may stand beside the other parameters by mistake. Both places lead to a hint; see
        // pipeline_keys.cpp.
        for (const Value* const place : {section, section->find("params")})
            if (place && place->object())
                for (const Member& member : *place->object())
                    if (means_season(member.name)) one->params.push_back(member.name);
    };
    const auto add_models = [&add](const Value& pipeline) {
        if (!pipeline.object()) return;
        add(pipeline.find("forecast"), FCD_FORECASTS);
        const Value* const detect = pipeline.find("detect");
        if (detect && detect->list())
            for (const Value& one : *detect->list()) add(&one, FCD_DETECTS);
        else
            add(detect, FCD_DETECTS);
    };
    for (const Value& pipeline : *pipelines->list()) {
        add_models(pipeline);
        const Value* const per_field = pipeline.find("per_field");
        if (per_field && per_field->object())
            for (const Member& entry : *per_field->object()) add_models(entry.value);
    }
    return result;
}

Config Document::read(const plugin::Catalogue& catalogue, std::vector<Problem>& problems) const {
    Config config;
    const std::size_t first = problems.size();
    const Files& files = content_->files;
    if (files.root) read_section(config_section(catalogue), *files.root, config, Place(problems));
    for (std::size_t i = 0; i < config.pipelines.size(); ++i) {
        std::optional<Calendar>& calendar = config.pipelines[i].calendar;
        if (!calendar || calendar->ics.empty()) continue;
        const Value& pipeline = (*content_->find("pipelines")->list())[config.pipelines[i].place];
        const auto file = content_->beside(*pipeline.find("calendar"), calendar->ics);
        const auto text = read_file(content_->surroundings, file, "calendar file");
        const Expected<void> added =
            text ? add_holidays(*calendar, *text) : Expected<void>(fail(text.error().text));
        const Place place =
            Place(problems).key("pipelines").item(config.pipelines[i].place).key("calendar").key("ics");
        if (!added)
            place.problem(text ? "'" + file.string() + "': " + added.error().text : added.error().text);
        else if (calendar->holidays.empty())
            place.problem("'" + file.string() + "': found no event, expected at least one");
    }
    for (const Pipeline& pipeline : config.pipelines)
        check_ignored_tags(config.identity, pipeline, Place(problems).key("pipelines").item(pipeline.place));
    if (config.state)
        for (std::string& one : config.state->history)
            one = content_->beside(*content_->find("state"), one).string();
    locate(files, problems, first);
    return config;
}

std::vector<Problem> Document::hints(const Config& config) const {
    std::vector<Problem> found;
    const Files& files = content_->files;
    if (files.root) find_hints(*files.root, Place(found));
    find_traps(config, Place(found));
    locate(files, found, 0);
    found.insert(found.end(), files.hints.begin(), files.hints.end());
    return found;
}

}  // namespace forecastd::config
