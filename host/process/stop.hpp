// Signals as requests: SIGTERM and SIGINT ask to stop, SIGHUP and SIGUSR2 ask to reload. A handler does nothing but note
// the request and wake whoever waits for input or output; everything else happens in the normal flow of the
// program.
//
// All functions: main thread.
#ifndef FORECASTD_PROCESS_STOP_HPP
#define FORECASTD_PROCESS_STOP_HPP

#include <chrono>

namespace forecastd::process {

// Installs the handlers for SIGTERM and SIGINT, unblocks both, and ignores SIGPIPE and SIGXFSZ, so that a write
// fails instead. Once.
void catch_stop_signals();

// The same for SIGHUP and SIGUSR2, after catch_stop_signals(). Without it they end the process.
void catch_reload_signal();

// Whether a signal to stop has come.
bool stop_requested();

// When the first one came; time_point::max() if none has. Every limit after a signal counts from here.
std::chrono::steady_clock::time_point stop_time();

// As if a signal had come at that time: for a request that was made before the program started again.
void request_stop(std::chrono::steady_clock::time_point time);

// Whether a request to reload has come since the last call. To be called when stop_descriptor() is readable.
bool take_reload_request();

// A descriptor for poll(): readable after a signal, for ever after one to stop.
int stop_descriptor();

}  // namespace forecastd::process

#endif
