#include "recording/source.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "process/private_streams.hpp"

namespace forecastd::recording {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 16;

tl::unexpected<Error> failed(const char* what, int error) {
    return fail(std::string(what) + ": " + std::strerror(error));
}

}  // namespace

Source::Source(const std::string& file)
    : fd_(file == "-" ? process::standard_input() : ::open(file.c_str(), O_RDONLY | O_CLOEXEC)),
      open_error_(fd_ < 0 ? errno : 0) {
    if (fd_ >= 0) input_.emplace(fd_);
}

Source::~Source() {
    if (fd_ >= 0 && fd_ != process::standard_input()) ::close(fd_);
}

Expected<Source::Event> Source::read(std::span<char> space, std::size_t& count) {
    if (!input_) return failed("cannot be opened", open_error_);
    if (!begun_) {
        auto event = look_at_beginning();
        if (event != Event::data) return event;
    }
    if (gunzip_) return unpack(space, count);
    if (waiting_.empty()) return read_raw(space, count);
    count = std::min(space.size(), waiting_.size());
    std::memcpy(space.data(), waiting_.data(), count);
    waiting_.remove_prefix(count);
    return Event::data;
}

Expected<Source::Event> Source::read_raw(std::span<char> space, std::size_t& count) {
    switch (input_->read(space, count, std::chrono::steady_clock::time_point::max())) {
        case process::Input::Event::data:
            bytes_read_ += count;
            return Event::data;
        case process::Input::Event::end:
            return Event::end;
        case process::Input::Event::stop:
            return Event::stop;
        default:
            return failed("cannot be read", errno);
    }
}

// Two bytes tell gzip data; a pipe may give them one by one.
Expected<Source::Event> Source::look_at_beginning() {
    chunk_.resize(chunk_bytes);
    while (waiting_.size() < 2) {
        std::size_t count = 0;
        auto event = read_raw(std::span(chunk_).subspan(waiting_.size()), count);
        if (event == Event::end && !waiting_.empty()) break;
        if (event != Event::data) return event;
        waiting_ = {chunk_.data(), waiting_.size() + count};
    }
    begun_ = true;
    if (Gunzip::is_gzip(waiting_)) gunzip_ = std::make_unique<Gunzip>();
    return Event::data;
}

Expected<Source::Event> Source::unpack(std::span<char> space, std::size_t& count) {
    for (;;) {
        if (!gunzip_->unpack(waiting_, space, count))
            return fail("holds damaged gzip data; what came before the damage was used");
        if (count > 0) return Event::data;
        std::size_t got = 0;
        auto event = read_raw(chunk_, got);
        if (event == Event::end && !gunzip_->complete())
            return fail("ends in the middle of its gzip data; what came before was used");
        if (event != Event::data) return event;
        waiting_ = {chunk_.data(), got};
    }
}

}  // namespace forecastd::recording
