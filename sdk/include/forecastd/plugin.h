/*
 * forecastd/plugin.h: the contract between forecastd and its plugins.
 *
 * A plugin is a shared object that exports one function, forecastd_library_v1(). It hands the host
 * a table of algorithms: forecasters say what a series will do next, detectors say how odd a point is.
 * Three nouns:
 *
 *   algorithm   a static table in the plugin (struct fcd_algorithm)
 *   model       an algorithm with its parameters; immutable once made; one for each pipeline and grid
 *   series      the state of one time series: flat bytes in memory that the host owns
 *
 * C++ authors include forecastd/plugin.hpp instead, which needs no more than a struct with a few methods.
 * This header is C99, C11 and C++20, and depends on nothing but the C standard library's headers.
 *
 * Conventions, which hold for every call below:
 *
 *  1. Threads. [load]: on the thread that loads the plugin, once. [any]: on any thread, many at a time,
 *     but never for one series from two threads at once. A series may move from thread to thread. A plugin
 *     keeps no thread-local state and starts no threads.
 *  2. Errors. A call that can fail returns FCD_ERROR (or fewer points than it got, or NULL) and writes a
 *     sentence to its fcd_error: what was found, what was expected. On failure the host ignores every
 *     other output. Text is UTF-8, ends in NUL, and does not name the plugin: the host adds that.
 *  3. Nothing is thrown across this interface: no C++ exception, no longjmp, no exit.
 *  4. Numbers. Values that the host passes are finite. NaN in an output means "unknown"; an infinity
 *     there is a fault. A fault sets its series aside; the data passes on.
 *  5. Time is UTC in nanoseconds since 1970-01-01. A step is one place on the regular grid of a series,
 *     counted from 1970-01-01, so `step % season_length` is the phase of a season, whatever was lost.
 *     A gap shows as a jump in step. Late and duplicate points never reach a plugin.
 *  6. Ownership. The host frees what it allocates; a plugin frees what it allocates (model_free,
 *     series_free). Tables and texts that a plugin hands out stay valid until the process ends: plugins
 *     are never unloaded.
 *  7. Growth. A later minor version only appends fields to structs. Structs that stand in arrays (points,
 *     verdicts, predictions, parameters) have their size declared in fcd_library, and the host lays the
 *     arrays out in the plugin's size; all others begin with struct_size. So an old plugin loads in a new
 *     host. The major version is part of the entry point's name.
 */
#ifndef FORECASTD_PLUGIN_H
#define FORECASTD_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FCD_ABI_MAJOR 1
#define FCD_ABI_MINOR 0

#if defined(_WIN32)
#define FCD_EXPORT __declspec(dllexport)
#else
#define FCD_EXPORT __attribute__((visibility("default")))
#endif

/* What calls return. */
#define FCD_OK 0
#define FCD_NOT_YET 1 /* nothing is wrong, but too little was seen to answer */
#define FCD_ERROR (-1)

/* What an algorithm can do; or them together. */
#define FCD_FORECASTS 1u
#define FCD_DETECTS 2u

typedef struct fcd_error {
    char text[256];
} fcd_error;

/* ---- Parameters: declared by the plugin as data, read and checked by the host --------------------- */

#define FCD_REAL 1     /* value.real */
#define FCD_INTEGER 2  /* value.integer */
#define FCD_BOOLEAN 3  /* value.integer: 0 or 1 */
#define FCD_CHOICE 4   /* value.integer: an index of `choices` */
#define FCD_DURATION 5 /* value.integer: nanoseconds; users write "90s", "1d" */
#define FCD_STEPS 6    /* value.integer: steps of the grid; users write 24, or a duration */
#define FCD_INTEGERS 7 /* value.integers: a list of `count` integers; users write [1, 0, 1] */

/* The user must give it; `initial` is ignored. */
#define FCD_REQUIRED 1u
/* Of FCD_INTEGERS: users may write "auto", and the algorithm chooses. The list is then empty. */
#define FCD_AUTO 2u

typedef struct fcd_integers {
    size_t count; /* 0: the algorithm chooses */
    const int64_t* items;
} fcd_integers;

typedef union fcd_value {
    double real;
    int64_t integer;
    const fcd_integers* integers; /* never NULL; valid during model_new */
} fcd_value;

