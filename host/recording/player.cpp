#include "recording/player.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "process/clock.hpp"
#include "recording/stamp.hpp"

namespace forecastd::recording {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t flush_bytes = std::size_t{1} << 16;
constexpr nanoseconds longest_sleep =
    std::chrono::seconds(1);  // then the clock is read again: it may have been set

// What ends the play, out of whatever depth it is found in.
struct End {
    Ending reason;
};

// Within what a sleep can be, and without an overflow.
nanoseconds to_nanoseconds(long double ns) {
    constexpr auto greatest = static_cast<long double>(nanoseconds(std::chrono::hours(24)).count());
    return nanoseconds(static_cast<std::int64_t>(std::clamp(ns, -greatest, greatest)));
}

}  // namespace

Player::Player(PlayerOptions options, Report report)
    : options_(std::move(options)),
      report_(std::move(report)),
      waiting_(options_.heed_input),
      output_(STDOUT_FILENO) {}

Ending Player::play() {
    Ending ending = Ending::complete;
    try {
        play_once(report_);
        while (options_.loop) {
            prepare_next_pass();
            const std::uint64_t before = played_;
            play_once([](const std::string&) {});  // the first pass has reported it
            if (played_ == before) {
                report_("the files hold no points any more; this is where the loop ends");
                throw End{Ending::complete};
            }
        }
        while (waiting_.heeds_input()) wait(longest_sleep);
    } catch (const End& end) {
        ending = end.reason;
    }
    if (options_.progress) std::fputs("\n", stderr);
    return ending;
}

void Player::play_once(const Report& report) {
    Recording recording(options_.files, report);
    for (;;) {
        const Event event = recording.next();
        if (event == Event::point) {
            play_point(recording.point());
        } else {
            flush();
            if (event == Event::end) return;
            if (!recording.fetch()) throw End{Ending::complete};
        }
    }
}

void Player::play_point(const lineprotocol::PointView& point) {
    ++played_;
    if (!point.has_time) {
        buffer_ += point.bytes;
        buffer_ += '\n';
    } else {
        std::int64_t time_ns = 0;
        if (__builtin_add_overflow(point.time_ns, shift_ns_, &time_ns)) {
            report_("the times would run past the year 2262; this is where the loop ends");
            throw End{Ending::complete};
        }
        if (pass_ == 0) note_time(time_ns);
        wait_until(time_ns);
        if (pass_ == 0) {
            buffer_ += point.bytes;
            buffer_ += '\n';
        } else {
            append_stamped(buffer_, point, time_ns);
        }
    }
    if (buffer_.size() < flush_bytes) return;
    flush();
    wait({});
}

void Player::note_time(std::int64_t time_ns) {
    if (!origin_ns_) {
        origin_ns_ = earliest_ns_ = latest_ns_ = time_ns;
        start_ = Clock::now();
    }
    if (time_ns > latest_ns_) {
        if (__builtin_sub_overflow(time_ns, latest_ns_, &spacing_ns_)) spacing_ns_ = 0;
        latest_ns_ = time_ns;
    }
    earliest_ns_ = std::min(earliest_ns_, time_ns);
}

void Player::prepare_next_pass() {
    std::int64_t length_ns = 0;
    if (!origin_ns_) {
        report_("there is no point with a timestamp, so there is nothing to play in a loop");
        throw End{Ending::complete};
    }
    if (__builtin_sub_overflow(latest_ns_, earliest_ns_, &length_ns) ||
        __builtin_add_overflow(length_ns, spacing_ns_, &length_ns) ||
        __builtin_add_overflow(shift_ns_, length_ns, &shift_ns_)) {
        report_("the times would run past the year 2262; this is where the loop ends");
        throw End{Ending::complete};
    }
    ++pass_;
}

nanoseconds Player::until(std::int64_t time_ns) const {
    if (options_.speed == 0)
        return to_nanoseconds(static_cast<long double>(time_ns) -
                              static_cast<long double>(process::wall_clock_ns()));
    const long double behind =
        static_cast<long double>(time_ns) - static_cast<long double>(origin_ns_.value_or(time_ns));
    const auto passed = static_cast<long double>(nanoseconds(Clock::now() - start_).count());
    return to_nanoseconds(behind / static_cast<long double>(options_.speed) - passed);
}

void Player::wait_until(std::int64_t time_ns) {
    for (nanoseconds left = until(time_ns); left > nanoseconds{}; left = until(time_ns)) {
        flush();
        show_progress(left);
        wait(std::min(left, longest_sleep));
    }
}

void Player::wait(nanoseconds time) {
    switch (waiting_.sleep(time)) {
        case Woken::in_time:
            return;
        case Woken::output_closed:
            throw End{Ending::output_closed};
        case Woken::input_closed:
        case Woken::stop:
            throw End{Ending::complete};
    }
}

void Player::flush() {
    if (!output_.write(buffer_)) throw End{errno == EPIPE ? Ending::output_closed : Ending::output_failed};
    if (!buffer_.empty()) show_progress({});
    buffer_.clear();
}

void Player::show_progress(nanoseconds left) {
    constexpr std::chrono::milliseconds every{250};
    if (!options_.progress) return;
    const Clock::time_point now = Clock::now();
    if (progress_shown_ && now - *progress_shown_ < every) return;
    progress_shown_ = now;
    std::fprintf(stderr, "\r\033[K%s points, pass %s", std::to_string(played_).c_str(),
                 std::to_string(pass_ + 1).c_str());
    if (left > nanoseconds{})
        std::fprintf(stderr, ", the next in %.1f s", static_cast<double>(left.count()) / 1e9);
    std::fflush(stderr);
}

}  // namespace forecastd::recording
