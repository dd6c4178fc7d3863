/* Loaded in front of the C library, to make calls of the system fail or lie.
 *
 *   FAULT_CALL       one of open, read, write, fsync, rename, link: it fails with EIO ...
 *   FAULT_DIRECTORY  ... for files of this directory
 *   FAULT_CLOCK      a file with a number of seconds, by which the wall clock is wrong
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define REAL(result, name, ...) ((result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))

/* Whether a call fails for a file of the directory that a descriptor stands for, or is in. */
static int fails(const char* call, int fd) {
    const char *wanted = getenv("FAULT_CALL"), *directory = getenv("FAULT_DIRECTORY");
    if (!wanted || !directory || strcmp(wanted, call) != 0) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t size = readlink(link, path, sizeof path - 1);
    if (size <= 0) return 0;
    path[size] = '\0';
    if (strncmp(path, directory, strlen(directory)) != 0) return 0;
    errno = EIO;
    return 1;
}

ssize_t read(int fd, void* to, size_t size) {
    return fails("read", fd) ? -1 : REAL(ssize_t, "read", int, void*, size_t)(fd, to, size);
}
ssize_t write(int fd, const void* from, size_t size) {
    return fails("write", fd) ? -1 : REAL(ssize_t, "write", int, const void*, size_t)(fd, from, size);
}
int fsync(int fd) { return fails("fsync", fd) ? -1 : REAL(int, "fsync", int)(fd); }
int renameat(int from_fd, const char* from, int to_fd, const char* to) {
    return fails("rename", from_fd)
               ? -1
               : REAL(int, "renameat", int, const char*, int, const char*)(from_fd, from, to_fd, to);
}
int linkat(int from_fd, const char* from, int to_fd, const char* to, int flags) {
    return fails("link", from_fd) ? -1
                                  : REAL(int, "linkat", int, const char*, int, const char*, int)(
                                        from_fd, from, to_fd, to, flags);
}
int openat(int fd, const char* path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    const mode_t mode = (flags & O_CREAT) ? va_arg(list, mode_t) : 0;
    va_end(list);
    if (strncmp(path, "lock", 4) != 0 && fails("open", fd)) return -1;
    return REAL(int, "openat", int, const char*, int, mode_t)(fd, path, flags, mode);
}
int openat64(int fd, const char* path, int flags, ...) __attribute__((alias("openat")));

int clock_gettime(clockid_t clock, struct timespec* now) {
    const int result = REAL(int, "clock_gettime", clockid_t, struct timespec*)(clock, now);
    const char* const file = getenv("FAULT_CLOCK");
    if (result != 0 || clock != CLOCK_REALTIME || !file) return result;
    FILE* const stream = fopen(file, "r");
    long long seconds = 0;
    if (stream) {
        if (fscanf(stream, "%lld", &seconds) != 1) seconds = 0;
        fclose(stream);
    }
    now->tv_sec += seconds;
    return result;
}
