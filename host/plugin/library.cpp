#include "plugin/library.hpp"

#include <dlfcn.h>

#include <deque>
#include <exception>
#include <string>
#include <string_view>

#include "plugin/at_work.hpp"
#include "plugin/messages.hpp"
#include "version.hpp"

namespace forecastd::plugin {
namespace {

using Entry = const fcd_library*(const fcd_host*);

constexpr char entry_name[] = "forecastd_library_v1";
static_assert(FCD_ABI_MAJOR == 1, "the entry point's name carries the major version");

// dlerror's text without the file, with which every fault begins anyway.
std::string load_fault(const std::string& name) {
    const char* const text = ::dlerror();
    std::string_view reason = text ? text : "the system gives no reason";
    if (const std::string prefix = name + ": "; reason.starts_with(prefix))
        reason.remove_prefix(prefix.size());
    return "cannot be loaded: " + std::string(reason);
}

std::string no_entry_fault(void* library) {
    for (const char other : std::string_view("023456789"))
        if (::dlsym(library, (std::string("forecastd_library_v") + other).c_str()))
            return std::string("is built for plugin interface version ") + other +
                   ", this forecastd speaks version " + std::to_string(FCD_ABI_MAJOR) +
                   ": rebuild it with this SDK";
    return std::string("exports no ") + entry_name +
           ", so it is no forecastd plugin; end a C++ plugin with FORECASTD_PLUGIN(Model), or move the file "
           "elsewhere";
}

Expected<const fcd_library*> call(Entry& entry) {
    static const fcd_host host{sizeof(fcd_host), FCD_ABI_MAJOR, FCD_ABI_MINOR, 0, version, service};
    const std::string threw =
        std::string(entry_name) + " threw an exception, which an entry point must not: ";
    try {
        const fcd_library* const library = entry(&host);
        if (library) return library;
    } catch (const std::exception& exception) {
        return fail(threw + exception.what());
    } catch (...) {
        return fail(threw + "something that is not a std::exception");
    }
    return fail(std::string(entry_name) + " returned NULL: it cannot run in forecastd " + version +
                " with plugin interface " + std::to_string(FCD_ABI_MAJOR) + "." +
                std::to_string(FCD_ABI_MINOR) + "; ask its author what it needs");
}

// Nothing is ever closed, since tables and models point into the library.
// RTLD_NOW: with the lazy default, a missing symbol would end the process at the first call.
void* load(const std::string& name) { return ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL); }

}  // namespace

Expected<const fcd_library*> open_library(const File& file) {
    // A crash may be reported after the file's caller is gone.
    static auto& names = *new std::deque<std::string>;
    const AtWork opening(names.emplace_back(file.path().native()).c_str());
    void* library = load(file.load_name);
    // A library that it needs may be looked for beside it ($ORIGIN), where the copy is not; and a copy in
    // memory may be forbidden.
    if (!library && file.load_name != file.path().native()) library = load(file.path().native());
    if (!library) return fail(load_fault(file.path().native()));
    void* const entry = ::dlsym(library, entry_name);
    if (!entry) return fail(no_entry_fault(library));
    return call(*reinterpret_cast<Entry*>(entry));
}

}  // namespace forecastd::plugin
