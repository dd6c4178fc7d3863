// A file or standard input as a stream of bytes; gzip data, which its first two bytes tell, is unpacked on the way.
#ifndef FORECASTD_RECORDING_SOURCE_HPP
#define FORECASTD_RECORDING_SOURCE_HPP

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

    enum class Event { data, end, stop, failed };
    // Waits for data, or for a signal to stop. failed: error() tells why, as the end of a sentence.
    Event read(std::span<char> space, std::size_t& count);

    [[nodiscard]] const std::string& error() const { return error_; }

  private:
    Event read_raw(std::span<char> space, std::size_t& count);
    Event look_at_beginning();
    Event unpack(std::span<char> space, std::size_t& count);
    Event fail(const char* what);

    const int fd_;
    std::string error_;
    std::optional<process::Input> input_;
    std::vector<char> chunk_;   // of raw bytes
    std::string_view waiting_;  // the part of chunk_ that was not handed on
    bool begun_ = false;
    std::unique_ptr<Gunzip> gunzip_;
};

}  // namespace forecastd::recording

#endif
