/* What the static libstdc++ of Debian 12 asks of the C library and glibc 2.31 has not. sysroot.py adds it to the part of
   the C library that is linked in, so that each program and each plugin has its own. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

#define HIDDEN __attribute__((visibility("hidden")))

/* Since 2.32, nonzero as long as there is one thread. Zero is always right: counters are atomic then. */
HIDDEN char __libc_single_threaded = 0;

/* Since 2.36; for std::random_device. */
HIDDEN uint32_t arc4random(void) {
    uint32_t number = 0;
    while (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
        if (errno != EINTR) abort();
    return number;
}
