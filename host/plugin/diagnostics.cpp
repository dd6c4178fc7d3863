#include "plugin/diagnostics.hpp"

#include <cstddef>
#include <deque>
#include <exception>
#include <set>
#include <string>
#include <string_view>

#include "plugin/at_work.hpp"
#include "plugin/sentences.hpp"

namespace forecastd::plugin {
namespace {

// The structs as they were in version 1.0.
constexpr std::size_t table_size = offsetof(fcd_diagnostics, diagnose) + sizeof(fcd_diagnostics::diagnose);
constexpr std::size_t row_size = offsetof(fcd_diagnostic, choices) + sizeof(fcd_diagnostic::choices);

// Names that the host's own tags and fields have beside the diagnostics.
constexpr std::string_view taken[] = {"algorithm", "field",           "interval", "pipeline",
                                      "role",      "forecastd_field", "series"};

Expected<const void*> ask(const fcd_algorithm& algorithm) {
    if (!algorithm.extension) return nullptr;
    static auto& names = *new std::deque<std::string>;  // a crash may be reported later
    const AtWork at_work(names.emplace_back(algorithm.id).c_str());
    try {
        return algorithm.extension(FCD_DIAGNOSTICS);
    } catch (const std::exception& exception) {
        return fail(std::string("its function extension threw an exception: ") + exception.what());
    } catch (...) {
        return fail("its function extension threw something that is not a std::exception");
    }
}

std::string table_fault(const fcd_diagnostics& table) {
    if (table.struct_size < table_size) return struct_fault("fcd_diagnostics", table.struct_size, table_size);
    if (table.row_size < row_size || table.row_size % 8 != 0)
        return "its fcd_diagnostics says that a row is " + std::to_string(table.row_size) +
               " bytes long, expected at least " + std::to_string(row_size) +
               " and a multiple of 8; set row_size to sizeof(fcd_diagnostic)";
    if (table.count == 0 || !table.rows) return "its fcd_diagnostics has no rows, expected one at least";
    if (table.reserved != 0)
        return "the reserved field of its fcd_diagnostics is " + std::to_string(table.reserved) +
               ", expected 0";
    if (!table.diagnose) return "its fcd_diagnostics has no function diagnose";
    return "";
}

std::string row_fault(const fcd_diagnostic& row, std::set<std::string_view>& names) {
    if (auto fault = name_fault(row.name); !fault.empty()) return fault;
    for (const std::string_view name : taken)
        if (row.name == name)
            return "the name is that of a tag or field of forecastd's own, expected another";
    if (!names.insert(row.name).second) return "the name occurs twice";
    if (auto fault = sentence_fault("doc", row.doc); !fault.empty()) return fault;
    if (row.reserved != 0) return "its reserved field is " + std::to_string(row.reserved) + ", expected 0";
    if (row.type == FCD_REAL || row.type == FCD_INTEGER) return "";
    if (row.type == FCD_CHOICE) return choices_fault(row.choices);
    return "its type is " + std::to_string(row.type) +
           ", expected FCD_REAL (1), FCD_INTEGER (2) or FCD_CHOICE (4)";
}

}  // namespace

Expected<Diagnostics> read_diagnostics(const fcd_algorithm& algorithm) {
    const auto answer = ask(algorithm);
    if (!answer) return tl::unexpected(answer.error());
    const auto* const table = static_cast<const fcd_diagnostics*>(*answer);
    if (!table) return Diagnostics{};
    if (auto fault = table_fault(*table); !fault.empty()) return fail(fault);
    Diagnostics found;
    std::set<std::string_view> names;
    const char* next = reinterpret_cast<const char*>(table->rows);
    for (std::uint32_t i = 0; i < table->count; ++i, next += table->row_size) {
        const auto* const row = reinterpret_cast<const fcd_diagnostic*>(next);
        if (missing(row->name)) return fail("diagnostic " + std::to_string(i + 1) + " has no name");
        if (auto fault = row_fault(*row, names); !fault.empty())
            return fail("diagnostic " + quoted(row->name) + ": " + fault);
        found.rows.push_back(row);
    }
    found.table = table;
    return found;
}

}  // namespace forecastd::plugin
