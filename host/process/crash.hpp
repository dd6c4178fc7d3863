// A crash in a plugin is outlived: the program begins anew in the same process, without that plugin, and goes on
// with the input that it had read but not answered. Whoever started it sees no exit and loses no point. What the
// series had learned is gone.
#ifndef FORECASTD_PROCESS_CRASH_HPP
#define FORECASTD_PROCESS_CRASH_HPP

#include <string>
#include <string_view>
#include <vector>

namespace forecastd::process {

struct Crash {
    int signal = 0;
    std::string plugin;                      // as `at_work` named it
    [[nodiscard]] std::string text() const;  // "plugin 'acme.spikes' crashed (Segmentation fault)"
};

// What lives of this process before the current one left behind.
struct EarlierLives {
    std::vector<Crash> crashes;
    std::string unanswered;  // input that was read, and must be answered before what follows
};

// Takes it over; a second call finds nothing. Once, on the main thread, before anything starts.
EarlierLives take_over();

// From now on, a signal that means a crash makes the process begin anew if *at_work names a plugin; else it ends
// the process, as it would without this. *unanswered is the input to go on with. Both are read by the handler, on
// the thread that crashed, and live until crashes_are_deadly(). Main thread.
void outlive_crashes(const char* const volatile* at_work, const std::string_view* unanswered,
                     const std::vector<Crash>& earlier);

// The end of that.
void crashes_are_deadly();

}  // namespace forecastd::process

#endif
