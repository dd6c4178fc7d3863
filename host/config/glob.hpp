// Globs as in Telegraf's filters: * any run of characters, ? one, [abc] [a-z] [!abc] one of a set, {a,b}
// either, \ takes the next character as it is. They match the whole text. A character is one of UTF-8, not a
// byte.
#ifndef FORECASTD_CONFIG_GLOB_HPP
#define FORECASTD_CONFIG_GLOB_HPP

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace forecastd::config {

// A piece of a compiled glob. Every piece but a run and an alternative takes one character.
struct GlobPiece {
    enum class Kind { set, run, either };

    Kind kind = Kind::run;
    bool negated = false;                               // set: [!abc]
    std::vector<std::pair<char32_t, char32_t>> ranges;  // set: a literal is a range of one, ? is all of them
    std::vector<std::vector<GlobPiece>> alternatives;   // either: {a,b}
};

// Patterns, compiled once. Immutable, so any thread may match.
class GlobList {
  public:
    GlobList() = default;
    // A pattern with a fault matches nothing; glob_fault() finds it first.
    explicit GlobList(std::vector<std::string> patterns);

    // Whether any pattern matches; an empty list matches nothing. Takes time in proportion to pattern and
    // text.
    [[nodiscard]] bool match(std::string_view text) const;
    [[nodiscard]] const std::vector<std::string>& patterns() const { return patterns_; }

  private:
    std::vector<std::string> patterns_;
    std::vector<std::vector<GlobPiece>> compiled_;
};

// Whether one pattern matches.
bool glob_match(std::string_view pattern, std::string_view text);

// A valid pattern as a regular expression that matches the same, as Go and InfluxDB read it, without its anchors.
std::string glob_regex(std::string_view pattern);

// "" if the pattern is well formed, else what is wrong with it.
std::string glob_fault(std::string_view pattern);

}  // namespace forecastd::config

#endif
