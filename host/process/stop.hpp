// SIGTERM and SIGINT as a wish to stop: what waits for input or output is woken, what was read is still answered.
#ifndef FORECASTD_PROCESS_STOP_HPP
#define FORECASTD_PROCESS_STOP_HPP

namespace forecastd::process {

// Installs the handlers, and ignores SIGPIPE. Once, on the main thread.
void catch_stop_signals();

// Whether a signal has come.
bool stop_requested();

// A descriptor that is readable from then on, for poll().
int stop_descriptor();

}  // namespace forecastd::process

#endif
