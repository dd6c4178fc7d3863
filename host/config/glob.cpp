#include "config/glob.hpp"

#include <algorithm>
#include <limits>

namespace forecastd::config {
namespace {

using Pieces = std::vector<GlobPiece>;

// Alternatives within alternatives: more is a mistake, and would be recursion without a bound.
constexpr int max_depth = 16;

// A byte that is not UTF-8 is a character of its own, so that a pattern can match every text.
std::u32string characters(std::string_view text) {
    std::u32string result;
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const std::size_t length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        char32_t character = length == 1 ? first : first & (0x7Fu >> length);
        std::size_t used = 1;
        while (used < length && i + used < text.size() &&
               (static_cast<unsigned char>(text[i + used]) & 0xC0) == 0x80)
            character = character << 6 | (static_cast<unsigned char>(text[i + used++]) & 0x3Fu);
        if (used < length) {
            character = first;
            used = 1;
        }
        result.push_back(character);
        i += used;
    }
    return result;
}

GlobPiece one_of(char32_t first, char32_t last) {
    GlobPiece piece;
    piece.kind = GlobPiece::Kind::set;
    piece.ranges.emplace_back(first, last);
    return piece;
}

// Reads a pattern from left to right. fault is "" until something is wrong.
class Compiler {
  public:
    explicit Compiler(std::string_view pattern) : pattern_(characters(pattern)) {}

    Pieces compile() { return sequence(0); }
    [[nodiscard]] const std::string& fault() const { return fault_; }

  private:
    // Up to the end, or within {}, up to ',' or '}'.
    Pieces sequence(int depth) {
        Pieces pieces;
        while (at_ < pattern_.size() && fault_.empty()) {
            const char32_t c = pattern_[at_];
            if (depth > 0 && (c == U',' || c == U'}')) break;
            ++at_;
            if (c == U'*') {
                pieces.emplace_back();
            } else if (c == U'?') {
                pieces.push_back(one_of(0, std::numeric_limits<char32_t>::max()));
            } else if (c == U'[') {
                pieces.push_back(set());
            } else if (c == U'{') {
                pieces.push_back(either(depth + 1));
            } else {
                const char32_t literal = c == U'\\' ? escaped() : c;
                pieces.push_back(one_of(literal, literal));
            }
        }
        return pieces;
    }

    char32_t escaped() {
        if (at_ < pattern_.size()) return pattern_[at_++];
        fault_ = "it ends in a '\\' that escapes nothing; write '\\\\' for a backslash";
        return U'\\';
    }

    GlobPiece set() {
        GlobPiece piece;
        piece.kind = GlobPiece::Kind::set;
        piece.negated = take(U'!');
        while (at_ < pattern_.size() && pattern_[at_] != U']' && fault_.empty()) {
            const char32_t first = character_of_set();
            char32_t last = first;
            if (at_ + 1 < pattern_.size() && pattern_[at_] == U'-' && pattern_[at_ + 1] != U']') {
                ++at_;
                last = character_of_set();
            }
            if (last < first) fault_ = "it has a range in [] that runs backwards";
            piece.ranges.emplace_back(first, last);
        }
        if (!fault_.empty()) return piece;
        if (!take(U']'))
            fault_ = "it has a '[' without its ']'; write '\\[' for the character";
        else if (piece.ranges.empty())
            fault_ = "it has a [] with nothing in it";
        return piece;
    }

    char32_t character_of_set() {
        const char32_t c = pattern_[at_++];
        return c == U'\\' ? escaped() : c;
    }

    GlobPiece either(int depth) {
        GlobPiece piece;
        piece.kind = GlobPiece::Kind::either;
        if (depth > max_depth) {
            fault_ = "it has '{' within '{' more than " + std::to_string(max_depth) + " deep";
            return piece;
        }
        do piece.alternatives.push_back(sequence(depth));
        while (fault_.empty() && take(U','));
        if (fault_.empty() && !take(U'}'))
            fault_ = "it has a '{' without its '}'; write '\\{' for the character";
        return piece;
    }

    bool take(char32_t wanted) {
        const bool there = at_ < pattern_.size() && pattern_[at_] == wanted;
        if (there) ++at_;
        return there;
    }

    std::u32string pattern_;
    std::size_t at_ = 0;
    std::string fault_;
};

bool contains(const GlobPiece& set, char32_t c) {
    const bool found = std::any_of(set.ranges.begin(), set.ranges.end(),
                                   [c](const auto& range) { return range.first <= c && c <= range.second; });
    return found != set.negated;
}

// All places of the text that the pieces so far can have led to. Following them all at once takes no
// backtracking, so no pattern takes exponential time.
using Places = std::vector<bool>;

Places follow(const Pieces& pieces, const std::u32string& text, Places places) {
    for (const auto& piece : pieces) {
        Places next(places.size(), false);
        switch (piece.kind) {
            case GlobPiece::Kind::set:
                for (std::size_t i = 0; i < text.size(); ++i)
                    next[i + 1] = places[i] && contains(piece, text[i]);
                break;
            case GlobPiece::Kind::run:
                std::fill(std::find(places.begin(), places.end(), true) - places.begin() + next.begin(),
                          next.end(), true);
                break;
            case GlobPiece::Kind::either:
                for (const auto& alternative : piece.alternatives) {
                    const Places ends = follow(alternative, text, places);
                    for (std::size_t i = 0; i < next.size(); ++i) next[i] = next[i] || ends[i];
                }
                break;
        }
        places = std::move(next);
    }
    return places;
}

bool matches(const Pieces& pieces, const std::u32string& text) {
    Places start(text.size() + 1, false);
    start.front() = true;
    return follow(pieces, text, std::move(start)).back();
}

}  // namespace

GlobList::GlobList(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {
    for (const auto& pattern : patterns_) {
        Compiler compiler(pattern);
        Pieces pieces = compiler.compile();
        if (compiler.fault().empty()) compiled_.push_back(std::move(pieces));
    }
}

bool GlobList::match(std::string_view text) const {
    const std::u32string decoded = characters(text);
    return std::any_of(compiled_.begin(), compiled_.end(),
                       [&](const auto& pieces) { return matches(pieces, decoded); });
}

bool glob_match(std::string_view pattern, std::string_view text) {
    return GlobList({std::string(pattern)}).match(text);
}

std::string glob_regex(std::string_view pattern) {
    std::string regex;
    bool in_set = false;
    int depth = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        const auto literal = [&](char one) {
            if (std::string_view(".^$|()[]{}*+?\\/-").find(one) != std::string_view::npos) regex += '\\';
            regex += one;
        };
        if (c == '\\' && i + 1 < pattern.size()) {
            literal(pattern[++i]);
        } else if (in_set) {
            if (c == ']' || c == '-')
                regex += c;
            else
                literal(c);
            in_set = c != ']';
        } else if (c == '*' || c == '?') {
            regex += c == '*' ? ".*" : ".";
        } else if (c == '[') {
            regex += '[';
            in_set = true;
            if (i + 1 < pattern.size() && pattern[i + 1] == '!') {
                regex += '^';
                ++i;
            }
        } else if (c == '{') {
            regex += "(";
            ++depth;
        } else if (c == '}' && depth > 0) {
            regex += ")";
            --depth;
        } else if (c == ',' && depth > 0) {
            regex += "|";
        } else {
            literal(c);
        }
    }
    return regex;
}

std::string glob_fault(std::string_view pattern) {
    Compiler compiler(pattern);
    compiler.compile();
    return compiler.fault();
}

}  // namespace forecastd::config
