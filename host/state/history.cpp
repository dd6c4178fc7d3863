#include "state/history.hpp"

#include <chrono>

#include "engine/null_sink.hpp"
#include "lineprotocol/reader.hpp"
#include "process/clock.hpp"
#include "process/stop.hpp"
#include "recording/source.hpp"
#include "state/snapshot_writer.hpp"

namespace forecastd::state {
namespace {

using config::LogLevel;
using Tell = std::function<void(LogLevel, const std::string&)>;

// Files may have one series behind the other, so that the time goes back with each of them: none is too old.
config::Config of_any_age(config::Config config) {
    config.limits.ttl_ns = 0;
    config.limits.evict = config::Limits::Evict::none;
    return config;
}

class Learner {
  public:
    Learner(const config::Config& config, const Tell& tell)
        : config_(of_any_age(config)),
          tell_(tell),
          engine_(config_, tell),
          clock_ns_(process::wall_clock_ns()) {}

    void learn(const std::string& file) {
        recording::Source source(file);
        lineprotocol::Reader reader(static_cast<std::size_t>(config_.limits.max_line_bytes));
        const std::uint64_t bad_before = warmed_.bad_points;
        for (;;) {
            std::size_t count = 0;
            const auto event = source.read(reader.space(read_bytes), count);
            if (!event) {
                tell_(LogLevel::error, "history: '" + file + "' " + event.error().text);
                break;
            }
            if (*event == recording::Source::Event::stop) return;
            if (*event == recording::Source::Event::end) {
                reader.end_of_input();
                work_off(reader);
                break;
            }
            reader.filled(count);
            work_off(reader);
            show_progress(file);
        }
        if (const std::uint64_t bad = warmed_.bad_points - bad_before; bad > 0)
            tell_(LogLevel::warn, "history: '" + file + "' has " + std::to_string(bad) +
                                      " lines that are no points, the first at " + first_error_);
        first_error_.clear();
    }

    [[nodiscard]] const engine::Engine& engine() const { return engine_; }
    [[nodiscard]] std::uint64_t points() const { return warmed_.points; }

    Warmed end(engine::Engine& into) {
        const auto saved = engine_.save(
            [&](const engine::SavedSeries& series) { warmed_.series += into.load(series).has_value(); });
        if (!saved) tell_(LogLevel::warn, "history: " + saved.error().text);
        return warmed_;
    }

  private:
    static constexpr std::size_t read_bytes = std::size_t{256} << 10;

    void work_off(lineprotocol::Reader& reader) {
        for (bool more = true; more;) {
            points_.clear();
            while (points_.points.size() < engine::Engine::batch_points) {
                const lineprotocol::Outcome outcome = reader.next(points_, error_);
                if (outcome == lineprotocol::Outcome::error) {
                    ++warmed_.bad_points;
                    if (first_error_.empty()) first_error_ = error_.text();
                }
                if (outcome != lineprotocol::Outcome::incomplete) continue;
                more = false;
                break;
            }
            warmed_.points += points_.points.size();
            engine_.process(points_, clock_ns_, nothing_);
        }
    }

    void show_progress(const std::string& file) {
        constexpr std::chrono::seconds every(10);
        const Clock::time_point now = Clock::now();
        if (now - shown_ < every) return;
        shown_ = now;
        tell_(LogLevel::info,
              "history: " + std::to_string(warmed_.points) + " points read, now in '" + file + "'");
    }

    using Clock = std::chrono::steady_clock;
    const config::Config config_;
    const Tell& tell_;
    engine::Engine engine_;
    const std::int64_t clock_ns_;  // of points without a time
    engine::NullSink nothing_;
    lineprotocol::Points points_;
    lineprotocol::LineError error_;
    std::string first_error_;
    Warmed warmed_;
    Clock::time_point shown_ = Clock::now();
};

}  // namespace

Warmed warm(engine::Engine& engine, const config::Config& config, const std::vector<std::string>& files,
            const Tell& tell) {
    Learner learner(config, tell);
    for (const std::string& file : files)
        if (!process::stop_requested()) learner.learn(file);
    return learner.end(engine);
}

bool learn_to_file(int file, const config::Config& config, const std::vector<std::string>& files,
                   const Tell& tell) {
    Learner learner(config, tell);
    for (const std::string& one : files) learner.learn(one);
    const auto written = write_snapshot(file, learner.engine(), [] { return true; });
    if (!written) tell(LogLevel::warn, "history: " + written.error().text);
    if (written && !written->problem.empty()) tell(LogLevel::warn, "history: " + written->problem);
    tell(LogLevel::info, "history: " + std::to_string(learner.points()) + " recorded points were read");
    return written.has_value();
}

}  // namespace forecastd::state
