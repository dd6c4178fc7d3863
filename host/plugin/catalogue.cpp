#include "plugin/catalogue.hpp"

#include <algorithm>
#include <system_error>

#include "plugin/checks.hpp"
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

void Catalogue::load(const std::vector<fs::path>& directories) {
    for (const auto& directory : directories) {
        searched_.push_back(directory);
        std::error_code error;
        if (fs::status(directory, error).type() == fs::file_type::not_found) continue;
        std::vector<fs::path> files;
        for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
             entry.increment(error))
            if (entry->path().extension() == ".so") files.push_back(entry->path());
        if (error)
            problems_.push_back(directory.native() + ": cannot be searched for plugins: " + error.message());
        std::sort(files.begin(), files.end());
        for (const auto& file : files) load_file(file);
    }
}

bool Catalogue::is_set_aside(std::string_view name) const {
    return std::find(set_aside_.begin(), set_aside_.end(), name) != set_aside_.end();
}

void Catalogue::load_file(const fs::path& file) {
    if (is_set_aside(file.native())) return;
    const std::size_t problems_before = problems_.size();
    std::string fault = permission_fault(file);
    if (const fcd_library* library = fault.empty() ? open_library(file, fault) : nullptr)
        add(library, file);
    else
        problems_.push_back(file.native() + ": " + fault);
    if (problems_.size() > problems_before) ++refused_files_;
}

void Catalogue::add(const fcd_library* library, const fs::path& file) {
    if (auto fault = library_fault(*library); !fault.empty()) {
        problems_.push_back(file.native() + ": " + fault);
        return;
    }
    for (std::uint32_t i = 0; i < library->algorithm_count; ++i) {
        if (auto fault = algorithm_fault(*library, i); !fault.empty()) {
            problems_.push_back(file.native() + ": " + fault);
            continue;
        }
        const fcd_algorithm* const table = library->algorithms[i];
        Diagnostics diagnostics;
        if (auto fault = read_diagnostics(*table, diagnostics); !fault.empty()) {
            problems_.push_back(file.native() + ": algorithm '" + table->id + "': " + fault);
            continue;
        }
        if (is_set_aside(table->id)) continue;
        const Algorithm* const earlier = find(table->id);
        if (!earlier)
            algorithms_.push_back(
                {table, library, file, params_of(*library, *table), std::move(diagnostics)});
        else if (earlier->table != table)
            problems_.push_back(file.native() + ": algorithm '" + table->id + "' is there already, from " +
                                earlier->file.native() + "; remove one of the two");
    }
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

std::string Catalogue::missing(std::string_view id) const {
    if (is_set_aside(id))
        return "algorithm '" + std::string(id) + "' is set aside until forecastd is started again";
    std::vector<std::string> known;
    for (const auto& algorithm : algorithms_) known.emplace_back(algorithm.id());
    std::sort(known.begin(), known.end());

    const std::string hint = text::did_you_mean(id, known);
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
