#include "process/fork.hpp"

#include <dlfcn.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace forecastd::process {

#if __GLIBC_PREREQ(2, 34)

void prepare_fork() {}

pid_t fork_without_handlers() { return ::_Fork(); }

#else

namespace {
pid_t (*fork_of_libc)() = nullptr;
}

void prepare_fork() { fork_of_libc = reinterpret_cast<pid_t (*)()>(::dlsym(RTLD_DEFAULT, "_Fork")); }

pid_t fork_without_handlers() {
    if (fork_of_libc) return fork_of_libc();
    // On every architecture the flags come first, and no stack, no place for a number and no thread-local storage follow.
    return static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr));
}

#endif

}  // namespace forecastd::process
