// Signals as requests, and what input and output do after them.
#include "process/stop.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <cerrno>
#include <string>
#include <thread>

#include "process/streams.hpp"
#include "unit/process/child.hpp"
#include "unit/process/pipe.hpp"

namespace forecastd::process {
namespace {

using Clock = std::chrono::steady_clock;
using Event = Input::Event;
using namespace std::chrono_literals;

void put(const Pipe& pipe, std::string_view text) {
    CHECK_IN_CHILD(::write(pipe.writer, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

Event read(Input& input, std::string& text) {
    char space[64];
    std::size_t count = 0;
    const Event event = input.read(space, count, Clock::now() + 50ms);
    if (event == Event::data) text.assign(space, count);
    return event;
}

Event read_rest(Input& input, std::string& text) {
    char space[64];
    std::size_t count = 0;
    const Event event = input.read_rest(space, count);
    if (event == Event::data) text.assign(space, count);
    return event;
}

}  // namespace

TEST_CASE("after a signal what still comes is read, up to the end of input") {
    CHECK(holds_in_child([] {
        Pipe pipe;
        Input input(pipe.reader);
        std::string text;
        catch_stop_signals();
        CHECK_IN_CHILD(!stop_requested());
        CHECK_IN_CHILD(stop_time() == Clock::time_point::max());
        put(pipe, "a");
        ::raise(SIGTERM);
        CHECK_IN_CHILD(stop_requested());
        CHECK_IN_CHILD(read(input, text) == Event::stop);
        CHECK_IN_CHILD(input.unread_bytes() == 1);
        CHECK_IN_CHILD(read_rest(input, text) == Event::data && text == "a");
        ::raise(SIGTERM);
        ::raise(SIGINT);
        std::thread writer([&] {
            std::this_thread::sleep_for(100ms);
            put(pipe, "b");
        });
        CHECK_IN_CHILD(read_rest(input, text) == Event::data && text == "b");
        writer.join();
        put(pipe, "c");
        Pipe::close(pipe.writer);
        CHECK_IN_CHILD(read_rest(input, text) == Event::data && text == "c");
        CHECK_IN_CHILD(read_rest(input, text) == Event::end);
    }));
}

TEST_CASE("after a signal reading ends when nothing comes, and in a flood at its limit") {
    CHECK(holds_in_child([] {
        const Pipe pipe;
        Input input(pipe.reader);
        std::string text;
        catch_stop_signals();
        ::raise(SIGINT);
        const auto begin = Clock::now();
        CHECK_IN_CHILD(read_rest(input, text) == Event::timeout);
        CHECK_IN_CHILD(Clock::now() - begin >= Input::quiet - 10ms);
        put(pipe, "a");
        Event event = Event::data;
        for (; event == Event::data; put(pipe, "a")) event = read_rest(input, text);
        CHECK_IN_CHILD(event == Event::timeout);
        CHECK_IN_CHILD(Clock::now() >= stop_time() + Input::stop_limit);
        CHECK_IN_CHILD(input.unread_bytes() > 0);
    }));
}

TEST_CASE("only the first signal counts") {
    CHECK(holds_in_child([] {
        catch_stop_signals();
        ::raise(SIGTERM);
        const auto first = stop_time();
        std::this_thread::sleep_for(5ms);
        ::raise(SIGTERM);
        ::raise(SIGALRM);
        request_stop(Clock::now());
        CHECK_IN_CHILD(stop_time() == first);
    }));
}

TEST_CASE("an earlier request is taken over with its time, and wakes who waits") {
    CHECK(holds_in_child([] {
        const Pipe pipe;
        Input input(pipe.reader);
        std::string text;
        catch_stop_signals();
        const auto time = Clock::now() - Input::stop_limit;
        request_stop(time);
        CHECK_IN_CHILD(stop_time() == time);
        CHECK_IN_CHILD(read(input, text) == Event::stop);
        CHECK_IN_CHILD(read_rest(input, text) == Event::timeout);
    }));
}

TEST_CASE("an alarm alone is no request") {
    CHECK(holds_in_child([] {
        catch_stop_signals();
        ::raise(SIGALRM);
        CHECK_IN_CHILD(!stop_requested());
    }));
}

TEST_CASE("signals that were blocked when the program started are noticed") {
    CHECK(holds_in_child([] {
        sigset_t set;
        sigfillset(&set);
        ::sigprocmask(SIG_SETMASK, &set, nullptr);
        catch_stop_signals();
        ::raise(SIGTERM);
        CHECK_IN_CHILD(stop_requested());
    }));
}

TEST_CASE("handlers leave errno alone, also when the pipe that they write to is full") {
    CHECK(holds_in_child([] {
        catch_stop_signals();
        catch_reload_signal();
        for (int i = 0; i < 70'000; ++i) {
            errno = 77;
            ::raise(SIGHUP);
            CHECK_IN_CHILD(errno == 77);
        }
        ::raise(SIGTERM);
        CHECK_IN_CHILD(errno == 77);
        CHECK_IN_CHILD(take_reload_request());
        CHECK_IN_CHILD(stop_requested());
    }));
}

TEST_CASE("a request to reload is reported once, and reading goes on") {
    CHECK(holds_in_child([] {
        Pipe pipe;
        Input input(pipe.reader);
        std::string text;
        catch_stop_signals();
        catch_reload_signal();
        put(pipe, "a");
        ::raise(SIGHUP);
        CHECK_IN_CHILD(read(input, text) == Event::reload);
        CHECK_IN_CHILD(read(input, text) == Event::data && text == "a");
        CHECK_IN_CHILD(read(input, text) == Event::timeout);
        std::thread other([] {
            std::this_thread::sleep_for(10ms);
            ::kill(::getpid(), SIGHUP);
        });
        CHECK_IN_CHILD(read(input, text) == Event::reload);
        other.join();
        CHECK_IN_CHILD(read(input, text) == Event::timeout);
        ::raise(SIGHUP);
        ::raise(SIGTERM);
        CHECK_IN_CHILD(read(input, text) == Event::stop);
        Pipe::close(pipe.writer);
        CHECK_IN_CHILD(read_rest(input, text) == Event::end);
    }));
}

TEST_CASE("after a signal a slow reader of the output still gets everything") {
    CHECK(holds_in_child([] {
        const Pipe pipe;
        Output output(pipe.writer);
        catch_stop_signals();
        std::string text, got;
        for (int i = 0; i < 400'000; ++i) text += std::to_string(i);
        std::thread reader([&] {
            while (got.size() < text.size()) {
                std::this_thread::sleep_for(1ms);
                got += pipe.read();
            }
        });
        std::thread signals([] {
            for (int i = 0; i < 20; ++i) {
                ::kill(::getpid(), SIGTERM);
                std::this_thread::sleep_for(1ms);
            }
        });
        CHECK_IN_CHILD(output.write(text));
        reader.join();
        signals.join();
        CHECK_IN_CHILD(output.write(""));
        CHECK_IN_CHILD(got == text);
    }));
}

TEST_CASE("after a signal a reader that does not read is given up, once for writing and draining") {
    CHECK(holds_in_child([] {
        const Pipe pipe;
        Output output(pipe.writer);
        catch_stop_signals();
        std::thread signals([] {
            std::this_thread::sleep_for(50ms);
            ::kill(::getpid(), SIGTERM);
        });
        CHECK_IN_CHILD(!output.write(std::string(10'000'000, 'x')));
        CHECK_IN_CHILD(errno == ETIMEDOUT);
        signals.join();
        const auto now = Clock::now();
        CHECK_IN_CHILD(now >= stop_time() + Output::stop_limit - 5ms);
        CHECK_IN_CHILD(!output.write("x"));
        output.drain();
        CHECK_IN_CHILD(Clock::now() - now < Output::patience / 2);
    }));
}

TEST_CASE("the limits together leave time before Telegraf's SIGKILL") {
    CHECK(Input::stop_limit < Output::stop_limit);
    CHECK(Output::stop_limit + Output::farewell < 5s);
}

TEST_CASE("standard streams that are closed become /dev/null") {
    for (int closed = 0; closed < 8; ++closed) {
        CHECK(holds_in_child([closed] {
            const int kept = ::dup(STDERR_FILENO);
            for (int fd = 0; fd < 3; ++fd)
                if (closed & (1 << fd)) ::close(fd);
            open_standard_streams();
            const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
            char byte = 'x';
            const bool input_ends = !(closed & 1) || ::read(STDIN_FILENO, &byte, 1) == 0;
            const bool output_fails =
                !(closed & 2) || (::write(STDOUT_FILENO, &byte, 1) < 0 && errno == EBADF);
            const bool error_is_ignored = !(closed & 4) || ::write(STDERR_FILENO, &byte, 1) == 1;
            ::dup2(kept, STDERR_FILENO);
            CHECK_IN_CHILD(next > STDERR_FILENO);
            CHECK_IN_CHILD(input_ends);
            CHECK_IN_CHILD(output_fails);
            CHECK_IN_CHILD(error_is_ignored);
        }));
    }
}

}  // namespace forecastd::process