typedef struct fcd_param {
    const char* name;           /* the key in the config: lower case, digits, '_' */
    const char* doc;            /* one sentence, with its full stop; units in it */
    int32_t type;               /* FCD_REAL ... FCD_INTEGERS */
    uint32_t flags;             /* FCD_REQUIRED, FCD_AUTO, or 0 */
    fcd_value initial;          /* the default, in [min, max]; a real NaN: the algorithm chooses */
    fcd_value min, max;         /* inclusive; ignored for boolean and choice; of each integer of a list */
    const char* const* choices; /* for FCD_CHOICE: names, NULL at the end; else NULL. Users write the names
                                   true and false as JSON's */
    const char* const* aliases; /* other names that users know it by, NULL at the end; or NULL */
    size_t count;               /* for FCD_INTEGERS: how many they are, 1 to 16; else 0 */
} fcd_param;

/* ---- Time ----------------------------------------------------------------------------------------- */

/* What model_new may know of the regular grid of its series. */
typedef struct fcd_grid {
    uint32_t struct_size;
    uint32_t reserved;
    int64_t interval_ns; /* distance of two steps; > 0 */
} fcd_grid;

/* Which steps a forecast is asked for: first_step, first_step + 1, ... All lie after the last point. */
typedef struct fcd_horizon {
    uint32_t struct_size;
    uint32_t steps; /* how many; >= 1 */
    int64_t first_step;
    int64_t first_local_step; /* the same in the pipeline's time zone */
} fcd_horizon;

/* ---- Points in, verdicts and predictions out ------------------------------------------------------ */

typedef struct fcd_point {
    void* series;       /* the state of the series that it belongs to */
    int64_t time_ns;    /* strictly later than the series' last point */
    int64_t step;       /* strictly greater than the series' last step */
    int64_t local_step; /* step in the pipeline's time zone: use it for daily and weekly seasons */
    double value;       /* finite */
    double expected;    /* what the pipeline's forecaster expected here; NaN without one or not yet */
    double deviation;   /* the standard deviation that it expected; NaN if unknown */
} fcd_point;

/* About one point, judged before it was learned. A forecaster leaves score, lower and upper at NaN. */
typedef struct fcd_verdict {
    double score;     /* 0 as expected, 1 at the limit, above 1 an anomaly; NaN: cannot say yet */
    double expected;  /* NaN if unknown */
    double deviation; /* standard deviation of (value - expected), >= 0; NaN if unknown */
    double lower;     /* the values at which the score is 1, below and above; NaN if unknown */
    double upper;
} fcd_verdict;

typedef struct fcd_prediction {
    double mean;      /* finite */
    double deviation; /* standard deviation of (value - mean), >= 0; NaN if unknown: the host then uses
                         the errors that it has seen */
} fcd_prediction;

/* ---- An algorithm --------------------------------------------------------------------------------- */

typedef struct fcd_model fcd_model; /* the plugin's own */

typedef struct fcd_algorithm {
    uint32_t struct_size;   /* sizeof(fcd_algorithm) */
    uint32_t abilities;     /* FCD_FORECASTS, FCD_DETECTS */
    uint32_t state_version; /* raise it when states saved by an older build no longer load */
    uint32_t param_count;
    const char* id;      /* "holt-winters"; others than ours carry a prefix: "acme.spikes" */
    const char* version; /* of this algorithm: "1.0.0" */
    const char* summary; /* one sentence, with its full stop */
    const fcd_param* params;

    /* Makes a model. values[param_count] stand in the order of params, each within its range; grid is
     * valid during the call. Writes the bytes that each series needs (0 is allowed) to *series_size.
     * NULL: these parameters do not go together; error says why. [any] */
    fcd_model* (*model_new)(const fcd_value* values, const fcd_grid* grid, size_t* series_size,
                            fcd_error* error);

    /* Frees it, after the last of its series is gone. [any] */
    void (*model_free)(fcd_model* model);

    /* Begins a series in series_size zeroed bytes, aligned to 16, that never move. May be NULL: zeroes will
     * do. FCD_OK or FCD_ERROR. [any] */
    int32_t (*series_init)(const fcd_model* model, void* series, fcd_error* error);

    /* Ends a series. NULL: the state is plain bytes and there is nothing to free. [any] */
    void (*series_free)(const fcd_model* model, void* series);

    /* For each point in order: judge it (verdicts[i]), then learn it. The points may belong to many series,
     * one series may come several times. Judging does not change a series; learning is the only thing that
     * does. Returns how many points were done: less than count means that points[done] failed, as error
     * says, and that no later one was touched; the host then sets its series aside and goes on behind it.
     * [any] */
    size_t (*advance)(const fcd_model* model, const fcd_point* points, size_t count, fcd_verdict* verdicts,
                      fcd_error* error);

    /* Fills out[horizon->steps]. Changes nothing. Asked only of a series that has learned a point.
     * FCD_OK, FCD_NOT_YET or FCD_ERROR. NULL for a detector. [any] */
    int32_t (*forecast)(const fcd_model* model, const void* series, const fcd_horizon* horizon,
                        fcd_prediction* out, fcd_error* error);

    /* Saving and loading a state. Both NULL: its bytes are saved as they are.
     * save returns the bytes needed, and writes them if they fit in size. load gets an initialised series
     * and must refuse bytes that save did not write, whatever they are. [any] */
    size_t (*save)(const fcd_model* model, const void* series, void* bytes, size_t size);
    int32_t (*load)(const fcd_model* model, void* series, const void* bytes, size_t size, fcd_error* error);

    /* Further tables by name: those below, and what this header does not know yet. It returns NULL for what
     * the algorithm has not, and may itself be NULL. [load] */
    const void* (*extension)(const char* id);
} fcd_algorithm;

