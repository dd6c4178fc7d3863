// Lets an exception out of its entry point.
#include <forecastd/plugin.h>

#include <stdexcept>
const fcd_library* forecastd_library_v1(const fcd_host*) {
    throw std::runtime_error("the licence server does not answer");
}
