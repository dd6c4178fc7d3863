"""Measures by lead: of streams at 1, 5 and 10 steps ahead, of tasks at the first, the middle and the last steps.

    rel     geometric mean over the streams of the mean absolute error, as a multiple of that of the last value at the same lead
    worse   the number of streams where that multiple is above 1.03
    cov80   share of the points within the 80 % limits; cov95 likewise
    msis    mean of width + 40 x distance outside of the 95 % limits, over the mean step at lag m of the training part or warm-up

Each stream, and each task, has the same weight.

A forecast is scored at a lead if the point that it was made at is just so many steps before. Tasks have few forecasts of one lead:
the first twelfth of the steps is pooled, the last, and the twelfth around the middle.
"""

import math
import statistics

import score

LEADS = (1, 5, 10)
WORSE = 1.03


def bands(horizon):
    """{name: steps}"""
    size = max(1, horizon // 12)
    middle = (horizon - size) // 2 + 1
    return {"first": range(1, size + 1), "middle": range(middle, middle + size), "last": range(horizon - size + 1, horizon + 1)}


def interval(pairs, scale):
    """Coverage and interval score of [(y, forecast)], or nothing where there are no limits."""
    pairs = [(y, row) for y, row in pairs if len(row) == 5]
    if not pairs:
        return {}
    result = {name: statistics.fmean(row[low] <= y <= row[high] for y, row in pairs) for name, (low, high) in score.LIMITS.items()}
    low, high = score.LIMITS["cov95"]
    result["msis"] = statistics.fmean(
        row[high] - row[low] + 40 * max(0.0, row[low] - y, y - row[high]) for y, row in pairs) / scale
    return result


def average(rows):
    """Of measures; one that some lack is averaged over the others."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: statistics.fmean(row[name] for row in rows if name in row) for name in names}


def of_stream(seen, truth, begin, rows, lead):
    """One stream at one lead; rows: {index: forecast}. `ratio` is missing where the last value has no errors."""
    scale = score.mase_scale(seen[:begin], 1)
    there = [i for i in range(max(begin, lead), len(truth)) if None not in (truth[i], seen[i - lead]) and i in rows]
    if not there or not scale > 0:
        return {}
    result = interval([(truth[i], rows[i]) for i in there], scale)
    naive = sum(abs(truth[i] - seen[i - lead]) for i in there)
    if naive > 0:
        result["ratio"] = sum(abs(truth[i] - rows[i][0]) for i in there) / naive
    return result


def streams(items):
    """{lead: measures}. items: of each stream what came in, what is true, where scoring begins, {lead: {index: forecast}}."""
    items, result = list(items), {}
    for lead in LEADS:
        rows = [of_stream(seen, truth, begin, forecasts.get(lead, {}), lead) for seen, truth, begin, forecasts in items]
        ratios = [row.pop("ratio") for row in rows if "ratio" in row]
        result[lead] = average(rows)
        if ratios:
            result[lead].update(rel=math.exp(statistics.fmean(math.log(max(r, 1e-9)) for r in ratios)),
                                worse=sum(r > WORSE for r in ratios))
    return result


def tasks(items):
    """{name of a band: measures}. items: of each task the training part, what is true, {step: forecast}, m."""
    found = {}
    for training, truth, forecasts, m in items:
        scale = score.mase_scale(training, m)
        if not scale > 0:
            continue
        for name, steps in bands(len(truth)).items():
            pairs = [(truth[k - 1], forecasts[k]) for k in steps if truth[k - 1] is not None and k in forecasts]
            found.setdefault(name, []).append(interval(pairs, scale))
    return {name: average(rows) for name, rows in found.items()}
