// What the next life of the process does without, after the crashes of earlier ones:
//
// - the series that a call was for, if it was for one: the plugin goes on with all others;
// - nothing yet, if the call was for several points: the plugin gets one point a call from then on, so that
//   its next crash tells which series it is about;
// - the plugin as a whole, if that cannot be told, or after its third crash within an hour, or its second call
//   that hung.
//
// So a plugin cannot keep the program from its work with one crash after the other, and one that crashes on a
// series now and then, while the others go on, is kept.
//
// Threads: the main thread.
#ifndef FORECASTD_PROCESS_SUSPECTS_HPP
#define FORECASTD_PROCESS_SUSPECTS_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "process/handover.hpp"

namespace forecastd::process {

class Suspects {
  public:
    // Of one plugin within an hour; one more, and it is set aside. A hang costs a deadline each time, so one is
    // the most.
    static constexpr std::size_t most_crashes = 2, most_hangs = 1;
    static constexpr std::int64_t hour_s = 3600;

    enum class Measure { one_point_a_call, without_series, without_plugin };

    struct Suspect {
        std::string plugin;
        bool set_aside = false;
        bool one_point_a_call = false;
        std::vector<Crash> series;  // that it crashed with, each once
        std::vector<std::int64_t> crash_times_s, hang_times_s;
    };

    // What is done after the next crash, the oldest first.
    Measure add(const Crash& crash);
    [[nodiscard]] const std::vector<Suspect>& all() const { return suspects_; }

    // The same as the end of a sentence about the crash: "; this series is set aside ...".
    static std::string in_words(Measure measure);

  private:
    Suspect& suspect(const std::string& plugin);
    std::vector<Suspect> suspects_;
};

}  // namespace forecastd::process

#endif
