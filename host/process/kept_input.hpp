// Standard input that can be read again: by a command that begins again once a plugin has crashed.
//
// Threads: the main thread, before private_streams().
#ifndef FORECASTD_PROCESS_KEPT_INPUT_HPP
#define FORECASTD_PROCESS_KEPT_INPUT_HPP

#include "base/expected.hpp"

namespace forecastd::process {

// Standard input from its beginning. A file is read from there; what comes from a pipe is copied into a temporary
// file without a name first, in $TMPDIR or /tmp, and descriptor 0 becomes that. The error is a sentence.
Expected<void> keep_standard_input();

}  // namespace forecastd::process

#endif
