// Standard input and output out of a plugin's reach. The pipes are moved to descriptors with high numbers;
// descriptor 0 becomes /dev/null, and 1 a second standard error. So a plugin that prints, reads or closes 0
// or 1 harms nothing.
//
// Threads: the main thread, before any plugin is loaded.
#ifndef FORECASTD_PROCESS_PRIVATE_STREAMS_HPP
#define FORECASTD_PROCESS_PRIVATE_STREAMS_HPP

namespace forecastd::process {

struct Streams {
    int input = 0;
    int output = 1;
};

// The descriptors of the pipes. Moves them at the first call.
Streams private_streams();

// The descriptor of standard input, wherever it is now.
int standard_input();

// Puts the pipes back to 0 and 1, for a program that is executed next. Safe in a signal handler.
void make_streams_public();
// Undoes that, where the program could not be executed.
void make_streams_private();

}  // namespace forecastd::process

#endif
