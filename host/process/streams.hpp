// Standard input and output as pipes to and from Telegraf.
#ifndef FORECASTD_PROCESS_STREAMS_HPP
#define FORECASTD_PROCESS_STREAMS_HPP

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

namespace forecastd::process {

class Input {
  public:
    explicit Input(int fd);

    enum class Event { data, end, stop, timeout, failed };
    // Waits for data until the deadline and reads what there is, at most space.size() bytes. failed: errno tells why.
    Event read(std::span<char> space, std::size_t& count, std::chrono::steady_clock::time_point deadline);

  private:
    const int fd_;
};

class Output {
  public:
    explicit Output(int fd);

    // Writes all of it. False: the reader has gone, or, after a signal to stop, did not read for `patience`.
    bool write(std::string_view bytes);

    // Waits until the reader has emptied the pipe, at most `patience`: what is left in it when we exit is lost with a
    // Telegraf. Returns at once if it is no pipe, or the reader has gone.
    void drain() const;

    static constexpr std::chrono::milliseconds patience{4000};

  private:
    const int fd_;
};

}  // namespace forecastd::process

#endif
