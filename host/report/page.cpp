#include "report/page.hpp"

#include <ostream>
#include <string>
#include <string_view>

#include "report/page_parts.hpp"

namespace forecastd::report {
namespace {

// JSON in a script element. A '<' stands in strings alone, where \u003c means the same; without it nothing in the data can
// end the element or begin another.
void write_data(std::ostream& out, const nlohmann::ordered_json& data) {
    const std::string text = data.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    std::string_view rest = text;
    for (std::size_t at = 0; (at = rest.find('<')) != std::string_view::npos;) {
        out << rest.substr(0, at) << "\\u003c";
        rest.remove_prefix(at + 1);
    }
    out << rest;
}

}  // namespace

void write_page(std::ostream& out, const nlohmann::ordered_json& data) {
    for (const std::string_view part : before_data()) out << part;
    write_data(out, data);
    for (const std::string_view part : after_data()) out << part;
}

}  // namespace forecastd::report
