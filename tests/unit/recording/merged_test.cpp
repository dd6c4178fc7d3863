// Several files as one recording, in the order of time.
#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "recording/merged.hpp"
#include "unit/temporary.hpp"

namespace forecastd::recording {
namespace {

struct Folder : Temporary {
    [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
        std::string file = path + "/" + name;
        std::ofstream(file) << text;
        return file;
    }
};

struct Read {
    std::vector<std::string> lines, reports;
    std::uint64_t times_back = 0, left_out = 0, bytes = 0;
};

Read read(const std::vector<std::string>& files) {
    Read result;
    Merged merged(files, [&](const std::string& sentence) { result.reports.push_back(sentence); });
    lineprotocol::Points batch;
    while (merged.next_batch(batch, 32)) {
        CHECK(batch.points.size() <= 32);
        for (const lineprotocol::PointView& point : batch.points) {
            CHECK(batch.fields_of(point)->key == "v");
            result.lines.emplace_back(point.bytes);
        }
    }
    CHECK_FALSE(merged.stopped());
    result.times_back = merged.times_back();
    result.left_out = merged.left_out();
    result.bytes = merged.bytes_read();
    return result;
}

std::string line(const std::string& key, int value, std::int64_t minute) {
    return key + " v=" + std::to_string(value) + " " + std::to_string(minute * 60'000'000'000);
}

}  // namespace

TEST_CASE("files that are longer than what is read at once come in the order of time") {
    const Folder folder;
    std::vector<std::string> expected;
    std::string texts[3];
    std::size_t bytes = 0;
    for (int i = 0; i < 30'000; ++i) {
        // The third has one point for ten of the others, and begins later.
        for (int file = 0; file < 3; ++file) {
            if (file == 2 && (i < 5'000 || i % 10 != 0)) continue;
            expected.push_back(line(std::string(1, static_cast<char>('a' + file)), i, i));
            texts[file] += expected.back() + "\n";
        }
    }
    std::vector<std::string> files;
    for (const std::string& text : texts) {
        files.push_back(folder.write("file" + std::to_string(files.size()), text));
        bytes += text.size();
    }
    const Read result = read(files);
    CHECK(result.lines == expected);
    CHECK(result.reports.empty());
    CHECK(result.times_back == 0);
    CHECK(result.bytes == bytes);
}

TEST_CASE("one file behind the other, with lines that are no points, and a point without a time") {
    const Folder folder;
    const std::string later = folder.write("later", line("m", 3, 3) + "\nm v=4\n" + line("m", 5, 5));
    const std::string earlier =
        folder.write("earlier", line("m", 1, 1) + "\nno point\n" + line("m", 2, 2) + "\n");
    const Read result = read({later, earlier});
    CHECK(result.lines == std::vector<std::string>{line("m", 1, 1), line("m", 2, 2), line("m", 3, 3), "m v=4",
                                                   line("m", 5, 5)});
    CHECK(result.left_out == 1);
    REQUIRE(result.reports.size() == 1);
    CHECK(result.reports[0].find("earlier', line 2") != std::string::npos);
}

TEST_CASE("a file that goes back in time comes as it stands, and that is counted") {
    const Folder folder;
    const std::string file =
        folder.write("file", line("a", 1, 10) + "\n" + line("b", 1, 8) + "\n" + line("b", 2, 10) + "\n");
    const Read result = read({file});
    CHECK(result.lines.size() == 3);
    CHECK(result.times_back == 1);
}

TEST_CASE("a file that is not there is reported, and the others are read") {
    const Folder folder;
    const Read result = read({"/nowhere/at/all", folder.write("file", line("m", 1, 1))});
    CHECK(result.lines.size() == 1);
    REQUIRE(result.reports.size() == 1);
    CHECK(result.reports[0] == "'/nowhere/at/all' cannot be opened: No such file or directory");
}

}  // namespace forecastd::recording
