// What is decided before a file is opened, and where files are looked for.
#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "plugin/catalogue.hpp"
#include "plugin/library.hpp"

namespace forecastd::plugin {
namespace {

namespace fs = std::filesystem;

// A directory of its own with a file that looks like a plugin.
struct Folder {
    Folder() {
        std::string name = fs::temp_directory_path() / "forecastd-loader-XXXXXX";
        path = ::mkdtemp(name.data());
        file = path / "it.so";
        std::ofstream(file) << "no shared object";
        ::chmod(file.c_str(), 0644);
    }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    fs::path path, file;
};

}  // namespace

TEST_CASE_FIXTURE(Folder, "a private file in a private directory may be opened") {
    CHECK(permission_fault(file) == "");
}

TEST_CASE_FIXTURE(Folder, "a file that others may change is refused") {
    ::chmod(file.c_str(), 0664);
    CHECK(permission_fault(file) ==
          "may be written to by its group or by others (mode 0664), who could change what forecastd runs; "
          "forbid that "
          "with 'chmod go-w " +
              file.native() + "'");
    ::chmod(file.c_str(), 0602);
    CHECK(permission_fault(file).starts_with("may be written to by its group or by others (mode 0602)"));
}

TEST_CASE_FIXTURE(Folder, "a file of another user is refused" * doctest::skip(::geteuid() != 0)) {
    REQUIRE(::chown(file.c_str(), 65534, 65534) == 0);
    CHECK(
        permission_fault(file) ==
        "belongs to user 65534, expected root or the user that runs forecastd (0); change that with 'chown'");
}

TEST_CASE_FIXTURE(Folder, "a directory that others may write to is refused, unless it is sticky") {
    const std::string expected =
        "stands in " + path.native() +
        ", which others may write to (mode 0777) and so could replace it; forbid that with "
        "'chmod o-w " +
        path.native() + "'";
    ::chmod(path.c_str(), 0777);
    CHECK(permission_fault(file) == expected);

    const Folder safe;
    fs::create_symlink(file, safe.path / "link.so");
    CHECK(permission_fault(safe.path / "link.so") == expected);

    ::chmod(path.c_str(), 01777);
    CHECK(permission_fault(file) == "");
}

TEST_CASE_FIXTURE(Folder, "what is no file is refused") {
    CHECK(permission_fault(path) ==
          "is no regular file; a plugin is a shared object, so move this elsewhere");
    CHECK(permission_fault(path / "none.so") == "cannot be examined: No such file or directory");
}

TEST_CASE_FIXTURE(Folder, "a file that is no shared object is refused with the reason of the system alone") {
    Catalogue catalogue;
    catalogue.load({path});
    REQUIRE(catalogue.problems().size() == 1);
    CHECK(catalogue.problems().front() == file.native() + ": cannot be loaded: file too short");
    CHECK(catalogue.missing("x").ends_with("; 1 file there was refused, 'forecastd plugins' says why"));
}

TEST_CASE_FIXTURE(Folder, "a plugin directory that is a file is reported") {
    Catalogue catalogue;
    catalogue.load({file});
    REQUIRE(catalogue.problems().size() == 1);
    CHECK(catalogue.problems().front() ==
          file.native() + ": cannot be searched for plugins: Not a directory");
}

TEST_CASE("the search path: configured, environment, beside the program; each once") {
    ::setenv("FORECASTD_PLUGIN_PATH", "/from/environment::/configured/plugins/:/x/../y", 1);
    const auto found = search_path({"/configured/plugins", "/configured/./plugins"});
    ::unsetenv("FORECASTD_PLUGIN_PATH");
    REQUIRE(found.size() == 4);
    CHECK(found[0] == "/configured/plugins");
    CHECK(found[1] == "/from/environment");
    CHECK(found[2] == "/y");
    CHECK(found[3] ==
          fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "lib/forecastd/plugins");
    CHECK(search_path({}).size() == 1);
}

}  // namespace forecastd::plugin
