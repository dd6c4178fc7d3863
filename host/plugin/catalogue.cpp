#include "plugin/catalogue.hpp"

#include <algorithm>
#include <system_error>

#include "plugin/checks.hpp"
#include "plugin/contents.hpp"
#include "plugin/library.hpp"
#include "text/did_you_mean.hpp"

namespace forecastd::plugin {
namespace {

namespace fs = std::filesystem;

bool goes_by(const fcd_param& param, std::string_view name) {
    if (name == param.name) return true;
    for (auto alias = param.aliases; alias && *alias; ++alias)
        if (name == *alias) return true;
    return false;
}

template <class List, class Text>
std::string joined(const List& list, const Text& text) {
    std::string result;
    for (const auto& item : list) result += (result.empty() ? "" : ", ") + text(item);
    return result;
}

}  // namespace

const fcd_param* Algorithm::find_param(std::string_view name_or_alias) const {
    const auto found = std::find_if(params.begin(), params.end(), [name_or_alias](const fcd_param* p) {
        return goes_by(*p, name_or_alias);
    });
    return found == params.end() ? nullptr : *found;
}

Catalogue::Paths Catalogue::files_in(const fs::path& directory) {
    std::error_code error;
    Paths files;
    if (fs::status(directory, error).type() == fs::file_type::not_found) return files;
    for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error))
        if (entry->path().extension() == ".so" && !is_set_aside(entry->path().native()))
            files.push_back(entry->path());
    if (error)
        problems_.push_back(directory.native() + ": cannot be searched for plugins: " + error.message());
    std::sort(files.begin(), files.end());
    return files;
}

bool Catalogue::lacks(const Wanted& wanted) const {
    if (is_set_aside(wanted.id)) return false;
    const Algorithm* const found = find(wanted.id);
    if (!found || (found->table->abilities & wanted.abilities) != wanted.abilities) return true;
    return std::any_of(wanted.params.begin(), wanted.params.end(),
                       [found](const std::string& name) { return !found->find_param(name); });
}

void Catalogue::load(const std::vector<fs::path>& directories, const Loading& loading) {
    Paths named, others;
    for (const auto& directory : directories) {
        searched_.push_back(directory);
        for (const fs::path& file : files_in(directory)) {
            const bool is_named =
                loading.wanted && std::any_of(loading.wanted->begin(), loading.wanted->end(),
                                              [&](const Wanted& w) { return is_named_after(file, w.id); });
            (is_named ? named : others).push_back(file);
        }
    }
    take(named, loading);
    if (!loading.wanted || std::any_of(loading.wanted->begin(), loading.wanted->end(),
                                       [this](const Wanted& wanted) { return lacks(wanted); }))
        take(others, loading);
}

void Catalogue::take(const Paths& paths, const Loading& loading) {
    const auto refuse = [this](const fs::path& path, const std::string& fault) {
        problems_.push_back(path.native() + ": " + fault);
        ++refused_files_;
    };
    std::vector<File> files;
    for (const fs::path& path : paths) {
        auto file = open_trusted(path, loading.private_copies);
        const auto is_same = [&](const File& other) { return other.look.is_of_same_file(file->look); };
        if (!file)
            refuse(path, file.error().text);
        else if (std::none_of(tried_.begin(), tried_.end(), is_same) &&
                 std::none_of(files.begin(), files.end(), is_same))
            files.push_back(std::move(*file));
    }
    const std::vector<Findings> findings =
        loading.in_child ? try_in_child(files, loading.deadline) : try_in_this_process(files);
    tried_.insert(tried_.end(), files.begin(), files.end());

    // What is named after its algorithm counts before others.
    std::vector<std::size_t> order;
    for (const bool named : {true, false})
        for (std::size_t i = 0; i < files.size(); ++i) {
            const bool is_named = std::any_of(
                findings[i].found.begin(), findings[i].found.end(),
                [&](const Findings::Found& one) { return is_named_after(files[i].path(), one.id); });
            if (is_named == named) order.push_back(i);
        }
    for (const std::size_t i : order) {
        for (const auto& one : findings[i].found) known_.emplace(one.id, one);
        const bool is_wanted =
            !loading.wanted ||
            std::any_of(findings[i].found.begin(), findings[i].found.end(), [&](const auto& one) {
                return std::any_of(loading.wanted->begin(), loading.wanted->end(),
                                   [&](const Wanted& wanted) { return wanted.id == one.id; }) &&
                       !find(one.id);
            });
        const std::size_t before = problems_.size();
        if (findings[i].found.empty() || !is_wanted)
            for (const std::string& fault : findings[i].faults)
                problems_.push_back(files[i].path().native() + ": " + fault);
        else if (const auto library = open_library(files[i])) {
            loaded_.push_back(files[i].look);
            add(*library, files[i].path());
        } else
            problems_.push_back(files[i].path().native() + ": " + library.error().text);
        if (problems_.size() > before) ++refused_files_;
    }
}

