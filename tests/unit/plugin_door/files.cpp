// What is decided before a file is opened, and where files are looked for.
#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "plugin/catalogue.hpp"
#include "plugin/file.hpp"
#include "unit/temporary.hpp"

namespace forecastd::plugin {
namespace {

namespace fs = std::filesystem;

// Why a file is not trusted; "" if it is.
std::string permission_fault(const fs::path& file) {
    const auto opened = open_trusted(file);
    return opened ? "" : opened.error().text;
}

// A directory of its own with a file that looks like a plugin.
struct Folder {
    Folder() {
        std::ofstream(file) << "no shared object";
        ::chmod(file.c_str(), 0644);
    }

    Temporary temporary;
    fs::path path = temporary.path, file = path / "it.so";
};

// Gives a file to user 65534. False where there is no such user, as in a container whose root is not the system's.
bool belongs_to_another(const fs::path& file) {
    if (::chown(file.c_str(), 65534, 65534) == 0) return true;
    REQUIRE(errno == EINVAL);
    MESSAGE("left out: there is no user 65534 here");
    return false;
}

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
    if (!belongs_to_another(file)) return;
    CHECK(
        permission_fault(file) ==
        "belongs to user 65534, expected root or the user that runs forecastd (0); change that with 'chown'");
}

TEST_CASE_FIXTURE(Folder, "a directory that others may write to is refused, unless it is sticky") {
    const std::string expected =
        "is in " + path.native() +
        ", which others may write to (mode 0707) and so could replace it; forbid that "
        "with 'chmod go-w " +
        path.native() + "'";
    ::chmod(path.c_str(), 0707);
    CHECK(permission_fault(file) == expected);

    const Folder safe;
    fs::create_symlink(file, safe.path / "link.so");
    CHECK(permission_fault(safe.path / "link.so") == expected);

    ::chmod(path.c_str(), 01777);
    CHECK(permission_fault(file) == "");
    ::chmod(path.c_str(), 0770);
    CHECK(permission_fault(file).starts_with("is in " + path.native() +
                                             ", which its group may write to (mode 0770)"));
}

TEST_CASE_FIXTURE(Folder, "every directory above counts, also those above a link") {
    fs::create_directories(path / "open" / "private");
    fs::copy(file, path / "open/private/it.so");
    ::chmod((path / "open/private/it.so").c_str(), 0644);
    CHECK(permission_fault(path / "open/private/it.so") == "");
    ::chmod((path / "open").c_str(), 0777);
    const std::string expected =
        "is in " + (path / "open").native() + ", which its group may write to (mode 0777)";
    CHECK(permission_fault(path / "open/private/it.so").starts_with(expected));
    fs::create_symlink(file, path / "open/private/link.so");
    CHECK(permission_fault(path / "open/private/link.so").starts_with(expected));
    fs::create_directory_symlink(path, path / "open/private/way");
    CHECK(permission_fault(path / "open/private/way/it.so").starts_with(expected));
}

TEST_CASE_FIXTURE(Folder, "a directory of another user is refused" * doctest::skip(::geteuid() != 0)) {
    if (!belongs_to_another(path)) return;
    CHECK(permission_fault(file) == "is in " + path.native() +
                                        ", which belongs to user 65534, expected root or the user that runs "
                                        "forecastd (0); change that with "
                                        "'chown'");
    ::chmod(path.c_str(), 01777);  // its owner may replace the file even so
    CHECK(permission_fault(file).starts_with("is in " + path.native() + ", which belongs to user 65534"));
}

// What somebody may do between the look at a file and its use.
TEST_CASE_FIXTURE(Folder, "what is loaded is what was examined, while a link changes its target") {
    const Folder evil;
    std::ofstream(evil.file) << "evil";
    ::chmod(evil.file.c_str(), 0646);
    const fs::path link = path / "link.so", other = path / "other.so";
    std::atomic<bool> ended = false;
    fs::create_symlink(file, link);
    std::thread flipper([&] {
        for (bool good = true; !ended; good = !good) {
            fs::create_symlink(good ? file : evil.file, other);
            fs::rename(other, link);
        }
    });
    int opened = 0;
    // On a busy machine the link may stand still on the bad one for long.
    for (int i = 0; i < 2000 || (opened == 0 && i < 1'000'000); ++i) {
        const auto found = open_trusted(link);
        if (!found) continue;
        ++opened;
        std::string text;
        std::getline(std::ifstream(found->load_name), text);
        REQUIRE(text == "no shared object");
        if (found->load_name.starts_with("/proc/self/fd/")) ::close(std::stoi(found->load_name.substr(14)));
    }
    ended = true;
    flipper.join();
    CHECK(opened > 0);
}

TEST_CASE_FIXTURE(Folder, "writing over the file changes nothing in what was opened") {
    const auto opened = open_trusted(file);
    REQUIRE(opened);
    std::ofstream(file) << "something else";
    std::string text;
    std::getline(std::ifstream(opened->load_name), text);
    CHECK(text == "no shared object");
    const auto in_place = open_trusted(file, false);
    REQUIRE(in_place);
    CHECK(in_place->load_name == file.native());
}

TEST_CASE("the names under which an algorithm is looked for first") {
    CHECK(is_named_after("/p/holt.so", "holt"));
    CHECK(is_named_after("/p/holt_winters.so", "holt-winters"));
    CHECK(is_named_after("/p/acme.spikes.so", "acme.spikes"));
    CHECK(is_named_after("/p/acme_spikes.so", "acme.spikes"));
    CHECK(is_named_after("/p/spikes.so", "acme.spikes"));
    CHECK_FALSE(is_named_after("/p/acme.so", "acme.spikes"));
    CHECK_FALSE(is_named_after("/p/holt.so", "holt-winters"));
    CHECK_FALSE(is_named_after("/p/holt-winters.so", "holt_winters"));
}

TEST_CASE_FIXTURE(Folder, "what is no file is refused") {
    CHECK(permission_fault(path) ==
          "is no regular file; a plugin is a shared object, so move this elsewhere");
    ::mkfifo((path / "fifo.so").c_str(), 0644);
    CHECK(permission_fault(path / "fifo.so").starts_with("is no regular file"));
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
