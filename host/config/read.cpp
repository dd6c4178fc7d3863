#include "config/read.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include "config/hints.hpp"
#include "config/json.hpp"
#include "config/keys.hpp"
#include "config/params.hpp"
#include "config/section.hpp"
#include "config/traps.hpp"

namespace forecastd::config {
namespace {

constexpr std::size_t max_file_bytes = std::size_t{16} << 20;
constexpr const char* example = "a JSON object such as {\"pipelines\": [...]}";

// what: "config", for the error.
Expected<std::string> read_file(const std::filesystem::path& file, const std::string& what) {
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::string text;
    char chunk[4096];
    while (text.size() <= max_file_bytes && (stream.read(chunk, sizeof chunk) || stream.gcount() > 0))
        text.append(chunk, static_cast<std::size_t>(stream.gcount()));
    if (!stream.is_open() || (!stream.eof() && text.empty()))
        return fail("cannot read the " + what + " '" + file.string() +
                    "': " + std::strerror(errno != 0 ? errno : EIO));
    if (text.size() <= max_file_bytes) return text;
    return fail("the " + what + " '" + file.string() + "' is larger than 16MiB, which no " + what +
                " is; is it the right file?");
}

// Further problems have no line and column: a file with so many was not written by hand, and each costs a
// search.
constexpr std::size_t max_located = 100;

// Finds the text of a path.
class PathFinder {
  public:
    explicit PathFinder(const Value& root) : root_(root) {}

    // Of the last step that is there: a key that is missing is missing in its object.
    std::size_t offset_of(const std::vector<Step>& steps) const {
        const Value* at = &root_;
        for (const Step& step : steps) {
            const Value* const next = step.key ? member(*at, *step.key, step.index) : item(*at, step.index);
            if (!next) break;
            at = next;
        }
        return at->offset;
    }

  private:
    static const Value* item(const Value& value, std::size_t index) {
        return value.list() && index < value.list()->size() ? &(*value.list())[index] : nullptr;
    }
    static const Value* member(const Value& value, const std::string& name, std::size_t occurrence) {
        if (!value.object()) return nullptr;
        for (const Member& member : *value.object())
            if (member.name == name && occurrence-- == 0) return &member.value;
        return nullptr;
    }

    const Value& root_;
};

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

}  // namespace

struct Document::Content {
    std::string text, name;        // of the file
    std::optional<Value> root;     // nothing: not a JSON object, which was reported
    std::filesystem::path folder;  // of the file

