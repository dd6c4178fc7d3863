/* The default of its parameter is outside the range. */
#include "sound.h"
SPOILT_PLUGIN(params[0].initial.real = 5)
