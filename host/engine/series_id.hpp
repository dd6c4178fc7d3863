// The hash that names a series to a plugin: a seed for its random numbers. It is the same in every run and on
// every machine, so it must never change: XXH3, 64 bits, without a seed, of the pipeline's name, the
// canonical key and the field's plain name, with a zero byte between them.
#ifndef FORECASTD_ENGINE_SERIES_ID_HPP
#define FORECASTD_ENGINE_SERIES_ID_HPP

#include <cstdint>
#include <string_view>

namespace forecastd::engine {

std::uint64_t series_id_hash(std::string_view pipeline, std::string_view key, std::string_view field);

}  // namespace forecastd::engine

#endif
