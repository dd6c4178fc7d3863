// Which plugin is being called, and which was called last: whom to blame if the process crashes, hangs or ends.
//
// Every call into a plugin is made while an AtWork lives. Its end restores what a plugin may have changed for the
// whole thread: the floating point mode and the locale.
//
// Threads: one thread calls plugins; any thread, and a signal handler, may read `work`.
#ifndef FORECASTD_PLUGIN_AT_WORK_HPP
#define FORECASTD_PLUGIN_AT_WORK_HPP

#include <atomic>
#include <cstdint>

#include "plugin/surroundings.hpp"

namespace forecastd::plugin {

struct Work {
    // The id of an algorithm, or the path of a file that is being opened: the host's own copy. nullptr: none so far.
    std::atomic<const char*> name = nullptr;
    std::atomic<std::uint64_t> calls = 0;  // begun and ended; odd: one is going on
};
inline Work work;

// Marks a call to the plugin of that name, which must stay valid until the process ends. Calls do not nest.
class AtWork {
  public:
    explicit AtWork(const char* name) : name_(name) {
        work.name.store(name, std::memory_order_relaxed);
        count();
    }
    ~AtWork() {
        if (surroundings_changed()) restore_surroundings(name_);
        count();
    }
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;

  private:
    static void count() {  // one writer, so no read-modify-write is needed
        work.calls.store(work.calls.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    const char* const name_;
};

}  // namespace forecastd::plugin

#endif
