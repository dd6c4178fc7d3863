// The grammar of one point, as Telegraf's stream parser has it, with two leniencies: a backslash before any
// other byte in a string stays as it is, and a bare CR may end the input.
//
// The third difference, where reading goes on after an error, is the reader's.
//
// It reads a point in one pass and copies nothing. It never reads behind the sentinel, never allocates except
// to grow the list of fields, and never accepts part of a point.
#ifndef FORECASTD_LINEPROTOCOL_SCAN_HPP
#define FORECASTD_LINEPROTOCOL_SCAN_HPP

#include <vector>

#include "lineprotocol/point.hpp"

namespace forecastd::lineprotocol {

enum class Outcome {
    point,       // a whole point was read
    error,       // the point is wrong
    incomplete,  // it does not end before the end of the data
};

// Where and why a point is wrong.
struct Fault {
    const char* at = nullptr;     // the place to show to a person
    const char* found = nullptr;  // the byte that does not fit: at, or where the data ended in an open string
    const char* expected = nullptr;  // "expected ..." as a sentence's end
};

// If the data ended inside a string: where the search for its end continues when more data has come.
struct OpenString {
    const char* resume = nullptr;  // for find_closing_quote(); nullptr: not inside a string
};

// Reads the point that begins at begin, which is not a blank, a comment or a line end. *end must be readable
// and a newline: the sentinel, which is not part of the data. at_end: no more data will follow.
//
// point: fills point and appends to fields; *next is set behind its line end.
// error: fills fault; fields may hold some of the bad point's.
// incomplete: open tells whether a string was open; fields may hold some of the point's.
Outcome scan_point(const char* begin, const char* end, bool at_end, PointView& point,
                   std::vector<FieldView>& fields, const char** next, Fault& fault, OpenString& open);

// Finds the end of a string: from is behind the opening quote, or behind any byte of the string that is not
// the second of an escape. Returns the closing quote, or nullptr and in *resume where to go on with more
// data.
const char* find_closing_quote(const char* from, const char* end, const char** resume);

}  // namespace forecastd::lineprotocol

#endif
