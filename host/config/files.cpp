#include "config/files.hpp"

#include <algorithm>
#include <utility>

#include "config/place.hpp"
#include "config/types.hpp"
#include "config/variables.hpp"

namespace forecastd::config {
namespace {

namespace fs = std::filesystem;

constexpr const char* example = "a JSON object such as {\"pipelines\": [...]}";

void set_file(Value& value, std::uint32_t file) {
    value.file = file;
    if (auto* const list = std::get_if<Value::List>(&value.data))
        for (Value& item : *list) set_file(item, file);
    if (auto* const members = std::get_if<Value::Object>(&value.data))
        for (Member& member : *members) set_file(member.value, file);
}

fs::path folder_of(const fs::path& file) {
    std::error_code fault;  // there is no working directory: the path stays as it is
    const auto absolute = fs::absolute(file, fault);
    return (fault ? file : absolute.lexically_normal()).parent_path();
}

// One path for each file, however it was come to.
fs::path identity_of(const fs::path& file) { return folder_of(file) / file.filename(); }

const Value* child(const Value& at, const Step& step) {
    if (!step.key) {
        const auto* const list = at.list();
        return list && step.index < list->size() ? &(*list)[step.index] : nullptr;
    }
    std::size_t occurrence = step.index;
    if (at.object())
        for (const Member& member : *at.object())
            if (member.name == *step.key && occurrence-- == 0) return &member.value;
    return nullptr;
}

// The last step that is there: a key that is missing is missing in its object.
const Value& value_at(const Value& root, const std::vector<Step>& steps) {
    const Value* at = &root;
    for (const Step& step : steps) {
        const Value* const next = child(*at, step);
        if (!next) break;
        at = next;
    }
    return *at;
}

class Gatherer {
  public:
    Gatherer(const Surroundings& surroundings, std::vector<Problem>& problems)
        : surroundings_(surroundings), problems_(problems) {}

    // path: "" if the text is of no file.
    void add_text(std::string text, const std::string& name, const fs::path& path) {
        const auto number = static_cast<std::uint32_t>(result_.files.size());
        result_.files.push_back(
            {one_line(name), std::move(text), path, path.empty() ? fs::path() : folder_of(path)});
        const std::size_t first = problems_.size();
        const Place top(problems_);
        std::optional<std::size_t> offset;
        // Of the list of files, which may grow, nothing is held.
        const auto file = [&]() -> const File& { return result_.files[number]; };
        std::optional<Value> root;
        if (file().text.find_first_not_of(" \t\r\n") == std::string::npos) {
            top.problem(std::string("the config is empty, expected ") + example);
        } else if (auto parsed = parse_json(file().text); !parsed) {
            top.problem("this is not JSON: " + parsed.error().text);
            offset = parsed.error().offset;
        } else if (!parsed->object()) {
            top.unexpected(*parsed, example);
            offset = parsed->offset;
        } else {
            root = std::move(*parsed);
        }
        for (std::size_t i = first; i < problems_.size(); ++i) problems_[i].where = file().where(offset);
        if (root) take(std::move(*root), number);
    }

    void add_file(const fs::path& path) {
        result_.looked_at.emplace_back(path);
        auto text = surroundings_.read(path, "config");
        if (!text) return Place(problems_).problem(text.error().text);
        open_.push_back(path);
        add_text(std::move(*text), path.string(), path);
        open_.pop_back();
    }

    // looked: before its files were listed.
    void add_directory(FileLook looked, const Paths& files) {
        if (files.empty())
            Place(problems_).problem("the directory '" + looked.path().string() +
                                     "' has no config, expected at least one file *.json or *.jsonc");
        result_.looked_at.push_back(std::move(looked));
        for (const fs::path& file : files)
            if (begin(file, {})) add_file(file);
    }

