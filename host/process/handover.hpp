// What one life of the process leaves to the next, which is the program at the same path, executed again in the
// same process: a file in memory, whose descriptor an environment variable names. Everything in it may have any
// length. The next life may be another version of the program: it takes what both know.
//
// Threads: the main thread.
#ifndef FORECASTD_PROCESS_HANDOVER_HPP
#define FORECASTD_PROCESS_HANDOVER_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace forecastd::process {

// What is known of a crash beside its texts.
struct CrashFacts {
    enum class Kind : char { signal = 's', deadline = 'd', exit = 'e' };
    // Whom the call was for: nobody, or it is not known; several points; one series.
    enum class Subject : char { none = '-', several = 'n', series = '1' };
    Kind kind = Kind::signal;
    int number = 0;           // the signal; the deadline in ms; the exit code
    bool during_call = true;  // false: between calls; the plugin is the one that was called last
    int core_process = 0;     // whose memory was dumped; 0: none was
    bool stopping = false;    // a signal to stop had come
    Subject subject = Subject::none;
    std::int64_t time_s = 0;  // of a clock that goes on over the lives of the process
};

// How a plugin ended a life of the process.
struct Crash : CrashFacts {
    std::string plugin;                // the id of an algorithm, or the path of a file that was being opened
    std::string pipeline, key, field;  // of Subject::series

    // "plugin 'acme.spikes' crashed (Segmentation fault)"
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string record() const;  // as it is handed over
};

struct EarlierLives {
    std::vector<Crash> crashes;  // of all lives of this version of the program, the oldest first
    std::size_t reported = 0;    // the first of them, which an earlier life has reported
    std::optional<std::chrono::steady_clock::time_point> stop_time;  // of a signal to stop that came then
    std::string carried;      // the caller's own bytes; empty if another version of the program wrote them
    std::string answered;     // output that was made, and not written yet
    std::string unanswered;   // input that was read, and must be answered before what follows
    int state_file = -1;      // a file in memory with what the series have learned; -1: none
    bool on_request = false;  // the life before ended since it was asked to, and not by a crash
};

// Takes it over; a second call finds nothing. Before anything is opened.
EarlierLives take_over();

// What is handed over, as the writer sees it.
struct Handover {
    std::string_view earlier_crashes;  // the bytes of Crash::record()
    std::uint64_t reported = 0;
    std::int64_t stop_ticks = 0;  // of the steady clock; 0: no signal came
    std::string_view carried;
    std::string_view answered;
    std::string_view unanswered;
    int state_file = -1;
};

// The texts of a crash, as the writer sees them. Those of the series are read by the system alone, so that it
// does no harm if the crash has damaged them: the series is then left out.
struct CrashTexts {
    std::string_view plugin;
    std::string_view pipeline, key, field;
};

struct NewCrash {
    CrashFacts facts;
    CrashTexts texts;
};

// Writes it, and the newest crash, to a file in memory that the next program inherits; -1: it cannot be made.
// crash: nullptr if the program is executed again on request; earlier ones are forgotten then. Safe in a signal
// handler.
int write_handover(const Handover& handover, const NewCrash* crash);

inline constexpr char handover_variable[] = "FORECASTD_HANDOVER";  // the descriptor, in decimal

}  // namespace forecastd::process

#endif
