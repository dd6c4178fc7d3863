// Which plugin is being called, and which was called last: whom to blame if the process crashes, hangs or
// ends. And for which series, where a call is for one.
//
// Every call into a plugin is made while an AtWork lives. Its end restores what a plugin may have changed for
// the whole thread: the floating point mode and the locale. Who knows for which series a call is says so by
// an AtSeries.
//
// Threads: one thread calls plugins; any thread, and a signal handler, may read `work`.
#ifndef FORECASTD_PLUGIN_AT_WORK_HPP
#define FORECASTD_PLUGIN_AT_WORK_HPP

#include <atomic>
#include <cstdint>
#include <string_view>

#include "plugin/surroundings.hpp"

namespace forecastd::plugin {

// What a call is for: a series by its names, or several points, of series that are not told.
struct Subject {
    std::string_view pipeline, key, field;
    bool several = false;
};
inline constexpr Subject several_points{{}, {}, {}, true};

struct Work {
    // The id of an algorithm, or the path of a file that is being opened: the host's own copy. nullptr: none
    // so far.
    std::atomic<const char*> name = nullptr;
    std::atomic<std::uint64_t> calls = 0;           // begun and ended; odd: one is going on
    std::atomic<const Subject*> subject = nullptr;  // of the calls that are made now; nullptr: no series
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

// While it lives, all calls are for its subject, whose texts must stay valid as long. It costs a few stores.
class AtSeries {
  public:
    explicit AtSeries(const Subject& subject)
        : subject_(subject), before_(work.subject.load(std::memory_order_relaxed)) {
        work.subject.store(&subject_, std::memory_order_release);
    }
    ~AtSeries() { work.subject.store(before_, std::memory_order_release); }
    AtSeries(const AtSeries&) = delete;
    AtSeries& operator=(const AtSeries&) = delete;

  private:
    const Subject subject_;
    const Subject* const before_;
};

}  // namespace forecastd::plugin

#endif
