// What the child processes beside the flow have in common: those that write a checkpoint, and that learn from
// recorded points.
//
// Thread: the main thread.
#ifndef FORECASTD_STATE_CHILD_HPP
#define FORECASTD_STATE_CHILD_HPP

#include <sys/types.h>

namespace forecastd::state {

// First of all in the child: it dies with its parent, takes signals as any process does, and leaves the processor to
// the flow.
void begin_child();

// Ends a child at once, and waits until it is gone.
void end_child(pid_t child);

}  // namespace forecastd::state

#endif
