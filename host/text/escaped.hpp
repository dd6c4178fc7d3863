// Text from data, configs or the command line, made fit for a person's terminal: a control sequence in it
// must not move the cursor, forge a line or change the title.
//
// Every message on standard error goes through here: those of a run in process::Log, those of other commands
// where they are printed. Not what is data itself, such as points on standard output.
#ifndef FORECASTD_TEXT_ESCAPED_HPP
#define FORECASTD_TEXT_ESCAPED_HPP

#include <string>
#include <string_view>

namespace forecastd::text {

// Appends text with each byte of a control character (C0, DEL, C1) and each byte that is not UTF-8 as \xNN. A
// backslash stays as it is: this is for reading, not for reading back.
void append_escaped(std::string& out, std::string_view text);

std::string escaped(std::string_view text);

}  // namespace forecastd::text

#endif
