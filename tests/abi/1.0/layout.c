/*
 * The layout of version 1.0 on 64-bit machines: the size of every struct, the place and size of every field,
 * every constant. It is compiled as C and as C++, against the current header and against the copy of 1.0.
 *
 * A field that moves breaks every plugin that is in use: do not change a line here. A later minor version
 * appends fields, which makes structs larger; see README.md.
 */
#include <forecastd/plugin.h>

#ifdef __cplusplus
#define ASSERT(condition) static_assert(condition, #condition)
#else
#define ASSERT(condition) _Static_assert(condition, #condition)
#endif

/* Structs may grow at their end, but not in the copy of 1.0. */
#ifdef FORECASTD_ABI_EXACT
#define SIZE(type, size) ASSERT(sizeof(type) == size)
#else
#define SIZE(type, size) ASSERT(sizeof(type) >= size)
#endif
#define FIELD(type, field, offset, size) \
    ASSERT(offsetof(type, field) == offset && sizeof(((type*)0)->field) == size)

/* These two never grow. */
ASSERT(sizeof(fcd_value) == 8);
ASSERT(sizeof(fcd_integers) == 16);

/* fcd_error */
SIZE(fcd_error, 264);
FIELD(fcd_error, struct_size, 0, 4);
FIELD(fcd_error, code, 4, 4);
FIELD(fcd_error, text, 8, 256);

/* fcd_integers */
SIZE(fcd_integers, 16);
FIELD(fcd_integers, count, 0, 8);
FIELD(fcd_integers, items, 8, 8);

/* fcd_value */
SIZE(fcd_value, 8);
FIELD(fcd_value, real, 0, 8);
FIELD(fcd_value, integer, 0, 8);
FIELD(fcd_value, integers, 0, 8);

/* fcd_param */
SIZE(fcd_param, 72);
FIELD(fcd_param, name, 0, 8);
FIELD(fcd_param, doc, 8, 8);
FIELD(fcd_param, type, 16, 4);
FIELD(fcd_param, flags, 20, 4);
FIELD(fcd_param, initial, 24, 8);
FIELD(fcd_param, min, 32, 8);
FIELD(fcd_param, max, 40, 8);
FIELD(fcd_param, choices, 48, 8);
FIELD(fcd_param, aliases, 56, 8);
FIELD(fcd_param, count, 64, 8);

/* fcd_grid */
SIZE(fcd_grid, 16);
FIELD(fcd_grid, struct_size, 0, 4);
FIELD(fcd_grid, flags, 4, 4);
FIELD(fcd_grid, interval_ns, 8, 8);

/* fcd_input */
SIZE(fcd_input, 24);
FIELD(fcd_input, name, 0, 8);
FIELD(fcd_input, doc, 8, 8);
FIELD(fcd_input, flags, 16, 4);
FIELD(fcd_input, reserved, 20, 4);

/* fcd_point */
SIZE(fcd_point, 80);
FIELD(fcd_point, series, 0, 8);
FIELD(fcd_point, time_ns, 8, 8);
FIELD(fcd_point, step, 16, 8);
FIELD(fcd_point, local_step, 24, 8);
FIELD(fcd_point, value, 32, 8);
FIELD(fcd_point, expected, 40, 8);
FIELD(fcd_point, deviation, 48, 8);
FIELD(fcd_point, learn_limit, 56, 8);
FIELD(fcd_point, flags, 64, 4);
FIELD(fcd_point, reserved, 68, 4);
FIELD(fcd_point, inputs, 72, 8);

/* fcd_verdict */
SIZE(fcd_verdict, 48);
FIELD(fcd_verdict, score, 0, 8);
FIELD(fcd_verdict, expected, 8, 8);
FIELD(fcd_verdict, deviation, 16, 8);
FIELD(fcd_verdict, lower, 24, 8);
FIELD(fcd_verdict, upper, 32, 8);
FIELD(fcd_verdict, reason, 40, 4);
FIELD(fcd_verdict, reserved, 44, 4);

/* fcd_prediction */
SIZE(fcd_prediction, 16);
FIELD(fcd_prediction, mean, 0, 8);
FIELD(fcd_prediction, deviation, 8, 8);

/* fcd_horizon */
SIZE(fcd_horizon, 56);
FIELD(fcd_horizon, struct_size, 0, 4);
FIELD(fcd_horizon, steps, 4, 4);
FIELD(fcd_horizon, first_step, 8, 8);
FIELD(fcd_horizon, local_steps, 16, 8);
FIELD(fcd_horizon, level_count, 24, 4);
FIELD(fcd_horizon, input_count, 28, 4);
FIELD(fcd_horizon, levels, 32, 8);
FIELD(fcd_horizon, quantiles, 40, 8);
FIELD(fcd_horizon, inputs, 48, 8);

/* fcd_series_info */
SIZE(fcd_series_info, 24);
FIELD(fcd_series_info, struct_size, 0, 4);
FIELD(fcd_series_info, reserved, 4, 4);
FIELD(fcd_series_info, id_hash, 8, 8);
FIELD(fcd_series_info, first_time_ns, 16, 8);

/* fcd_saved_param */
SIZE(fcd_saved_param, 32);
FIELD(fcd_saved_param, name, 0, 8);
FIELD(fcd_saved_param, type, 8, 4);
FIELD(fcd_saved_param, reserved, 12, 4);
FIELD(fcd_saved_param, value, 16, 8);
FIELD(fcd_saved_param, choice, 24, 8);

/* fcd_saved */
SIZE(fcd_saved, 48);
FIELD(fcd_saved, struct_size, 0, 4);
FIELD(fcd_saved, state_version, 4, 4);
FIELD(fcd_saved, interval_ns, 8, 8);
FIELD(fcd_saved, param_count, 16, 4);
FIELD(fcd_saved, reserved, 20, 4);
FIELD(fcd_saved, params, 24, 8);
FIELD(fcd_saved, bytes, 32, 8);
FIELD(fcd_saved, size, 40, 8);

