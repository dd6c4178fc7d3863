// Messages on standard error.
#include <doctest/doctest.h>

#include "process/log.hpp"
#include "unit/process/pipe.hpp"

namespace forecastd::process {

using config::LogLevel;

TEST_CASE("a prefix for each level, and the filter") {
    const Pipe pipe;
    Log log(pipe.writer);
    log.write(LogLevel::error, "a");
    log.write(LogLevel::warn, "b");
    log.write(LogLevel::info, "c");
    log.write(LogLevel::debug, "d");
    CHECK(pipe.read() == "E! a\nW! b\n");
    log.set_level(LogLevel::debug);
    log.write(LogLevel::info, "c");
    log.write(LogLevel::debug, "d");
    CHECK(pipe.read() == "I! c\nD! d\n");
    log.set_level(LogLevel::error);
    log.write(LogLevel::warn, "b");
    log.write(LogLevel::error, "");
    CHECK(pipe.read() == "E! \n");
}

TEST_CASE("a message is one line, and control characters are written by their bytes") {
    const Pipe pipe;
    Log log(pipe.writer);
    log.write(LogLevel::error, "a\nb\n\nc");
    CHECK(pipe.read() == "E! a\\x0ab\\x0a\\x0ac\n");
    log.write(LogLevel::error, "series 'm,host=\x1b]0;title\x07\xc2\x9b\xff\xc3\xa4'");
    CHECK(pipe.read() == "E! series 'm,host=\\x1b]0;title\\x07\\xc2\\x9b\\xff\xc3\xa4'\n");
    Log::Limit limit;
    log.write(LogLevel::error, "\x1b[2J", limit);
    CHECK(pipe.read() == "E! \\x1b[2J\n");
}

TEST_CASE("lines are cut") {
    const Pipe pipe;
    Log log(pipe.writer);
    const std::size_t fits = Log::max_line_bytes - 4;  // "E! " and the newline
    log.write(LogLevel::error, std::string(fits, 'x'));
    CHECK(pipe.read() == "E! " + std::string(fits, 'x') + "\n");
    for (const std::size_t size : {fits + 1, fits + 2, 3 * fits, std::size_t{100'000}}) {
        log.write(LogLevel::error, std::string(size, 'x'));
        const std::string line = pipe.read();
        CHECK(line.size() == Log::max_line_bytes);
        CHECK(line.substr(line.size() - 11) == " ... (cut)\n");
        CHECK(line.find('x') == 3);
    }
}

TEST_CASE("the cut leaves no half of a character, and escapes do not make a line longer") {
    const Pipe pipe;
    Log log(pipe.writer);
    for (std::size_t before = 0; before < 4; ++before) {
        std::string text(before, 'x');
        while (text.size() < Log::max_line_bytes) text += "\xe2\x82\xac";
        log.write(LogLevel::error, text);
        const std::string line = pipe.read();
        CHECK(line.size() <= Log::max_line_bytes);
        CHECK(line.size() > Log::max_line_bytes - 4);
        CHECK(line.find("\xe2\x82 ") == std::string::npos);
        CHECK(line.substr(line.size() - 14) == "\xe2\x82\xac ... (cut)\n");
    }
    log.write(LogLevel::error, std::string(100'000, '\x1b'));
    CHECK(pipe.read().size() == Log::max_line_bytes);
}

TEST_CASE("a full pipe does not block") {
    const Pipe pipe;
    Log log(pipe.writer);
    for (int i = 0; i < 10'000; ++i) log.write(LogLevel::error, std::string(1000, 'x'));
    CHECK(pipe.read().size() >= 1004);
}

TEST_CASE("a flood: ten, then none, and a word about those that were left out") {
    const Pipe pipe;
    Log log(pipe.writer);
    Log::Limit limit;
    for (int i = 0; i < 25; ++i) log.write(LogLevel::error, "x", limit);
    std::string expected;
    for (int i = 0; i < 10; ++i) expected += "E! x\n";
    CHECK(pipe.read() == expected);
    CHECK(limit.skipped() == 15);
}

TEST_CASE("limits of different kinds do not know each other; what the level leaves out does not count") {
    const Pipe pipe;
    Log log(pipe.writer);
    Log::Limit first, second;
    for (int i = 0; i < 20; ++i) log.write(LogLevel::debug, "d", first);
    for (int i = 0; i < 20; ++i) log.write(LogLevel::error, "1", first);
    for (int i = 0; i < 20; ++i) log.write(LogLevel::error, "2", second);
    CHECK(pipe.read().size() == 20 * 5);
    CHECK(first.skipped() == 10);
}

// Waits for the interval of ten seconds: "test_process --no-skip" runs it.
TEST_CASE("the next message tells how many were left out" * doctest::skip()) {
    const Pipe pipe;
    Log log(pipe.writer);
    Log::Limit limit;
    for (int i = 0; i < 13; ++i) log.write(LogLevel::error, "x", limit);
    CHECK(pipe.read().size() == 50);
    ::sleep(11);
    log.write(LogLevel::error, "x", limit);
    CHECK(pipe.read() == "E! x (3 more such messages were left out before this one)\n");
    CHECK(limit.skipped() == 0);
}

}  // namespace forecastd::process
