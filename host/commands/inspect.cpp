// forecastd inspect: what the reader makes of each point, as JSON.
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <map>

#include "commands/command.hpp"
#include "lineprotocol/names.hpp"
#include "lineprotocol/reader.hpp"
#include "lineprotocol/values.hpp"
#include "text/utf8.hpp"

namespace forecastd::commands {
namespace {

using lineprotocol::FieldType;
using lineprotocol::FieldView;

// A JSON string. A byte that is not UTF-8 becomes the escape of 0xdc00 + byte, so nothing is lost.
void append_json(std::string& out, std::string_view text) {
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = text::utf8_length(text.substr(i));
        const auto byte = static_cast<unsigned char>(text[i]);
        char escape[8];
        if (length == 0 || byte < 0x20 || byte == 0x7f) {
            std::snprintf(escape, sizeof escape, "\\u%04x", length == 0 ? 0xdc00u + byte : unsigned{byte});
            out += escape;
        } else if (byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0) {  // U+0080 to U+009F
            std::snprintf(escape, sizeof escape, "\\u%04x",
                          unsigned{static_cast<unsigned char>(text[i + 1])});
            out += escape;
        } else if (byte == '"' || byte == '\\') {
            out += '\\';
            out += text[i];
        } else {
            out += text.substr(i, length);
        }
        i += length == 0 ? 1 : length;
    }
    out += '"';
}

template <class Number>
void append_number(std::string& out, Number value) {
    char text[32];
    const char* const end = std::to_chars(text, text + sizeof text, value).ptr;
    const std::string_view written(text, static_cast<std::size_t>(end - text));
    out += written;
    if constexpr (std::is_floating_point_v<Number>)  // so that every JSON reader takes it for one
        if (written.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void append_value(std::string& out, const FieldView& field) {
    switch (field.type) {
        case FieldType::real:
            out += R"("float","value":)";
            return append_number(out, lineprotocol::to_real(field));
        case FieldType::integer:
            out += R"("int","value":)";
            return append_number(out, lineprotocol::to_integer(field));
        case FieldType::uinteger:
            out += R"("uint","value":)";
            return append_number(out, lineprotocol::to_uinteger(field));
        case FieldType::boolean:
            out += R"("bool","value":)";
            out += lineprotocol::to_boolean(field) ? "true" : "false";
            return;
        case FieldType::string:
            out += R"("string","value":)";
            return append_json(out, lineprotocol::unescape_string(field.value));
    }
}

void append_point(std::string& out, const lineprotocol::Points& points) {
    const auto& point = points.points.front();
    const auto key = lineprotocol::parse_key(point.key, point.measurement_size);
    out += R"({"measurement":)";
    append_json(out, key.measurement);
    out += R"(,"tags":{)";
    for (const auto& [name, value] : key.tags) {
        if (&name != &key.tags.front().first) out += ',';
        append_json(out, name);
        out += ':';
        append_json(out, value);
    }
    out += R"(},"fields":{)";
    std::map<std::string, const FieldView*> fields;  // the last of several of one key counts, as in Telegraf
    for (const FieldView& field : points.fields) fields[lineprotocol::unescape_name(field.key)] = &field;
    for (const auto& [name, field] : fields) {
        if (out.back() != '{') out += ',';
        append_json(out, name);
        out += R"(:{"type":)";
        append_value(out, *field);
        out += '}';
    }
    out += R"(},"time":)";
    if (point.has_time)
        append_number(out, point.time_ns);
    else
        out += "null";
    out += "}\n";
}

bool write_all(std::string& out) {
    const bool written =
        std::fwrite(out.data(), 1, out.size(), stdout) == out.size() && std::fflush(stdout) == 0;
    out.clear();
    return written;
}

int inspect(const options::variables_map& values) {
    lineprotocol::Reader reader(values["max-line-bytes"].as<std::size_t>());
    lineprotocol::Points points;
    lineprotocol::LineError error;
    std::string out;
    for (bool more = true; more;) {
        const auto space = reader.space(std::size_t{1} << 16);
        const ssize_t count = ::read(STDIN_FILENO, space.data(), space.size());
        if (count < 0) {
            std::perror("E! forecastd inspect: standard input cannot be read");
            return failure;
        }
        more = count > 0;
        if (more)
            reader.filled(static_cast<std::size_t>(count));
        else
            reader.end_of_input();
        for (;;) {
            points.clear();
            const auto outcome = reader.next(points, error);
            if (outcome == lineprotocol::Outcome::incomplete) break;
            if (outcome == lineprotocol::Outcome::point) {
                append_point(out, points);
            } else {
                out += R"({"error":)";
                append_json(out, error.text());
                out += R"(,"line":)" + std::to_string(error.line) + "}\n";
            }
        }
        if (!write_all(out)) return success;  // the reader of our output has gone
    }
    return success;
}

}  // namespace

Command inspect_command() {
    return {"inspect",
            "line protocol in, one JSON object a point (or an error) out",
            "Reads line protocol from standard input and prints for each point a JSON object:\n"
            "  "
            "{\"measurement\":...,\"tags\":{...},\"fields\":{\"name\":{\"type\":\"float|int|uint|bool|"
            "string\",\"value\":...}},"
            "\"time\":ns or null}\n"
            "or, in place of a point that is rejected: {\"error\":...,\"line\":n}. A byte that is not valid "
            "UTF-8 is\n"
            "written as the escape \\udc80 to \\udcff (0xdc00 + byte). Returns 0, whatever the lines were.",
            {},
            [](auto& add) {
                add("max-line-bytes", options::value<std::size_t>()->default_value(std::size_t{1} << 20),
                    "the longest point that is read, in bytes");
            },
            inspect};
}

}  // namespace forecastd::commands
