// The extension with diagnostics: each fault, and the sentence for it.
#include "plugin/diagnostics.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string_view>
#include <vector>

#include "unit/plugin_door/tables.hpp"

namespace forecastd::plugin {
namespace {

const char* const choices[] = {"add", "mul", nullptr};
fcd_diagnostic rows[2];
fcd_diagnostics table;

// Sound tables that hand out the ones above, to be spoilt.
struct WithDiagnostics : Tables {
    WithDiagnostics() {
        rows[0] = {"family", "What it is.", FCD_CHOICE, 0, choices};
        rows[1] = {"fits", "How often it was fitted.", FCD_INTEGER, 0, nullptr};
        table = {sizeof table, sizeof rows[0], 2, 0, rows, nullptr};
        table.diagnose = [](const fcd_model*, const void*, fcd_value*, fcd_error*) {
            return std::int32_t{FCD_OK};
        };
        algorithm.extension = [](const char* id) -> const void* {
            return std::string_view(id) == FCD_DIAGNOSTICS ? &table : nullptr;
        };
    }
};

}  // namespace

TEST_CASE_FIXTURE(WithDiagnostics, "sound diagnostics are found") {
    Catalogue catalogue;
    catalogue.add(&library, "/p/it.so");
    REQUIRE(catalogue.algorithms().size() == 1);
    const Diagnostics& found = catalogue.algorithms().front().diagnostics;
    CHECK(found.table == &table);
    CHECK(found.rows == std::vector<const fcd_diagnostic*>{&rows[0], &rows[1]});
}

TEST_CASE_FIXTURE(WithDiagnostics, "an algorithm need not have them") {
    SUBCASE("no extension at all") { algorithm.extension = nullptr; }
    SUBCASE("none of that name") {
        algorithm.extension = [](const char*) -> const void* { return nullptr; };
    }
    CHECK(fault() == "");
    Catalogue catalogue;
    catalogue.add(&library, "/p/it.so");
    CHECK(catalogue.algorithms().front().diagnostics.table == nullptr);
}

TEST_CASE_FIXTURE(WithDiagnostics, "longer rows are walked with their own stride") {
    struct Longer {
        fcd_diagnostic row;
        char appended[24];
    };
    const std::vector<Longer> longer{{rows[0], {}}, {rows[1], {}}};
    table.rows = &longer[0].row;
    table.row_size = sizeof(Longer);
    const auto found = read_diagnostics(algorithm);
    REQUIRE(found);
    REQUIRE(found->rows.size() == 2);
    CHECK(found->rows[1] == &longer[1].row);
}

TEST_CASE_FIXTURE(WithDiagnostics, "faults of the table") {
    const std::string start = "algorithm 'sound': ";
    SUBCASE("reserved") {
        table.reserved = 1;
        CHECK(fault() == start + "the reserved field of its fcd_diagnostics is 1, expected 0");
    }
    SUBCASE("too short") {
        table.struct_size = 8;
        CHECK(fault() == start +
                             "its fcd_diagnostics says that it is 8 bytes long, expected at least 32; set "
                             "struct_size to sizeof(fcd_diagnostics)");
    }
    SUBCASE("rows too short") {
        table.row_size = 8;
        CHECK(fault() ==
              start +
                  "its fcd_diagnostics says that a row is 8 bytes long, expected at least 32 and a "
                  "multiple of 8; set row_size to sizeof(fcd_diagnostic)");
    }
    SUBCASE("no rows") {
        table.count = 0;
        CHECK(fault() == start + "its fcd_diagnostics has no rows, expected one at least");
        table.count = 2;
        table.rows = nullptr;
        CHECK(fault() == start + "its fcd_diagnostics has no rows, expected one at least");
    }
    SUBCASE("no function") {
        table.diagnose = nullptr;
        CHECK(fault() == start + "its fcd_diagnostics has no function diagnose");
    }
    SUBCASE("it throws") {
        algorithm.extension = [](const char*) -> const void* { throw std::runtime_error("not today"); };
        CHECK(fault() == start + "its function extension threw an exception: not today");
    }
}

TEST_CASE_FIXTURE(WithDiagnostics, "faults of a row") {
    const std::string start = "algorithm 'sound': diagnostic ";
    SUBCASE("names") {
        rows[1].name = nullptr;
        CHECK(fault() == start + "2 has no name");
        rows[1].name = "Fits";
        CHECK(fault() ==
              start +
                  "'Fits': the name 'Fits' is not allowed, expected lower case letters, digits and "
                  "'_', a letter first");
        rows[1].name = "family";
        CHECK(fault() == start + "'family': the name occurs twice");
        rows[1].name = "role";
        CHECK(fault() ==
              start + "'role': the name is that of a tag or field of forecastd's own, expected another");
    }
    SUBCASE("no doc") {
        rows[1].doc = "";
        CHECK(fault() == start + "'fits': has no doc, expected one sentence with its full stop");
    }
    SUBCASE("types") {
        rows[1].type = FCD_DURATION;
        CHECK(fault() ==
              start + "'fits': its type is 5, expected FCD_REAL (1), FCD_INTEGER (2) or FCD_CHOICE (4)");
    }
    SUBCASE("choices") {
        rows[0].choices = nullptr;
        CHECK(fault() == start + "'family': has no choices, expected the name of one at least");
        const char* const nameless[] = {"add", "", nullptr};
        rows[0].choices = nameless;
        CHECK(fault() == start + "'family': has a choice without a name");
    }
}

}  // namespace forecastd::plugin
