// What one life of the process leaves to the next, of any length.
#include <doctest/doctest.h>
#include <stdlib.h>

#include <string>

#include "process/handover.hpp"

namespace forecastd::process {
namespace {

EarlierLives handed_over(const Handover& handover) {
    const int file = write_handover(handover, Crash::Kind::deadline, 200, true, 77, "acme.slow one");
    REQUIRE(file > 2);
    ::setenv(handover_variable, std::to_string(file).c_str(), 1);
    return take_over();
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
        crashes += Crash{Crash::Kind::signal, 11, i % 2 == 0, 0, "acme." + std::string(200, 'x')}.line();
    const std::string unanswered = std::string(3'000'000, 'u') + '\0' + "\n";
    const std::string carried("\0\1\2", 3);
    const EarlierLives lives = handed_over({crashes, 4999, 123456789, carried, unanswered});
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
    CHECK(lives.unanswered == unanswered);
    CHECK(take_over().crashes.empty());
}

}  // namespace forecastd::process
