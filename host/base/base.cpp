// Compiles each header of this module by itself.
#include "base/expected.hpp"
