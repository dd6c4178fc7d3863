// A copy of the process for a signal handler: _Fork, which the C library has since version 2.34 (glibc). A program
// that was linked against an older one uses it where it finds it, and the bare system call elsewhere.
//
// It must never run the handlers of pthread_atfork: they wait for locks that the crashed code may hold.
// Threads: any, and signal handlers, once prepare_fork was called; the copy has the calling thread alone.
// Errors: as fork, -1 with errno.
#ifndef FORECASTD_PROCESS_FORK_HPP
#define FORECASTD_PROCESS_FORK_HPP

#include <sys/types.h>

namespace forecastd::process {

// Looks for _Fork, which a signal handler may not. Without it, the system call is made.
void prepare_fork();

pid_t fork_without_handlers();

}  // namespace forecastd::process

#endif
