/* Built twice, under two names: the second one to be loaded brings an id that is taken. */
#include "sound.h"
SPOILT_PLUGIN(algorithm.id = "broken.duplicate")
