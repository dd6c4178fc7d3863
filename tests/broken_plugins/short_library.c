/* Its fcd_library ends before the fields of version 1.0 do. */
#include "sound.h"
SPOILT_PLUGIN(library.struct_size = 16)
