// Plays recorded points: writes each to standard output when its time has come, never earlier, and never
// holds back one that was due while it waits for the next.
//
// A point is due at its own timestamp by the wall clock. With a speed, it is due so long after the first one
// was written as its timestamp lies behind that one's, divided by the speed. A point without a timestamp is
// due at once behind the one before it.
#ifndef FORECASTD_RECORDING_PLAYER_HPP
#define FORECASTD_RECORDING_PLAYER_HPP

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "process/streams.hpp"
#include "recording/recording.hpp"
#include "recording/waiting.hpp"

namespace forecastd::recording {

struct PlayerOptions {
    std::vector<std::string> files;
    double speed = 0;         // 0: by the wall clock
    bool loop = false;        // again from the first file, with times that go on
    bool heed_input = false;  // the end of standard input ends it, and it waits for that
    bool progress = false;    // on standard error
};

enum class Ending {
    complete,       // all was played, standard input was closed, or a signal came
    output_closed,  // its reader has gone
    output_failed,  // errno tells why
};

class Player {
  public:
    Player(PlayerOptions options, Report report);

    Ending play();

  private:
    void play_once(const Report& report);
    void play_point(const lineprotocol::PointView& point);
    void note_time(std::int64_t time_ns);
    void prepare_next_pass();
    [[nodiscard]] std::chrono::nanoseconds until(std::int64_t time_ns) const;
    void wait_until(std::int64_t time_ns);
    void wait(std::chrono::nanoseconds time);
    void flush();
    void show_progress(std::chrono::nanoseconds left);

    using Clock = std::chrono::steady_clock;

    const PlayerOptions options_;
    const Report report_;
    Waiting waiting_;
    process::Output output_;
    std::string buffer_;
    std::uint64_t played_ = 0;
    std::optional<Clock::time_point> progress_shown_;

    std::optional<std::int64_t> origin_ns_;  // the first timestamp, and when it was played
    Clock::time_point start_;

    // Of the first pass, for the times of the others.
    std::int64_t earliest_ns_ = 0;
    std::int64_t latest_ns_ = 0;
    std::int64_t spacing_ns_ =
        1'000'000'000;  // the last one between two times, or a second if there is one time
    std::uint64_t pass_ = 0;
    std::int64_t shift_ns_ = 0;  // of this pass
};

}  // namespace forecastd::recording

#endif