Caution Catalogue::caution_of(std::string_view id) const {
    const auto found = cautions_.find(id);
    return found == cautions_.end() ? Caution{} : found->second;
}

bool Catalogue::is_set_aside(std::string_view name) const {
    return std::find(set_aside_.begin(), set_aside_.end(), name) != set_aside_.end();
}

void Catalogue::add(const fcd_library* library, const fs::path& file) {
    Contents contents = read_library(*library);
    for (const std::string& fault : contents.faults) problems_.push_back(file.native() + ": " + fault);
    for (Contents::Sound& sound : contents.sound) {
        const std::string id = sound.table->id;
        if (is_set_aside(id)) continue;
        const Algorithm* const earlier = find(id);
        if (!earlier) {
            known_.emplace(id,
                           Findings::Found{id, sound.table->abilities, param_names(*library, *sound.table)});
            algorithms_.push_back({id, sound.table, library, file, params_of(*library, *sound.table),
                                   std::move(sound.diagnostics), caution_of(id)});
        } else if (earlier->table != sound.table) {
            problems_.push_back(file.native() + ": algorithm '" + id + "' is there already, from " +
                                earlier->file.native() + "; remove one of the two");
        }
    }
}

std::vector<std::string> Catalogue::known(std::uint32_t abilities, std::string_view param) const {
    std::vector<std::string> result;
    for (const auto& [id, found] : known_) {
        const bool has_param =
            param.empty() || std::find(found.params.begin(), found.params.end(), param) != found.params.end();
        if ((found.abilities & abilities) == abilities && has_param && !is_set_aside(id))
            result.push_back(id);
    }
    return result;
}

bool is_named_after(const fs::path& file, std::string_view id) {
    const std::string stem = file.stem().native();
    const auto same = [&stem](std::string_view name) {
        return std::equal(stem.begin(), stem.end(), name.begin(), name.end(), [](char in_file, char in_id) {
            return in_file == in_id || (in_file == '_' && (in_id == '-' || in_id == '.'));
        });
    };
    return same(id) || same(id.substr(id.rfind('.') + 1));  // npos + 1 is 0
}

const Algorithm* Catalogue::find(std::string_view id) const {
    const auto found =
        std::find_if(algorithms_.begin(), algorithms_.end(), [id](const auto& a) { return a.id() == id; });
    return found == algorithms_.end() ? nullptr : &*found;
}

std::string Catalogue::looked_in() const {
    if (searched_.empty()) return "";
    return "looked in: " + joined(searched_, [](const fs::path& directory) {
               std::error_code ignored;
               return directory.native() + (fs::exists(directory, ignored) ? "" : " (not there)");
           });
}

std::string Catalogue::missing(std::string_view id, std::uint32_t abilities) const {
    if (is_set_aside(id))
        return "algorithm '" + std::string(id) +
               "' is set aside, since a call to it ended the process before";
    const std::vector<std::string> known = this->known(0);
    const std::string hint = text::did_you_mean(id, this->known(abilities));
    std::string result =
        "there is no algorithm '" + std::string(id) + "'" + (hint.empty() ? "." : hint) +
        " Known: " + (known.empty() ? "none" : joined(known, [](const auto& name) { return name; }));
    if (!searched_.empty()) result += "; " + looked_in();
    if (refused_files_ > 0)
        result += "; " + std::to_string(refused_files_) +
                  (refused_files_ == 1 ? " file there was" : " files there were") +
                  " refused, 'forecastd plugins' says why";
    return result;
}

}  // namespace forecastd::plugin