    // "config.json:14:9"
    [[nodiscard]] std::string where(std::optional<std::size_t> offset) const {
        if (!offset) return name;
        const std::string_view before = std::string_view(text).substr(0, *offset);
        const std::string line = std::to_string(std::count(before.begin(), before.end(), '\n') + 1);
        const std::string column = std::to_string(before.size() - (before.rfind('\n') + 1) + 1);
        return name.empty() ? "line " + line + ", column " + column : name + ":" + line + ":" + column;
    }
    // Adds to problems, from the first on, where they are.
    void locate(std::vector<Problem>& problems, std::size_t first) const;
};

void Document::Content::locate(std::vector<Problem>& problems, std::size_t first) const {
    if (!root) return;
    PathFinder finder(*root);
    for (std::size_t i = first; i < problems.size(); ++i) {
        Problem& problem = problems[i];
        problem.where = name;
        if (i - first >= max_located) continue;
        problem.where = where(finder.offset_of(problem.steps));
        if (problem.steps.size() < 2 || problem.steps[0].key != "pipelines" || problem.steps[1].key) continue;
        const Value* const pipelines = root->find("pipelines");
        if (!pipelines || !pipelines->list() || problem.steps[1].index >= pipelines->list()->size()) continue;
        const Value* const given = (*pipelines->list())[problem.steps[1].index].find("name");
        if (given && given->string()) problem.pipeline = one_line(*given->string());
    }
}

std::string Problem::sentence() const {
    if (path.empty()) return message;
    return path + (pipeline.empty() ? "" : " of pipeline '" + pipeline + "'") + ": " + message;
}

std::string Problem::text() const { return where.empty() ? sentence() : where + ": " + sentence(); }

Document::Document(std::unique_ptr<Content> content) : content_(std::move(content)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Document Document::parse(std::string text, std::vector<Problem>& problems, const std::string& name) {
    auto content = std::make_unique<Content>();
    content->text = std::move(text);
    content->name = one_line(name);
    const std::size_t first = problems.size();
    const Place top(problems);
    std::optional<std::size_t> offset;
    if (content->text.find_first_not_of(" \t\r\n") == std::string::npos) {
        top.problem(std::string("the config is empty, expected ") + example);
    } else if (auto root = parse_json(content->text); !root) {
        top.problem("this is not JSON: " + root.error().text);
        offset = root.error().offset;
    } else if (!root->object()) {
        top.unexpected(*root, example);
        offset = root->offset;
    } else {
        content->root = std::move(*root);
    }
    for (std::size_t i = first; i < problems.size(); ++i) problems[i].where = content->where(offset);
    return Document(std::move(content));
}

Document Document::open(const std::filesystem::path& file, std::vector<Problem>& problems) {
    auto text = read_file(file, "config");
    if (!text) {
        Place(problems).problem(text.error().text);
        return Document(std::make_unique<Content>());
    }
    Document document = parse(std::move(*text), problems, file.string());
    document.content_->folder = absolute_path(file).parent_path();
    return document;
}

std::vector<std::filesystem::path> Document::plugin_dirs() const {
    std::vector<std::filesystem::path> directories;
    const Value* value = content_->root ? content_->root->find("plugin_dirs") : nullptr;
    if (!value || !value->list()) return directories;
    for (const auto& item : *value->list())
        if (item.string() && !item.string()->empty())
            directories.push_back(absolute_path(content_->folder / *item.string()));
    return directories;
}

Plugins Document::plugins() const {
    Plugins result;
    std::vector<Problem> ignored;  // read() finds them again
    const Value* value = content_->root ? content_->root->find("plugins") : nullptr;
    if (value) read_section(plugins_section(), *value, result, Place(ignored));
    return result;
}

std::vector<plugin::Wanted> Document::wanted() const {
    std::vector<plugin::Wanted> result;
    const Value* pipelines = content_->root ? content_->root->find("pipelines") : nullptr;
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
    for (const Value& pipeline : *pipelines->list()) {
        if (!pipeline.object()) continue;
        add(pipeline.find("forecast"), FCD_FORECASTS);
        const Value* const detect = pipeline.find("detect");
        if (detect && detect->list())
            for (const Value& one : *detect->list()) add(&one, FCD_DETECTS);
        else
            add(detect, FCD_DETECTS);
    }
    return result;
}

Config Document::read(const plugin::Catalogue& catalogue, std::vector<Problem>& problems) const {
    Config config;
    const std::size_t first = problems.size();
    if (content_->root) read_section(config_section(catalogue), *content_->root, config, Place(problems));
    for (std::size_t i = 0; i < config.pipelines.size(); ++i) {
        std::optional<Calendar>& calendar = config.pipelines[i].calendar;
        if (!calendar || calendar->ics.empty()) continue;
        const auto file = absolute_path(content_->folder / calendar->ics);
        const auto text = read_file(file, "calendar file");
        const Expected<void> added =
            text ? add_holidays(*calendar, *text) : Expected<void>(fail(text.error().text));
        const Place place = Place(problems).key("pipelines").item(config.pipelines[i].place).key("calendar").key("ics");
        if (!added)
            place.problem(text ? "'" + file.string() + "': " + added.error().text : added.error().text);
        else if (calendar->holidays.empty())
            place.problem("'" + file.string() + "': found no event, expected at least one");
    }
    for (const Pipeline& pipeline : config.pipelines)
        check_ignored_tags(config.identity, pipeline, Place(problems).key("pipelines").item(pipeline.place));
    content_->locate(problems, first);
    return config;
}

std::vector<Problem> Document::hints(const Config& config) const {
    std::vector<Problem> found;
    if (content_->root) find_hints(*content_->root, Place(found));
    find_traps(config, Place(found));
    content_->locate(found, 0);
    return found;
}

}  // namespace forecastd::config
