// What the catalogue keeps, finds, and says of what it has not.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "unit/plugin_door/tables.hpp"

namespace forecastd::plugin {

TEST_CASE("an algorithm is found by its id, a parameter by its name or an alias") {
    Tables tables;
    const char* const aliases[] = {"alpha", "smoothing_level", nullptr};
    tables.params[0].aliases = aliases;
    Catalogue catalogue;
    catalogue.add(&tables.library, "/p/it.so");

    const Algorithm* const found = catalogue.find("sound");
    REQUIRE(found);
    CHECK(found->id() == "sound");
    CHECK(found->forecasts());
    CHECK_FALSE(found->detects());
    CHECK(found->file == "/p/it.so");
    CHECK(found->library == &tables.library);
    CHECK(found->find_param("weight") == &tables.params[0]);
    CHECK(found->find_param("smoothing_level") == &tables.params[0]);
    CHECK(found->find_param("window") == &tables.params[1]);
    CHECK(found->find_param("smoothing") == nullptr);
    CHECK(catalogue.find("soun") == nullptr);
}

TEST_CASE("what is known by its abilities and parameters") {
    Tables tables, other;
    const char* const aliases[] = {"season_length", nullptr};
    tables.params[1].aliases = aliases;
    other.algorithm.id = "other";
    Catalogue catalogue;
    catalogue.add(&tables.library, "/p/it.so");
    catalogue.add(&other.library, "/p/other.so");
    using Ids = std::vector<std::string>;
    CHECK(catalogue.known(0) == Ids{"other", "sound"});
    CHECK(catalogue.known(FCD_FORECASTS, "weight") == Ids{"other", "sound"});
    CHECK(catalogue.known(FCD_FORECASTS, "season_length") == Ids{"sound"});
    CHECK(catalogue.known(FCD_DETECTS, "season_length").empty());
    catalogue.set_aside("sound");
    CHECK(catalogue.known(0, "season_length").empty());
}

TEST_CASE("the first of an id stays") {
    Tables first, second;
    Catalogue catalogue;
    catalogue.add(&first.library, "/p/first.so");
    catalogue.add(&second.library, "/p/second.so");
    CHECK(catalogue.find("sound")->table == &first.algorithm);
    REQUIRE(catalogue.problems().size() == 1);
    CHECK(catalogue.problems().front() ==
          "/p/second.so: algorithm 'sound' is there already, from /p/first.so; remove one of the two");
}

TEST_CASE("the same library under another name is passed over") {
    Tables tables;
    Catalogue catalogue;
    catalogue.add(&tables.library, "/p/first.so");
    catalogue.add(&tables.library, "/p/link.so");
    CHECK(catalogue.algorithms().size() == 1);
    CHECK(catalogue.problems().empty());
}

TEST_CASE("one bad algorithm does not take along its neighbours") {
    Tables good, bad;
    bad.algorithm.id = "bad";
    bad.algorithm.advance = nullptr;
    const fcd_algorithm* const both[] = {&bad.algorithm, &good.algorithm};
    good.library.algorithm_count = 2;
    good.library.algorithms = both;
    Catalogue catalogue;
    catalogue.add(&good.library, "/p/it.so");
    CHECK(catalogue.find("sound"));
    CHECK_FALSE(catalogue.find("bad"));
    CHECK(catalogue.problems().size() == 1);
}

TEST_CASE("a missing algorithm: what is there, and where it was looked for") {
    Tables holt, naive;
    holt.algorithm.id = "holt";
    naive.algorithm.id = "naive";
    Catalogue catalogue;
    CHECK(catalogue.missing("holt") == "there is no algorithm 'holt'. Known: none");
    CHECK(catalogue.looked_in() == "");

    catalogue.add(&naive.library, "/p/naive.so");
    catalogue.add(&holt.library, "/p/holt.so");
    CHECK(catalogue.missing("hotl") ==
          "there is no algorithm 'hotl', did you mean 'holt'? Known: holt, naive");

    catalogue.load({"/", "/nowhere/at/all"});
    CHECK(catalogue.looked_in() == "looked in: /, /nowhere/at/all (not there)");
    CHECK(catalogue.missing("arima") ==
          "there is no algorithm 'arima'. Known: holt, naive; looked in: /, /nowhere/at/all (not there)");
    CHECK(catalogue.problems().empty());
}

}  // namespace forecastd::plugin
