/*
 * forecastd/plugin.h: the contract between forecastd and its plugins, version 1.0.
 *
 * A plugin is a shared object that exports one function, forecastd_library_v1(). It returns a table of
 * algorithms: forecasters predict a series, detectors say how unusual a point is. Three nouns:
 *
 *   algorithm   a static table in the plugin (struct fcd_algorithm)
 *   model       an algorithm with its parameters; immutable once made; one for each pipeline and grid
 *   series      the state of one time series: flat bytes in memory that the host owns
 *
 * C++ authors include forecastd/plugin.hpp instead, where a plugin is a struct with a few methods.
 * This header is C99, C11 and C++20, and depends on nothing but the C standard library's headers.
 *
 * Conventions, which hold for every call below:
 *
 *  1. Threads. [load]: on the thread that loads the plugin, once. [any]: on any thread, many at a time,
 *     but never for one series from two threads at once. A series may move from thread to thread. A plugin
 *     keeps no thread-local state and starts no threads.
 *  2. Errors. A call that can fail returns FCD_ERROR (or fewer points than it got, or NULL), writes a
 *     sentence to its fcd_error (what was found, what was expected), and may set a code that tells the host
 *     what to do. On failure the host ignores every other output. Text is UTF-8, ends in NUL, and does not
 *     name the plugin: the host adds that. The pointer to the fcd_error is never NULL.
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
 *     verdicts, predictions, parameters, inputs, saved parameters, diagnostics) have their size declared by
 *     the plugin, and the host lays the arrays out in the plugin's size, with zeroes in fields that the host
 *     does not know. All others begin with struct_size, the size that its sender knows: read a field of a
 *     later minor version only if struct_size covers it. fcd_value and fcd_integers never grow. So an old
 *     plugin loads in a new host, and a new plugin in an old host. The major version is part of the entry
 *     point's name.
 *  8. Bits, types and reserved fields. What a plugin sets and the host does not know (a bit of flags or
 *     abilities, a type) is refused. The host never hands a plugin a bit or a type that the plugin's
 *     own abi_minor does not define. Reserved fields are 0. In a field that a later version appends to an
 *     output (verdict, prediction), 0 means "unknown": write outputs as whole structs, so that such fields
 *     are 0 once the plugin is compiled with a later header.
 *  9. Limits. The host ends a call that takes longer than its deadline (10 s unless the config says
 *     otherwise). A plugin writes nothing behind its state, leaves the process as it found it (working
 *     directory, locale, signal handlers, floating point mode, open descriptors), and writes neither to
 *     standard output nor to standard error: see FCD_LOG.
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
#define FCD_HIDDEN
#else
#define FCD_EXPORT __attribute__((visibility("default")))
#define FCD_HIDDEN __attribute__((visibility("hidden")))
#endif

/* What calls return. */
#define FCD_OK 0
#define FCD_NOT_YET 1 /* of forecast alone: nothing is wrong, but too little was learned to answer */
#define FCD_ERROR (-1)

/* What an algorithm can do; combine them with `|`. */
#define FCD_FORECASTS 1u
#define FCD_DETECTS 2u

/*
 * fcd_error.code: what the host does after series_init, advance or forecast failed. It is ignored after other
 * calls. The host sets FCD_SET_ASIDE before each call; an unknown code counts as FCD_SET_ASIDE.
 *
 *   FCD_SET_ASIDE     the series gets no more points until the host is restarted; its data passes on
 *   FCD_BEGIN_AGAIN   the state is thrown away; the series begins again at its next point
 *   FCD_ASK_LATER     nothing is wrong with the state: only this point, or this forecast, is left out
 *                     (of series_init: the series begins at its next point)
 */
#define FCD_SET_ASIDE 0
#define FCD_BEGIN_AGAIN 1
#define FCD_ASK_LATER 2

