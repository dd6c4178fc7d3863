// forecastd run: the processor. Standard input to standard output, for as long as there is input.
//
// It fails open: whatever is wrong with the config or a plugin, points pass on. It writes before it waits:
// what came in one read is answered in one write.
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "commands/command.hpp"
#include "commands/plugin_session.hpp"
#include "config/read.hpp"
#include "engine/clock.hpp"
#include "engine/engine.hpp"
#include "engine/series_id.hpp"
#include "lineprotocol/reader.hpp"
#include "output/host_metrics.hpp"
#include "output/line_writer.hpp"
#include "plugin/at_work.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/messages.hpp"
#include "process/clock.hpp"
#include "process/crash.hpp"
#include "process/log.hpp"
#include "process/memory.hpp"
#include "process/private_streams.hpp"
#include "process/stop.hpp"
#include "process/streams.hpp"
#include "process/suspects.hpp"

namespace forecastd::commands {
namespace {

using config::LogLevel;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t read_bytes = std::size_t{256} << 10;
constexpr std::size_t write_bytes = std::size_t{1}
                                    << 20;  // written before the chunk's end if it grows beyond

// The catalogue and the config of a file. Whatever is wrong is reported and left out.
struct Setup {
    plugin::Catalogue catalogue;
    config::Config config;

    Setup(const std::string& file, const process::EarlierLives& earlier, process::Log& log) {
        std::vector<config::Problem> problems;
        const config::Document document = config::Document::open(file, problems);
        take_care(earlier, log);
        load_plugins(document, catalogue);
        config = document.read(catalogue, problems);
        log.set_level(config.log_level);
        for (const std::string& problem : catalogue.problems()) log.write(LogLevel::error, problem);
        for (const config::Problem& problem : problems) log.write(LogLevel::error, problem.text());
        for (const config::Problem& hint : document.hints()) log.write(LogLevel::warn, hint.text());
        if (!problems.empty())
            log.write(LogLevel::error,
                      file +
                          ": the parts with these problems are off, everything else runs; 'forecastd check " +
                          file + "' reports the same");
        if (config.state)
            log.write(LogLevel::warn,
                      file + ": state: this version does not save state; the section has no effect");
        if (config.pipelines.empty())
            log.write(LogLevel::warn,
                      file + ": no pipeline runs: points pass through and nothing is forecast");
        for (const config::Pipeline& pipeline : config.pipelines)
            log.write(LogLevel::info, file + ": pipeline '" + pipeline.name + "' runs");
    }

  private:
    // Reports the crashes of earlier lives that are new, and sets aside what follows from all of them.
    void take_care(const process::EarlierLives& earlier, process::Log& log) {
        process::Suspects suspects;
        for (std::size_t i = 0; i < earlier.crashes.size(); ++i) {
            const process::Suspects::Measure measure = suspects.add(earlier.crashes[i]);
            if (i < earlier.reported) continue;
            log.write(LogLevel::error, earlier.crashes[i].text() + process::Suspects::in_words(measure) +
                                           "; no point is lost, and every series begins again");
        }
        process::crashes_were_reported();
        for (const auto& suspect : suspects.all()) {
            if (suspect.set_aside) catalogue.set_aside(suspect.plugin);
            plugin::Caution caution{suspect.one_point_a_call, {}};
            for (const process::Crash& crash : suspect.series)
                caution.without_series.push_back(
                    engine::series_id_hash(crash.pipeline, crash.key, crash.field));
            catalogue.take_care(suspect.plugin, std::move(caution));
        }
    }
};

// Whom the call to a plugin is for that is going on. In a signal handler.
process::CallSubject call_subject() {
    using Kind = process::CrashFacts::Subject;
    const plugin::Subject* const subject = plugin::work.subject.load(std::memory_order_acquire);
    if (!subject) return {};
    return {subject->several ? Kind::several : Kind::series, subject->pipeline, subject->key, subject->field};
}

// What a life of the process leaves to the next besides input: where the reader is, and what was counted by
// the time up to which the input is answered.
struct Carried {
    lineprotocol::Reader::State reader;
    output::HostCounters counted;
};
static_assert(std::is_trivially_copyable_v<Carried>);

class Processor {
  public:
    // unanswered and carried are kept up to date: what was read, and must be answered if the process begins
    // again, and what belongs to it. The first carried is that of the life before.
    Processor(const config::Config& config, std::string_view& unanswered, Carried& carried, process::Log& log)
        : config_(config),
          unanswered_(unanswered),
          carried_(carried),
          log_(log),
          engine_(config, [&log](LogLevel level, const std::string& text) { log.write(level, text); }),
          reader_(static_cast<std::size_t>(config.limits.max_line_bytes)),
          writer_(buffer_),
          counted_(carried.counted),
          before_(carried.counted),
          input_(process::private_streams().input),
          output_(process::private_streams().output) {
        reader_.resume(carried.reader);
        buffer_.drain_into(write_bytes, [this](std::string_view bytes) { drain(bytes); });
        metrics_timer_ = timers_.add(std::chrono::nanoseconds(config.metrics_every_ns), SteadyClock::now());
    }

