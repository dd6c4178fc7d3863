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

    // The last thing that a run does: waits as drain() does, then closes the output and standard error, and stays for a
    // moment. A Telegraf that sees the exit before the end of a pipe closes the pipe under its own reader, who reports
    // an error ("file already closed"); so the end comes first. Does nothing more than drain() if it is no pipe.
    void hand_over() const;

    static constexpr std::chrono::milliseconds patience{4000};
    static constexpr std::chrono::milliseconds farewell{50};  // for the reader to see the end

  private:
    const int fd_;
};

}  // namespace forecastd::process

#endif
