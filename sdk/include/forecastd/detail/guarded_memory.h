/*
 * Memory between two pages that nobody may touch: a byte read or written beyond it ends the process at once.
 *
 * States are aligned to 16, so up to 15 bytes may be left between the end of the memory and the page behind it, and
 * up to a page before its begin. These are filled, and fcd_guarded_intact() tells whether they still are.
 *
 * Part of forecastd/testing.h, which is what authors include. Threads: any, one at a time for each memory.
 */
#ifndef FORECASTD_DETAIL_GUARDED_MEMORY_H
#define FORECASTD_DETAIL_GUARDED_MEMORY_H

#if defined(__STRICT_ANSI__) && !defined(_DEFAULT_SOURCE) && !defined(_GNU_SOURCE)
#error "forecastd/testing.h needs mmap(): build with -std=gnu99 or later, or with -D_DEFAULT_SOURCE"
#endif

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif
/* NOLINTBEGIN(modernize-use-nullptr): this is C, too */

/* The page that the memory stands directly against. FCD_AGAINST_NOTHING: there is a page of room on both sides, which
 * is looked at by fcd_guarded_intact() alone. */
typedef enum fcd_against {
    FCD_AGAINST_NOTHING,
    FCD_AGAINST_PAGE_BEFORE,
    FCD_AGAINST_PAGE_BEHIND
} fcd_against;

typedef struct fcd_guarded {
    unsigned char* bytes; /* aligned to 16, zeroes at first; NULL: there is no memory */
    size_t size;
    unsigned char* mapped;
    size_t room; /* between the pages */
    size_t page; /* bytes of one */
} fcd_guarded;

#define FCD_GUARD_FILLING ((unsigned char)0x5a)

static inline size_t fcd_guarded_rounded(size_t size, size_t unit) { return (size + unit - 1) / unit * unit; }

static inline fcd_guarded fcd_guarded_new(size_t size, fcd_against against) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    fcd_guarded made = {NULL, size, NULL, 0, page};
    const size_t spare = against == FCD_AGAINST_NOTHING ? 2 * page : 0;
    void* mapped;
    made.room = fcd_guarded_rounded(size > 0 ? size : 1, page) + spare;
    mapped = mmap(NULL, made.room + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return made;
    made.mapped = (unsigned char*)mapped;
    if (mprotect(made.mapped + page, made.room, PROT_READ | PROT_WRITE) != 0) {
        munmap(mapped, made.room + 2 * page);
        made.mapped = NULL;
        return made;
    }
    made.bytes = made.mapped + page;
    memset(made.bytes, FCD_GUARD_FILLING, made.room);
    if (against == FCD_AGAINST_PAGE_BEHIND) made.bytes += made.room - fcd_guarded_rounded(size, 16);
    if (against == FCD_AGAINST_NOTHING) made.bytes += page;
    memset(made.bytes, 0, size);
    return made;
}

static inline void fcd_guarded_free(fcd_guarded* memory) {
    if (memory->mapped) munmap(memory->mapped, memory->room + 2 * memory->page);
    memory->mapped = memory->bytes = NULL;
}

/* Whether what is beside the memory, up to the pages, is as it was. */
static inline int fcd_guarded_intact(const fcd_guarded* memory) {
    const unsigned char *at = memory->mapped + memory->page, *const end = at + memory->room;
    for (; at < end; ++at) {
        if (at == memory->bytes) at += memory->size;
        if (at < end && *at != FCD_GUARD_FILLING) return 0;
    }
    return 1;
}

/* NOLINTEND(modernize-use-nullptr) */
#ifdef __cplusplus
}
#endif

#endif /* FORECASTD_DETAIL_GUARDED_MEMORY_H */
