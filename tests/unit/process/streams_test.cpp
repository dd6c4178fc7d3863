// Pipes from and to the other process.
#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "process/streams.hpp"
#include "unit/process/pipe.hpp"

namespace forecastd::process {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

}  // namespace

TEST_CASE("what is written arrives, also more than the pipe holds") {
    const Pipe pipe;
    Output output(pipe.writer);
    std::string text;
    for (int i = 0; i < 1'000'000; ++i) text += std::to_string(i);
    std::string got;
    std::thread reader([&] {
        while (got.size() < text.size()) {
            const std::string part = pipe.read();
            if (part.empty()) break;
            got += part;
        }
    });
    CHECK(output.write(text));
    reader.join();
    CHECK(got == text);
    CHECK(output.write(""));
}

TEST_CASE("a pipe that takes no more for now is waited for, also if it does not block") {
    const Pipe pipe;
    ::fcntl(pipe.writer, F_SETFL, O_NONBLOCK);
    Output output(pipe.writer);
    const std::string text(5'000'000, 'x');
    std::size_t got = 0;
    std::thread reader([&] {
        while (got < text.size()) {
            std::this_thread::sleep_for(1ms);
            got += pipe.read().size();
        }
    });
    CHECK(output.write(text));
    reader.join();
    CHECK(got == text.size());
}

TEST_CASE("a reader that has gone is told") {
    ::signal(SIGPIPE, SIG_IGN);
    Pipe pipe;
    Output output(pipe.writer);
    CHECK(output.write("a"));
    Pipe::close(pipe.reader);
    CHECK_FALSE(output.write("b"));
    CHECK(errno == EPIPE);
}

TEST_CASE("a reader that goes while a write waits for it is told") {
    ::signal(SIGPIPE, SIG_IGN);
    Pipe pipe;
    Output output(pipe.writer);
    std::thread reader([&] {
        std::this_thread::sleep_for(50ms);
        Pipe::close(pipe.reader);
    });
    CHECK_FALSE(output.write(std::string(10'000'000, 'x')));
    reader.join();
}

TEST_CASE("draining waits until the reader has read, and no longer") {
    const Pipe pipe;
    Output output(pipe.writer);
    CHECK(output.write("some text"));
    std::string got;
    std::thread reader([&] {
        std::this_thread::sleep_for(100ms);
        got = pipe.read();
    });
    const auto begin = Clock::now();
    output.drain();
    CHECK(Clock::now() - begin >= 90ms);
    CHECK(Clock::now() - begin < Output::patience);
    reader.join();
    CHECK(got == "some text");
    output.drain();  // at once
}

TEST_CASE("draining does not wait for a reader that has gone, nor for what is no pipe") {
    Pipe pipe;
    Output output(pipe.writer);
    CHECK(output.write("some text"));
    Pipe::close(pipe.reader);
    const auto begin = Clock::now();
    output.drain();
    int file = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    Output(file).drain();
    Pipe::close(file);
    CHECK(Clock::now() - begin < Output::patience / 2);
}

TEST_CASE("input: data, the deadline, the end") {
    Pipe pipe;
    Input input(pipe.reader);
    char space[4];
    std::size_t count = 0;
    CHECK(input.read(space, count, Clock::now()) == Input::Event::timeout);
    CHECK(input.read(space, count, Clock::now() + 20ms) == Input::Event::timeout);
    CHECK(::write(pipe.writer, "abcdef", 6) == 6);
    CHECK(input.read(space, count, Clock::time_point::max()) == Input::Event::data);
    CHECK(count == 4);
    CHECK(std::string(space, 4) == "abcd");
    Pipe::close(pipe.writer);
    CHECK(input.read(space, count, Clock::time_point::max()) == Input::Event::data);
    CHECK(count == 2);
    CHECK(input.read(space, count, Clock::time_point::max()) == Input::Event::end);
}

TEST_CASE("input that cannot be read is told") {
    Input input(-1);
    char space[4];
    std::size_t count = 0;
    CHECK(input.read(space, count, Clock::now() + 20ms) == Input::Event::timeout);
    const Pipe pipe;
    Input writer(pipe.writer);  // of no use for reading
    Pipe closed;
    Pipe::close(closed.writer);
    CHECK(Input(closed.reader).read(space, count, Clock::now() + 20ms) == Input::Event::end);
}

}  // namespace forecastd::process
