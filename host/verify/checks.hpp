// The checks of a plugin: a table, from which the command, its help and the page for authors are made.
//
// They stand in the order in which they run. Where one fails that others need, those are skipped.
#ifndef FORECASTD_VERIFY_CHECKS_HPP
#define FORECASTD_VERIFY_CHECKS_HPP

#include <span>

#include "verify/result.hpp"
#include "verify/rig.hpp"

namespace forecastd::verify {

struct Check {
    const char* name;
    const char* what;   // that must hold: a sentence without its full stop
    const char* mend;   // what to do if it does not: a sentence
    bool is_needed;     // by all that follow
    const char* after;  // the name of one that it needs besides; nullptr: none
    Result (*run)(const Rig& rig);
};

std::span<const Check> all_checks();

// By the files that they stand in. Each throws Broken where the contract is broken.
Result check_tables(const Rig& rig);
Result check_defaults(const Rig& rig);
Result check_points(const Rig& rig);
Result check_forecasts(const Rig& rig);
Result check_numbers(const Rig& rig);
Result check_scores(const Rig& rig);
Result check_parameters(const Rig& rig);
Result check_hard_series(const Rig& rig);

Result check_judging(const Rig& rig);
Result check_forecasting(const Rig& rig);
Result check_learn_limit(const Rig& rig);
Result check_batches(const Rig& rig);
Result check_horizon(const Rig& rig);
Result check_repeats(const Rig& rig);

Result check_state(const Rig& rig);
Result check_foreign_state(const Rig& rig);

Result check_bounds(const Rig& rig);
Result check_leaks(const Rig& rig);

Result check_local_time(const Rig& rig);
Result check_quantiles(const Rig& rig);

Result check_moves(const Rig& rig);

Result check_signals(const Rig& rig);
Result check_threads(const Rig& rig);
Result check_output(const Rig& rig);
Result check_descriptors(const Rig& rig);
Result check_directory(const Rig& rig);
Result check_surroundings(const Rig& rig);

}  // namespace forecastd::verify

#endif
