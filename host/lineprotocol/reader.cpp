#include "lineprotocol/reader.hpp"

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <cstring>
#include <utility>

#include "lineprotocol/bytes.hpp"

namespace forecastd::lineprotocol {

std::string LineError::text() const {
    std::string result =
        "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + message;
    if (first_line != line)
        result += " (in the point that begins on line " + std::to_string(first_line) + ")";
    return result;
}

Reader::Reader(std::size_t max_point_bytes) : max_point_bytes_(max_point_bytes), buffer_(1, '\n') {}

std::span<char> Reader::space(std::size_t least) {
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        searched_ -= std::min(searched_, begin_);
        in_string_ -= std::min(in_string_, begin_);
        line_begin_ -= static_cast<std::int64_t>(begin_);
        begin_ = 0;
    }
    if (buffer_.size() < end_ + least + 1) buffer_.resize(std::max(end_ + least + 1, 2 * buffer_.size()));
    return {buffer_.data() + end_, buffer_.size() - end_ - 1};
}

void Reader::filled(std::size_t count) {
    end_ += count;
    buffer_[end_] = '\n';
}

void Reader::end_of_input() { at_end_ = true; }

std::size_t Reader::drop_unfinished() {
    const std::size_t dropped = rest() == "\r" ? 0 : end_ - begin_;
    rejected_bytes_ += dropped;
    move_over_lines(end_);
    cut_ = false;
    return dropped;
}

Reader::State Reader::state() const {
    return {line_, static_cast<std::uint64_t>(static_cast<std::int64_t>(begin_) - line_begin_),
            rejected_bytes_, skipping_};
}

void Reader::resume(const State& state) {
    assert(begin_ == end_);
    line_ = state.line;
    line_begin_ = static_cast<std::int64_t>(begin_) - static_cast<std::int64_t>(state.bytes_before);
    rejected_bytes_ = state.rejected_bytes;
    skipping_ = state.skipping;
    cut_ = false;
}

Outcome Reader::next(Points& points, LineError& error) {
    Outcome outcome = Outcome::incomplete;
    if (cut_ ? !may_be_whole() : !skip_to_point(error, outcome)) return outcome;

    // What does not fit the limit is not looked at, so that the result does not depend on how much has come.
    const bool over_limit = end_ - begin_ >= max_point_bytes_;
    const std::size_t limit = over_limit ? begin_ + max_point_bytes_ : end_;
    const char behind = buffer_[limit];
    buffer_[limit] = '\n';

    const char* const data = buffer_.data();
    const char* next_point = nullptr;
    const std::size_t fields_before = points.fields.size();
    PointView& point = points.points.emplace_back();
    Fault fault;
    OpenString open;
    outcome = scan_point(data + begin_, data + limit, at_end_ && !over_limit, point, points.fields,
                         &next_point, fault, open);
    buffer_[limit] = behind;

    if (outcome == Outcome::point) {
        const auto next_begin = static_cast<std::size_t>(next_point - data);
        if (point.has_string)
            move_over_lines(next_begin);
        else
            begin_line(next_begin);
        cut_ = false;
        return outcome;
    }
    points.points.pop_back();
    points.fields.resize(fields_before);
    if (outcome == Outcome::error) {
        const auto found = static_cast<std::size_t>(fault.found - data);
        return reject(static_cast<std::size_t>(fault.at - data),
                      fault.expected + (", found " + found_at(found)), error);
    }
    if (over_limit)
        return reject(begin_,
                      "expected a point of at most " + std::to_string(max_point_bytes_) +
                          " bytes (limits.max_line_bytes), found no end of it there",
                      error);
    cut_ = true;
    searched_ = end_;
    in_string_ = open.resume ? static_cast<std::size_t>(open.resume - data) : 0;
    return outcome;
}

