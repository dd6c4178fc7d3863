/* Its version is no number. */
#include "forecaster.h"
SPOILT_FORECASTER(algorithm.id = "broken.bad_version", algorithm.version = "the first one")
