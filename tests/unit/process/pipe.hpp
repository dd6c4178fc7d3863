// A pipe whose ends close themselves.
#ifndef FORECASTD_TESTS_PROCESS_PIPE_HPP
#define FORECASTD_TESTS_PROCESS_PIPE_HPP

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace forecastd::process {

struct Pipe {
    Pipe() {
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) == 0) {
            reader = ends[0];
            writer = ends[1];
        }
    }
    ~Pipe() {
        close(reader);
        close(writer);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    static void close(int& fd) {
        if (fd >= 0) ::close(std::exchange(fd, -1));
    }
    // All that is in the pipe, which must not be nothing.
    [[nodiscard]] std::string read() const {
        std::string text(1 << 20, '\0');
        const ssize_t got = ::read(reader, text.data(), text.size());
        text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return text;
    }
    int reader = -1, writer = -1;
};

}  // namespace forecastd::process

#endif
