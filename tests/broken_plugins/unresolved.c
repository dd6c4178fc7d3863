/* Calls a function that no library has. */
#include "sound.h"
void forecastd_broken_nowhere(void);
SPOILT_PLUGIN(forecastd_broken_nowhere())