    // Answers input that an earlier life of the process had read; false: the reader of the output is gone.
    // Before run().
    bool answer(std::string_view input) {
        const std::span<char> space = reader_.space(input.size());
        reader_.filled(input.copy(space.data(), space.size()));
        keep_unanswered();
        return work_off() && write();
    }

    int run() {
        bool stopping = false;
        for (bool more = true; more;) {
            const std::span<char> space = reader_.space(read_bytes);
            keep_unanswered();  // the reader may have moved it
            if (const int signal = process::restore_signals())
                log_.write(LogLevel::warn, std::string("the handler of the signal '") + ::strsignal(signal) +
                                               "' was replaced, which only a plugin can have done; forecastd "
                                               "has taken it back");
            std::size_t count = 0;
            switch (stopping ? input_.read_rest(space, count) : input_.read(space, count, next_deadline())) {
                case process::Input::Event::data:
                    counted_.bytes_in += count;
                    reader_.filled(count);
                    keep_unanswered();
                    break;
                case process::Input::Event::stop:
                    stopping = true;
                    continue;
                case process::Input::Event::reload:
                    log_.write(LogLevel::warn,
                               "SIGHUP has no effect, since this version does not reload its config; restart "
                               "forecastd to "
                               "apply a change");
                    continue;
                case process::Input::Event::failed:
                    log_.write(LogLevel::error,
                               std::string("standard input cannot be read: ") + std::strerror(errno));
                    stopping = true;
                    more = false;
                    break;
                case process::Input::Event::end:
                    stopping = stopping || process::stop_requested();
                    if (!stopping) reader_.end_of_input();
                    more = false;
                    break;
                case process::Input::Event::timeout:
                    more = !stopping;
                    break;
            }
            if (!work_off()) return reader_gone();
            if (more) pass_time();
            if (!more && stopping) drop_unfinished();
            if (timers_.is_due(metrics_timer_, SteadyClock::now()) || !more) append_metrics();
            if (!write()) return reader_gone();
        }
        if (bad_lines_.skipped() > 0)
            log_.write(LogLevel::warn, std::to_string(counted_.bad_points) +
                                           " points were rejected in all, " +
                                           std::to_string(reader_.rejected_bytes()) + " bytes");
        // A second standard error, of which the reader is to see the end.
        if (process::private_streams().output != STDOUT_FILENO) ::close(STDOUT_FILENO);
        output_.hand_over();
        return success;
    }

    // What is left to do when the output could not be written: the exit code.
    int reader_gone() {
        errno = write_error_;
        if (errno == EPIPE) {
            log_.write(LogLevel::warn, "standard output was closed by its reader: nothing is left to do");
            return success;
        }
        log_.write(LogLevel::error,
                   std::string("standard output cannot be written: ") + std::strerror(errno));
        return failure;
    }

  private:
    // Answers every whole point that was read.
    bool work_off() {
        const std::int64_t clock_ns = process::wall_clock_ns();
        for (bool more = true; more;) {
            points_.clear();
            while (points_.points.size() < engine::Engine::batch_points) {
                const lineprotocol::Outcome outcome = reader_.next(points_, error_);
                if (outcome == lineprotocol::Outcome::error) reject();
                if (outcome != lineprotocol::Outcome::incomplete) continue;
                more = false;
                break;
            }
            engine_.process(points_, clock_ns, writer_);
            if (buffer_.size() >= write_bytes && !write()) return false;
            if (write_failed_) return false;
        }
        return true;
    }

    // When something is due even if no input comes. Series are looked at less often than they could be.
    [[nodiscard]] SteadyClock::time_point next_deadline() const {
        const SteadyClock::time_point timer = timers_.next_deadline();
        const std::chrono::nanoseconds due_in(engine_.due_in_ns());
        if (due_in >= std::chrono::hours(24)) return timer;
        constexpr std::chrono::milliseconds least(20);
        return std::min(timer, passed_ + std::max<std::chrono::nanoseconds>(due_in, least));
    }

    // Tells the engine how much time has passed.
    void pass_time() {
        const SteadyClock::time_point now = SteadyClock::now();
        engine_.pass(std::chrono::nanoseconds(now - passed_).count(), writer_);
        passed_ = now;
    }

    void reject() {
        ++counted_.bad_points;
        log_.write(LogLevel::error, "the input is wrong at " + error_.text() + "; the point is lost",
                   bad_lines_);
    }

