// The directory of the snapshots: the lock, the generations, and who may write.
#include "state/directory.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "unit/temporary.hpp"

namespace forecastd::state {
namespace {

void publish(const Directory& directory, const std::string& text) {
    auto file = directory.begin_new();
    REQUIRE(file);
    REQUIRE(::write(file->get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    REQUIRE(directory.publish(*file));
}

std::string content(const Directory::Found& found) {
    char text[64]{};
    const ssize_t size = ::read(found.file.get(), text, sizeof text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

TEST_CASE("two generations are kept, the newest first") {
    const Temporary place;
    const auto directory = Directory::open(place.path + "/a/b");
    REQUIRE(directory);
    std::vector<std::string> problems;
    CHECK(directory->snapshots(problems).empty());
    for (const char* text : {"one", "two", "three"}) publish(*directory, text);
    const auto found = directory->snapshots(problems);
    REQUIRE(found.size() == 2);
    CHECK(content(found[0]) == "three");
    CHECK(content(found[1]) == "two");
    CHECK(problems.empty());
    const auto aside = directory->move_aside(found[0].name, "damaged");
    REQUIRE(aside);
    CHECK(std::filesystem::exists(*aside));
    CHECK(directory->snapshots(problems).size() == 1);
}

TEST_CASE("one process at a time has the lock") {
    const Temporary place;
    auto first = Directory::open(place.path), second = Directory::open(place.path);
    REQUIRE(first->lock());
    const auto refused = second->lock();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text == "another process saves to '" + place.path + "'");
    first->forget_lock();
    CHECK(second->lock());
}

TEST_CASE("what a process has left unfinished is removed, and what stands is kept") {
    const Temporary place;
    auto directory = Directory::open(place.path);
    publish(*directory, "one");
    ::close(::open((place.path + "/snapshot.new-1").c_str(), O_CREAT | O_WRONLY, 0600));
    const auto file = directory->begin_new();
    REQUIRE(file);
    REQUIRE(directory->lock());
    CHECK_FALSE(std::filesystem::exists(place.path + "/snapshot.new-1"));
    CHECK_FALSE(directory->publish(*file));  // its file is gone too
    std::vector<std::string> problems;
    REQUIRE(directory->snapshots(problems).size() == 1);
    CHECK(content(directory->snapshots(problems)[0]) == "one");
}

TEST_CASE("what others may write to is refused") {
    const Temporary place;
    const auto directory = Directory::open(place.path);
    publish(*directory, "one");
    ::chmod((place.path + "/snapshot").c_str(), 0666);
    std::vector<std::string> problems;
    CHECK(directory->snapshots(problems).empty());
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].find("others than its owner may write to") != std::string::npos);
    ::chmod(place.path.c_str(), 0777);
    const auto refused = Directory::open(place.path);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text.find("others than its owner may write to") != std::string::npos);
}

TEST_CASE("a directory that cannot be made is a sentence") {
    const auto refused = Directory::open("/proc/none/state");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text.find("the directory '/proc/none/state' cannot be made") == 0);
}

}  // namespace forecastd::state
