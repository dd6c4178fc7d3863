// forecastd run: the processor. Standard input to standard output, for as long as there is input.
//
// It fails open: whatever is wrong with the config or a plugin, points pass on.
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "commands/command.hpp"
#include "commands/processor.hpp"
#include "commands/reload.hpp"
#include "commands/setup.hpp"
#include "plugin/at_work.hpp"
#include "plugin/messages.hpp"
#include "process/crash.hpp"
#include "process/debug.hpp"
#include "process/log.hpp"
#include "process/private_streams.hpp"
#include "process/stop.hpp"
#include "process/streams.hpp"
#include "state/keeper.hpp"

namespace forecastd::commands {
namespace {

using config::LogLevel;

// Whom the call to a plugin is for that is going on. In a signal handler.
process::CallSubject call_subject() {
    using Kind = process::CrashFacts::Subject;
    const plugin::Subject* const subject = plugin::work.subject.load(std::memory_order_acquire);
    if (!subject) return {};
    return {subject->several ? Kind::several : Kind::series, subject->pipeline, subject->key, subject->field};
}

// For the handlers of a crash: what is at work; nullptr: nothing yet.
Processor* processing = nullptr;

std::string_view answered_output() { return processing ? processing->answered() : std::string_view(); }
void save_series(int file, const process::CallSubject& without) {
    if (processing) processing->save(file, without);
}

Carried carried_over(const process::EarlierLives& earlier) {
    Carried carried;
    if (earlier.carried.size() == sizeof carried)
        std::memcpy(static_cast<void*>(&carried), earlier.carried.data(), sizeof carried);
    carried.counted.bytes_out += earlier.answered.size();
    carried.counted.plugin_crashes = earlier.crashes.size();
    carried.counted.earlier.series = carried.counted.earlier.events_open = 0;  // the engine counts its own
    return carried;
}

// Opens the directory of the state, if the config names one. False: it cannot be used, and the config wants to
// stop then.
bool open_state(const config::Config& config, const process::EarlierLives& earlier,
                std::unique_ptr<state::Keeper>& keeper, process::Log& log) {
    if (!config.state) return true;
    const bool gives_way = config.limits.evict == config::Limits::Evict::lru;
    constexpr std::int64_t few = 1000;
    const auto most_spilled =
        static_cast<std::size_t>(gives_way ? std::max(config.limits.max_series, few) : 0);
    auto opened =
        state::Keeper::open(*config.state, most_spilled, earlier.state_file >= 0,
                            [&log](LogLevel level, const std::string& text) { log.write(level, text); });
    if (opened) {
        keeper = std::move(*opened);
        return true;
    }
    const bool stops = config.state->on_error == config::State::OnError::stop;
    log.write(LogLevel::error, "state: " + opened.error().text +
                                   (stops ? "; state.on_error is \"stop\", so forecastd stops"
                                          : "; forecastd runs without saving what it learns"));
    return !stops;
}

// Recorded points to learn from at the start: those of the command line, or of the config.
History history_of(const options::variables_map& values, const config::Config& config) {
    const bool beside = values.count("history-beside") > 0;
    if (values.count("history")) return {values["history"].as<std::vector<std::string>>(), beside};
    if (!config.state) return {};
    return {config.state->history, beside || config.state->history_beside};
}

int run(const options::variables_map& values) {
    process::catch_stop_signals();
    process::catch_reload_signal();
    process::Log log(STDERR_FILENO);
    const process::Debug debug = process::debug();
    const process::EarlierLives earlier = process::take_over();
    if (earlier.crashes.empty() && !earlier.on_request)
        for (const std::string& warning : process::warnings(debug)) log.write(LogLevel::warn, warning);
    process::private_streams();
    std::string_view unanswered = earlier.unanswered;
    Carried carried = carried_over(earlier);
    const std::string_view carried_bytes(reinterpret_cast<const char*>(&carried), sizeof carried);
    process::outlive_crashes({&plugin::work.name, &plugin::work.calls, call_subject, &unanswered,
                              carried_bytes, answered_output, save_series},
                             earlier,
                             debug.crashes ? process::Crashes::left_alone : process::Crashes::outlived);
    process::Output(process::private_streams().output).write(earlier.answered);
    plugin::listen([&log](plugin::Level level, const std::string& text) {
        log.write(static_cast<LogLevel>(level), text);
    });
    const auto file = values["CONFIG"].as<std::string>();
    const Setup setup(file, earlier, log);
    int result = success;
    std::unique_ptr<state::Keeper> keeper;
    if (!open_state(setup.config, earlier, keeper, log)) return failure;
    {
        Reload reload(file, setup.config_files, setup.catalogue.loaded(),
                      std::chrono::nanoseconds(setup.config.watch_ns), log);
        Processor processor(setup.config, keeper.get(), reload, unanswered, carried, log);
        processor.take_over(earlier, history_of(values, setup.config));
        processing = &processor;
        result = processor.answer(earlier.unanswered) ? processor.run() : processor.reader_gone();
        process::nothing_is_left(result);
        processing = nullptr;
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
        "its end. After SIGHUP or SIGUSR2 it goes on with the config, the plugins and the program that are "
        "there now, if\n"
        "'check' finds them valid. What it learns is kept in the directory that 'state' in CONFIG names. A "
        "bad "
        "point,\n"
        "pipeline or plugin is reported on standard error and set aside; everything else passes on. Returns "
        "0, "
        "or 1 if\n"
        "standard output cannot be written, or the directory cannot be used and CONFIG says to stop then.\n\n"
        "For finding a fault in a plugin, the environment variable FORECASTD_DEBUG takes words with commas "
        "between them:\n"
        "'crashes' leaves crashes, and calls that hang, to a debugger; 'guards' puts pages that nobody may "
        "touch around\n"
        "each state, so that a write beyond it crashes at once. The page docs/debugging.md tells more.",
        {{"CONFIG",
          "the config, JSON with comments, or a directory of them; 'forecastd check CONFIG' tells whether it "
          "is "
          "right",
          true}},
        [](options::options_description_easy_init& add) {
            add("history", options::value<std::vector<std::string>>()->multitoken()->value_name("FILE..."),
                "recorded points in line protocol, gzip-compressed or not, oldest first: series that are not "
                "saved learn from them before the first point");
            add("history-beside",
                "answer points while series learn from these files; they warm up until then");
        },
        run};
}

}  // namespace forecastd::commands
