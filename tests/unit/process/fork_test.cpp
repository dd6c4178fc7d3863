#include "process/fork.hpp"

#include <doctest/doctest.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

namespace process = forecastd::process;

namespace {

int handlers_run = 0;

TEST_CASE("a copy of the process runs no handler of pthread_atfork, on either side") {
    process::prepare_fork();
    const auto handler = [] { ++handlers_run; };
    REQUIRE(pthread_atfork(handler, handler, handler) == 0);
    const pid_t parent = ::getpid();
    const pid_t copy = process::fork_without_handlers();
    if (copy == 0) ::_exit(::getppid() == parent && handlers_run == 0 ? 7 : 8);
    REQUIRE(copy > 0);
    int status = 0;
    REQUIRE(::waitpid(copy, &status, 0) == copy);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 7);
    CHECK(handlers_run == 0);
}

}  // namespace
