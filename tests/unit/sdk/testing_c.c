/* The header for unit tests in C. */
#include <forecastd/testing.h>
typedef int not_empty;
