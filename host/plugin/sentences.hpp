// What the checks of a plugin's tables share: the rules for names and texts, and the sentences for their
// faults.
#ifndef FORECASTD_PLUGIN_SENTENCES_HPP
#define FORECASTD_PLUGIN_SENTENCES_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace forecastd::plugin {

std::string quoted(std::string_view text);

inline bool missing(const char* text) { return !text || !*text; }
inline bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Whether a parameter, or what is told of a series, may be called so: lower case letters, digits and '_', a
// letter first.
bool is_name(std::string_view name);
std::string name_fault(std::string_view name);

// Each returns "" for what is sound.
std::string sentence_fault(const char* name, const char* text);
std::string choices_fault(const char* const* choices);
std::string struct_fault(const char* type, std::size_t found, std::size_t least);

}  // namespace forecastd::plugin

#endif
