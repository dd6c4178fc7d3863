#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "config/glob.hpp"

namespace {

using forecastd::config::glob_fault;
using forecastd::config::glob_match;
using forecastd::config::GlobList;

struct Case {
    std::string pattern;
    std::vector<std::string> matches, others;
};

TEST_CASE("globs match as in Telegraf") {
    const std::vector<Case> cases{
        {"cpu", {"cpu"}, {"cpu0", "CPU", "xcpu", ""}},
        {"cpu*", {"cpu", "cpu0", "cpu-total"}, {"xcpu", "cp"}},
        {"*cpu*", {"cpu", "a.cpu/b", "ccpu"}, {"cp u"}},
        {"*", {"", "a", "a b/c"}, {}},
        {"a**b", {"ab", "axxb"}, {"a", "abx"}},
        {"cpu?", {"cpu0", "cpu\u00b5"}, {"cpu", "cpu10"}},
        {"\u00b5?", {"\u00b5s"}, {"us"}},
        {"cpu[0-3]", {"cpu0", "cpu3"}, {"cpu4", "cpu"}},
        {"[abc]x", {"ax", "cx"}, {"dx", "x"}},
        {"[!abc]x", {"dx", "!x"}, {"ax"}},
        {"[a-]", {"a", "-"}, {"b"}},
        {"[\\]]", {"]"}, {"\\"}},
        {"[a-cx-z9]", {"b", "y", "9"}, {"d", "-"}},
        {"{cpu,mem}", {"cpu", "mem"}, {"cpumem", "", "{cpu,mem}"}},
        {"{cpu,mem}_*", {"cpu_x", "mem_"}, {"cpu"}},
        {"a{,b}c", {"ac", "abc"}, {"abbc"}},
        {"{a{b,c},d*}e", {"abe", "ace", "dxe", "de"}, {"ae", "abde"}},
        {"\\*", {"*"}, {"a", "\\*"}},
        {"a\\,b", {"a,b"}, {"a"}},
        {"a,b}", {"a,b}"}, {"a"}},
        {"", {""}, {"a"}},
    };
    for (const auto& each : cases) {
        const std::string& pattern = each.pattern;
        CHECK_MESSAGE(glob_fault(pattern).empty(), pattern);
        for (const auto& text : each.matches)
            CHECK_MESSAGE(glob_match(pattern, text), pattern << " on " << text);
        for (const auto& text : each.others)
            CHECK_MESSAGE(!glob_match(pattern, text), pattern << " on " << text);
    }
}

TEST_CASE("faults are named, and a faulty pattern matches nothing") {
    const std::vector<std::pair<std::string, std::string>> faults{
        {"[a", "it has a '[' without its ']'; write '\\[' for the character"},
        {"[!", "it has a '[' without its ']'; write '\\[' for the character"},
        {"[]", "it has a [] with nothing in it"},
        {"[z-a]", "it has a range in [] that runs backwards"},
        {"{a,b", "it has a '{' without its '}'; write '\\{' for the character"},
        {"a\\", "it ends in a '\\' that escapes nothing; write '\\\\' for a backslash"},
        {"[a\\", "it ends in a '\\' that escapes nothing; write '\\\\' for a backslash"},
        {std::string(17, '{'), "it has '{' within '{' more than 16 deep"},
    };
    for (const auto& [pattern, fault] : faults) {
        CHECK(glob_fault(pattern) == fault);
        CHECK_FALSE(glob_match(pattern, pattern));
    }
}

TEST_CASE("a list matches if any of its patterns does; an empty one matches nothing") {
    const GlobList list({"cpu*", "mem"});
    CHECK(list.match("cpu0"));
    CHECK(list.match("mem"));
    CHECK_FALSE(list.match("disk"));
    CHECK_FALSE(GlobList().match(""));
    CHECK(list.patterns() == std::vector<std::string>{"cpu*", "mem"});
}

TEST_CASE("no pattern takes exponential time") {
    std::string pattern;
    for (int i = 0; i < 100; ++i) pattern += "{*a,*a}*";
    CHECK_FALSE(glob_match(pattern + "b", std::string(500, 'a')));
    CHECK(glob_match(pattern, std::string(500, 'a')));
}

TEST_CASE("text that is no UTF-8 can be matched") {
    CHECK(glob_match("a?b",
                     "a\xff"
                     "b"));
    CHECK(glob_match("*", "\xe2\x82"));
}

}  // namespace
