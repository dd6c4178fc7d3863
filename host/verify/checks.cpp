#include "verify/checks.hpp"

namespace forecastd::verify {
namespace {

constexpr Check table[] = {
    {"tables",
     "the version is one, such as 1.0.0; ids, names and texts were checked when the file was loaded",
     "Give numbers with dots between them.", false, nullptr, check_tables},
    {"defaults", "a model can be made with the default parameters, on intervals from 1 ms to 1 day",
     "Do not refuse an interval, and let the defaults go together.", true, nullptr, check_defaults},
    {"points", "300 usual points are judged and learned one by one, and the model is freed",
     "Run it under a debugger with --in-process --only points.", true, nullptr, check_points},
    {"forecasts", "a forecaster answers after 300 points, for 1 step and for 50",
     "Fill every step of the horizon, or return FCD_NOT_YET while too little was learned.", true, nullptr,
     check_forecasts},
    {"signals", "signals have the handlers and the mask that they had", "Leave signals to the host.", true,
     nullptr, check_signals},
    {"threads", "no thread is started", "Work within the calls.", true, nullptr, check_threads},
    {"output", "nothing is written to standard output and standard error",
     "Use the service FCD_LOG, in C++ forecastd::host().", false, nullptr, check_output},
    {"descriptors", "no descriptor is opened or closed",
     "Close what a call has opened, and leave 0, 1 and 2 alone.", false, nullptr, check_descriptors},
    {"directory", "the working directory stays", "Use absolute paths.", false, nullptr, check_directory},
    {"surroundings", "the floating point mode and the locale stay as they are",
     "Put them back before a call returns.", false, nullptr, check_surroundings},
    {"numbers",
     "what comes out is finite or NaN; scores and deviations are not below 0, and means are finite",
     "Write NaN where a number is unknown.", false, nullptr, check_numbers},
    {"scores", "a detector gives a score within 2,000 usual points",
     "Let the warm-up end, or say in the summary how long it is.", false, nullptr, check_scores},
    {"judging",
     "a point with FCD_JUDGE_ONLY changes nothing, and its verdict is that of the same point later",
     "Do not write to the state of a point with FCD_JUDGE_ONLY.", false, nullptr, check_judging},
    {"forecasting", "a forecast changes nothing", "Do not write to the state in forecast.", false, nullptr,
     check_forecasting},
    {"learn_limit", "a point is learned as far as its learn_limit says",
     "Learn expected + clamp(value - expected, -learn_limit, +learn_limit), and nothing at 0. The C++ layer "
     "does it.",
     false, nullptr, check_learn_limit},
    {"batches", "a batch gives what single points give, however it is split and whatever else is in it",
     "Keep what is known of a series in its state alone.", false, nullptr, check_batches},
    {"horizon", "the first step of a forecast does not depend on how many follow",
     "Work out each step from the state and its distance.", false, nullptr, check_horizon},
    {"repeats", "the same points give the same verdicts and the same state",
     "Take random numbers from id_hash, and time from the points.", false, nullptr, check_repeats},
    {"state", "a state that was saved and loaded is the same, and goes on as if nothing had happened",
     "Save all of the state, or keep it as plain bytes.", false, nullptr, check_state},
    {"foreign_state", "load refuses what it does not understand, or what it loads works",
     "Check size, version and every number before it is believed.", false, nullptr, check_foreign_state},
    {"parameters", "each parameter works at its least and greatest value, or is refused with a sentence",
     "Narrow the range in the table, or say why these parameters do not go together.", false, "numbers",
     check_parameters},
    {"hard_series", "constant, huge, tiny, stepping, alternating and gappy series leave every number finite",
     "Guard against division by 0, overflow, and steps that are far apart.", false, "numbers",
     check_hard_series},
    {"bounds", "nothing beyond a state or an output array is touched",
     "Run it with --in-process --only bounds under a debugger: it stops where the access is made.", false,
     nullptr, check_bounds},
    {"leaks", "what a model and its series take is given back",
     "Free in model_free and series_free what model_new and series_init have taken.", false, nullptr,
     check_leaks},
};

}  // namespace

std::span<const Check> all_checks() { return table; }

}  // namespace forecastd::verify
