#include "commands/command.hpp"

namespace forecastd::commands {

std::span<const Command> all() {
    static const std::vector<Command> list{run_command(),           check_command(),      plugins_command(),
                                           schema_command(),        inspect_command(),    simulate_command(),
                                           telegraf_conf_command(), restamp_command(),    replay_command(),
                                           history_command(),       state_command(),      verify_command(),
                                           bench_command(),         score_command(),      backtest_command(),
                                           new_plugin_command(),    completion_command(), man_command()};
    return list;
}

}  // namespace forecastd::commands
