#include "plugin/diagnostics.hpp"

#include <cstddef>
#include <exception>
#include <set>
#include <string_view>

#include "plugin/sentences.hpp"

namespace forecastd::plugin {
namespace {

// The structs as they were in version 1.0.
constexpr std::size_t table_size = offsetof(fcd_diagnostics, diagnose) + sizeof(fcd_diagnostics::diagnose);
constexpr std::size_t row_size = offsetof(fcd_diagnostic, choices) + sizeof(fcd_diagnostic::choices);

// Names that the host's own tags and fields have beside the diagnostics.
constexpr std::string_view taken[] = {"algorithm", "field",           "interval", "pipeline",
                                      "role",      "forecastd_field", "series"};

const void* ask(const fcd_algorithm& algorithm, std::string& fault) {
    try {
        return algorithm.extension ? algorithm.extension(FCD_DIAGNOSTICS) : nullptr;
    } catch (const std::exception& exception) {
        fault = std::string("its function extension threw an exception: ") + exception.what();
    } catch (...) {
        fault = "its function extension threw something that is not a std::exception";
    }
    return nullptr;
}

std::string table_fault(const fcd_diagnostics& table) {
    if (table.struct_size < table_size) return struct_fault("fcd_diagnostics", table.struct_size, table_size);
    if (table.row_size < row_size || table.row_size % 8 != 0)
        return "its fcd_diagnostics says that a row is " + std::to_string(table.row_size) +
               " bytes long, expected at least " + std::to_string(row_size) +
               " and a multiple of 8; set row_size to sizeof(fcd_diagnostic)";
    if (table.count == 0 || !table.rows) return "its fcd_diagnostics has no rows, expected one at least";
    if (!table.diagnose) return "its fcd_diagnostics has no function diagnose";
    return "";
}

std::string row_fault(const fcd_diagnostic& row, std::set<std::string_view>& names) {
    if (auto fault = name_fault(row.name); !fault.empty()) return fault;
    for (const std::string_view name : taken)
        if (row.name == name)
            return "the name is that of a tag or field of forecastd's own, expected another";
    if (!names.insert(row.name).second) return "the name stands twice";
    if (auto fault = sentence_fault("doc", row.doc); !fault.empty()) return fault;
    if (row.type == FCD_REAL || row.type == FCD_INTEGER) return "";
    if (row.type == FCD_CHOICE) return choices_fault(row.choices);
    return "its type is " + std::to_string(row.type) +
           ", expected FCD_REAL (1), FCD_INTEGER (2) or FCD_CHOICE (4)";
}

}  // namespace

std::string read_diagnostics(const fcd_algorithm& algorithm, Diagnostics& found) {
    std::string fault;
    const auto* const table = static_cast<const fcd_diagnostics*>(ask(algorithm, fault));
    if (!table) return fault;
    if (fault = table_fault(*table); !fault.empty()) return fault;
    std::set<std::string_view> names;
    const char* next = reinterpret_cast<const char*>(table->rows);
    for (std::uint32_t i = 0; i < table->count; ++i, next += table->row_size) {
        const auto* const row = reinterpret_cast<const fcd_diagnostic*>(next);
        if (missing(row->name)) return "diagnostic " + std::to_string(i + 1) + " has no name";
        if (fault = row_fault(*row, names); !fault.empty())
            return "diagnostic " + quoted(row->name) + ": " + fault;
        found.rows.push_back(row);
    }
    found.table = table;
    return "";
}

}  // namespace forecastd::plugin
