/* Has an ability that no header defines. */
#include "sound.h"

SPOILT_PLUGIN(algorithm.abilities |= 8)
