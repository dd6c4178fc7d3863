// The flow of a run: input is read, answered and written, and in between time passes, checkpoints are made and
// changes of the config are looked for. It writes before it waits: what came in one read is answered in one
// write.
//
// What a crash must not lose is kept up to date while it works: the input that is not answered, the output that
// is not written, and what was counted.
//
// Threads: the main thread; answered() and save() in the handlers of a crash.
#ifndef FORECASTD_COMMANDS_PROCESSOR_HPP
#define FORECASTD_COMMANDS_PROCESSOR_HPP

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "commands/reload.hpp"
#include "config/config.hpp"
#include "engine/clock.hpp"
#include "engine/engine.hpp"
#include "lineprotocol/reader.hpp"
#include "output/host_metrics.hpp"
#include "output/line_writer.hpp"
#include "process/crash.hpp"
#include "process/log.hpp"
#include "process/streams.hpp"
#include "state/keeper.hpp"
#include "state/warming.hpp"

namespace forecastd::commands {

// What a life of the process leaves to the next besides input: where the reader is, and what was counted by
// the time up to which the input is answered.
struct Carried {
    lineprotocol::Reader::State reader;
    output::HostCounters counted;
    bool learns_history = false;  // beside the flow
};

// Recorded points to learn from: files, and whether points are answered meanwhile.
struct History {
    std::vector<std::string> files;
    bool beside = false;
};
static_assert(std::is_trivially_copyable_v<Carried>);

class Processor {
  public:
    // unanswered and carried are kept up to date: what was read, and must be answered if the process begins
    // again, and what belongs to it. The first carried is that of the life before.
    // keeper: of what the series have learned; nullptr: it is not kept.
    Processor(const config::Config& config, state::Keeper* keeper, Reload& reload,
              std::string_view& unanswered, Carried& carried, process::Log& log);

    // Takes over what series have learned: what the life before has handed over, or what was saved; and where
    // the program has just been started, what recorded points tell of the others. Before run().
    void take_over(const process::EarlierLives& earlier, const History& history);

    // Answers input that an earlier life of the process had read; false: the reader of the output is gone.
    // Before run().
    bool answer(std::string_view input);

    // Until the end of the input, or a signal. The exit code.
    int run();

    // What is left to do when the output could not be written: the exit code.
    int reader_gone();

    // Output for what is answered, that is not written yet.
    [[nodiscard]] std::string_view answered() const { return buffer_.view().substr(0, answered_bytes_); }
    // Writes what the series have learned to a file, without that of a call, and without the batch that is at work.
    // In a copy of the process.
    void save(int file, const process::CallSubject& without);

  private:
    using SteadyClock = std::chrono::steady_clock;

    bool work_off();
    void begin_again();
    void save_last();
    void look_at_history();
    [[nodiscard]] SteadyClock::time_point next_deadline() const;
    void pass_time();
    void reject();
    void drop_unfinished();
    bool write();
    void keep_unanswered();
    [[nodiscard]] output::HostCounters counted_now() const;
    void drain(std::string_view bytes);
    void append_metrics();

    const config::Config& config_;
    state::Keeper* const keeper_;
    Reload& reload_;
    std::string_view& unanswered_;
    Carried& carried_;
    process::Log& log_;
    engine::Engine engine_;
    lineprotocol::Reader reader_;
    lineprotocol::Points points_;
    lineprotocol::LineError error_;
    output::Buffer buffer_;
    std::size_t answered_bytes_ = 0;  // of it: for whole batches
    output::LineWriter writer_;
    output::HostCounters counted_;
    const output::HostCounters before_;  // in earlier lives
    process::Log::Limit bad_lines_;
    process::Input input_;
    process::Output output_;
    state::Warming warming_;
    engine::Timers timers_;
    std::size_t metrics_timer_ = 0;
    SteadyClock::time_point passed_ = SteadyClock::now();  // when the engine was told last
    bool write_failed_ = false;
    int write_error_ = 0;
};

}  // namespace forecastd::commands

#endif