typedef struct fcd_error {
    uint32_t struct_size; /* sizeof(fcd_error), set by the host */
    int32_t code;         /* FCD_SET_ASIDE ... */
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

/* fcd_param.flags */
#define FCD_REQUIRED 1u /* the user must give it; `initial` is ignored */
#define FCD_AUTO 2u     /* users may write "auto": FCD_INTEGERS: an empty list; FCD_STEPS, from 0 on: 0 */
/* Of FCD_STEPS: `initial` is in nanoseconds, above 0. The host takes the nearest number of steps, from min to
 * max. */
#define FCD_INITIAL_DURATION 4u

typedef struct fcd_integers {
    size_t count; /* 0: the algorithm chooses */
    const int64_t* items;
} fcd_integers;

typedef union fcd_value {
    double real;
    int64_t integer;
    const fcd_integers* integers; /* never NULL; valid during the call that gets it */
} fcd_value;

typedef struct fcd_param {
    const char* name;           /* the key in the config: lower case, digits, '_' */
    const char* doc;            /* one sentence, with its full stop; units in it */
    int32_t type;               /* FCD_REAL ... FCD_INTEGERS */
    uint32_t flags;             /* FCD_REQUIRED ..., or 0 */
    fcd_value initial;          /* the default, in [min, max]; a real NaN: the algorithm chooses */
    fcd_value min, max;         /* inclusive; ignored for boolean and choice; of each integer of a list */
    const char* const* choices; /* for FCD_CHOICE: names, NULL at the end; else NULL. Users write the names
                                   true and false as JSON's */
    const char* const* aliases; /* other names that users know it by, NULL at the end; or NULL */
    size_t count;               /* for FCD_INTEGERS: the length of the list, 1 to 16; else 0 */
} fcd_param;

/* ---- Time ----------------------------------------------------------------------------------------- */

/*
 * fcd_grid.flags
 *
 *   FCD_GRID_TRIAL   the interval is made up: the host tries parameters, or shows the size of a state. Do not
 *                    refuse parameters because they do not fit this interval.
 *   FCD_GRID_LOCAL   the pipeline has a time zone: local_step may differ from step
 */
#define FCD_GRID_TRIAL 1u
#define FCD_GRID_LOCAL 2u

/* What model_new may know of the regular grid of its series. */
typedef struct fcd_grid {
    uint32_t struct_size;
    uint32_t flags;      /* FCD_GRID_... */
    int64_t interval_ns; /* from one step to the next; > 0 */
} fcd_grid;

/* ---- Inputs: further values that a model may use beside the series itself --------------------------- */

/* fcd_input.flags */
#define FCD_INPUT_PAST 1u     /* known at the points of the series */
#define FCD_INPUT_AHEAD 2u    /* known for future steps too, as the calendar is; implies FCD_INPUT_PAST */
#define FCD_INPUT_REQUIRED 4u /* the model cannot do without it */

/*
 * An input that an algorithm asks for by name. The host of version 1.0 knows the calendar, in the pipeline's
 * local time, all FCD_INPUT_AHEAD:
 *
 *   "calendar.hour"      0 to 23, with the minutes as a fraction
 *   "calendar.weekday"   0 (Monday) to 6
 *   "calendar.holiday"   1 on a holiday of the pipeline's calendar, else 0; NaN without a calendar
 *
 * Names of other forms are reserved for other fields of the same line. An algorithm that requires an input
 * that the host does not know is refused; one that it does not require is NaN.
 */
typedef struct fcd_input {
    const char* name;
    const char* doc; /* one sentence, with its full stop; units in it */
    uint32_t flags;
    uint32_t reserved;
} fcd_input;

/* ---- Points in, verdicts and predictions out ------------------------------------------------------ */

/* fcd_point.flags. The host sets at most one of the first two, and at most one of the last two. */
#define FCD_JUDGE_ONLY 1u         /* judge it and learn nothing from it: the series does not change */
#define FCD_LEARN_ONLY 2u         /* learn it; its verdict is not looked at */
#define FCD_LABELLED_NORMAL 4u    /* a person said that this point is normal */
#define FCD_LABELLED_ANOMALOUS 8u /* a person said that this point is an anomaly */

/*
 * learn_limit says how far from the expected value a point may pull the state of its series:
 *
 *   NaN       no limit: learn value
 *   0         learn nothing, as if the step were missing
 *   above 0   learn expected + clamp(value - expected, -learn_limit, +learn_limit) in place of value, in
 *             every part of the state, windows and seasons included. `expected` is what the plugin itself
 *             writes (FCD_LEARN_ONLY: would write) to the verdict of this point; if that is NaN, learn value.
 *   infinity  no limit, as the series was unusual one season before too: learn value. A forecaster with a
 *             season may take it as the season of its phase from now on.
 *
 * Every forecaster must do so. A detector must learn nothing at 0, and may ignore other limits.
 *
 * A series may be judged at a step and learn the same step later: first a point with FCD_JUDGE_ONLY, then one
 * with FCD_LEARN_ONLY.
 */
typedef struct fcd_point {
    void* series;       /* the state of the series that it belongs to */
    int64_t time_ns;    /* later than the last point that the series has learned */
    int64_t step;       /* greater than that of the last point that the series has learned */
    int64_t local_step; /* step in the pipeline's time zone, for daily and weekly seasons. It repeats or goes
                             back when the clocks are set back, and jumps when they are set forward. */
    double value;       /* finite */
    double expected;    /* what the pipeline's forecaster expected here; NaN without one, or not yet */
    double deviation;   /* the standard deviation that it expected; NaN if unknown */
    double learn_limit; /* >= 0, infinity, or NaN */
    uint32_t flags;     /* FCD_JUDGE_ONLY ... */
    uint32_t reserved;  /* 0 */
    const double* inputs; /* [input_count], in the order of fcd_algorithm.inputs; NaN: missing. NULL if the
                             algorithm has none. Valid during the call. */
} fcd_point;

/* About one point, judged before it was learned. A forecaster leaves score, lower and upper at NaN. */
typedef struct fcd_verdict {
    double score;     /* 0 as expected, 1 at the limit, above 1 an anomaly, never below 0; NaN: unknown */
    double expected;  /* NaN if unknown */
    double deviation; /* standard deviation of (value - expected), >= 0; NaN if unknown */
    double lower;     /* the values at which the score is 1, below and above; NaN if unknown */
    double upper;
    uint32_t reason;   /* 0: none; else fcd_algorithm.reasons[reason - 1] says why the score is what it is */
    uint32_t reserved; /* 0 */
} fcd_verdict;

typedef struct fcd_prediction {
    double mean;      /* finite */
    double deviation; /* standard deviation of (value - mean), >= 0; NaN if unknown: the host then uses
                         the errors that it has seen */
} fcd_prediction;

/* The steps that a forecast is asked for: first_step, first_step + 1, ... All come after the last point that
 * the series has learned. */
typedef struct fcd_horizon {
    uint32_t struct_size;
    uint32_t steps; /* the number of steps; >= 1 */
    int64_t first_step;
    const int64_t* local_steps; /* [steps], in the pipeline's time zone, as fcd_point.local_step; NULL: each
                                   equals its step */

    uint32_t level_count; /* 0: no quantiles are asked for */
    uint32_t input_count; /* fcd_algorithm.input_count */
    const double* levels; /* [level_count], ascending, each above 0 and below 1 */
    double* quantiles; /* out: [steps * level_count], step by step, the quantiles of what may be observed at
                             the step, not descending; NaN: unknown, as all are before the call. NULL: not
                             asked for */
    const double* inputs; /* [steps * input_count], step by step; NaN: not known ahead. NULL if the algorithm
                             has none */
} fcd_horizon;

/* ---- An algorithm --------------------------------------------------------------------------------- */

typedef struct fcd_model fcd_model; /* the plugin's own */

/* What series_init may know of the series that begins. */
typedef struct fcd_series_info {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t id_hash; /* the same for this series in every run, on every machine: a seed for random numbers */
    int64_t first_time_ns; /* of the point that it begins with */
} fcd_series_info;

/* A parameter of the model that a state was saved with. */
typedef struct fcd_saved_param {
    const char* name;
    int32_t type; /* FCD_REAL ... FCD_INTEGERS */
    uint32_t reserved;
    fcd_value value;    /* of FCD_STEPS: steps of the grid that it was saved on */
    const char* choice; /* of FCD_CHOICE: the name of the choice, since the order of the names may have
                           changed; else NULL */
} fcd_saved_param;

/* A state that was saved, perhaps by another version of the algorithm, with other parameters, or on another
 * grid. All of it is valid during the call. */
typedef struct fcd_saved {
    uint32_t struct_size;
    uint32_t state_version; /* fcd_algorithm.state_version of the build that saved it */
    int64_t interval_ns;    /* of the grid that it was saved on */
    uint32_t param_count;
    uint32_t reserved;
    const fcd_saved_param* params; /* [param_count] */
    const void* bytes;             /* what save wrote, or the plain bytes of the state; aligned to 16 */
    size_t size;
} fcd_saved;

typedef struct fcd_algorithm {
    uint32_t struct_size;   /* sizeof(fcd_algorithm) */
    uint32_t abilities;     /* FCD_FORECASTS, FCD_DETECTS */
    uint32_t state_version; /* raise it when the layout or the meaning of the state changes */
    uint32_t param_count;
    const char* id;      /* "holt-winters"; those of other authors have a prefix: "acme.spikes" */
    const char* version; /* of this algorithm: "1.0.0" */
    const char* summary; /* one sentence, with its full stop */
    const fcd_param* params;

    /* Makes a model. values[param_count] stand in the order of params, each within its range; values and grid
     * are valid during the call. Writes the bytes that each series needs (0 is allowed) to *series_size.
     * NULL: these parameters do not go together; error says why. The host may call it several times for
     * the same parameters, and on a trial grid (FCD_GRID_TRIAL). [any] */
    fcd_model* (*model_new)(const fcd_value* values, const fcd_grid* grid, size_t* series_size,
                            fcd_error* error);

    /* Frees it, after the last of its series is gone. [any] */
    void (*model_free)(fcd_model* model);

    /* Begins a series in series_size zeroed bytes, aligned to 16, that never move. May be NULL: zeroes will
     * do. info is valid during the call. FCD_OK or FCD_ERROR. [any] */
    int32_t (*series_init)(const fcd_model* model, void* series, const fcd_series_info* info,
                           fcd_error* error);

    /* Ends a series: frees what its state owns. NULL: the state owns nothing. Not called when the process
     * ends at once, as after a crash. [any] */
    void (*series_free)(const fcd_model* model, void* series);

    /* For each point in order: judge it (verdicts[i]), then learn it, as its flags and its learn_limit say.
     * The points may belong to many series, and one series may come several times. Judging does not change a
     * series; learning is the only thing that does. Returns the number of points that were done: less than
     * count means that points[done] failed, as error says, and that no later one was touched. The host does
     * what error.code says, and calls again for the points after it. [any] */
    size_t (*advance)(const fcd_model* model, const fcd_point* points, size_t count, fcd_verdict* verdicts,
                      fcd_error* error);

    /* Fills out[horizon->steps], and the quantiles if they are asked for and known. Changes nothing. Never
     * asked of a series that has learned nothing. FCD_OK, FCD_NOT_YET or FCD_ERROR. NULL for a detector.
     * [any] */
    int32_t (*forecast)(const fcd_model* model, const void* series, const fcd_horizon* horizon,
                        fcd_prediction* out, fcd_error* error);

    /* Saves a state. Returns the number of bytes that it needs, and writes them if they fit in size; 0: it
     * failed. The host may ask for the number first, with bytes NULL and size 0. The same state gives the
     * same bytes. NULL: the state is saved as the plain bytes that it is; but a state with a series_free owns
     * more than its bytes, and is then not saved. [any] */
    size_t (*save)(const fcd_model* model, const void* series, void* bytes, size_t size, fcd_error* error);

    /* Loads a saved state into a series that was just initialised. With save, it loads every state. Without
     * save, the host itself copies plain bytes whose state_version, parameters, interval and size are the
     * same, and calls load for all others, to take over the state of another version, of other parameters,
     * or of another grid. It must refuse what it does not understand, whatever the bytes are, with a
     * sentence: the series then begins again, so the state may be left half written. NULL: all others are
     * refused. FCD_OK or FCD_ERROR. [any] */
    int32_t (*load)(const fcd_model* model, void* series, const fcd_saved* saved, fcd_error* error);

    /* Further tables by name: those below, and what this header does not know yet. It returns NULL for what
     * the algorithm has not, and may itself be NULL. [load] */
    const void* (*extension)(const char* id);

    /* The inputs that it uses, [input_count]; NULL and 0: none. */
    const fcd_input* inputs;
    uint32_t input_count;

    /* The sentences behind fcd_verdict.reason, each with its full stop, [reason_count]; NULL and 0: none. */
    uint32_t reason_count;
    const char* const* reasons;
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

    /* What the host offers, by name: FCD_LOG, and what this header does not know yet. NULL: it has no such
     * service. What it returns is valid until the process ends. [any] */
    const void* (*service)(const char* id);
} fcd_host;

#define FCD_LOG "forecastd.log/1" /* fcd_host.service() returns an fcd_log */

#define FCD_LOG_ERROR 0
#define FCD_LOG_WARN 1
#define FCD_LOG_INFO 2
#define FCD_LOG_DEBUG 3

/* Messages for the operator. The host adds the name of the plugin that it is calling, and leaves out what
 * comes too often. */
typedef struct fcd_log {
    uint32_t struct_size;
    uint32_t reserved;
    void (*write)(int32_t level, const char* text); /* one sentence, UTF-8. [any] */
} fcd_log;

typedef struct fcd_library {
    uint32_t struct_size;          /* sizeof(fcd_library) */
    uint32_t abi_major, abi_minor; /* FCD_ABI_MAJOR, FCD_ABI_MINOR */
    uint32_t flags;                /* 0 */
    uint32_t param_size;           /* sizeof(fcd_param) */
    uint32_t point_size;           /* sizeof(fcd_point) */
    uint32_t verdict_size;         /* sizeof(fcd_verdict) */
    uint32_t prediction_size;      /* sizeof(fcd_prediction) */
    uint32_t input_size;           /* sizeof(fcd_input) */
    uint32_t saved_param_size;     /* sizeof(fcd_saved_param) */
    uint32_t reserved;             /* 0 */
    uint32_t algorithm_count;
    const fcd_algorithm* const* algorithms;
} fcd_library;

/* The only symbol that a plugin exports. host is valid until the process ends. NULL: the plugin cannot run in
 * this host; say why through FCD_LOG. [load] */
FCD_EXPORT const fcd_library* forecastd_library_v1(const fcd_host* host);

/* The host, in a plugin that ends with FCD_PLUGIN (C++: forecastd::host()); NULL before it was loaded. */
extern FCD_HIDDEN const fcd_host* fcd_plugin_host;

/* Makes a library of one or more algorithms (their addresses) and the entry point; once in a plugin, in C. */
#define FCD_PLUGIN(...)                                                               \
    const fcd_host* fcd_plugin_host;                                                  \
    const fcd_library* forecastd_library_v1(const fcd_host* host) {                   \
        static const fcd_algorithm* const algorithms[] = {__VA_ARGS__};               \
        static const fcd_library library = {sizeof(fcd_library),                      \
                                            FCD_ABI_MAJOR,                            \
                                            FCD_ABI_MINOR,                            \
                                            0,                                        \
                                            sizeof(fcd_param),                        \
                                            sizeof(fcd_point),                        \
                                            sizeof(fcd_verdict),                      \
                                            sizeof(fcd_prediction),                   \
                                            sizeof(fcd_input),                        \
                                            sizeof(fcd_saved_param),                  \
                                            0,                                        \
                                            sizeof algorithms / sizeof algorithms[0], \
                                            algorithms};                              \
        fcd_plugin_host = host;                                                       \
        return &library;                                                              \
    }

#ifdef __cplusplus
}
#endif

#endif /* FORECASTD_PLUGIN_H */
