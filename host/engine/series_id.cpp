#include "engine/series_id.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <string>

namespace forecastd::engine {

std::uint64_t series_id_hash(std::string_view pipeline, std::string_view key, std::string_view field) {
    std::string text(pipeline);
    text += '\0';
    text += key;
    text += '\0';
    text += field;
    return XXH3_64bits(text.data(), text.size());
}

}  // namespace forecastd::engine
