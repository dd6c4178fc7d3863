// Turns chunks of input that end anywhere into points and errors, in their order.
//
//   Reader reader(limit);
//   while (there is input) {
//       const std::span<char> space = reader.space(n);   // earlier views die here
//       reader.filled(read(0, space.data(), space.size()));   // or end_of_input()
//       while ((outcome = reader.next(points, error)) != Outcome::incomplete) ...
//   }
//
// It copies nothing but the start of a point that a chunk cut, and what comes out does not depend on where chunks
// end. A point is held until it is whole, but never more than `max_point_bytes` of it: an unclosed quote cannot fill
// the memory. After an error it goes on behind the next newline.
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
    explicit Reader(std::size_t max_point_bytes = std::size_t{1} << 20);

    // At least `least` bytes to read into. Ends the life of every view that was handed out.
    std::span<char> space(std::size_t least);
    // So many of them were filled.
    void filled(std::size_t count);
    // No more will come: what is left is a last line without its newline.
    void end_of_input();

    // What was filled in and not yet looked at: the next point begins here.
    [[nodiscard]] std::string_view rest() const { return {buffer_.data() + begin_, end_ - begin_}; }

    // The next point, appended to points; or the next error; or incomplete: more input is needed (at the end of
    // input: all was read).
    Outcome next(Points& points, LineError& error);

    // How many lines ended in what next() has worked off.
    [[nodiscard]] std::uint64_t lines() const { return line_ - 1; }

  private:
    bool skip_to_point(LineError& error, Outcome& outcome);
    bool may_be_whole();
    Outcome reject(std::size_t at, std::size_t resume, std::string expected, LineError& error);
    void discard_line(std::size_t from);
    void move_to(std::size_t to);
    [[nodiscard]] std::string found_at(std::size_t at) const;

    const std::size_t max_point_bytes_;
    std::vector<char> buffer_;  // [begin_, end_) is data; at end_ stands the sentinel
    std::size_t begin_ = 0;     // of the next point, or of what lies before it
    std::size_t end_ = 0;
    bool at_end_ = false;
    bool discarding_ = false;  // what follows is the rest of a bad line or of a comment

    // About the point at begin_, if it was found incomplete before: no need to scan it again until there is
    // a newline from searched_ on, outside the string whose end is looked for from in_string_ on (0: none).
    bool cut_ = false;
    std::size_t searched_ = 0;
    std::size_t in_string_ = 0;

    // The place of begin_, for errors.
    std::uint64_t line_ = 1;
    std::int64_t line_begin_ = 0;  // in the buffer; below 0: its beginning has left the buffer
};

}  // namespace forecastd::lineprotocol

#endif
