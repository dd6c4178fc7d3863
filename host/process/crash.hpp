// A plugin that crashes, hangs or ends the process is outlived: the program is executed again in the same
// process and goes on with the input that it had read but not answered. What it does without from then on
// follows from the crashes so far; see suspects.hpp. Whoever started it sees no exit and loses no point. What
// the series have learned goes along: a copy of the process writes it to a file in memory.
//
// The same way leads to another config, or to another version of the program, on request.
//
// What leads there: a signal that means a crash; a call that lasts longer than its deadline; exit(),
// quick_exit() and _exit() in a call. A crash between two calls counts as one of the plugin that was called
// last. Not caught: SIGKILL, the system call exit_group made directly, a plugin that closes the descriptors
// of the program.
//
// Threads: the main thread, which is also the one that calls plugins. A thread of its own watches the
// deadline.
#ifndef FORECASTD_PROCESS_CRASH_HPP
#define FORECASTD_PROCESS_CRASH_HPP

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "process/handover.hpp"

namespace forecastd::process {

// Whom the current call is for. The texts are those of CrashFacts::Subject::series.
struct CallSubject {
    CrashFacts::Subject subject = CrashFacts::Subject::none;
    std::string_view pipeline, key, field;
};

// What the handlers read. All of it must live until crashes_are_deadly().
struct Watched {
    const std::atomic<const char*>*
        plugin;  // the one that is called, or was called last; nullptr: none so far
    const std::atomic<std::uint64_t>* calls;       // begun and ended: odd during a call
    CallSubject (*subject)() = nullptr;            // called in a handler, during a call; nullptr: not known
    const std::string_view* unanswered = nullptr;  // the input to go on with; nullptr: none
    std::string_view carried;                      // bytes for the next life, which may change in place
    // Output that was made of the input before that, and is not written yet; called in a handler; nullptr: none.
    std::string_view (*answered)() = nullptr;
    // Writes what the series have learned to a file, without that of the call; called in a copy of the process
    // that a handler makes, where it may hang or crash. nullptr: nothing is handed over.
    void (*save)(int file, const CallSubject& without) = nullptr;
};

enum class Crashes {
    outlived,
    left_alone,  // for debuggers: no signal that means a crash, no exit and no long call leads to a next life
};

// From now on. It also takes up a request to stop that came in an earlier life.
void outlive_crashes(const Watched& watched, const EarlierLives& earlier,
                     Crashes crashes = Crashes::outlived);

// How long a call may last; 0: for ever. After a signal to stop a call may last 1 s, since the process will
// be killed soon.
void set_call_deadline(std::chrono::nanoseconds deadline);

// Lets each crash leave a core file, as far as the system allows.
void leave_core_files();

// What the earlier life has handed over of the series (EarlierLives::state_file) is taken over now. Before, a
// crash hands over the same once more.
void state_was_taken_over();

// The path of the program that would be executed.
std::string program_to_execute();

// Executes the program again, with the input, the output and the state that are handed over. Returns, with
// errno set, if that cannot be done; then all is as before.
void begin_again_on_request(int state_file);

// The crashes so far were reported: the next life does not report them again.
void crashes_were_reported();

// Undoes what a plugin may have done to signals: unblocks those that this program needs, at each call, and
// takes their handlers back, once a second. A signal whose handler had been replaced, or 0. To be called
// before waiting for input.
int restore_signals();

// Everything is answered and written: from now on a crash, a call that hangs or an exit ends the process at
// once, with this exit code.
void nothing_is_left(int exit_code);

// The end of all that.
void crashes_are_deadly();

}  // namespace forecastd::process

#endif