/* ---- Extension: diagnostics, what a model knows of a series, for people to see -------------------- */

#define FCD_DIAGNOSTICS "forecastd.diagnostics/1" /* extension() returns an fcd_diagnostics */

/* An integer that is not known. A real is NaN then, a choice below 0. */
#define FCD_UNKNOWN INT64_MIN

typedef struct fcd_diagnostic {
    const char* name; /* of a field in the output: lower case, digits, '_' */
    const char* doc;  /* one sentence, with its full stop; units in it */
    int32_t type; /* FCD_REAL, whose mean over many series is shown; FCD_INTEGER, whose sum is; FCD_CHOICE */
    uint32_t reserved;
    const char* const* choices; /* for FCD_CHOICE: names, NULL at the end; else NULL */
} fcd_diagnostic;

typedef struct fcd_diagnostics {
    uint32_t struct_size; /* sizeof(fcd_diagnostics) */
    uint32_t row_size;    /* sizeof(fcd_diagnostic) */
    uint32_t count;
    uint32_t reserved;
    const fcd_diagnostic* rows;

    /* Fills out[count], in the order of rows, each unknown before. Changes nothing, and is quick: it is asked
     * of every series, one after the other. FCD_OK or FCD_ERROR. [any] */
    int32_t (*diagnose)(const fcd_model* model, const void* series, fcd_value* out, fcd_error* error);
} fcd_diagnostics;

/* ---- The handshake -------------------------------------------------------------------------------- */

typedef struct fcd_host {
    uint32_t struct_size;
    uint32_t abi_major, abi_minor; /* of the host */
    uint32_t reserved;
    const char* version; /* of the host: "0.1.0" */
} fcd_host;

typedef struct fcd_library {
    uint32_t struct_size;          /* sizeof(fcd_library) */
    uint32_t abi_major, abi_minor; /* FCD_ABI_MAJOR, FCD_ABI_MINOR */
    uint32_t param_size;           /* sizeof(fcd_param) */
    uint32_t point_size;           /* sizeof(fcd_point) */
    uint32_t verdict_size;         /* sizeof(fcd_verdict) */
    uint32_t prediction_size;      /* sizeof(fcd_prediction) */
    uint32_t algorithm_count;
    const fcd_algorithm* const* algorithms;
} fcd_library;

/* The only symbol that a plugin exports. NULL: it cannot run in this host. [load] */
FCD_EXPORT const fcd_library* forecastd_library_v1(const fcd_host* host);

/* Makes a library of one or more algorithms (their addresses) and the entry point; once in a plugin, in C. */
#define FCD_PLUGIN(...)                                                               \
    const fcd_library* forecastd_library_v1(const fcd_host* host) {                   \
        static const fcd_algorithm* const algorithms[] = {__VA_ARGS__};               \
        static const fcd_library library = {sizeof(fcd_library),                      \
                                            FCD_ABI_MAJOR,                            \
                                            FCD_ABI_MINOR,                            \
                                            sizeof(fcd_param),                        \
                                            sizeof(fcd_point),                        \
                                            sizeof(fcd_verdict),                      \
                                            sizeof(fcd_prediction),                   \
                                            sizeof algorithms / sizeof algorithms[0], \
                                            algorithms};                              \
        (void)host;                                                                   \
        return &library;                                                              \
    }

#ifdef __cplusplus
}
#endif

#endif /* FORECASTD_PLUGIN_H */
