// Copies of short texts, inline: a line has a dozen of them, and most are of 1 to 64 bytes.
#ifndef FORECASTD_OUTPUT_TEXT_HPP
#define FORECASTD_OUTPUT_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace forecastd::output {

// A literal; its size is known to the compiler.
template <std::size_t Size>
inline char* put(char* to, const char (&literal)[Size]) {
    std::memcpy(to, literal, Size - 1);
    return to + Size - 1;
}

namespace detail {

template <std::size_t Size>
struct Bytes {
    char bytes[Size];
};

// Copies `size` bytes, at least one Word and at most two, as two words that may overlap.
template <class Word>
inline void copy_ends(char* to, const char* from, std::size_t size) {
    Word head, tail;
    std::memcpy(&head, from, sizeof head);
    std::memcpy(&tail, from + size - sizeof tail, sizeof tail);
    std::memcpy(to, &head, sizeof head);
    std::memcpy(to + size - sizeof tail, &tail, sizeof tail);
}

}  // namespace detail

inline char* put(char* to, std::string_view text) {
    const std::size_t size = text.size();
    if (size > 64)
        std::memcpy(to, text.data(), size);
    else if (size >= 32)
        detail::copy_ends<detail::Bytes<32>>(to, text.data(), size);
    else if (size >= 16)
        detail::copy_ends<detail::Bytes<16>>(to, text.data(), size);
    else if (size >= 8)
        detail::copy_ends<std::uint64_t>(to, text.data(), size);
    else if (size >= 4)
        detail::copy_ends<std::uint32_t>(to, text.data(), size);
    else
        for (std::size_t i = 0; i < size; ++i) to[i] = text[i];
    return to + size;
}

}  // namespace forecastd::output

#endif