    // Notes a file before it is read. False: it was read already, which is a problem. where: it is included.
    bool begin(const fs::path& path, const std::string& where) {
        const fs::path identity = identity_of(path);
        const auto is_it = [&](const fs::path& other) { return identity_of(other) == identity; };
        const auto in_work = std::find_if(open_.begin(), open_.end(), is_it);
        std::string sentence;
        if (in_work != open_.end()) {
            sentence = "'" + path.string() + "' includes itself: ";
            for (auto at = in_work; at != open_.end(); ++at) sentence += "'" + at->string() + "' includes ";
            sentence += "'" + path.string() + "'";
        } else if (std::any_of(begun_.begin(), begun_.end(), is_it)) {
            sentence = "'" + path.string() + "' is read already, expected each file once";
        } else if (begun_.size() >= Files::most_files) {
            sentence = "these are more than " + std::to_string(Files::most_files) + " files, expected fewer";
        }
        if (sentence.empty()) {
            begun_.push_back(path);
            return true;
        }
        Place(problems_).key("include").problem(sentence);
        problems_.back().where = where;
        return false;
    }

    Files result() { return std::move(result_); }

  private:
    // A whole file becomes a part of the config.
    void take(Value root, std::uint32_t number) {
        set_file(root, number);
        const std::size_t first = problems_.size();
        const Value written = root;  // with its variables, to find them by
        put_variables(root, surroundings_.variable, Place(problems_));
        for (std::size_t i = first; i < problems_.size(); ++i)
            problems_[i].where = result_.files[number].where(value_at(written, problems_[i].steps).offset);
        name_pipelines(written, first);
        if (!result_.root) {
            result_.root = Value(Value::Object{});
            result_.root->offset = root.offset;
            result_.root->file = number;
        }
        const Value* includes = nullptr;
        bool has_pipelines = false;
        for (Member& member : std::get<Value::Object>(root.data)) {
            if (member.name == "include" && !includes) {
                includes = &member.value;
            } else if (member.name == "pipelines" && !has_pipelines) {
                has_pipelines = true;
                add_pipelines(member);
            } else {
                add_key(member, number);
            }
        }
        if (includes) include(*includes, number);
    }

    void name_pipelines(const Value& root, std::size_t first) {
        for (std::size_t i = first; i < problems_.size(); ++i) {
            const std::vector<Step>& steps = problems_[i].steps;
            if (steps.size() < 2 || steps[0].key != "pipelines") continue;
            const Value* const name = value_at(root, {steps[0], steps[1]}).find("name");
            if (name && name->string()) problems_[i].pipeline = one_line(*name->string());
        }
    }

    Value::Object& members() { return std::get<Value::Object>(result_.root->data); }

    void add_pipelines(Member& added) {
        const auto there = std::find_if(members().begin(), members().end(),
                                        [](const Member& member) { return member.name == "pipelines"; });
        auto* const list = std::get_if<Value::List>(&added.value.data);
        if (list)
            for (std::size_t i = 0; i < list->size(); ++i) result_.places.push_back(i);
        if (there == members().end()) {
            members().push_back(std::move(added));
            return;
        }
        auto* const all = std::get_if<Value::List>(&there->value.data);
        if (!list) {
            tell_no_list(added.value);
        } else if (!all) {
            tell_no_list(there->value);
            there->value = std::move(added.value);
        } else {
            all->insert(all->end(), std::make_move_iterator(list->begin()),
                        std::make_move_iterator(list->end()));
        }
    }

    void tell_no_list(const Value& found) {
        Place(problems_).key("pipelines").unexpected(found, "a list of one or more pipelines");
        problems_.back().where = result_.files[found.file].where(found.offset);
    }

    void add_key(Member& added, std::uint32_t number) {
        for (const Member& member : members()) {
            if (member.name != added.name || member.value.file == number) continue;
            if (added.name == "$schema") return;
            Place(problems_)
                .key(added.name)
                .problem("the key is given in '" + result_.files[member.value.file].name +
                         "' already, expected in one of the files");
            problems_.back().where = result_.files[number].where(added.value.offset);
            return;
        }
        members().push_back(std::move(added));
    }

