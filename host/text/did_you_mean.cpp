#include "text/did_you_mean.hpp"

#include <algorithm>

namespace forecastd::text {
namespace {

// Names are short; what is longer is not a misspelt one, and would make the distance expensive.
constexpr std::size_t max_length = 64;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The optimal string alignment distance: Levenshtein's, with swaps of neighbours as one edit.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = lower(a[i - 1]) == lower(b[j - 1]);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, above);
        std::swap(above, row);
    }
    return above[b.size()];
}

}  // namespace

std::string did_you_mean(std::string_view found, const std::vector<std::string>& known) {
    if (found.size() > max_length) return "";
    const std::string* nearest = nullptr;
    std::size_t least = std::max<std::size_t>(1, found.size() / 3) + 1;
    for (const auto& name : known) {
        if (name.size() > max_length) continue;
        const std::size_t distance = edit_distance(found, name);
        // A name with every character changed is near no other.
        if (distance >= least || distance >= std::max(found.size(), name.size())) continue;
        least = distance;
        nearest = &name;
    }
    return nearest ? ", did you mean '" + *nearest + "'?" : "";
}

}  // namespace forecastd::text
