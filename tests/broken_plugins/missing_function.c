/* Claims to forecast and has no function for it. */
#include "sound.h"
SPOILT_PLUGIN(algorithm.abilities = FCD_FORECASTS)
