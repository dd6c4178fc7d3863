// Which plugin is being called right now: what to blame if the process crashes.
#ifndef FORECASTD_PLUGIN_AT_WORK_HPP
#define FORECASTD_PLUGIN_AT_WORK_HPP

namespace forecastd::plugin {

// The id of an algorithm, or the path of a file that is being opened; nullptr: none. Volatile, since a signal
// handler reads it. One thread calls plugins.
inline const char* volatile at_work = nullptr;

// Names one for as long as it lives. The name must outlive it.
class AtWork {
  public:
    explicit AtWork(const char* name) : before_(at_work) { at_work = name; }
    ~AtWork() { at_work = before_; }
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;

  private:
    const char* const before_;
};

}  // namespace forecastd::plugin

#endif
