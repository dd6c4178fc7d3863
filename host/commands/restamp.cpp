// forecastd restamp: recorded points with new timestamps.
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <string_view>

#include "commands/command.hpp"
#include "commands/recorded_files.hpp"
#include "config/units.hpp"
#include "process/clock.hpp"
#include "process/stop.hpp"
#include "process/streams.hpp"
#include "recording/recording.hpp"
#include "recording/restamper.hpp"
#include "recording/stamp.hpp"
#include "text/escaped.hpp"

namespace forecastd::commands {
namespace {

constexpr std::size_t write_bytes = std::size_t{1} << 17;

// A duration that may have a sign. False: error is a sentence.
bool read_duration(const options::variables_map& values, const char* name, bool negative_allowed,
                   std::int64_t& ns, std::string& error) {
    const auto& text = values[name].as<std::string>();
    std::string_view rest = text;
    const bool negative = negative_allowed && rest.starts_with('-');
    if (negative || (negative_allowed && rest.starts_with('+'))) rest.remove_prefix(1);
    if (!config::parse_duration(rest, ns, error)) {
        error = std::string("--") + name + " '" + text + "': " + error;
        return false;
    }
    if (negative) ns = -ns;
    return true;
}

int restamp_all(recording::Recording& recording, recording::Restamper& restamper, bool needs_time,
                ErrorReport& errors) {
    process::Output output(STDOUT_FILENO);
    std::string buffer;
    const auto write = [&] {
        const bool written = output.write(buffer);
        buffer.clear();
        return written;
    };
    for (;;) {
        const recording::Event event = recording.next();
        if (event == recording::Event::point) {
            const auto& point = recording.point();
            if (needs_time && !point.has_time) {
                recording.reject(
                    "expected a timestamp, which --keep-spacing keeps the distances of, found none");
            } else if (const auto time_ns = restamper.next(point.time_ns)) {
                recording::append_stamped(buffer, point, *time_ns);
            } else {
                recording.reject("its new time would lie outside of the years 1678 to 2262");
            }
            if (buffer.size() < write_bytes) continue;
        }
        // What was read is answered before more is waited for.
        if (!write()) break;
        if (event == recording::Event::end || (event == recording::Event::starved && !recording.fetch()))
            return errors.exit_code();
    }
    if (errno != EPIPE) errors.add(std::string("standard output cannot be written: ") + std::strerror(errno));
    return errors.exit_code();
}

int restamp(const options::variables_map& values) {
    std::int64_t offset_ns = 0;
    std::int64_t interval_ns = 0;
    std::int64_t start_ns = 0;
    std::string error;
    const std::int64_t now_ns = process::wall_clock_ns();
    const bool keep_spacing = values.count("keep-spacing") > 0;
    if (read_duration(values, "start-offset", true, offset_ns, error) &&
        read_duration(values, "interval", false, interval_ns, error)) {
        if (__builtin_add_overflow(now_ns, offset_ns, &start_ns))
            error = "--start-offset leads out of the years 1678 to 2262";
        else if (keep_spacing && !values["interval"].defaulted())
            error = "--interval and --keep-spacing exclude each other; give one of them";
    }
    if (!error.empty()) {
        std::cerr << "E! forecastd restamp: " << text::escaped(error)
                  << "; 'forecastd restamp --help' tells more\n";
        return usage;
    }

    process::catch_stop_signals();
    ErrorReport errors("restamp");
    recording::Recording recording(recorded_files(values),
                                   [&](const std::string& sentence) { errors.add(sentence); });
    recording::Restamper restamper(start_ns, interval_ns, keep_spacing);
    return restamp_all(recording, restamper, keep_spacing, errors);
}

}  // namespace

Command restamp_command() {
    return {
        "restamp",
        "recorded points with new timestamps",
        "Writes the points of the files to standard output, the first with the time that it is now, each "
        "further one\n"
        "an interval later. All else in a point stays, byte for byte; comments and blank lines are left "
        "out.\n"
        "What is no point is reported on standard error with its file and line, and left out.\n"
        "Returns 0; 1 if anything could not be read or written; 2 if an option is wrong.",
        {recorded_files_positional()},
        [](options::options_description_easy_init& add) {
            add("start-offset", options::value<std::string>()->default_value("0s")->value_name("DURATION"),
                "what the first time lies after now; before it, if negative: -1h");
            add("interval", options::value<std::string>()->default_value("1s")->value_name("DURATION"),
                "between two points");
            add("keep-spacing",
                "keep the recorded distances: all times are moved by as much as the first; for files that "
                "hold several series");
        },
        restamp};
}

}  // namespace forecastd::commands
