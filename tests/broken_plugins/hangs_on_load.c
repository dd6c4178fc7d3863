/* Never returns from its entry point. */
#include "sound.h"

static volatile int turns;
SPOILT_PLUGIN(while (!turns) continue)
