// gzip data as a stream: chunks of it in, what they hold out. Several gzip files one behind the other are
// one, as for gzip itself, and zeros behind the last are padding.
#ifndef FORECASTD_RECORDING_GUNZIP_HPP
#define FORECASTD_RECORDING_GUNZIP_HPP

#include <zlib.h>

#include <cstddef>
#include <span>
#include <string_view>

namespace forecastd::recording {

class Gunzip {
  public:
    Gunzip();
    ~Gunzip();
    Gunzip(const Gunzip&) = delete;
    Gunzip& operator=(const Gunzip&) = delete;

    // Whether a file that begins so is gzip data. Two bytes are needed.
    static bool is_gzip(std::string_view beginning);

    // Takes from the front of `packed` and fills `space`; count tells how much of it. False: the data is
    // damaged.
    bool unpack(std::string_view& packed, std::span<char> space, std::size_t& count);

    // Whether the data may end here.
    [[nodiscard]] bool complete() const { return between_; }

  private:
    z_stream stream_{};
    bool between_ = true;  // two gzip files, or at the beginning or the end
    bool any_ = false;     // a gzip file has ended
};

}  // namespace forecastd::recording

#endif
