#include "lineprotocol/reader.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "lineprotocol/bytes.hpp"

namespace forecastd::lineprotocol {

std::string LineError::text() const {
    std::string result = "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + message;
    if (first_line != line) result += " (in the point that begins on line " + std::to_string(first_line) + ")";
    return result;
}

Reader::Reader(std::size_t max_point_bytes) : max_point_bytes_(max_point_bytes), buffer_(1, '\n') {}

std::span<char> Reader::space(std::size_t least) {
    if (begin_ > 0) {
        count_lines(begin_);
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        searched_ -= std::min(searched_, begin_);
        in_string_ -= std::min(in_string_, begin_);
        counted_ -= begin_;
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

Outcome Reader::next(Points& points, LineError& error) {
    Outcome outcome = Outcome::incomplete;
    if (!skip_to_point(error, outcome) || !may_be_whole()) return outcome;

    // What does not fit the limit is not looked at, so that the result does not depend on how much has come.
    const bool over_limit = end_ - begin_ >= max_point_bytes_;
    const std::size_t limit = over_limit ? begin_ + max_point_bytes_ : end_;
    const char behind = buffer_[limit];
    buffer_[limit] = '\n';

    const char* const data = buffer_.data();
    const char* next_point = nullptr;
    const std::size_t fields_before = points.fields.size();
    PointView point;
    Fault fault;
    OpenString open;
    outcome = scan_point(data + begin_, data + limit, at_end_ && !over_limit, point, points.fields, &next_point, fault, open);
    buffer_[limit] = behind;

    if (outcome == Outcome::point) {
        begin_ = static_cast<std::size_t>(next_point - data);
        cut_ = false;
        points.points.push_back(point);
        return outcome;
    }
    points.fields.resize(fields_before);
    if (outcome == Outcome::error)
        return reject(static_cast<std::size_t>(fault.at - data), static_cast<std::size_t>(fault.resume - data),
                      fault.expected, error);
    if (over_limit)
        return reject(begin_, limit, "expected a point of at most " + std::to_string(max_point_bytes_) +
                                         " bytes (limits.max_line_bytes), found no end of it there", error);
    cut_ = true;
    searched_ = end_;
    in_string_ = open.resume ? static_cast<std::size_t>(open.resume - data) : 0;
    return outcome;
}

// Moves begin_ over blanks, blank lines, comments and what is to be discarded. False: no point begins in the data;
// outcome says whether that is an error.
bool Reader::skip_to_point(LineError& error, Outcome& outcome) {
    const char* const data = buffer_.data();
    if (cut_) return true;
    while (begin_ < end_) {
        if (discarding_) {
            discard_line(begin_);
            continue;
        }
        const char c = data[begin_];
        if (is_blank(c) || c == '\n') {
            ++begin_;
        } else if (c == '#') {
            discard_line(begin_);
        } else if (c == '\r') {
            const bool last = begin_ + 1 == end_;
            if (last && !at_end_) return false;
            if (!last && data[begin_ + 1] != '\n') {
                outcome = reject(begin_ + 1, begin_ + 1, "expected a newline after the carriage return", error);
                return false;
            }
            begin_ += last ? 1 : 2;
        } else {
            return true;
        }
    }
    return false;
}

// Whether it is worth while to scan the point at begin_: not if it was cut, and what came since cannot end it.
bool Reader::may_be_whole() {
    if (!cut_ || at_end_ || end_ - begin_ >= max_point_bytes_) return true;
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

Outcome Reader::reject(std::size_t at, std::size_t resume, std::string expected, LineError& error) {
    count_lines(begin_);
    error.first_line = line_;
    count_lines(at);
    error.line = line_;
    error.column = column_;
    error.message = std::move(expected);
    if (at != begin_ || resume == at) error.message += ", found " + found_at(at);
    cut_ = false;
    discard_line(resume);
    return Outcome::error;
}

void Reader::discard_line(std::size_t from) {
    const void* const newline = std::memchr(buffer_.data() + from, '\n', end_ - from);
    discarding_ = !newline;
    begin_ = newline ? static_cast<std::size_t>(static_cast<const char*>(newline) - buffer_.data()) + 1 : end_;
}

void Reader::count_lines(std::size_t to) {
    const char* const from = buffer_.data() + counted_;
    const char* const end = buffer_.data() + to;
    const auto newlines = std::count(from, end, '\n');
    if (newlines > 0) {
        line_ += static_cast<std::uint64_t>(newlines);
        const char* const last = static_cast<const char*>(memrchr(from, '\n', static_cast<std::size_t>(end - from)));
        column_ = static_cast<std::uint64_t>(end - last);
    } else {
        column_ += static_cast<std::uint64_t>(end - from);
    }
    counted_ = to;
}

std::string Reader::found_at(std::size_t at) const {
    if (at >= end_) return "the end of the input";
    const char c = buffer_[at];
    if (c == '\n') return "the end of the line";
    if (c == '"') return "a quote";
    if (static_cast<unsigned char>(c) > ' ' && static_cast<unsigned char>(c) < 0x7f) return std::string("'") + c + "'";
    if (c == ' ') return "a space";
    if (c == '\t') return "a tab";
    if (c == '\r') return "a carriage return";
    char text[16];
    std::snprintf(text, sizeof text, "byte 0x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    return text;
}

}  // namespace forecastd::lineprotocol
