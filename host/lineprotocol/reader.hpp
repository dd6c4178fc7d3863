// Turns chunks of input that end anywhere into points and errors, in their order.
//
//   Reader reader(limit);
//   while (there is input) {
//       const std::span<char> space = reader.space(n);   // ends the life of earlier views
//       reader.filled(read(0, space.data(), space.size()));   // or end_of_input()
//       while ((outcome = reader.next(points, error)) != Outcome::incomplete) ...
//   }
//
// It copies nothing but the start of a point that a chunk cut. The result does not depend on where chunks
// end. A point is held until it is complete, but never more than `max_point_bytes` of it: an unbalanced quote
// cannot fill the memory.
//
// After an error, reading goes on behind the first newline of the bad point, not behind the place of the
// error. For most points that is the same place. It matters where a quote is missing, since a string may hold
// newlines:
//
// - Closed by the next quote, and what follows that quote does not fit: an error. The lines between the two
//   quotes are read as lines again, so one missing quote costs one line. (Telegraf skips them all.)
// - Not closed within max_point_bytes, or before the end of input: an error, and the same.
// - Closed by the next quote, and what follows fits: this is a valid point with a long string, and is taken.
//
// The price: if the string was meant, and its point is too long or wrong behind it, then lines inside of the
// string that look like points are taken for points. The limit should exceed every point that is meant.
//
// Reading lines again costs at most one more pass: if a string that began on an earlier line is still open at
// the end of a line, then a point that begins on that line is complete or wrong by the same line end.
//
// One thread at a time.
#ifndef FORECASTD_LINEPROTOCOL_READER_HPP
#define FORECASTD_LINEPROTOCOL_READER_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lineprotocol/point.hpp"
#include "lineprotocol/scan.hpp"

namespace forecastd::lineprotocol {

// A rejected point. Lines and columns count from 1, columns in bytes.
struct LineError {
    std::uint64_t line = 0;
    std::uint64_t column = 0;
    std::uint64_t first_line = 0;  // where the point began: less than line if it has a string with newlines
    std::string message;           // "expected ..., found ..."
    [[nodiscard]] std::string text() const;
};

class Reader {
  public:
    enum class Skipping : std::uint8_t { nothing, comment, bad_line };

    // Where the reader is, without the data: what another reader with the same limit needs to go on with
    // rest() as this one would. Plain bytes.
    struct State {
        std::uint64_t line = 1;          // on which rest() begins
        std::uint64_t bytes_before = 0;  // of that line, before rest()
        std::uint64_t rejected_bytes = 0;
        Skipping skipping = Skipping::nothing;  // what the bytes up to the next newline are part of
    };

    explicit Reader(std::size_t max_point_bytes = std::size_t{1} << 20);

    // At least `least` bytes to read into. Ends the life of every view that was handed out.
    std::span<char> space(std::size_t least);
    // The first `count` of them were filled.
    void filled(std::size_t count);
    // The input has ended: what is left is a last line without its newline, and next() takes it as a point.
    void end_of_input();
    // The input was cut: what is left is no point, though it may look like one, and lines in it may be those
    // of a string. Drops it and returns its size in bytes, which count as rejected. When next() has returned
    // incomplete, in place of end_of_input().
    std::size_t drop_unfinished();

    // What was filled in and not yet read: the next point begins here, or what comes before it.
    [[nodiscard]] std::string_view rest() const { return {buffer_.data() + begin_, end_ - begin_}; }

    // The state that belongs to rest().
    [[nodiscard]] State state() const;
    // Goes on from another reader's state; its rest() must then be filled in. Before anything was filled in.
    void resume(const State& state);

    // The next point, appended to points; or the next error; or incomplete: more input is needed, or, after
    // end_of_input(), everything was read.
    Outcome next(Points& points, LineError& error);

    // The number of lines that ended in what next() has read.
    [[nodiscard]] std::uint64_t lines() const { return line_ - 1; }

    // The bytes that belong to no point because of errors, newlines included; comments do not count.
    [[nodiscard]] std::uint64_t rejected_bytes() const { return rejected_bytes_; }

  private:
    bool skip_to_point(LineError& error, Outcome& outcome);
    bool may_be_whole();
    Outcome reject(std::size_t at, std::string message, LineError& error);
    void skip_line(Skipping kind);
    void begin_line(std::size_t at);
    void move_over_lines(std::size_t to);
    [[nodiscard]] std::string found_at(std::size_t at) const;

    const std::size_t max_point_bytes_;
    std::vector<char> buffer_;  // [begin_, end_) is data; at end_ stands the sentinel
    std::size_t begin_ = 0;     // of the next point, or of what comes before it
    std::size_t end_ = 0;
    bool at_end_ = false;
    Skipping skipping_ = Skipping::nothing;
    std::uint64_t rejected_bytes_ = 0;

    // If the point at begin_ was found incomplete before: it is scanned again only when there is a newline
    // from searched_ on, outside the string whose end is looked for from in_string_ on (0: none).
    bool cut_ = false;
    std::size_t searched_ = 0;
    std::size_t in_string_ = 0;

    // The place of begin_, for errors.
    std::uint64_t line_ = 1;
    std::int64_t line_begin_ = 0;  // in the buffer; below 0: its beginning has left the buffer
};

}  // namespace forecastd::lineprotocol

#endif
