// Runs something in a child process, since signals and standard streams belong to a whole process.
#ifndef FORECASTD_TESTS_PROCESS_CHILD_HPP
#define FORECASTD_TESTS_PROCESS_CHILD_HPP

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

namespace forecastd::process {

// Ends the child if the condition does not hold.
#define CHECK_IN_CHILD(condition)                                                        \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            ::_exit(1);                                                                  \
        }                                                                                \
    } while (false)

// Whether body returned in the child.
template <class Body>
bool holds_in_child(Body body) {
    const pid_t child = ::fork();
    if (child == 0) {
        body();
        ::_exit(0);
    }
    int status = -1;
    return child > 0 && ::waitpid(child, &status, 0) == child && status == 0;
}

}  // namespace forecastd::process

#endif
