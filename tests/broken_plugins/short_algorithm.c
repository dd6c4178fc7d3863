/* Its fcd_algorithm ends before the fields of version 1.0 do. */
#include "sound.h"
SPOILT_PLUGIN(algorithm.struct_size = 16)
