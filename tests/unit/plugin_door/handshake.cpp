// Each fault that the handshake finds, and the sentence for it.
#include <doctest/doctest.h>

#include <limits>
#include <vector>

#include "unit/plugin_door/tables.hpp"

namespace forecastd::plugin {

TEST_CASE_FIXTURE(Tables, "sound tables pass") { CHECK(fault() == ""); }

TEST_CASE_FIXTURE(Tables, "the library") {
    SUBCASE("too short") {
        library.struct_size = 8;
        CHECK(fault() ==
              "its fcd_library says that it is 8 bytes long, expected at least 56; set struct_size to "
              "sizeof(fcd_library)");
    }
    SUBCASE("another major version") {
        library.abi_major = 3;
        CHECK(fault() ==
              "its fcd_library says plugin interface version 3, this forecastd speaks version 1: rebuild it "
              "with this SDK");
    }
    SUBCASE("a later minor version is welcome") {
        library.abi_minor = 9;
        library.struct_size = 400;
        algorithm.struct_size = 400;
        CHECK(fault() == "");
    }
    SUBCASE("elements of arrays too short") {
        library.param_size = 8;
        CHECK(fault() ==
              "its fcd_library says that an fcd_param is 8 bytes long, expected at least 72 and a multiple "
              "of 8; "
              "set param_size to sizeof(fcd_param)");
        library.param_size = sizeof(fcd_param);
        library.point_size = 0;
        CHECK(fault() ==
              "its fcd_library says that an fcd_point is 0 bytes long, expected at least 80 and a multiple "
              "of 8; "
              "set point_size to sizeof(fcd_point)");
        library.point_size = sizeof(fcd_point) + 4;
        CHECK(fault() ==
              "its fcd_library says that an fcd_point is 84 bytes long, expected at least 80 and a multiple "
              "of 8; "
              "set point_size to sizeof(fcd_point)");
        library.point_size = sizeof(fcd_point) + 8;
        library.verdict_size = 39;
        CHECK(fault() ==
              "its fcd_library says that an fcd_verdict is 39 bytes long, expected at least 48 and a "
              "multiple of 8; "
              "set verdict_size to sizeof(fcd_verdict)");
        library.verdict_size = sizeof(fcd_verdict);
        library.prediction_size = 15;
        CHECK(fault() ==
              "its fcd_library says that an fcd_prediction is 15 bytes long, expected at least 16 and a "
              "multiple of 8; "
              "set prediction_size to sizeof(fcd_prediction)");
    }
    SUBCASE("elements of the later arrays too short") {
        library.input_size = 16;
        CHECK(
            fault() ==
            "its fcd_library says that an fcd_input is 16 bytes long, expected at least 24 and a multiple of "
            "8; set input_size to sizeof(fcd_input)");
        library.input_size = sizeof(fcd_input);
        library.saved_param_size = 0;
        CHECK(fault() ==
              "its fcd_library says that an fcd_saved_param is 0 bytes long, expected at least 24 and a "
              "multiple of 8; set saved_param_size to sizeof(fcd_saved_param)");
    }
    SUBCASE("flags and reserved fields") {
        library.flags = 1;
        CHECK(fault() == "the flags of its fcd_library are 1, expected 0");
        library.flags = 0;
        library.reserved = 7;
        CHECK(fault() == "the reserved field of its fcd_library is 7, expected 0");
    }
    SUBCASE("no algorithms") {
        const std::string expected = "its fcd_library has no algorithms, expected one at least";
        library.algorithm_count = 0;
        CHECK(fault() == expected);
        library.algorithm_count = 1;
        library.algorithms = nullptr;
        CHECK(fault() == expected);
    }
}

TEST_CASE_FIXTURE(Tables, "the algorithm") {
    SUBCASE("NULL") {
        algorithms[0] = nullptr;
        CHECK(fault() == "algorithm 1 of 1: is NULL");
    }
    SUBCASE("too short") {
        algorithm.struct_size = 143;
        CHECK(fault() ==
              "algorithm 1 of 1: its fcd_algorithm says that it is 143 bytes long, expected at least 144; "
              "set struct_size to sizeof(fcd_algorithm)");
    }
    SUBCASE("no id") {
        const std::string expected = "algorithm 1 of 1: has no id, expected one such as 'acme.spikes'";
        algorithm.id = nullptr;
        CHECK(fault() == expected);
        algorithm.id = "";
        CHECK(fault() == expected);
    }
    SUBCASE("ids that are not allowed") {
        for (const char* id : {"Holt", "holt winters", ".holt", "-holt", "_holt", "hölt", "holt/2"}) {
            algorithm.id = id;
            CHECK(fault() == "algorithm 1 of 1: its id '" + std::string(id) +
                                 "' is not allowed, expected lower case letters, digits, '.', '_' and '-', a "
                                 "letter or digit first");
        }
    }
    SUBCASE("ids that are allowed") {
        for (const char* id : {"h", "2nd", "acme.spikes", "holt-winters", "throws_late"}) {
            algorithm.id = id;
            CHECK(fault() == "");
        }
    }
    SUBCASE("no version") {
        algorithm.version = nullptr;
        CHECK(fault() == "algorithm 'sound': has no version, expected one such as '1.0.0'");
    }
    SUBCASE("no summary") {
        algorithm.summary = "";
        CHECK(fault() == "algorithm 'sound': has no summary, expected one sentence with its full stop");
    }
    SUBCASE("a summary without a full stop") {
        algorithm.summary = "Does nothing";
        CHECK(fault() == "algorithm 'sound': its summary 'Does nothing' has no full stop at its end");
    }
    SUBCASE("no abilities") {
        algorithm.abilities = 4;
        CHECK(fault() ==
              "algorithm 'sound': its abilities are 4, expected FCD_FORECASTS (1), FCD_DETECTS (2) or both "
              "(3)");
    }
}

TEST_CASE_FIXTURE(Tables, "the functions") {
    SUBCASE("model_new") {
        algorithm.model_new = nullptr;
        CHECK(fault() == "algorithm 'sound': has no function model_new, which every algorithm needs");
    }
    SUBCASE("model_free") {
        algorithm.model_free = nullptr;
        CHECK(fault() == "algorithm 'sound': has no function model_free, which every algorithm needs");
    }
    SUBCASE("advance") {
        algorithm.advance = nullptr;
        CHECK(fault() == "algorithm 'sound': has no function advance, which every algorithm needs");
    }
    SUBCASE("forecast, which a detector does not need") {
        algorithm.forecast = nullptr;
        CHECK(fault() ==
              "algorithm 'sound': has no function forecast, which an algorithm with FCD_FORECASTS needs");
        algorithm.abilities = FCD_DETECTS;
        CHECK(fault() == "");
    }
    SUBCASE("save without load") {
        algorithm.save = [](const fcd_model*, const void*, void*, size_t, fcd_error*) { return size_t{0}; };
        CHECK(fault() ==
              "algorithm 'sound': has the function save without load, expected both; load alone is enough "
              "where "
              "a state is saved as plain bytes");
        algorithm.load = [](const fcd_model*, void*, const fcd_saved*, fcd_error*) {
            return std::int32_t{FCD_OK};
        };
        CHECK(fault() == "");
        algorithm.save = nullptr;
        CHECK(fault() == "");
    }
}

TEST_CASE_FIXTURE(Tables, "the parameters") {
    SUBCASE("NULL") {
        algorithm.params = nullptr;
        CHECK(fault() == "algorithm 'sound': its params are NULL, expected 2 as its param_count says");
        algorithm.param_count = 0;
        CHECK(fault() == "");
    }
    SUBCASE("no name") {
        params[1].name = "";
        CHECK(fault() == "algorithm 'sound': parameter 2 has no name");
    }
    SUBCASE("names that are not allowed") {
        for (const char* name : {"Weight", "1st", "half-life", "_x"}) {
            params[0].name = name;
            CHECK(fault() ==
                  "algorithm 'sound': parameter '" + std::string(name) + "': the name '" + name +
                      "' is not allowed, expected lower case letters, digits and '_', a letter first");
        }
    }
    SUBCASE("a name or alias that occurs twice") {
        params[1].name = "weight";
        CHECK(
            fault() ==
            "algorithm 'sound': parameter 'weight': the name 'weight' occurs twice among names and aliases");
        params[1].name = "window";
        const char* const aliases[] = {"size", "weight", nullptr};
        params[1].aliases = aliases;
        CHECK(
            fault() ==
            "algorithm 'sound': parameter 'window': the name 'weight' occurs twice among names and aliases");
    }
    SUBCASE("no doc, or one without a full stop") {
        params[0].doc = nullptr;
        CHECK(fault() ==
              "algorithm 'sound': parameter 'weight': has no doc, expected one sentence with its full stop");
        params[0].doc = "A weight";
        CHECK(fault() ==
              "algorithm 'sound': parameter 'weight': its doc 'A weight' has no full stop at its end");
    }
    SUBCASE("an unknown type") {
        params[0].type = 8;
        CHECK(fault() ==
              "algorithm 'sound': parameter 'weight': its type is 8, expected FCD_REAL (1) to FCD_INTEGERS "
              "(7)");
    }
}

TEST_CASE_FIXTURE(Tables, "values of parameters") {
    const std::string start = "algorithm 'sound': parameter 'weight': ";
    fcd_param& param = params[0];
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();

    SUBCASE("a range the wrong way round, or without an end") {
        param.min.real = 2;
        CHECK(fault() == start + "its range is from 2 to 1, expected the least value first");
        param.min.real = nan;
        CHECK(fault() == start + "its range is from nan to 1, expected the least value first");
        param.type = FCD_INTEGER;
        param.min.integer = 3;
        param.max.integer = 2;
        CHECK(fault() == start + "its range is from 3 to 2, expected the least value first");
    }
    SUBCASE("a default outside the range") {
        param.initial.real = 1.5;
        CHECK(fault() == start + "its default 1.5 is outside its range from 0 to 1");
        param.initial.real = -0.25;
        CHECK(fault() == start + "its default -0.25 is outside its range from 0 to 1");
        param.flags = FCD_REQUIRED;
        CHECK(fault() == "");
    }
    SUBCASE("a real default of NaN is chosen by the algorithm") {
        param.initial.real = nan;
        CHECK(fault() == "");
    }
    SUBCASE("an integer, a duration or steps outside the range") {
        for (const std::int32_t type : {FCD_INTEGER, FCD_DURATION, FCD_STEPS}) {
            param.type = type;
            param.min.integer = 1;
            param.max.integer = 5;
            param.initial.integer = 0;
            CHECK(fault() == start + "its default 0 is outside its range from 1 to 5");
        }
    }
    SUBCASE("steps with a duration as their default") {
        param.type = FCD_STEPS;
        param.flags = FCD_INITIAL_DURATION;
        param.min.integer = 1;
        param.max.integer = 5;
        param.initial.integer = 3'600'000'000'000;
        CHECK(fault() == "");
        param.initial.integer = 0;
        CHECK(fault() ==
              start + "its default is 0 ns, expected a duration above 0 with the flag FCD_INITIAL_DURATION");
        param.type = FCD_INTEGER;
        CHECK(fault() == start + "has the flag FCD_INITIAL_DURATION, which only FCD_STEPS may have");
    }
    SUBCASE("a negative duration") {
        param.type = FCD_DURATION;
        param.min.integer = -1;
        param.max.integer = 5;
        param.initial.integer = 0;
        CHECK(fault() == start + "its range begins at -1 ns, expected no negative duration");
    }
    SUBCASE("a boolean that is neither") {
        param.type = FCD_BOOLEAN;
        param.initial.integer = 2;
        CHECK(fault() == start + "its default is 2, expected 0 or 1");
        param.initial.integer = 1;
        CHECK(fault() == "");
    }
    SUBCASE("a choice of nothing, or beyond the last") {
        param.type = FCD_CHOICE;
        param.initial.integer = 2;
        CHECK(fault() == start + "has no choices, expected the name of one at least");
        const char* const none[] = {nullptr};
        param.choices = none;
        CHECK(fault() == start + "has no choices, expected the name of one at least");
        const char* const two[] = {"add", "mul", nullptr};
        param.choices = two;
        CHECK(fault() == start + "its default is choice 2, expected 0 to 1");
        param.initial.integer = -1;
        CHECK(fault() == start + "its default is choice -1, expected 0 to 1");
        param.flags = FCD_REQUIRED;
        CHECK(fault() == "");
    }
}

TEST_CASE_FIXTURE(Tables, "lists of integers") {
    const std::string start = "algorithm 'sound': parameter 'weight': ";
    fcd_param& param = params[0];
    const std::int64_t items[] = {1, 0, 6};
    fcd_integers list{3, items};
    param.type = FCD_INTEGERS;
    param.initial.integers = &list;
    param.min.integer = 0;
    param.max.integer = 6;
    param.count = 3;
    CHECK(fault() == "");

    SUBCASE("a count that is none") {
        for (const std::size_t count : {0u, 17u}) {
            param.count = count;
            CHECK(fault() == start + "its count is " + std::to_string(count) + ", expected 1 to 16");
        }
    }
    SUBCASE("another number of items") {
        list.count = 2;
        CHECK(fault() == start + "its default has 2 items, expected 3 as its count says");
        list = {3, nullptr};
        CHECK(fault() == start + "its default has 0 items, expected 3 as its count says");
    }
    SUBCASE("no default") {
        param.initial.integers = nullptr;
        CHECK(fault() == start + "its default is NULL, expected an fcd_integers");
        param.flags = FCD_REQUIRED;
        CHECK(fault() == "");
    }
    SUBCASE("an item outside the range") {
        param.max.integer = 5;
        CHECK(fault() == start + "its default 6 is outside its range from 0 to 5");
        param.min.integer = 7;
        CHECK(fault() == start + "its range is from 7 to 5, expected the least value first");
    }
    SUBCASE("the algorithm's choice needs the flag") {
        list.count = 0;
        CHECK(fault() == start + "its default is \"auto\", which needs the flag FCD_AUTO");
        param.flags = FCD_AUTO;
        CHECK(fault() == "");
    }
    SUBCASE("the flag belongs to lists") {
        params[1].flags = FCD_AUTO;
        CHECK(fault() ==
              "algorithm 'sound': parameter 'window': has the flag FCD_AUTO, which only FCD_INTEGERS and "
              "FCD_STEPS from 0 on may have");
    }
}

TEST_CASE_FIXTURE(Tables, "a library with longer parameters is walked with its own stride") {
    struct Longer {
        fcd_param param;
        char appended[24];
    };
    std::vector<Longer> longer{{params[0], {}}, {params[1], {}}};
    library.param_size = sizeof(Longer);
    algorithm.params = &longer[0].param;

    Catalogue catalogue;
    catalogue.add(&library, "/p/it.so");
    REQUIRE(catalogue.algorithms().size() == 1);
    const auto& found = catalogue.algorithms().front();
    REQUIRE(found.params.size() == 2);
    CHECK(found.params[1] == &longer[1].param);
    CHECK(found.find_param("window") == &longer[1].param);
}

TEST_CASE_FIXTURE(Tables, "bits that this version does not define") {
    SUBCASE("abilities") {
        algorithm.abilities = FCD_FORECASTS | 16;
        CHECK(fault() ==
              "algorithm 'sound': its abilities are 17, which has bits that version 1.0 of the plugin "
              "interface "
              "does not define, expected at most 3");
    }
    SUBCASE("flags of a parameter") {
        params[0].flags = 8;
        CHECK(
            fault() ==
            "algorithm 'sound': parameter 'weight': its flags are 8, which has bits that version 1.0 of the "
            "plugin interface does not define, expected at most 7");
    }
    SUBCASE("a count where there is no list") {
        params[0].count = 2;
        CHECK(
            fault() ==
            "algorithm 'sound': parameter 'weight': its count is 2, expected 0: only FCD_INTEGERS is a list");
    }
}

TEST_CASE_FIXTURE(Tables, "inputs") {
    fcd_input input{"calendar.hour", "The hour.", FCD_INPUT_AHEAD | FCD_INPUT_REQUIRED, 0};
    algorithm.input_count = 1;
    CHECK(fault() == "algorithm 'sound': its inputs are NULL, expected 1 as its input_count says");
    algorithm.inputs = &input;
    CHECK(fault() == "");
    const std::string place = "algorithm 'sound': input 'calendar.hour': ";
    SUBCASE("no name") {
        input.name = "";
        CHECK(fault() == "algorithm 'sound': input 1 has no name");
    }
    SUBCASE("a name that occurs twice") {
        const fcd_input both[] = {input, input};
        algorithm.inputs = both;
        algorithm.input_count = 2;
        CHECK(fault() == place + "the name occurs twice");
    }
    SUBCASE("no full stop") {
        input.doc = "The hour";
        CHECK(fault() == place + "its doc 'The hour' has no full stop at its end");
    }
    SUBCASE("unknown flags") {
        input.flags |= 8;
        CHECK(fault() == place +
                             "its flags are 14, which has bits that version 1.0 of the plugin interface "
                             "does not define, expected at most 7");
    }
    SUBCASE("neither past nor ahead") {
        input.flags = FCD_INPUT_REQUIRED;
        CHECK(fault() ==
              place + "its flags are 4, expected FCD_INPUT_PAST (1) or FCD_INPUT_AHEAD (2) among them");
    }
    SUBCASE("reserved") {
        input.reserved = 1;
        CHECK(fault() == place + "the reserved field of its fcd_input is 1, expected 0");
    }
    SUBCASE("not known") {
        input.name = "field.humidity";
        CHECK(
            fault() ==
            "algorithm 'sound': input 'field.humidity': it is required, and this forecastd does not know it; "
            "it knows calendar.hour, calendar.weekday and calendar.holiday");
        input.flags = FCD_INPUT_PAST;
        CHECK(fault() == "");
    }
}

TEST_CASE_FIXTURE(Tables, "reasons") {
    const char* reasons[] = {"Too high.", "Too low"};
    algorithm.reason_count = 2;
    CHECK(fault() == "algorithm 'sound': its reasons are NULL, expected 2 as its reason_count says");
    algorithm.reasons = reasons;
    CHECK(fault() == "algorithm 'sound': reason 2: its text 'Too low' has no full stop at its end");
    reasons[1] = nullptr;
    CHECK(fault() == "algorithm 'sound': reason 2: has no text, expected one sentence with its full stop");
    reasons[1] = "Too low.";
    CHECK(fault() == "");
}

}  // namespace forecastd::plugin
