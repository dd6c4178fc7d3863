// What is set aside after a list of crashes.
#include <doctest/doctest.h>
#include <signal.h>

#include <string>

#include "process/suspects.hpp"

namespace forecastd::process {
namespace {

using Measure = Suspects::Measure;

Crash crash(Crash::Subject subject, const std::string& key = "", Crash::Kind kind = Crash::Kind::signal) {
    Crash result;
    result.kind = kind;
    result.number = SIGSEGV;
    result.subject = subject;
    result.plugin = "p";
    result.pipeline = "one";
    result.key = key;
    result.field = "v";
    return result;
}
Crash of_series(const std::string& key, Crash::Kind kind = Crash::Kind::signal) {
    return crash(Crash::Subject::series, key, kind);
}
const Crash of_several = crash(Crash::Subject::several), of_nobody = crash(Crash::Subject::none);

}  // namespace

TEST_CASE("after a crash with several points comes one point a call, and then the series") {
    Suspects suspects;
    CHECK(suspects.add(of_several) == Measure::one_point_a_call);
    CHECK(suspects.add(of_series("m,s=1")) == Measure::without_series);
    REQUIRE(suspects.all().size() == 1);
    const Suspects::Suspect& one = suspects.all()[0];
    CHECK(one.plugin == "p");
    CHECK(one.one_point_a_call);
    CHECK_FALSE(one.set_aside);
    REQUIRE(one.series.size() == 1);
    CHECK(one.series[0].key == "m,s=1");
}

TEST_CASE("a series that is known at once costs no call of one point") {
    Suspects suspects;
    CHECK(suspects.add(of_series("m")) == Measure::without_series);
    CHECK_FALSE(suspects.all()[0].one_point_a_call);
}

TEST_CASE("a plugin that crashes for the third time within an hour is set aside") {
    Suspects suspects;
    CHECK(suspects.add(of_several) == Measure::one_point_a_call);
    CHECK(suspects.add(of_series("1")) == Measure::without_series);
    CHECK_FALSE(suspects.all()[0].set_aside);
    CHECK(suspects.add(of_series("2")) == Measure::without_plugin);
    CHECK(suspects.all()[0].set_aside);
}

TEST_CASE("crashes that lie further apart cost one series each") {
    Suspects suspects;
    for (int i = 0; i < 20; ++i) {
        Crash one = of_series(std::to_string(i));
        one.time_s = 1801 * i;
        CHECK(suspects.add(one) == Measure::without_series);
    }
    CHECK(suspects.all()[0].series.size() == 20);
    CHECK_FALSE(suspects.all()[0].set_aside);
}

TEST_CASE("a plugin that hangs with a second series is set aside") {
    Suspects suspects;
    suspects.add(of_series("0"));
    CHECK(suspects.add(of_series("1", Crash::Kind::deadline)) == Measure::without_series);
    CHECK(suspects.add(of_series("2", Crash::Kind::deadline)) == Measure::without_plugin);
}

TEST_CASE("a plugin whose series cannot be told is set aside") {
    CHECK(Suspects().add(of_nobody) == Measure::without_plugin);
    Crash between = of_series("m");
    between.during_call = false;
    CHECK(Suspects().add(between) == Measure::without_plugin);
    Suspects again;
    again.add(of_several);
    CHECK(again.add(of_several) == Measure::without_plugin);
    Suspects called_nevertheless;
    called_nevertheless.add(of_series("m"));
    CHECK(called_nevertheless.add(of_series("m")) == Measure::without_plugin);
}

TEST_CASE("after a signal to stop there is no time to find the series") {
    Crash late = of_several;
    late.stopping = true;
    CHECK(Suspects().add(late) == Measure::without_plugin);
}

TEST_CASE("each plugin is judged alone") {
    Suspects suspects;
    suspects.add(of_nobody);
    Crash other = of_series("m");
    other.plugin = "q";
    CHECK(suspects.add(other) == Measure::without_series);
    REQUIRE(suspects.all().size() == 2);
    CHECK(suspects.all()[0].set_aside);
    CHECK_FALSE(suspects.all()[1].set_aside);
}

TEST_CASE("what is done about a crash is the end of its sentence") {
    CHECK(of_series("m,s=1").text() + Suspects::in_words(Measure::without_series) ==
          "plugin 'p' crashed (Segmentation fault), at pipeline 'one', series 'm,s=1', field 'v'; this "
          "series is set "
          "aside until forecastd is started again");
    CHECK(of_several.text() + Suspects::in_words(Measure::one_point_a_call) ==
          "plugin 'p' crashed (Segmentation fault); the call was for several points, so from now on it gets "
          "one "
          "point a call, and a further crash tells which series it is about");
    CHECK(
        of_nobody.text() + Suspects::in_words(Measure::without_plugin) ==
        "plugin 'p' crashed (Segmentation fault); the plugin is set aside until forecastd is started again");
}

}  // namespace forecastd::process
