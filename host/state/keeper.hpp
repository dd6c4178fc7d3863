// What a run does about its directory: it writes a snapshot now and then, beside the flow, and one at the end.
// Whatever goes wrong is told once and counted; points pass on.
//
// Thread: the main thread.
#ifndef FORECASTD_STATE_KEEPER_HPP
#define FORECASTD_STATE_KEEPER_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "engine/engine.hpp"
#include "state/checkpoint.hpp"
#include "state/directory.hpp"
#include "state/spilled.hpp"

namespace forecastd::state {

class Keeper {
  public:
    using Clock = std::chrono::steady_clock;
    using Tell = std::function<void(config::LogLevel, const std::string&)>;

    // Opens the directory and takes the lock; where another process has it, series are taken over and not
    // saved. saves_soon: the first checkpoint is due at once, as when the series were handed over by an earlier
    // life, and none of them is in a snapshot as it is now. An error: the directory cannot be used.
    // most_spilled: how many series that gave way are kept; 0: none.
    static Expected<std::unique_ptr<Keeper>> open(const config::State& config, std::size_t most_spilled,
                                                  bool saves_soon, Tell tell);

    // To be called when all that was read is answered: begins a checkpoint if one is due, and sees whether one
    // has ended.
    void look(const engine::Engine& engine);
    // When look() has something to do.
    [[nodiscard]] Clock::time_point next_deadline() const;

    // The last checkpoint, at the end of the run; given up at the deadline.
    void finish(const engine::Engine& engine, Clock::time_point deadline);

    // Before the program is executed again: the checkpoint that is under way is given up.
    void leave() { checkpoint_.abandon(); }

    // Where series that give way are kept; nullptr: nowhere.
    [[nodiscard]] engine::Spill* spill() const { return spilled_.get(); }

    [[nodiscard]] const Directory& directory() const { return directory_; }
    [[nodiscard]] std::uint64_t written() const { return written_; }  // checkpoints
    [[nodiscard]] std::uint64_t failed() const { return failed_; }

  private:
    Keeper(const config::State& config, Directory directory, Tell tell);
    void open_spilled(std::size_t most);
    void take(const Expected<Written>& written);

    const config::State config_;
    Directory directory_;
    const Tell tell_;
    Checkpoint checkpoint_;
    std::unique_ptr<Spilled> spilled_;
    bool saves_ = false;
    Clock::time_point due_;
    std::uint64_t written_ = 0, failed_ = 0;
    std::string last_problem_;  // told, and not mended yet
};

}  // namespace forecastd::state

#endif
