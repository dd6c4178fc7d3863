// A file or standard input as a stream of bytes. gzip data, known by its first two bytes, is unpacked on the
// way.
#ifndef FORECASTD_RECORDING_SOURCE_HPP
#define FORECASTD_RECORDING_SOURCE_HPP

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "process/streams.hpp"
#include "recording/gunzip.hpp"

namespace forecastd::recording {

class Source {
  public:
    // "-" is standard input. What cannot be opened fails at the first read.
    explicit Source(const std::string& file);
    ~Source();
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    enum class Event { data, end, stop };
    // Waits for data, of which count bytes are then in space, or for a signal to stop. The error is the end
    // of a sentence that begins with the file's name.
    Expected<Event> read(std::span<char> space, std::size_t& count);

    // So far, as they are stored: of gzip data, the compressed ones.
    [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

  private:
    Expected<Event> read_raw(std::span<char> space, std::size_t& count);
    Expected<Event> look_at_beginning();
    Expected<Event> unpack(std::span<char> space, std::size_t& count);

    const int fd_;
    const int open_error_;  // errno of the opening
    std::optional<process::Input> input_;
    std::vector<char> chunk_;   // of raw bytes
    std::string_view waiting_;  // the part of chunk_ that was not handed on
    bool begun_ = false;
    std::uint64_t bytes_read_ = 0;
    std::unique_ptr<Gunzip> gunzip_;
};

}  // namespace forecastd::recording

#endif
