#!/usr/bin/env python3
"""Writes made-up data of a report: the JSON that host/report/README.md describes.

    made_up.py [--series N] [--curves N] [--buckets N] [--configs 1|2] [--scale X] [--hostile] > data.json

The values are a day's wave with noise and faults, what is forecast of them is the wave, and every number of a series is worked
out of these. Two configs watch the same series; the second one forecasts worse and knows no pipeline for disks. --hostile gives
series names that would break a careless page. --scale multiplies all values.
"""

import argparse
import json
import math
import random
import sys

START = 1_767_225_600_000  # 2026-01-01, in milliseconds
INTERVAL = 60.0
DAY = 86400.0
LEADS = (1, 2, 5, 10, 30, 60)
LEVELS = {80: 1.2816, 95: 1.96}
HOSTILE = [
    "</script><script>document.title='owned'</script>",
    '<img src=x onerror="document.title=\'owned\'">',
    "a\"b'c`d",
    "\\",
    "<!--",
    "disk,path=/😀/été",
    "מדידה,host=שרת",
    "\u202eevil",
    "a\u0000b\u0007",
    "{{x}}${y}%s&amp;&lt;",
    "k" * 300,
    "",
]


def noisy(rng, wave, deviation, count):
    """Values, what was expected of them, and the faults in them: (first, last, size)."""
    faults, at = [], 150 + rng.randrange(60)
    while at < count - 20:
        faults.append((at, at + rng.randrange(3, 14), rng.choice((-1, 1)) * rng.uniform(6, 12) * deviation))
        at += rng.randrange(count // 3, count)
    truth = [wave(t) for t in range(count)]
    values = [one + rng.gauss(0, deviation) for one in truth]
    for first, last, size in faults:
        for t in range(first, last + 1):
            values[t] += size
    return truth, values, faults


def buckets(values, size, choose):
    return [choose(values[at : at + size]) for at in range(0, len(values), size)]


def largest(errors):
    return max(errors, key=abs)


def rounded(values, digits=5):
    return [None if value is None else float(f"{value:.{digits}g}") for value in values]


def event_of(times, scores, values, first, last, deviation, is_open):
    peak = max(range(first, last + 1), key=lambda t: scores[t])
    direction = "above_expected" if values[peak] > 0 else "below_expected"
    reason = f"{abs(values[peak]) / deviation:.1f} deviations {direction.split('_')[0]} what was expected"
    return [times[first], None if is_open else times[last], last - first + 1, round(scores[peak], 3), direction, reason]


class Series:
    """One series as one config sees it."""

    def __init__(self, seed, key, field, config, pipeline, quality, options, has_curve):
        rng = random.Random(seed)
        scale = options.scale
        height, deviation = scale * rng.uniform(20, 80), scale * rng.uniform(0.4, 2.5)
        phase = rng.uniform(0, 2 * math.pi)
        size = 1 if seed % 5 == 0 else 4
        count = options.buckets * size

        def wave(t):
            angle = 2 * math.pi * t * 4 / count + phase
            return height + scale * (8 * math.sin(angle) + 2.5 * math.cos(2 * angle))

        truth, values, faults = noisy(rng, wave, deviation, count)
        extra = random.Random(seed + 1000 * config)  # the other config's own errors
        yhat = [one + extra.gauss(0, quality * deviation) for one in truth]
        gap = (count // 2, count // 2 + count // 12) if seed % 3 == 0 else (0, 0)
        times = [START + int(1000 * INTERVAL) * t for t in range(count)]
        kept = [t for t in range(count) if not gap[0] <= t < gap[1]]
        times, values, yhat = ([column[t] for t in kept] for column in (times, values, yhat))
        spread = deviation * math.sqrt(1 + quality**2)
        self.errors = [value - expected for value, expected in zip(values, yhat)]
        self.spread, self.values, self.deviation = spread, values, deviation
        scores = [abs(error) / (4.5 * spread) for error in self.errors]
        place = {t: at for at, t in enumerate(kept)}
        events, at = [], 0
        while at < len(scores):
            end = at
            while end < len(scores) and scores[end] > 1:
                end += 1
            if end > at:
                events.append(event_of(times, scores, self.errors, at, end - 1, spread, end == len(scores)))
            at = end + 1
        reach = LEVELS[95] * spread
        self.row = {
            "config": config,
            "pipeline": pipeline,
            "key": key,
            "field": field,
            "points": len(values),
            "interval_s": INTERVAL,
            "mae": self.mae(),
            "mase": self.mae() / self.naive(),
            "smape": self.smape(yhat),
            "bias": sum(self.errors) / len(values),
            "coverage": 100 * self.inside(reach),
            "events_count": len(events),
            "anomalies": sum(score > 1 for score in scores),
            "peak_score": max(scores),
            "warm_s": 90.0 + 10 * quality,
            "events": events,
            "labels": [
                [times[place[first]], times[place[last]]]
                for first, last, _ in faults
                if first in place and last in place
            ],
            "curve": None,
            "ahead": None,
        }
        if has_curve:
            curve = {"points_a_bucket": size, "t": times[::size], "low": rounded(buckets(values, size, min))}
            if size > 1:
                curve["high"] = rounded(buckets(values, size, max))
            warm = 3
            curve["yhat"] = [None] * warm + rounded(yhat[::size])[warm:]
            curve["lower"] = [None] * warm + rounded([one - reach for one in yhat[::size]])[warm:]
            curve["upper"] = [None] * warm + rounded([one + reach for one in yhat[::size]])[warm:]
            curve["error"] = rounded(buckets(self.errors, size, largest))
            curve["score"] = rounded(buckets(scores, size, max), 3)
            self.row["curve"] = curve
            ahead = range(1, 61)
            self.row["ahead"] = {
                "t": [times[-1] + int(1000 * INTERVAL) * step for step in ahead],
                "yhat": rounded([wave(count - 1 + step) for step in ahead]),
                "lower": rounded([wave(count - 1 + step) - reach * (1 + step / 40) for step in ahead]),
                "upper": rounded([wave(count - 1 + step) + reach * (1 + step / 40) for step in ahead]),
            }

    def mae(self):
        return sum(map(abs, self.errors)) / len(self.errors)

    def naive(self):
        return sum(abs(b - a) for a, b in zip(self.values, self.values[1:])) / (len(self.values) - 1)

    def smape(self, yhat):
        return sum(200 * abs(e) / (abs(y) + abs(f)) for e, y, f in zip(self.errors, self.values, yhat)) / len(yhat)

    def inside(self, reach):
        return sum(abs(error) <= reach for error in self.errors) / len(self.errors)


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else None


def lead_of(members, step, quality):
    growth = 1 + 0.012 * quality * step
    rows = [one.row for one in members]
    return {
        "steps": step,
        "lead_s": step * INTERVAL,
        "series": len(members),
        "points": sum(row["points"] for row in rows) - step * len(rows),
        "mae": growth * mean(row["mae"] for row in rows),
        "rmse": growth * math.sqrt(mean(e * e for one in members for e in one.errors)),
        "smape": growth * mean(row["smape"] for row in rows),
        "bias": mean(row["bias"] for row in rows),
        "mase": growth * mean(row["mase"] for row in rows) / (1 + 0.02 * step),
        "mase_seasonal": growth * 0.72 * quality,
        "levels": [
            {
                "level": level,
                "points": sum(row["points"] for row in rows),
                "coverage": 100 * mean(one.inside(width * one.spread) for one in members) - 0.09 * quality * step,
                "width": growth * 2 * width * mean(one.spread for one in members),
                "msis": growth * (3 + level / 20),
            }
            for level, width in LEVELS.items()
        ],
    }


def histogram(members):
    counts = [0] * 41
    for one in members:
        for error in one.errors:
            counts[max(0, min(40, int((error / (LEVELS[95] * one.spread) + 2) / 4 * 41)))] += 1
    return {"from": -2.0, "to": 2.0, "counts": counts}


def labelled(members):
    windows = sum(len(one.row["labels"]) for one in members)
    events = sum(len(one.row["events"]) for one in members)
    found = min(windows, max(1, round(0.85 * events)))
    if not windows or not events:
        return None
    recall, precision = found / windows, found / events
    return {
        "windows": windows,
        "found": found,
        "recall": recall,
        "precision": precision,
        "f1": 2 * recall * precision / (recall + precision),
        "false_alarms": events - found,
        "false_alarms_a_day": (events - found) / 12,
        "mean_delay_s": 84.0,
        "level": "events",
        "nab": 61.2,
    }


def begins(count, points):
    return {
        "series": count,
        "never": 0,
        "median_points": points,
        "most_points": points + 4,
        "median_s": points * INTERVAL,
        "most_s": (points + 4) * INTERVAL,
    }


def pipeline_of(name, members, quality, forecaster, detector, order):
    place = {id(one): at for at, one in enumerate(order)}
    days = sum(one.row["points"] for one in members) * INTERVAL / DAY
    worst = sorted(((event, one) for one in members for event in one.row["events"]), key=lambda pair: -pair[0][3])[:8]
    count = sum(len(one.row["events"]) for one in members)
    return {
        "name": name,
        "forecaster": forecaster,
        "detectors": [detector],
        "levels": list(LEVELS),
        "season_s": DAY if quality < 0.6 else None,
        "series": len(members),
        "learning_interval": 2,
        "failing": 1,
        "points": sum(one.row["points"] for one in members),
        "series_days": days,
        "intervals": [[INTERVAL, len(members)]],
        "first_forecast": begins(len(members), 3),
        "first_score": begins(len(members), 30),
        "leads": [lead_of(members, step, quality) for step in LEADS],
        "errors": histogram(members),
        "events": {
            "count": count,
            "a_day_and_series": count / days,
            "open": sum(event[1] is None for one in members for event in one.row["events"]),
            "anomalies": sum(one.row["anomalies"] for one in members),
            "worst": [
                {
                    "series": place[id(one)],
                    "start_ms": event[0],
                    "end_ms": event[1],
                    "points": event[2],
                    "peak_score": event[3],
                    "peak_value": max(one.values),
                    "direction": event[4],
                    "reason": event[5],
                }
                for event, one in worst
            ],
        },
        "labelled": labelled(members),
    }


def comparison(first, second):
    pairs = [(a, b, b.row["mae"] / a.row["mae"]) for a, b in zip(first, second)]
    ranked = sorted(pairs, key=lambda pair: pair[2])

    def shown(some):
        return [{"key": a.row["key"], "field": a.row["field"], "steps": 1, "ratio": value} for a, _, value in some]

    whole = math.exp(mean(math.log(value) for *_, value in pairs))
    return {
        "a": 0,
        "b": 1,
        "leads": [
            {
                "steps": step,
                "lead_s": step * INTERVAL,
                "series": len(pairs),
                "ratio": whole ** (1 / (1 + step / 20)),
                "b_better": sum(value < 1 for *_, value in pairs),
                "a_better": sum(value >= 1 for *_, value in pairs),
            }
            for step in LEADS
        ],
        "b_gains": shown([one for one in ranked if one[2] < 1][:5]),
        "b_loses": shown([one for one in reversed(ranked) if one[2] > 1][:5]),
    }


def names(options):
    """(key, field, pipeline) of each series."""
    for at in range(options.series):
        if options.hostile and at < len(HOSTILE):
            yield HOSTILE[at], HOSTILE[(at + 1) % len(HOSTILE)], 0
        elif at % 4 == 3:
            yield f"disk,host=server{at // 4:03},path=/srv", "used_percent", 1
        else:
            yield f"cpu,cpu=cpu-total,host=server{at // 4:03}", ("usage_user", "usage_system", "usage_iowait")[
                at % 4
            ], 0


def made(options):
    settings = [("watch.json", "auto", "novelty", 0.35), ("simple.json", "ses", "zscore", 0.95)][: options.configs]
    every = []
    for config, (*_, quality) in enumerate(settings):
        every.append(
            [
                Series(
                    at,
                    key,
                    field,
                    config,
                    pipeline if options.configs == 1 or config == 0 else 0,
                    quality * random.Random(at + 77 * config).uniform(0.3, 2.4),
                    options,
                    False,
                )
                for at, (key, field, pipeline) in enumerate(names(options))
            ]
        )
    order = sorted((one for members in every for one in members), key=lambda one: -one.row["peak_score"])
    for config, (*_, quality) in enumerate(settings):  # those with most trouble have curves
        wanted = {(one.row["key"], one.row["field"]) for one in order[: options.curves]}
        for at, one in enumerate(every[config]):
            if (one.row["key"], one.row["field"]) in wanted:
                row = one.row
                quality_of_one = quality * random.Random(at + 77 * config).uniform(0.3, 2.4)
                again = Series(at, row["key"], row["field"], config, row["pipeline"], quality_of_one, options, True)
                one.row = again.row
    configs = []
    for (name, forecaster, detector, quality), members in zip(settings, every):
        pipelines = [("cpu", 0), ("disk", 1)] if any(one.row["pipeline"] for one in members) else [("all", 0)]
        configs.append(
            {
                "name": name,
                "seconds": 1.7,
                "labelled": labelled(members),
                "pipelines": [
                    pipeline_of(
                        one,
                        [member for member in members if member.row["pipeline"] == number],
                        quality,
                        forecaster,
                        detector,
                        order,
                    )
                    for one, number in pipelines
                ],
            }
        )
    points = sum(one.row["points"] for one in every[0])
    times = [
        time for one in every[0] if one.row["curve"] for time in (one.row["curve"]["t"][0], one.row["curve"]["t"][-1])
    ]
    return {
        "format": 1,
        "program": "forecastd 0.2.0",
        "input": {
            "files": ["week-1.lp.gz", "week-2.lp.gz"],
            "points": points,
            "first_ms": min(times),
            "last_ms": max(times),
            "left_out": 3,
            "without_time": 0,
        },
        "labels": "labels.csv",
        "configs": configs,
        "comparisons": [comparison(*every)] if len(every) == 2 else [],
        "series": [one.row for one in order],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", type=int, default=24)
    parser.add_argument("--curves", type=int, default=1000)
    parser.add_argument("--buckets", type=int, default=500)
    parser.add_argument("--configs", type=int, choices=(1, 2), default=2)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--hostile", action="store_true")
    json.dump(made(parser.parse_args()), sys.stdout)


if __name__ == "__main__":
    main()
