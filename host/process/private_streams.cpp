#include "process/private_streams.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <initializer_list>

namespace forecastd::process {
namespace {

Streams streams;
bool moved = false;

// A copy of a descriptor that is closed in a program executed next; the descriptor itself if there is no
// room.
int moved_up(int fd) {
    for (const int least : {1000, 100, 3}) {
        const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, least);
        if (copy >= 0) return copy;
    }
    return fd;
}

}  // namespace

Streams private_streams() {
    if (moved) return streams;
    moved = true;
    streams = {moved_up(STDIN_FILENO), moved_up(STDOUT_FILENO)};
    make_streams_private();
    return streams;
}

int standard_input() { return moved ? streams.input : STDIN_FILENO; }

void make_streams_private() {
    if (!moved) return;
    const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (streams.input != STDIN_FILENO && null >= 0) ::dup2(null, STDIN_FILENO);
    if (null >= 0) ::close(null);
    if (streams.output != STDOUT_FILENO) ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

void make_streams_public() {
    if (!moved) return;
    if (streams.input != STDIN_FILENO) ::dup2(streams.input, STDIN_FILENO);
    if (streams.output != STDOUT_FILENO) ::dup2(streams.output, STDOUT_FILENO);
}

}  // namespace forecastd::process
