// Standard input and output as pipes from and to Telegraf.
//
// Without a signal, reading goes on until the end of input, and writing waits as long as the reader of the
// output needs. After a signal to stop (see process/stop.hpp) everything is bounded, counted from the first
// signal, since Telegraf sends SIGKILL 5 s after SIGTERM:
//
//   input    until its end, or nothing has come for Input::quiet (1 s), or until Input::stop_limit (3 s)
//   output   until Output::stop_limit (4.5 s), what is still in the pipe included
//   the end  Output::farewell (0.05 s) later
//
// Further signals change nothing. One thread: the main thread.
#ifndef FORECASTD_PROCESS_STREAMS_HPP
#define FORECASTD_PROCESS_STREAMS_HPP

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

namespace forecastd::process {

// Puts /dev/null in place of descriptors 0, 1 and 2 that are closed, so that no other file gets their
// numbers. Standard input is then at its end; writing to standard output fails; messages go nowhere. Before
// anything is opened.
void open_standard_streams();

class Input {
  public:
    explicit Input(int fd);

    enum class Event { data, end, stop, reload, timeout, failed };

    // Waits for data until the deadline and reads what there is, at most space.size() bytes. stop, reload: a
    // signal has come. failed: errno tells why.
    Event read(std::span<char> space, std::size_t& count, std::chrono::steady_clock::time_point deadline);

    // After stop: reads what still comes. timeout: nothing came for `quiet`, or stop_limit has passed.
    Event read_rest(std::span<char> space, std::size_t& count);

    // The number of bytes that have come and were not read; 0 if the system does not tell.
    [[nodiscard]] std::size_t unread_bytes() const;

    static constexpr std::chrono::milliseconds quiet{1000};
    static constexpr std::chrono::milliseconds stop_limit{3000};  // from the signal

  private:
    Event read_now(std::span<char> space, std::size_t& count);

    const int fd_;
};

class Output {
  public:
    explicit Output(int fd);

    // Writes all of it. False: errno tells why. EPIPE: the reader has gone. ETIMEDOUT: a signal to stop has
    // come, and the reader did not read until stop_limit.
    bool write(std::string_view bytes);

    // Waits until the reader has emptied the pipe, at most `patience`, and after a signal until stop_limit: a
    // Telegraf loses what is left in the pipe when the process exits. Returns at once if it is no pipe, or
    // the reader has gone.
    void drain() const;

    // The last thing that a run does: waits as drain() does, closes the output and standard error, and stays
    // for `farewell`. A Telegraf that sees the exit before the end of a pipe closes the pipe while it is
    // read, and logs an error ("file already closed"); so the end of the pipe comes first. Only drain() if it
    // is no pipe.
    void hand_over() const;

    static constexpr std::chrono::milliseconds patience{4000};
    static constexpr std::chrono::milliseconds stop_limit{4500};  // from the signal
    static constexpr std::chrono::milliseconds farewell{50};

  private:
    const int fd_;
};

}  // namespace forecastd::process

#endif
