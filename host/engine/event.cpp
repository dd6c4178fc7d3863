#include "engine/event.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/bytes.hpp"

namespace forecastd::engine {

std::uint64_t event_id(std::uint64_t series_id_hash, std::int64_t start_ns) {
    Bytes bytes;
    ByteWriter out(bytes);
    out.put(series_id_hash);
    out.put(start_ns);
    return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace forecastd::engine
