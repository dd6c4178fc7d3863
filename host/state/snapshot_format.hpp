// A snapshot: the saved series of one process, in a file. All numbers are little-endian.
//
//   header    64 bytes
//     0  16   "forecastd state\n"
//    16   4   the version of this format, 1
//    20   4   0
//    24   8   when it was written, in ns since 1970
//    32  24   0
//    56   8   XXH3 of the bytes 0 to 55
//   blocks    as many as it takes; each can be read without the others
//     0   4   "BLK\n"
//     4   4   bytes of its content
//     8   4   series in it
//    12   4   0
//    16   8   XXH3 of its content
//    24   8   XXH3 of the bytes 0 to 23
//    32       content: entries, one after another
//   trailer   32 bytes, as the head of a block without content
//     0   4   "END\n"
//     4  12   0
//    16   8   series in all
//    24   8   XXH3 of the bytes 0 to 23
//
// An entry begins with a byte that tells its kind. Texts and bytes are their number, 4 bytes, and they
// themselves.
//
//   1   the cohort of the series that follow: the name of its pipeline, and what its stages tell (the
//       interval; by the names of the stages: the algorithm, the version of its states, its parameters)
//   2   a series: its key, its field, and its state (by the names of the stages: their parts)
//   3   what is known beside the series: bytes (whether the data was live; labels that last)
//
// In a block, a cohort stands before its series. Where a block is damaged, its series alone are lost: the reader looks for the
// next head that is whole.
//
// XXH3 is the hash of 64 bits without a seed (xxHash 0.8). It finds what went wrong by chance; it keeps
// nobody from forging a snapshot, which the permissions of the directory must do.
#ifndef FORECASTD_STATE_SNAPSHOT_FORMAT_HPP
#define FORECASTD_STATE_SNAPSHOT_FORMAT_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace forecastd::state {

inline constexpr std::string_view file_magic = "forecastd state\n";
inline constexpr std::string_view block_magic = "BLK\n", end_magic = "END\n";
inline constexpr std::uint32_t format_version = 1;
inline constexpr std::size_t header_bytes = 64, head_bytes = 32;
inline constexpr std::size_t usual_content = std::size_t{1} << 20;    // a block is closed beyond
inline constexpr std::size_t longest_content = std::size_t{1} << 30;  // of a block with one huge series
enum class Entry : std::uint8_t { cohort = 1, series = 2, common = 3 };

std::uint64_t checksum(std::span<const char> bytes);

}  // namespace forecastd::state

#endif
