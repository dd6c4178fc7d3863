// Compiles each header of this module by itself.
#include "base/expected.hpp"
#include "base/time_zone.hpp"
