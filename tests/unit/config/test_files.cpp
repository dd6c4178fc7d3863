// A config of several files, all of them made up (algorithms.hpp).
#include "config/files.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "unit/config/algorithms.hpp"
#include "unit/temporary.hpp"

namespace {

using namespace forecastd::config;
using Texts = std::vector<std::string>;

struct Read {
    Config config;
    Texts texts, hints, files, pipelines;
    std::vector<std::filesystem::path> looked_at;
};
Read finished(const Document& document, std::vector<Problem>& problems) {
    Read result{document.read(tests::catalogue(), problems), {}, {}, document.files(), {}, {}};
    for (const forecastd::FileLook& look : document.looked_at()) result.looked_at.push_back(look.path());
    for (const Problem& problem : problems) result.texts.push_back(problem.text());
    for (const Problem& hint : document.hints(result.config)) result.hints.push_back(hint.text());
    for (const Pipeline& pipeline : result.config.pipelines) result.pipelines.push_back(pipeline.name);
    return result;
}
// A text that is called main.json.
Read read(const std::string& text) {
    std::vector<Problem> problems;
    const auto document = Document::parse(text, problems, "main.json", tests::surroundings());
    return finished(document, problems);
}
Read open(const std::string& path) {
    std::vector<Problem> problems;
    const auto document = Document::open(path, problems, tests::surroundings());
    return finished(document, problems);
}

const std::string own =
    R"("pipelines": [{"name": "own", "namepass": ["own"], "detect": {"plugin": "limit"}}])";

TEST_CASE("pipelines of files that are included come behind the file's own, in order") {
    const Read found =
        read("{\"include\": [\"b.jsonc\", \"folder/c.json\", \"a.json\", \"limits.json\"], " + own + "}");
    CHECK(found.texts == Texts{});
    CHECK(found.hints == Texts{});
    CHECK(found.pipelines == Texts{"own", "b", "c", "a"});
    CHECK(found.config.limits.max_series == 5);
    CHECK(found.files == Texts{"main.json", "b.jsonc", "folder/c.json", "a.json", "limits.json"});
    CHECK(read(R"({"include": ["?.json"]})").texts.size() ==
          2);  // a name, as it stands; and there is no pipeline
}

TEST_CASE("a pattern takes the files that match it, by name") {
    const Read found = read("{\"include\": [\"[ab].json*\", \"limits.json\"], " + own + "}");
    CHECK(found.pipelines == Texts{"own", "a", "b"});
    CHECK(read("{\"include\": [\"more.d/*.json\"], " + own + "}").hints ==
          Texts{"main.json:1:14: include[0]: found \"more.d/*.json\", and there is no such file, so nothing "
                "is included"});
}

TEST_CASE("a directory is the files in it, by name, and what they include from where they are") {
    const Read found = open("folder");
    CHECK(found.texts == Texts{});
    CHECK(found.pipelines == Texts{"c", "a"});
    CHECK(found.config.limits.max_series == 7);
    CHECK(found.files == Texts{"folder/c.json", "folder/d.jsonc", "folder/../a.json"});
    CHECK(found.looked_at == Paths{"folder", "folder/c.json", "folder/d.jsonc", "folder/../a.json"});
    CHECK(open("none").texts ==
          Texts{"the directory 'none' has no config, expected at least one file *.json or *.jsonc"});
}

TEST_CASE("a key at the top stands in one of the files") {
    const Read found = read(R"({"include": ["limits.json"], "limits": {"max_series": 3}, )" + own + "}");
    CHECK(found.texts == Texts{"limits.json:2:3: limits: the key is given in 'main.json' already, expected "
                               "in one of the files"});
    CHECK(found.config.limits.max_series == 3);
    CHECK(found.pipelines == Texts{"own"});
    // Editors want the schema in each.
    CHECK(read(R"({"$schema": "x", "include": ["a.json"], )" + own + "}").texts.empty());
}

TEST_CASE("a file is read once, and none includes itself") {
    CHECK(open("cycle.json").texts ==
          Texts{"cycle.json:1:29: include: 'cycle.json' includes itself: 'cycle.json' includes 'cycle.json'",
                "cycle.json:1:1: pipelines: the key is missing, expected a list of one or more pipelines"});
    const Read twice = read("{\"include\": [\"a.json\", \"folder/../a.json\"], " + own + "}");
    CHECK(twice.texts ==
          Texts{"main.json:1:24: include: 'folder/../a.json' is read already, expected each file once"});
    CHECK(twice.pipelines == Texts{"own", "a"});
}

TEST_CASE("a file that is wrong is told of by its own name, and the rest runs") {
    const Read found = read("{\"include\": [\"broken.json\", \"none.json\", \"a.json\"],\n" + own + "}");
    CHECK(found.texts == Texts{"broken.json:2:17: this is not JSON: found '}', expected a value",
                               "main.json:1:29: cannot read the config 'none.json'"});
    CHECK(found.pipelines == Texts{"own", "a"});
    CHECK(read("{\"include\": \"a.json\", " + own + "}").texts ==
          Texts{"main.json:1:2: include: found \"a.json\", expected a list of files"});
    CHECK(read("{\"include\": [1], " + own + "}").texts ==
          Texts{"main.json:1:2: include[0]: found 1, expected a string that is not empty"});
}

TEST_CASE("problems and hints name the file, and a pipeline by its place in it") {
    const std::string text = R"({"include": ["a.json"], "pipelines": [
      {"name": "a", "namepass": ["x"], "detect": {"plugin": "limit"}},
      {"namepass": [], "detect": {"plugin": "limit"}}]})";
    const Read found = read(text);
    CHECK(found.texts ==
          Texts{"a.json:1:17: pipelines[0].name of pipeline 'a': found \"a\", the name of a pipeline of "
                "another file already, expected another name"});
    REQUIRE(found.hints.size() == 1);
    CHECK(found.hints[0].starts_with("main.json:3:8: pipelines[1].namepass: no name can pass it"));
    // Of one file, as ever.
    const Read one = read(R"({"include": ["a.json"], "pipelines": [
      {"name": "p", "namepass": ["x"], "detect": {"plugin": "limit"}},
      {"name": "p", "namepass": ["y"], "detect": {"plugin": "limit"}}]})");
    CHECK(one.texts ==
          Texts{"main.json:3:8: pipelines[1].name of pipeline 'p': found \"p\", the name of pipelines[0] "
                "already, expected another name"});
}

