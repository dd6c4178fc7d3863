#include "state/keeper.hpp"

#include <utility>

namespace forecastd::state {

using config::LogLevel;

Expected<std::unique_ptr<Keeper>> Keeper::open(const config::State& config, std::size_t most_spilled,
                                               bool saves_soon, Tell tell) {
    auto directory = Directory::open(config.dir);
    if (!directory) return fail(std::move(directory.error().text));
    std::unique_ptr<Keeper> keeper(new Keeper(config, std::move(*directory), std::move(tell)));
    if (saves_soon) keeper->due_ = Clock::now();
    const auto locked = keeper->directory_.lock();
    keeper->saves_ = locked.has_value();
    if (!locked)
        keeper->tell_(LogLevel::warn, "state: " + locked.error().text + "; this one runs without saving");
    if (locked && most_spilled > 0) keeper->open_spilled(most_spilled);
    return keeper;
}

void Keeper::open_spilled(std::size_t most) {
    auto spilled = Spilled::open(directory_, most, tell_);
    if (spilled)
        spilled_ = std::move(*spilled);
    else
        tell_(LogLevel::error,
              "state: " + spilled.error().text + "; series that give way to others are not kept");
}

Keeper::Keeper(const config::State& config, Directory directory, Tell tell)
    : config_(config),
      directory_(std::move(directory)),
      tell_(std::move(tell)),
      checkpoint_(directory_),
      due_(Clock::now() + std::chrono::nanoseconds(config.checkpoint_interval_ns)) {}

void Keeper::look(const engine::Engine& engine) {
    if (!saves_) return;
    if (const auto written = checkpoint_.poll()) take(*written);
    const Clock::time_point now = Clock::now();
    if (now < due_ || checkpoint_.is_under_way()) return;
    due_ = now + std::chrono::nanoseconds(config_.checkpoint_interval_ns);
    if (const auto begun = checkpoint_.begin(engine); !begun) take(fail(begun.error().text));
}

Keeper::Clock::time_point Keeper::next_deadline() const {
    if (!saves_) return Clock::time_point::max();
    constexpr std::chrono::milliseconds patience(200);
    return checkpoint_.is_under_way() ? Clock::now() + patience : due_;
}

void Keeper::finish(const engine::Engine& engine, Clock::time_point deadline) {
    if (saves_) take(checkpoint_.write_now(engine, deadline));
}

// A problem is told where it comes and where it goes, and not at each checkpoint.
void Keeper::take(const Expected<Written>& written) {
    ++(written ? written_ : failed_);
    const std::string problem = !written ? "no snapshot was written: " + written.error().text
                                : !written->problem.empty()
                                    ? "some series were not saved: " + written->problem
                                    : "";
    if (problem == last_problem_) return;
    last_problem_ = problem;
    if (problem.empty())
        tell_(LogLevel::info, "state: snapshots are written again");
    else
        tell_(LogLevel::error, "state: " + problem + "; the one before stays in '" + config_.dir + "'");
}

}  // namespace forecastd::state
