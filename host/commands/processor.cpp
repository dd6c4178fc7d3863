#include "commands/processor.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "commands/command.hpp"
#include "config/units.hpp"
#include "lineprotocol/names.hpp"
#include "output/buffer.hpp"
#include "process/clock.hpp"
#include "process/memory.hpp"
#include "process/private_streams.hpp"
#include "process/stop.hpp"
#include "state/history.hpp"
#include "state/restore.hpp"
#include "state/snapshot_writer.hpp"

namespace forecastd::commands {
namespace {

using config::LogLevel;

constexpr std::size_t read_bytes = std::size_t{256} << 10;
constexpr std::size_t write_bytes = std::size_t{1} << 20;  // written before the chunk's end beyond

}  // namespace

Processor::Processor(const config::Config& config, state::Keeper* keeper, Reload& reload,
                     std::string_view& unanswered, Carried& carried, process::Log& log)
    : config_(config),
      keeper_(keeper),
      reload_(reload),
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
    if (keeper_) engine_.set_spill(keeper_->spill());
    reader_.resume(carried.reader);
    buffer_.drain_into(write_bytes, [this](std::string_view bytes) { drain(bytes); });
    metrics_timer_ = timers_.add(std::chrono::nanoseconds(config.metrics_every_ns), SteadyClock::now());
}

void Processor::take_over(const process::EarlierLives& earlier, const History& history) {
    const std::int64_t now_ns = process::wall_clock_ns();
    const state::Restored restored =
        state::restore(engine_,
                       {earlier.state_file, keeper_ ? &keeper_->directory() : nullptr,
                        config_.state ? config_.state->max_age_ns : 0},
                       now_ns);
    process::state_was_taken_over();
    for (const std::string& problem : restored.problems) log_.write(LogLevel::warn, "state: " + problem);
    const std::int64_t age_s = std::max<std::int64_t>(now_ns - restored.written_ns, 0) / 1'000'000'000;
    if (restored.written_ns != 0)
        log_.write(LogLevel::info, "state: " + std::to_string(restored.series) +
                                       " series go on, as they were saved " +
                                       config::format_duration(age_s * 1'000'000'000) + " ago");
    else if (keeper_)
        log_.write(LogLevel::info, "state: nothing is saved in '" + keeper_->directory().path() + "' yet");
    counted_.restored_series += restored.series;
    // Later lives go on with what the first has learned, unless it had not got to that.
    const bool is_first = !earlier.on_request && earlier.crashes.empty();
    if (history.files.empty() || (!is_first && !std::exchange(carried_.learns_history, false))) return;
    const auto tell = [this](LogLevel level, const std::string& text) { log_.write(level, text); };
    if (history.beside) {
        const auto begun = warming_.begin(config_, history.files, tell);
        carried_.learns_history = begun.has_value();
        if (!begun) log_.write(LogLevel::error, "history: " + begun.error().text);
        return;
    }
    const state::Warmed warmed = state::warm(engine_, config_, history.files, tell);
    counted_.restored_series += warmed.series;
    log_.write(LogLevel::info, "history: " + std::to_string(warmed.series) + " series have learned from " +
                                   std::to_string(warmed.points) + " recorded points");
}

// What was learned beside the flow, once that is done.
void Processor::look_at_history() {
    const auto series = warming_.poll(engine_);
    if (!series) return;
    carried_.learns_history = false;
    if (!*series)
        return log_.write(LogLevel::error,
                          "history: " + series->error().text + "; the series warm up as ever");
    counted_.restored_series += **series;
    log_.write(LogLevel::info, "history: " + std::to_string(**series) +
                                   " series go on with what recorded points have taught them");
}

bool Processor::answer(std::string_view input) {
    const std::span<char> space = reader_.space(input.size());
    reader_.filled(input.copy(space.data(), space.size()));
    keep_unanswered();
    return work_off() && write();
}

int Processor::run() {
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
                reload_.ask();
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
        if (!more) break;
        if (keeper_) keeper_->look(engine_);
        look_at_history();
        if (reload_.look() && !stopping) begin_again();
    }
    save_last();
    if (bad_lines_.skipped() > 0)
        log_.write(LogLevel::warn, std::to_string(counted_.bad_points) + " points were rejected in all, " +
                                       std::to_string(reader_.rejected_bytes()) + " bytes");
    // A second standard error, of which the reader is to see the end.
    if (process::private_streams().output != STDOUT_FILENO) ::close(STDOUT_FILENO);
    output_.hand_over();
    return success;
}

int Processor::reader_gone() {
    errno = write_error_;
    if (errno == EPIPE) {
        log_.write(LogLevel::warn, "standard output was closed by its reader: nothing is left to do");
        return success;
    }
    log_.write(LogLevel::error, std::string("standard output cannot be written: ") + std::strerror(errno));
    return failure;
}

void Processor::save(int file, const process::CallSubject& without) {
    engine_.undo_batch();
    const auto is_at_work = [&without](const engine::SeriesNames& names) {
        return without.subject == process::CrashFacts::Subject::series &&
               names.pipeline == without.pipeline && names.key == without.key && names.field == without.field;
    };
    // What is written up to an error is read by the next life.
    [[maybe_unused]] const auto written = state::write_snapshot(
        file, engine_, [] { return true; }, is_at_work);
}

// Between two points. Returns if it cannot be done; then everything goes on.
void Processor::begin_again() {
    const int file = ::memfd_create("forecastd-state", 0);
    const auto written = file < 0
                             ? fail("no file in memory can be made: " + std::string(std::strerror(errno)))
                             : state::write_snapshot(file, engine_, [] { return true; });
    if (written) {
        if (keeper_) keeper_->leave();
        warming_.abandon();
        ::lseek(file, 0, SEEK_SET);
        process::begin_again_on_request(file);
    }
    log_.write(LogLevel::error,
               "the config is not loaded again: " +
                   (written ? "'" + process::program_to_execute() +
                                  "' cannot be executed: " + std::string(std::strerror(errno))
                            : written.error().text) +
                   "; everything goes on as it was");
    if (file >= 0) ::close(file);
}

// What was learned since the last checkpoint. Telegraf kills the process 5 s after it asks it to stop, or
// after the end of its input.
void Processor::save_last() {
    constexpr std::chrono::seconds patience(4);
    const SteadyClock::time_point asked = std::min(SteadyClock::now(), process::stop_time());
    if (keeper_) keeper_->finish(engine_, asked + patience);
}

// Answers every whole point that was read.
bool Processor::work_off() {
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
        keep_unanswered();
        if (buffer_.size() >= write_bytes && !write()) return false;
        if (write_failed_) return false;
    }
    return true;
}

