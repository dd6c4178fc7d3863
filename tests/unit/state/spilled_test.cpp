// Series that gave way, on disk, and back.
#include "state/spilled.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <map>
#include <random>

#include "unit/temporary.hpp"

namespace forecastd::state {
namespace {

struct Rig {
    explicit Rig(std::size_t most = 1000, const std::string& path = "") : place(path) {
        REQUIRE(directory);
        auto opened = Spilled::open(
            *directory, most, [this](config::LogLevel, const std::string& text) { told.push_back(text); });
        REQUIRE_MESSAGE(opened, opened.error().text);
        spilled = std::move(*opened);
    }
    void put(int i, const std::string& state) {
        const std::string key = "m,i=" + std::to_string(i);
        spilled->put({"p", key, "v", cohort, state});
    }
    // What was kept; "": nothing.
    std::string take(int i) {
        std::string state;
        const std::string key = "m,i=" + std::to_string(i);
        spilled->take({"p", key, "v"}, [&](const engine::SavedSeries& saved) {
            CHECK(saved.key == key);
            CHECK(saved.cohort.size() == cohort.size());
            state.assign(saved.state.begin(), saved.state.end());
        });
        return state;
    }

    const std::string cohort = "the cohort";
    std::vector<std::string> told;
    const Temporary own;
    const std::string place;
    Expected<Directory> directory = Directory::open(place.empty() ? own.path : place);
    std::unique_ptr<Spilled> spilled;
};

}  // namespace

TEST_CASE("what was put is taken once, the newest of it") {
    Rig rig;
    rig.put(1, "one");
    rig.put(2, "two");
    rig.spilled->end_group();
    rig.put(1, "one again");
    rig.spilled->end_group();
    CHECK(rig.spilled->size() == 2);
    CHECK(rig.take(1) == "one again");
    CHECK(rig.take(1).empty());
    CHECK(rig.take(3).empty());
    CHECK(rig.take(2) == "two");
    CHECK(rig.spilled->size() == 0);
    rig.put(4, "four");
    rig.spilled->end_group();
    rig.spilled->forget({"p", "m,i=4", "v"});
    CHECK(rig.take(4).empty());
    CHECK(rig.told.empty());
}

TEST_CASE("beyond what is kept, the oldest go") {
    Rig rig(100);
    for (int i = 0; i < 1000; ++i) {
        rig.put(i, "state " + std::to_string(i));
        if (i % 8 == 7) rig.spilled->end_group();
    }
    CHECK(rig.spilled->size() <= 108);
    CHECK(rig.spilled->size() >= 50);
    CHECK(rig.take(999) == "state 999");
    CHECK(rig.take(960) == "state 960");
    CHECK(rig.take(0).empty());
}

TEST_CASE("a later life of the process finds them") {
    const Temporary place;
    {
        Rig first(1000, place.path);
        for (int i = 0; i < 700; ++i) {
            first.put(i, "state " + std::to_string(i));
            if (i % 32 == 31) first.spilled->end_group();
        }
        first.spilled->end_group();
    }
    {
        Rig second(1000, place.path);
        CHECK(second.spilled->size() == 700);
        CHECK(second.take(0) == "state 0");
        CHECK(second.take(699) == "state 699");
        second.put(1000, "of the second");
        second.spilled->end_group();
    }
    Rig third(1000, place.path);
    CHECK(third.take(1000) == "of the second");
    CHECK(third.take(350) == "state 350");
    struct stat status {};
    REQUIRE(::stat((place.path + "/evicted").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("damage costs what is damaged, and a foreign file is moved aside") {
    const Temporary place;
    {
        Rig first(1000, place.path);
        for (int i = 0; i < 320; ++i) {
            first.put(i, "state " + std::to_string(i));
            if (i % 32 == 31) first.spilled->end_group();
        }
    }
    {
        std::fstream file(place.path + "/evicted", std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(500);
        file.put('x');
    }
    {
        Rig second(1000, place.path);
        CHECK(second.spilled->size() == 320 - 32);
        CHECK(second.take(0).empty());
        CHECK(second.take(319) == "state 319");
    }
    std::ofstream(place.path + "/evicted") << "something else that stands there";
    Rig third(1000, place.path);
    REQUIRE(third.told.size() == 1);
    CHECK(third.told[0].find("is no snapshot of forecastd; it is kept as") != std::string::npos);
    third.put(1, "one");
    third.spilled->end_group();
    CHECK(third.take(1) == "one");
}

TEST_CASE("the index: as a map, whatever is put and erased") {
    SpillIndex index;
    std::map<std::uint64_t, std::uint64_t> expected;
    std::mt19937_64 random(1);
    for (int i = 0; i < 100'000; ++i) {
        const std::uint64_t hash = (random() % 3000) * 1024;  // many have one home
        if (random() % 3 != 0) {
            index.put(hash, static_cast<std::uint64_t>(i));
            expected[hash] = static_cast<std::uint64_t>(i);
        } else {
            index.erase(hash);
            expected.erase(hash);
        }
    }
    CHECK(index.size() == expected.size());
    for (std::uint64_t i = 0; i < 3000; ++i) {
        const auto found = expected.find(i * 1024);
        CHECK(index.find(i * 1024) ==
              (found == expected.end() ? std::nullopt : std::optional(found->second)));
    }
}

}  // namespace forecastd::state
