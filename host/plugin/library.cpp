#include "plugin/library.hpp"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/dll/shared_library.hpp>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <string_view>
#include <system_error>
#include <vector>

#include "plugin/at_work.hpp"
#include "version.hpp"

namespace forecastd::plugin {
namespace {

using Entry = const fcd_library*(const fcd_host*);

constexpr char entry_name[] = "forecastd_library_v1";
static_assert(FCD_ABI_MAJOR == 1, "the entry point's name carries the major version");

std::string octal(mode_t mode) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777));
    return text.data();
}

std::string directory_fault(const std::filesystem::path& directory) {
    struct stat status {};
    if (::stat(directory.c_str(), &status) != 0)
        return "stands in " + directory.native() +
               ", which cannot be examined: " + std::generic_category().message(errno);
    // In a sticky directory, others may add files but not replace those of somebody else.
    if ((status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0)
        return "stands in " + directory.native() + ", which others may write to (mode " +
               octal(status.st_mode) + ") and so could replace it; forbid that with 'chmod o-w " +
               directory.native() + "'";
    return "";
}

// dlerror's text without the file, which every fault begins with anyway.
std::string dlopen_fault(const std::filesystem::path& file, const std::error_code& code) {
    const char* const text = ::dlerror();
    std::string_view reason = text ? text : "";
    if (const std::string prefix = file.native() + ": "; reason.starts_with(prefix))
        reason.remove_prefix(prefix.size());
    return "cannot be loaded: " + (reason.empty() ? code.message() : std::string(reason));
}

std::string no_entry_fault(const boost::dll::shared_library& library) {
    for (const char other : std::string_view("023456789"))
        if (library.has(std::string("forecastd_library_v") + other))
            return std::string("is built for plugin interface version ") + other +
                   ", this forecastd speaks version " + std::to_string(FCD_ABI_MAJOR) +
                   ": rebuild it with this SDK";
    return std::string("exports no ") + entry_name +
           ", so it is no forecastd plugin; end a C++ plugin with FORECASTD_PLUGIN(Model), or move the file "
           "elsewhere";
}

const fcd_library* call(Entry& entry, std::string& fault) {
    static const fcd_host host{sizeof(fcd_host), FCD_ABI_MAJOR,
                               FCD_ABI_MINOR,    0,
                               version,          [](const char*) -> const void* { return nullptr; }};
    const std::string threw =
        std::string(entry_name) + " threw an exception, which an entry point must not: ";
    try {
        const fcd_library* const library = entry(&host);
        if (!library)
            fault = std::string(entry_name) + " returned NULL: it cannot run in forecastd " + version +
                    " with plugin interface " + std::to_string(FCD_ABI_MAJOR) + "." +
                    std::to_string(FCD_ABI_MINOR) + "; ask its author what it needs";
        return library;
    } catch (const std::exception& exception) {
        fault = threw + exception.what();
    } catch (...) {
        fault = threw + "something that is not a std::exception";
    }
    return nullptr;
}

}  // namespace

std::string permission_fault(const std::filesystem::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0)
        return "cannot be examined: " + std::generic_category().message(errno);
    if (!S_ISREG(status.st_mode))
        return "is no regular file; a plugin is a shared object, so move this elsewhere";
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return "may be written to by its group or by others (mode " + octal(status.st_mode) +
               "), who could change what forecastd runs; forbid that with 'chmod go-w " + file.native() + "'";
    if (status.st_uid != 0 && status.st_uid != ::geteuid())
        return "belongs to user " + std::to_string(status.st_uid) +
               ", expected root or the user that runs forecastd (" + std::to_string(::geteuid()) +
               "); change that with 'chown'";

    const auto directory = file.parent_path();
    if (auto fault = directory_fault(directory.empty() ? "." : directory); !fault.empty()) return fault;
    // Behind a symbolic link, the place of the file itself counts as well.
    std::error_code error;
    const auto target = std::filesystem::canonical(file, error);
    return error ? "cannot be examined: " + error.message() : directory_fault(target.parent_path());
}

const fcd_library* open_library(const std::filesystem::path& file, std::string& fault) {
    using boost::dll::load_mode::type;
    // Never destroyed, since destroying a handle would unload what tables and models point to.
    static auto& handles = *new std::vector<boost::dll::shared_library>;

    const AtWork opening(file.c_str());
    boost::dll::shared_library library;
    boost::dll::fs::error_code code;
    ::dlerror();
    // The lazy default of dlopen would accept a plugin with a missing symbol, and end the process at the
    // first call.
    library.load(file.native(), static_cast<type>(type::rtld_now | type::rtld_local), code);
    if (!library.is_loaded()) {
        fault = dlopen_fault(file, code);
        return nullptr;
    }
    handles.push_back(library);
    if (!library.has(entry_name)) {
        fault = no_entry_fault(library);
        return nullptr;
    }
    return call(library.get<Entry>(entry_name), fault);
}

}  // namespace forecastd::plugin
