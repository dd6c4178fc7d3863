"""The measures of forecasts, for corpora that bring no scorer of their own; the others are checked against it.

    sMAPE   mean of 200 |y - f| / (|y| + |f|), 0 where both are 0
    MASE    mean |y - f| / mean |x[t] - x[t-m]| of the training part x (Hyndman & Koehler 2006)
    cov80   share of points within the 80 % limits; cov95 likewise

None is a missing point: it is passed over. Averages are over tasks, each of the same weight.
"""

import statistics

LIMITS = {"cov80": (1, 2), "cov95": (3, 4)}  # places in a forecast: mean, lo80, hi80, lo95, hi95


def mase_scale(training, m):
    """Mean absolute difference at lag m; 0 if there is none."""
    lag = m if len(training) > m else 1
    steps = [abs(a - b) for a, b in zip(training[lag:], training) if a is not None and b is not None]
    return sum(steps) / len(steps) if steps else 0.0


def task(training, truth, forecasts, m):
    """The measures of one task, or None where there is nothing to measure. forecasts: one a point, of 1 or 5 numbers."""
    scale = mase_scale(training, m)
    pairs = [(y, f) for y, f in zip(truth, forecasts) if y is not None]
    if not pairs or not scale > 0:
        return None
    errors = [abs(y - f[0]) for y, f in pairs]
    result = {"smape": sum(200 * e / (abs(y) + abs(f[0])) if e else 0.0 for e, (y, f) in zip(errors, pairs)) / len(pairs),
              "mase": sum(errors) / len(errors) / scale}
    if all(len(f) == 5 for _, f in pairs):
        for name, (low, high) in LIMITS.items():
            result[name] = sum(f[low] <= y <= f[high] for y, f in pairs) / len(pairs)
    return result


def average(rows):
    """Of the tasks' measures; one that some task lacks is averaged over the others."""
    summary = {"tasks": len(rows), "median_mase": statistics.median(r["mase"] for r in rows)}
    for name in ("smape", "mase", *LIMITS):
        values = [r[name] for r in rows if name in r]
        summary[name] = sum(values) / len(values) if values else None
    return summary
