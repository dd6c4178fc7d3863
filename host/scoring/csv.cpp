#include "scoring/csv.hpp"

#include <algorithm>
#include <utility>

namespace forecastd::scoring {
namespace {

// Takes a field in quotes off the text, of which the first quote is gone. false: it does not end.
bool take_quoted(std::string_view& text, std::string& field, std::size_t& line) {
    while (!text.empty()) {
        const char c = text.front();
        text.remove_prefix(1);
        if (c == '"') {
            if (!text.starts_with('"')) return true;
            text.remove_prefix(1);
        }
        line += c == '\n';
        field += c;
    }
    return false;
}

}  // namespace

Expected<std::vector<CsvRow>> read_csv(std::string_view text) {
    std::vector<CsvRow> rows;
    std::size_t line = 1;
    while (!text.empty()) {
        CsvRow row{line, {}};
        for (bool more = true; more;) {
            std::string field;
            if (text.starts_with('"')) {
                text.remove_prefix(1);
                if (!take_quoted(text, field, line))
                    return fail(std::to_string(row.line) +
                                ": found a field in quotes that does not end, expected a second quote");
            }
            const std::size_t end = std::min(text.find_first_of(",\n"), text.size());
            field += text.substr(0, end);
            text.remove_prefix(end);
            more = text.starts_with(',');
            if (!text.empty()) text.remove_prefix(1);
            if (!more && field.ends_with('\r')) field.pop_back();
            row.fields.push_back(std::move(field));
        }
        ++line;
        if (row.fields.size() > 1 || !row.fields.front().empty()) rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace forecastd::scoring
