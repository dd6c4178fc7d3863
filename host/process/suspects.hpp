// What the next life of the process does without, after the crashes of earlier ones:
//
// - the series that a call was for, if it was for one: the plugin goes on with all others;
// - nothing yet, if the call was for several points: the plugin gets one point a call from then on, so that
//   its next crash tells which series it is about;
// - the plugin as a whole, if that cannot be told, or if it has crashed with more than a few series.
//
// Each crash takes away something that may crash, so a plugin causes a limited number of them.
//
// Threads: the main thread.
#ifndef FORECASTD_PROCESS_SUSPECTS_HPP
#define FORECASTD_PROCESS_SUSPECTS_HPP

#include <cstddef>
#include <string>
#include <vector>

#include "process/handover.hpp"

namespace forecastd::process {

class Suspects {
  public:
    // A plugin that has crashed with more series than these is set aside. A hang costs a deadline each time,
    // so one is the most.
    static constexpr std::size_t most_series = 5, most_hangs = 1;

    enum class Measure { one_point_a_call, without_series, without_plugin };

    struct Suspect {
        std::string plugin;
        bool set_aside = false;
        bool one_point_a_call = false;
        std::vector<Crash> series;  // that it crashed with, each once
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