// Moves begin_ over blanks, blank lines, comments and what is to be skipped. False: no point begins in the
// data; outcome says whether that is an error.
bool Reader::skip_to_point(LineError& error, Outcome& outcome) {
    const char* const data = buffer_.data();
    while (begin_ < end_) {
        if (skipping_ != Skipping::nothing) {
            skip_line(skipping_);
            continue;
        }
        const char c = data[begin_];
        if (c > '#') return true;
        if (is_blank(c)) {
            ++begin_;
        } else if (c == '\n') {
            begin_line(begin_ + 1);
        } else if (c == '#') {
            skip_line(Skipping::comment);
        } else if (c == '\r') {
            const bool last = begin_ + 1 == end_;
            if (last && !at_end_) return false;
            if (!last && data[begin_ + 1] != '\n') {
                outcome = reject(
                    begin_ + 1, "expected a newline after the carriage return, found " + found_at(begin_ + 1),
                    error);
                return false;
            }
            if (last)
                ++begin_;
            else
                begin_line(begin_ + 2);
        } else {
            return true;
        }
    }
    return false;
}

// Whether the point at begin_ may be whole now. False: what came since the last scan cannot end it.
bool Reader::may_be_whole() {
    if (at_end_ || end_ - begin_ >= max_point_bytes_) return true;
    const char* const data = buffer_.data();
    if (in_string_ != 0) {
        const char* resume = nullptr;
        const char* const closing = find_closing_quote(data + in_string_, data + end_, &resume);
        if (!closing) {
            in_string_ = static_cast<std::size_t>(resume - data);
            return false;
        }
        in_string_ = 0;
        searched_ = static_cast<std::size_t>(closing - data) + 1;
    }
    if (std::memchr(data + searched_, '\n', end_ - searched_)) return true;
    searched_ = end_;
    return false;
}

Outcome Reader::reject(std::size_t at, std::string message, LineError& error) {
    const char* const data = buffer_.data();
    const auto newlines = std::count(data + begin_, data + at, '\n');
    std::int64_t line_begin = line_begin_;
    if (newlines > 0) {
        const void* const last = memrchr(data + begin_, '\n', at - begin_);
        line_begin = static_cast<const char*>(last) - data + 1;
    }
    error.first_line = line_;
    error.line = line_ + static_cast<std::uint64_t>(newlines);
    error.column = static_cast<std::uint64_t>(static_cast<std::int64_t>(at) - line_begin) + 1;
    error.message = std::move(message);
    cut_ = false;
    skip_line(Skipping::bad_line);
    return Outcome::error;
}

// Moves begin_ behind the next newline, or to the end of the data if that newline has not come yet.
void Reader::skip_line(Skipping kind) {
    const char* const data = buffer_.data();
    const void* const newline = std::memchr(data + begin_, '\n', end_ - begin_);
    const std::size_t to =
        newline ? static_cast<std::size_t>(static_cast<const char*>(newline) - data) + 1 : end_;
    if (kind == Skipping::bad_line) rejected_bytes_ += to - begin_;
    skipping_ = newline ? Skipping::nothing : kind;
    if (newline)
        begin_line(to);
    else
        begin_ = to;
}

// Moves begin_ to the first byte of the next line.
void Reader::begin_line(std::size_t at) {
    begin_ = at;
    line_begin_ = static_cast<std::int64_t>(at);
    ++line_;
}

// Moves begin_ behind a point that may hold newlines.
void Reader::move_over_lines(std::size_t to) {
    const char* const from = buffer_.data() + begin_;
    const auto newlines = std::count(from, from + (to - begin_), '\n');
    if (newlines > 0) {
        line_ += static_cast<std::uint64_t>(newlines);
        const void* const last = memrchr(from, '\n', to - begin_);
        line_begin_ = static_cast<const char*>(last) - buffer_.data() + 1;
    }
    begin_ = to;
}

std::string Reader::found_at(std::size_t at) const {
    if (at >= end_) return "the end of the input";
    const char c = buffer_[at];
    if (c == '\n') return "the end of the line";
    if (c == '"') return "a quote";
    if (static_cast<unsigned char>(c) > ' ' && static_cast<unsigned char>(c) < 0x7f)
        return std::string("'") + c + "'";
    if (c == ' ') return "a space";
    if (c == '\t') return "a tab";
    if (c == '\r') return "a carriage return";
    char text[16];
    std::snprintf(text, sizeof text, "byte 0x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    return text;
}

}  // namespace forecastd::lineprotocol