    // After a signal, or if the input cannot be read: a line without its end may be half of what was sent.
    void drop_unfinished() {
        const std::uint64_t line = reader_.lines() + 1;
        if (const std::size_t dropped = reader_.drop_unfinished()) {
            ++counted_.bad_points;
            log_.write(LogLevel::warn,
                       "the input stopped within line " + std::to_string(line) + ": its " +
                           std::to_string(dropped) +
                           " bytes are dropped, since half a line may look like another point");
        }
        if (const std::size_t unread = process::stop_requested() ? input_.unread_bytes() : 0)
            log_.write(
                LogLevel::warn,
                "points still came after the signal to stop; at least " + std::to_string(unread) +
                    " bytes of them are left unread. To lose nothing, end the input first, as Telegraf does");
    }

    bool write() {
        drain(buffer_.view());
        buffer_.clear();
        keep_unanswered();
        return !write_failed_;
    }

    // Everything up to here is answered. Counters go along, so that what is answered again is not counted
    // twice.
    void keep_unanswered() {
        unanswered_ = reader_.rest();
        carried_.reader = reader_.state();
        carried_.counted = counted_now();
    }

    // Of all lives of the process.
    [[nodiscard]] output::HostCounters counted_now() const {
        output::HostCounters now = counted_;
        now.lines_in = reader_.lines();
        now.bad_bytes = reader_.rejected_bytes();
        now.lines_out = before_.lines_out + writer_.lines();
        now.earlier = before_.earlier;
        now.earlier += engine_.counters();
        return now;
    }

    // In the middle of a batch too, whose points then count as unanswered until its end: after a crash some
    // are written twice, and none is lost.
    void drain(std::string_view bytes) {
        counted_.bytes_out += bytes.size();
        if (write_failed_) return;
        write_failed_ = !output_.write(bytes);
        write_error_ = errno;
    }

    void append_metrics() {
        if (config_.metrics_every_ns == 0) return;
        output::HostCounters now = counted_now();
        now.earlier = before_.earlier;  // the engine adds its own
        now.bytes_out += buffer_.size();
        now.resident_bytes = process::resident_bytes();
        output::append_metrics(buffer_, engine_, now, process::wall_clock_ns());
    }

    const config::Config& config_;
    std::string_view& unanswered_;
    Carried& carried_;
    process::Log& log_;
    engine::Engine engine_;
    lineprotocol::Reader reader_;
    lineprotocol::Points points_;
    lineprotocol::LineError error_;
    output::Buffer buffer_;
    output::LineWriter writer_;
    output::HostCounters counted_;
    const output::HostCounters before_;  // in earlier lives
    process::Log::Limit bad_lines_;
    process::Input input_;
    process::Output output_;
    engine::Timers timers_;
    std::size_t metrics_timer_ = 0;
    SteadyClock::time_point passed_ = SteadyClock::now();  // when the engine was told last
    bool write_failed_ = false;
    int write_error_ = 0;
};

Carried carried_over(const process::EarlierLives& earlier) {
    Carried carried;
    if (earlier.carried.size() == sizeof carried)
        std::memcpy(static_cast<void*>(&carried), earlier.carried.data(), sizeof carried);
    carried.counted.plugin_crashes = earlier.crashes.size();
    carried.counted.earlier.series = carried.counted.earlier.events_open = 0;  // they are gone
    return carried;
}

int run(const options::variables_map& values) {
    process::catch_stop_signals();
    process::catch_reload_signal();
    process::Log log(STDERR_FILENO);
    const process::EarlierLives earlier = process::take_over();
    process::private_streams();
    std::string_view unanswered = earlier.unanswered;
    Carried carried = carried_over(earlier);
    const std::string_view carried_bytes(reinterpret_cast<const char*>(&carried), sizeof carried);
    process::outlive_crashes(
        {&plugin::work.name, &plugin::work.calls, call_subject, &unanswered, carried_bytes}, earlier);
    plugin::listen([&log](plugin::Level level, const std::string& text) {
        log.write(static_cast<LogLevel>(level), text);
    });
    const Setup setup(values["CONFIG"].as<std::string>(), earlier, log);
    int result = success;
    {
        Processor processor(setup.config, unanswered, carried, log);
        result = processor.answer(earlier.unanswered) ? processor.run() : processor.reader_gone();
        process::nothing_is_left(result);
    }
    process::crashes_are_deadly();
    plugin::listen(nullptr);
    return result;
}

}  // namespace

Command run_command() {
    return {
        "run",
        "the processor: stdin to stdout",
        "Reads line protocol from standard input and writes every point on to standard output, followed "
        "by the\n"
        "forecasts and anomalies that the pipelines of CONFIG derive from it. Each point is answered at "
        "once.\n"
        "It stops at the end of its input, and waits up to 4 s until its output was taken. After SIGTERM or "
        "SIGINT\n"
        "it still reads what comes, until nothing has come for 1 s, but no longer than 3 s, and drops a line "
        "without\n"
        "its end. A bad point, pipeline or plugin is reported on standard error and set aside; everything "
        "else passes\n"
        "on. Returns 0.",
        {{"CONFIG", "the config, JSON with comments; 'forecastd check CONFIG' tells whether it is right",
          true}},
        {},
        run};
}

}  // namespace forecastd::commands