TEST_CASE("pipelines that are no list") {
    const Read found = read(R"({"include": ["a.json"], "pipelines": {}})");
    CHECK(found.texts ==
          Texts{"main.json:1:25: pipelines: found {}, expected a list of one or more pipelines"});
    CHECK(found.pipelines == Texts{"a"});
}

TEST_CASE("without surroundings nothing is read") {
    std::vector<Problem> problems;
    const auto document = Document::parse("{\"include\": [\"a.json\"], " + own + "}", problems);
    const Read found = finished(document, problems);
    CHECK(found.texts ==
          Texts{"line 1, column 14: include[0]: no file can be read here, expected a config without "
                "'include'"});
    CHECK(found.pipelines == Texts{"own"});
}

}  // namespace

TEST_CASE("what changes while a config is read has changed") {
    namespace fs = std::filesystem;
    const forecastd::Temporary temporary;
    const fs::path folder = temporary.path;
    const fs::path file = folder / "a.json";
    const auto write = [](const fs::path& to, const std::string& text) { std::ofstream(to) << text; };
    write(file, "{}");
    fs::create_directory(folder / "more");

    Surroundings slow = system_surroundings();
    std::vector<Problem> problems;
    auto looks = Document::open(folder, problems, slow).looked_at();
    std::size_t expected = 2;
    CHECK(looks.size() == expected);
    CHECK_FALSE(forecastd::any_has_changed(looks));

    SUBCASE("a file, behind the read of it") {
        slow.read = [&](const fs::path& path, const std::string& what) {
            auto text = system_surroundings().read(path, what);
            write(path, R"({"pipelines": []})");
            return text;
        };
    }
    SUBCASE("a directory, once its files are listed") {
        slow.list = [&](const fs::path& path) {
            auto files = system_surroundings().list(path);
            write(folder / "b.json", "{}");
            return files;
        };
    }
    SUBCASE("a folder of which files are included") {
        write(file, R"({"include": ["more/*.json"]})");
        slow.match = [&](const fs::path& pattern) {
            auto files = system_surroundings().match(pattern);
            write(folder / "more/b.json", "{}");
            return files;
        };
        expected = 3;
    }
    looks = Document::open(folder, problems, slow).looked_at();
    CHECK(looks.size() == expected);
    CHECK(forecastd::any_has_changed(looks));
    CHECK_FALSE(forecastd::any_has_changed(looks));
}
