#include "recording/gunzip.hpp"

#include <algorithm>
#include <limits>
#include <new>

namespace forecastd::recording {

Gunzip::Gunzip() {
    constexpr int gzip_alone = 16;
    if (::inflateInit2(&stream_, MAX_WBITS + gzip_alone) != Z_OK) throw std::bad_alloc();
}

Gunzip::~Gunzip() { ::inflateEnd(&stream_); }

bool Gunzip::is_gzip(std::string_view beginning) { return beginning.starts_with("\x1f\x8b"); }

bool Gunzip::unpack(std::string_view& packed, std::span<char> space, std::size_t& count) {
    constexpr std::size_t most = std::numeric_limits<uInt>::max();
    count = 0;
    while (count == 0) {
        if (between_) {
            if (any_) packed.remove_prefix(std::min(packed.find_first_not_of('\0'), packed.size()));
            if (packed.empty()) return true;
            if (any_ && ::inflateReset(&stream_) != Z_OK) return false;
            between_ = false;
        }
        // zlib's interface wants a pointer to bytes that it does not change.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
        stream_.avail_in = static_cast<uInt>(std::min(packed.size(), most));
        stream_.next_out = reinterpret_cast<Bytef*>(space.data());
        stream_.avail_out = static_cast<uInt>(std::min(space.size(), most));
        const uInt given = stream_.avail_in;
        const uInt room = stream_.avail_out;
        const int result = ::inflate(&stream_, Z_NO_FLUSH);
        packed.remove_prefix(given - stream_.avail_in);
        count = room - stream_.avail_out;
        if (result == Z_BUF_ERROR) return true;  // it needs more data
        if (result != Z_OK && result != Z_STREAM_END) return false;
        between_ = result == Z_STREAM_END;
        any_ = any_ || between_;
    }
    return true;
}

}  // namespace forecastd::recording
