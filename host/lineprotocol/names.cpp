#include "lineprotocol/names.hpp"

#include <algorithm>

#include "lineprotocol/bytes.hpp"
#include "text/utf8.hpp"

namespace forecastd::lineprotocol {
namespace {

// Takes the backslash off where it stands before one of `escaped`.
std::string unescape(std::string_view raw, std::string_view escaped) {
    std::string plain;
    plain.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '\\' && i + 1 < raw.size() && escaped.find(raw[i + 1]) != std::string_view::npos) ++i;
        plain += raw[i];
    }
    return plain;
}

void append_escaped(std::string& out, std::string_view plain, std::string_view escaped) {
    for (const char c : plain) {
        if (escaped.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
}

// The end of a raw tag key or value that begins at `from`.
std::size_t name_end(std::string_view raw, std::size_t from) {
    std::size_t i = from;
    while (i < raw.size() && !(stops_name(raw[i]) && raw[i] != '\\'))
        i += raw[i] == '\\' && i + 1 < raw.size() && raw[i + 1] != '\\' ? 2 : 1;
    return i;
}

}  // namespace

std::string unescape_measurement(std::string_view raw) { return unescape(raw, ", "); }

std::string unescape_name(std::string_view raw) {
    // Telegraf's oddity: an escaped quote loses its backslash only beside something that needed an escape.
    return raw.find_first_of(", =") == std::string_view::npos ? std::string(raw) : unescape(raw, ",\" =");
}

std::string unescape_string(std::string_view text) { return unescape(text, "\\\""); }

const std::string* Key::tag(std::string_view key) const {
    const auto found = std::lower_bound(tags.begin(), tags.end(), key,
                                        [](const auto& tag, std::string_view k) { return tag.first < k; });
    return found != tags.end() && found->first == key ? &found->second : nullptr;
}

Key parse_key(std::string_view raw, std::size_t measurement_size) {
    Key key;
    key.measurement = unescape_measurement(raw.substr(0, measurement_size));
    for (std::size_t at = measurement_size; at < raw.size();) {
        const std::size_t key_end = name_end(raw, at + 1);
        const std::size_t value_end = name_end(raw, key_end + 1);
        key.tags.emplace_back(unescape_name(raw.substr(at + 1, key_end - at - 1)),
                              unescape_name(raw.substr(key_end + 1, value_end - key_end - 1)));
        at = value_end;
    }
    std::stable_sort(key.tags.begin(), key.tags.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::pair<std::string, std::string>> unique;
    for (auto& tag : key.tags) {
        if (!unique.empty() && unique.back().first == tag.first)
            unique.back() = std::move(tag);
        else
            unique.push_back(std::move(tag));
    }
    key.tags = std::move(unique);
    return key;
}

void append_measurement(std::string& out, std::string_view plain) { append_escaped(out, plain, ", "); }

void append_name(std::string& out, std::string_view plain) {
    if (plain.find_first_of(", =") == std::string_view::npos) {
        out += plain;
        return;
    }
    // Beside a separator a reader takes the backslash before a quote away, so it is given one more.
    std::string_view rest = plain;
    for (std::size_t at = rest.find("\\\""); at != std::string_view::npos; at = rest.find("\\\"")) {
        append_escaped(out, rest.substr(0, at + 1), ", =");
        out += '\\';
        rest.remove_prefix(at + 1);
    }
    append_escaped(out, rest, ", =");
}

std::string canonical_key(const Key& key) {
    std::string out;
    append_measurement(out, key.measurement);
    for (const auto& [name, value] : key.tags) {
        out += ',';
        append_name(out, name);
        out += '=';
        append_name(out, value);
    }
    return out;
}

std::string clean_name(std::string_view plain) {
    while (!plain.empty() && plain.back() == '\\') plain.remove_suffix(1);
    std::string clean;
    for (std::size_t i = 0; i < plain.size();) {
        const std::size_t length = text::utf8_length(plain.substr(i));
        const auto byte = static_cast<unsigned char>(plain[i]);
        if (length == 0 || byte < 0x20 || byte == 0x7f)
            clean += "\xef\xbf\xbd";
        else
            clean += plain.substr(i, length);
        i += length == 0 ? 1 : length;
    }
    return clean;
}

}  // namespace forecastd::lineprotocol
