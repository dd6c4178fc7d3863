#include "state/child.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

namespace forecastd::state {

void begin_child() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR2}) ::signal(signal, SIG_DFL);
    if (::nice(10) == -1) errno = 0;
}

void end_child(pid_t child) {
    ::kill(child, SIGKILL);
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
}

}  // namespace forecastd::state