    void include(const Value& found, std::uint32_t number) {
        const auto where = [&](const Value& value) { return result_.files[number].where(value.offset); };
        std::vector<std::string> patterns;
        const std::size_t first = problems_.size();
        list(text(), "files", true).read(found, patterns, Place(problems_).key("include"));
        for (std::size_t i = first; i < problems_.size(); ++i) problems_[i].where = where(found);
        for (std::size_t i = 0; i < patterns.size(); ++i) {
            const Value& item = (*found.list())[i];
            const Place place = Place(problems_).key("include").item(i);
            if (!surroundings_.match || !surroundings_.read) {
                place.problem("no file can be read here, expected a config without 'include'");
                problems_.back().where = where(item);
                continue;
            }
            const fs::path pattern = result_.files[number].path.parent_path() / patterns[i];
            FileLook folder(pattern.parent_path());
            const Paths files = surroundings_.match(pattern);
            if (files != Paths{pattern}) result_.looked_at.push_back(std::move(folder));
            if (files.empty()) {
                Place(result_.hints)
                    .key("include")
                    .item(i)
                    .problem("found " + in_words(item) +
                             ", and there is no such file, so nothing is included");
                result_.hints.back().where = where(item);
            }
            for (const fs::path& file : files) {
                if (!begin(file, where(item))) continue;
                const std::size_t before = problems_.size();
                add_file(file);
                for (std::size_t k = before; k < problems_.size(); ++k)
                    if (problems_[k].where.empty()) problems_[k].where = where(item);
            }
        }
    }

    const Surroundings& surroundings_;
    std::vector<Problem>& problems_;
    Files result_;
    Paths begun_;  // files that were read, or are
    Paths open_;   // those that are: each includes the next one
};

// A path that a problem shows: places of pipelines are those of their files.
void show_place_in_file(Problem& problem, std::size_t place, std::size_t shown) {
    const std::string whole = "pipelines[" + std::to_string(place) + "]";
    if (problem.path.starts_with(whole))
        problem.path.replace(0, whole.size(), "pipelines[" + std::to_string(shown) + "]");
}

}  // namespace

std::string File::where(std::optional<std::size_t> offset) const {
    if (!offset) return name;
    const std::string_view before = std::string_view(text).substr(0, *offset);
    const std::string line = std::to_string(std::count(before.begin(), before.end(), '\n') + 1);
    const std::string column = std::to_string(before.size() - (before.rfind('\n') + 1) + 1);
    return name.empty() ? "line " + line + ", column " + column : name + ":" + line + ":" + column;
}

Files read_text(std::string text, const std::string& name, const Surroundings& surroundings,
                std::vector<Problem>& problems) {
    Gatherer gatherer(surroundings, problems);
    gatherer.add_text(std::move(text), name, {});
    return gatherer.result();
}

Files read_files(const fs::path& path, const Surroundings& surroundings, std::vector<Problem>& problems) {
    Gatherer gatherer(surroundings, problems);
    FileLook looked(path);
    if (const auto files = surroundings.list ? surroundings.list(path) : std::nullopt) {
        gatherer.add_directory(std::move(looked), *files);
    } else {
        gatherer.begin(path, {});
        gatherer.add_file(path);
    }
    return gatherer.result();
}

void locate(const Files& files, std::vector<Problem>& problems, std::size_t first) {
    // Finding the line and column of a problem takes a search of the whole text. Beyond this number, a problem has only
    // the name of its file.
    constexpr std::size_t max_located = 100;
    if (!files.root) return;
    for (std::size_t i = first; i < problems.size(); ++i) {
        Problem& problem = problems[i];
        const Value& value = value_at(*files.root, problem.steps);
        const File& file = files.files[value.file];
        problem.where = i - first < max_located ? file.where(value.offset) : file.name;
        const std::vector<Step>& steps = problem.steps;
        if (steps.size() < 2 || steps[0].key != "pipelines" || steps[1].key) continue;
        if (steps[1].index >= files.places.size()) continue;
        if (files.files.size() > 1) show_place_in_file(problem, steps[1].index, files.places[steps[1].index]);
        if (i - first >= max_located) continue;
        const Value* const given = value_at(*files.root, {steps[0], steps[1]}).find("name");
        if (given && given->string()) problem.pipeline = one_line(*given->string());
    }
}

}  // namespace forecastd::config