// When something is due even if no input comes. Series are looked at less often than they could be.
Processor::SteadyClock::time_point Processor::next_deadline() const {
    const SteadyClock::time_point timer =
        std::min({timers_.next_deadline(), reload_.next_deadline(),
                  keeper_ ? keeper_->next_deadline() : SteadyClock::time_point::max()});
    const std::chrono::nanoseconds due_in(engine_.due_in_ns());
    constexpr std::chrono::milliseconds history_patience(100);
    if (warming_.is_under_way()) return std::min(timer, SteadyClock::now() + history_patience);
    if (due_in >= std::chrono::hours(24)) return timer;
    constexpr std::chrono::milliseconds least(20);
    return std::min(timer, passed_ + std::max<std::chrono::nanoseconds>(due_in, least));
}

// Tells the engine how much time has passed.
void Processor::pass_time() {
    const SteadyClock::time_point now = SteadyClock::now();
    engine_.pass(std::chrono::nanoseconds(now - passed_).count(), writer_);
    passed_ = now;
}

void Processor::reject() {
    ++counted_.bad_points;
    log_.write(LogLevel::error, "the input is wrong at " + error_.text() + "; the point is lost", bad_lines_);
}

// After a signal, or if the input cannot be read: a line without its end may be half of what was sent.
void Processor::drop_unfinished() {
    const std::uint64_t line = reader_.lines() + 1;
    if (const std::size_t dropped = reader_.drop_unfinished()) {
        ++counted_.bad_points;
        log_.write(LogLevel::warn, "the input stopped within line " + std::to_string(line) + ": its " +
                                       std::to_string(dropped) +
                                       " bytes are dropped, since half a line may look like another point");
    }
    if (const std::size_t unread = process::stop_requested() ? input_.unread_bytes() : 0)
        log_.write(
            LogLevel::warn,
            "points still came after the signal to stop; at least " + std::to_string(unread) +
                " bytes of them are left unread. To lose nothing, end the input first, as Telegraf does");
}

bool Processor::write() {
    drain(buffer_.view());
    buffer_.clear();
    answered_bytes_ = 0;
    keep_unanswered();
    return !write_failed_;
}

// Everything up to here is answered. Counters go along, so that what is answered again is not counted
// twice.
void Processor::keep_unanswered() {
    answered_bytes_ = buffer_.size();
    unanswered_ = reader_.rest();
    carried_.reader = reader_.state();
    carried_.counted = counted_now();
}

// Of all lives of the process.
output::HostCounters Processor::counted_now() const {
    output::HostCounters now = counted_;
    now.lines_in = reader_.lines();
    now.bad_bytes = reader_.rejected_bytes();
    now.lines_out = before_.lines_out + writer_.lines();
    now.earlier = before_.earlier;
    now.earlier += engine_.counters();
    if (keeper_) {
        now.checkpoints += keeper_->written();
        now.checkpoint_errors += keeper_->failed();
    }
    return now;
}

// In the middle of a batch too, whose points then count as unanswered until its end: after a crash some
// are written twice, and none is lost.
void Processor::drain(std::string_view bytes) {
    counted_.bytes_out += bytes.size();
    answered_bytes_ = 0;
    if (write_failed_) return;
    write_failed_ = !output_.write(bytes);
    write_error_ = errno;
}

void Processor::append_metrics() {
    if (config_.metrics_every_ns == 0) return;
    output::HostCounters now = counted_now();
    now.earlier = before_.earlier;  // the engine adds its own
    now.bytes_out += buffer_.size();
    now.resident_bytes = process::resident_bytes();
    output::Tags tags;
    for (const auto& [name, value] : config_.metrics_tags)
        tags[lineprotocol::TagKey(name).text()] = lineprotocol::TagValue(value).text();
    output::append_metrics(buffer_, engine_, now, tags, process::wall_clock_ns());
}

}  // namespace forecastd::commands
