#include "recording/source.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace forecastd::recording {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 16;

}  // namespace

Source::Source(const std::string& file)
    : fd_(file == "-" ? STDIN_FILENO : ::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0)
        fail("cannot be opened");
    else
        input_.emplace(fd_);
}

Source::~Source() {
    if (fd_ > STDIN_FILENO) ::close(fd_);
}

Source::Event Source::fail(const char* what) {
    error_ = std::string(what) + ": " + std::strerror(errno);
    return Event::failed;
}

Source::Event Source::read(std::span<char> space, std::size_t& count) {
    if (!input_) return Event::failed;
    if (!begun_) {
        const Event event = look_at_beginning();
        if (event != Event::data) return event;
    }
    if (gunzip_) return unpack(space, count);
    if (waiting_.empty()) return read_raw(space, count);
    count = std::min(space.size(), waiting_.size());
    std::memcpy(space.data(), waiting_.data(), count);
    waiting_.remove_prefix(count);
    return Event::data;
}

Source::Event Source::read_raw(std::span<char> space, std::size_t& count) {
    switch (input_->read(space, count, std::chrono::steady_clock::time_point::max())) {
        case process::Input::Event::data:
            return Event::data;
        case process::Input::Event::end:
            return Event::end;
        case process::Input::Event::stop:
            return Event::stop;
        default:
            return fail("cannot be read");
    }
}

// Two bytes tell gzip data; a pipe may give them one by one.
Source::Event Source::look_at_beginning() {
    chunk_.resize(chunk_bytes);
    while (waiting_.size() < 2) {
        std::size_t count = 0;
        const Event event = read_raw(std::span(chunk_).subspan(waiting_.size()), count);
        if (event == Event::end && !waiting_.empty()) break;
        if (event != Event::data) return event;
        waiting_ = {chunk_.data(), waiting_.size() + count};
    }
    begun_ = true;
    if (Gunzip::is_gzip(waiting_)) gunzip_ = std::make_unique<Gunzip>();
    return Event::data;
}

Source::Event Source::unpack(std::span<char> space, std::size_t& count) {
    for (;;) {
        if (!gunzip_->unpack(waiting_, space, count)) {
            error_ = "holds damaged gzip data; what came before the damage was used";
            return Event::failed;
        }
        if (count > 0) return Event::data;
        std::size_t got = 0;
        const Event event = read_raw(chunk_, got);
        if (event == Event::end && !gunzip_->complete()) {
            error_ = "ends in the middle of its gzip data; what came before was used";
            return Event::failed;
        }
        if (event != Event::data) return event;
        waiting_ = {chunk_.data(), got};
    }
}

}  // namespace forecastd::recording
