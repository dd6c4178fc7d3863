// What one life of the process leaves to the next, of any length.
#include <doctest/doctest.h>
#include <signal.h>
#include <stdlib.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "process/handover.hpp"

namespace forecastd::process {
namespace {

EarlierLives handed_over(const Handover& handover, const CrashFacts& facts, const CrashTexts& texts) {
    const NewCrash crash{facts, texts};
    const int file = write_handover(handover, &crash);
    REQUIRE(file > 2);
    ::setenv(handover_variable, std::to_string(file).c_str(), 1);
    return take_over();
}
EarlierLives handed_over(const Handover& handover) {
    return handed_over(handover, {Crash::Kind::deadline, 200, true, 77, false, Crash::Subject::none},
                       {"acme.slow one", {}, {}, {}});
}

}  // namespace

TEST_CASE("without an earlier life there is nothing") {
    ::unsetenv(handover_variable);
    const EarlierLives lives = take_over();
    CHECK(lives.crashes.empty());
    CHECK(lives.unanswered.empty());
    CHECK_FALSE(lives.stop_time);
}

TEST_CASE("everything arrives, whatever its length") {
    std::string crashes;
    for (int i = 0; i < 5000; ++i)
        crashes += Crash{{Crash::Kind::signal, 11, i % 2 == 0, 0, false, Crash::Subject::none},
                         "acme." + std::string(200, 'x'),
                         "",
                         "",
                         ""}
                       .record();
    const std::string unanswered = std::string(3'000'000, 'u') + '\0' + "\n";
    const std::string carried("\0\1\2", 3);
    const std::string answered(2'000'000, 'a');
    const EarlierLives lives = handed_over({crashes, 4999, 123456789, carried, answered, unanswered, 12});
    REQUIRE(lives.crashes.size() == 5001);
    CHECK(lives.crashes[1].plugin == "acme." + std::string(200, 'x'));
    CHECK_FALSE(lives.crashes[1].during_call);
    CHECK(lives.crashes[5000].plugin == "acme.slow one");
    CHECK(lives.crashes[5000].text() ==
          "plugin 'acme.slow one' did not return from a call within 200 ms, and left a core file of process "
          "77");
    CHECK(lives.reported == 4999);
    REQUIRE(lives.stop_time);
    CHECK(lives.stop_time->time_since_epoch().count() == 123456789);
    CHECK(lives.carried == carried);
    CHECK(lives.answered == answered);
    CHECK(lives.unanswered == unanswered);
    CHECK(lives.state_file == 12);
    CHECK_FALSE(lives.on_request);
    CHECK(take_over().crashes.empty());
}

TEST_CASE("on request there is no crash, and earlier ones are forgotten") {
    const std::string crashes =
        Crash{{Crash::Kind::signal, 11, true, 0, false, Crash::Subject::none}, "acme.x", "", "", ""}.record();
    const int file = write_handover({crashes, 1, 0, "carried", "answered", "unanswered", 7}, nullptr);
    REQUIRE(file > 2);
    ::setenv(handover_variable, std::to_string(file).c_str(), 1);
    const EarlierLives lives = take_over();
    CHECK(lives.crashes.empty());
    CHECK(lives.reported == 0);
    CHECK(lives.on_request);
    CHECK(lives.carried == "carried");
    CHECK(lives.answered == "answered");
    CHECK(lives.unanswered == "unanswered");
    CHECK(lives.state_file == 7);
}

TEST_CASE("the series of a call arrives, whatever bytes are in its names") {
    const std::string key = "m,s=a\nb " + std::string(100'000, 'k');
    const EarlierLives lives =
        handed_over({}, {Crash::Kind::signal, SIGSEGV, true, 0, true, Crash::Subject::series},
                    {"acme.spikes", "pipe 'a'", key, "v"});
    REQUIRE(lives.crashes.size() == 1);
    const Crash& crash = lives.crashes[0];
    CHECK(crash.subject == Crash::Subject::series);
    CHECK(crash.stopping);
    CHECK(crash.plugin == "acme.spikes");
    CHECK(crash.key == key);
    CHECK(crash.text() ==
          "plugin 'acme.spikes' crashed (Segmentation fault), at pipeline 'pipe 'a'', series '" + key +
              "', field 'v'");
}

// A crash may have damaged what the names are read from.
TEST_CASE("names that cannot be read leave the series out, and nothing else") {
    const std::string unanswered = "m v=1 1\n";
    const auto* const nowhere = reinterpret_cast<const char*>(std::uintptr_t{4096});
    for (const std::string_view key : {std::string_view(nowhere, 100), std::string_view("m", SIZE_MAX)}) {
        const EarlierLives lives =
            handed_over({{}, 0, 0, "carried", {}, unanswered, -1},
                        {Crash::Kind::signal, SIGSEGV, true, 0, false, Crash::Subject::series},
                        {"acme.spikes", "pipeline", key, "v"});
        REQUIRE(lives.crashes.size() == 1);
        CHECK(lives.crashes[0].subject == Crash::Subject::none);
        CHECK(lives.crashes[0].plugin == "acme.spikes");
        CHECK(lives.crashes[0].text() == "plugin 'acme.spikes' crashed (Segmentation fault)");
        CHECK(lives.carried == "carried");
        CHECK(lives.unanswered == unanswered);
    }
}

}  // namespace forecastd::process