/* fcd_algorithm */
SIZE(fcd_algorithm, 144);
FIELD(fcd_algorithm, struct_size, 0, 4);
FIELD(fcd_algorithm, abilities, 4, 4);
FIELD(fcd_algorithm, state_version, 8, 4);
FIELD(fcd_algorithm, param_count, 12, 4);
FIELD(fcd_algorithm, id, 16, 8);
FIELD(fcd_algorithm, version, 24, 8);
FIELD(fcd_algorithm, summary, 32, 8);
FIELD(fcd_algorithm, params, 40, 8);
FIELD(fcd_algorithm, model_new, 48, 8);
FIELD(fcd_algorithm, model_free, 56, 8);
FIELD(fcd_algorithm, series_init, 64, 8);
FIELD(fcd_algorithm, series_free, 72, 8);
FIELD(fcd_algorithm, advance, 80, 8);
FIELD(fcd_algorithm, forecast, 88, 8);
FIELD(fcd_algorithm, save, 96, 8);
FIELD(fcd_algorithm, load, 104, 8);
FIELD(fcd_algorithm, extension, 112, 8);
FIELD(fcd_algorithm, inputs, 120, 8);
FIELD(fcd_algorithm, input_count, 128, 4);
FIELD(fcd_algorithm, reason_count, 132, 4);
FIELD(fcd_algorithm, reasons, 136, 8);

/* fcd_diagnostic */
SIZE(fcd_diagnostic, 32);
FIELD(fcd_diagnostic, name, 0, 8);
FIELD(fcd_diagnostic, doc, 8, 8);
FIELD(fcd_diagnostic, type, 16, 4);
FIELD(fcd_diagnostic, reserved, 20, 4);
FIELD(fcd_diagnostic, choices, 24, 8);

/* fcd_diagnostics */
SIZE(fcd_diagnostics, 32);
FIELD(fcd_diagnostics, struct_size, 0, 4);
FIELD(fcd_diagnostics, row_size, 4, 4);
FIELD(fcd_diagnostics, count, 8, 4);
FIELD(fcd_diagnostics, reserved, 12, 4);
FIELD(fcd_diagnostics, rows, 16, 8);
FIELD(fcd_diagnostics, diagnose, 24, 8);

/* fcd_host */
SIZE(fcd_host, 32);
FIELD(fcd_host, struct_size, 0, 4);
FIELD(fcd_host, abi_major, 4, 4);
FIELD(fcd_host, abi_minor, 8, 4);
FIELD(fcd_host, reserved, 12, 4);
FIELD(fcd_host, version, 16, 8);
FIELD(fcd_host, service, 24, 8);

/* fcd_log */
SIZE(fcd_log, 16);
FIELD(fcd_log, struct_size, 0, 4);
FIELD(fcd_log, reserved, 4, 4);
FIELD(fcd_log, write, 8, 8);

/* fcd_library */
SIZE(fcd_library, 56);
FIELD(fcd_library, struct_size, 0, 4);
FIELD(fcd_library, abi_major, 4, 4);
FIELD(fcd_library, abi_minor, 8, 4);
FIELD(fcd_library, flags, 12, 4);
FIELD(fcd_library, param_size, 16, 4);
FIELD(fcd_library, point_size, 20, 4);
FIELD(fcd_library, verdict_size, 24, 4);
FIELD(fcd_library, prediction_size, 28, 4);
FIELD(fcd_library, input_size, 32, 4);
FIELD(fcd_library, saved_param_size, 36, 4);
FIELD(fcd_library, reserved, 40, 4);
FIELD(fcd_library, algorithm_count, 44, 4);
FIELD(fcd_library, algorithms, 48, 8);

/* Constants */
ASSERT(FCD_ABI_MAJOR == 1);
ASSERT(FCD_OK == 0);
ASSERT(FCD_NOT_YET == 1);
ASSERT(FCD_ERROR == -1);
ASSERT(FCD_FORECASTS == 1);
ASSERT(FCD_DETECTS == 2);
ASSERT(FCD_SET_ASIDE == 0);
ASSERT(FCD_BEGIN_AGAIN == 1);
ASSERT(FCD_ASK_LATER == 2);
ASSERT(FCD_REAL == 1);
ASSERT(FCD_INTEGER == 2);
ASSERT(FCD_BOOLEAN == 3);
ASSERT(FCD_CHOICE == 4);
ASSERT(FCD_DURATION == 5);
ASSERT(FCD_STEPS == 6);
ASSERT(FCD_INTEGERS == 7);
ASSERT(FCD_REQUIRED == 1);
ASSERT(FCD_AUTO == 2);
ASSERT(FCD_INITIAL_DURATION == 4);
ASSERT(FCD_GRID_TRIAL == 1);
ASSERT(FCD_GRID_LOCAL == 2);
ASSERT(FCD_INPUT_PAST == 1);
ASSERT(FCD_INPUT_AHEAD == 2);
ASSERT(FCD_INPUT_REQUIRED == 4);
ASSERT(FCD_JUDGE_ONLY == 1);
ASSERT(FCD_LEARN_ONLY == 2);
ASSERT(FCD_LABELLED_NORMAL == 4);
ASSERT(FCD_LABELLED_ANOMALOUS == 8);
ASSERT(FCD_LOG_ERROR == 0);
ASSERT(FCD_LOG_WARN == 1);
ASSERT(FCD_LOG_INFO == 2);
ASSERT(FCD_LOG_DEBUG == 3);
ASSERT(FCD_ABI_MINOR >= 0);
