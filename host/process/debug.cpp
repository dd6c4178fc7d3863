#include "process/debug.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "text/did_you_mean.hpp"

namespace forecastd::process {
namespace {

struct Word {
    const char* name;
    bool Debug::*on;
    const char* warning;
};
constexpr std::array words{
    Word{"crashes", &Debug::crashes,
         "crashes are left alone: a plugin that crashes ends forecastd, and one that hangs holds it up"},
    Word{"guards", &Debug::guards,
         "pages that nobody may touch stand around the state of each series: at least 12 KiB more for each "
         "state, all of which limits.max_memory counts"},
};

std::string unknown(std::string_view word) {
    std::vector<std::string> known;
    std::string list;
    for (const Word& one : words) {
        known.emplace_back(one.name);
        list.append(list.empty() ? "" : ", ").append(one.name);
    }
    const std::string hint = text::did_you_mean(word, known);
    return std::string(debug_variable) + ": there is no word '" + std::string(word) + "'" +
           (hint.empty() ? "." : hint) + " Known: " + list + "; several have commas between them";
}

}  // namespace

Expected<Debug> debug_words(std::string_view text) {
    Debug debug;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(','));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (word.empty()) continue;
        const auto found =
            std::find_if(words.begin(), words.end(), [word](const Word& one) { return word == one.name; });
        if (found == words.end()) return fail(unknown(word));
        debug.*found->on = true;
    }
    return debug;
}

const Expected<Debug>& read_debug() {
    static const Expected<Debug> read = [] {
        const char* const variable = std::getenv(debug_variable);
        return debug_words(variable ? variable : "");
    }();
    return read;
}

Debug debug() { return read_debug().value_or(Debug{}); }

std::vector<std::string> warnings(const Debug& debug) {
    std::vector<std::string> result;
    for (const Word& word : words)
        if (debug.*word.on)
            result.push_back(std::string(debug_variable) + "=" + word.name + ": " + word.warning +
                             ". This is for debugging only");
    return result;
}

}  // namespace forecastd::process
