#!/usr/bin/env python3
"""How well the time until a limit is known: made-up disks that fill and memory that leaks, through the host with the presets.

    time_to_limit.py [--build DIR] [--seeds N] [--kind NAME ...] [--plugin NAME [--params JSON]] [--check]

Each series reaches its threshold: 90 percent of a disk, 95 percent of memory. That is where the straight lines from value to value,
noise included, are first there. Until then, and after a warm-up of two days (three
hours of memory; half a day after a disk begins to fill), each time until the threshold that comes due is compared with the time that was left. --plugin replaces the
forecaster of the presets. Measures, each of a series, averaged over series:

    told       share of the times due at which there was one
    error      median |told - left| / left
    last day   median |told - left| in hours, of those with less than a day left (an hour, of memory)
    within     share of times left within the two bounds; a bound that is absent lies beyond max_horizon
    upper      share of the times told that have an upper bound
    tickets    for kinds that fill by less than .1 % a day: times told below a week with an upper bound there, a day
"""

import argparse
import collections
import json
import math
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

from detection_presets import load

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECOND = 10**9


def tooth(i, period, height):
    return height * (i % period) / period


def disk(kind, seed):
    """10-minute values of a disk, up to 120 days."""
    chance = random.Random(f"{kind} {seed}")
    rate, begin, level = chance.uniform(1, 6), chance.uniform(30, 60), 0.0  # percent a day
    if kind in ("cleanups", "nightly"):
        rate, begin = chance.uniform(0.3, 1), 74
    if kind in ("steady cleanups", "flat noise"):
        rate, begin = chance.uniform(0, 0.05), 70
    if kind == "begins":  # after a week
        begin, rate = chance.uniform(30, 50), chance.uniform(4, 30)
    noise = {"noise": 0.5, "flat noise": 0.5}.get(kind, 0.03)
    for i in range(120 * 144):
        day = i / 144
        if kind == "uneven" and i % 144 == 0:
            today = chance.lognormvariate(-0.3, 0.77)
        if kind == "uneven":
            level += rate * today / 144
        if kind == "walk":
            level += chance.gauss(0, 0.08)
        shape = {"waves": 2 * math.sin(2 * math.pi * day), "nightly": tooth(i, 144, 6), "cleanups": tooth(i, 72, 9),
                 "steady cleanups": tooth(i, 72, 9)}.get(kind, 0)
        yield begin + (0 if kind == "uneven" else rate * max(0, day - 7) if kind == "begins" else rate * day) + level + shape + chance.gauss(0, noise)


def memory(kind, seed):
    """1-minute values of memory, up to ten days."""
    chance = random.Random(f"{kind} {seed}")
    rate, begin, phase = chance.uniform(0.6, 2), chance.uniform(35, 50), chance.uniform(0, 6)  # percent an hour
    period = {"leak, hourly wave": 60, "leak, other wave": chance.uniform(35, 100)}.get(kind)
    for i in range(10 * 1440):
        wave = 1.5 * math.sin(2 * math.pi * i / period + phase) if period else 0
        yield begin + rate * i / 60 + wave + chance.gauss(0, 0.2)


class Kind:
    def __init__(self, make, preset, interval_s, warm_s, threshold, fills=True):
        self.make, self.preset, self.interval_s, self.warm_s = make, preset, interval_s, warm_s
        self.threshold, self.fills = threshold, fills

    def values(self, kind, seed):
        """Up to the threshold, or 14 days of what does not fill."""
        out = []
        for value in self.make(kind, seed):
            out.append(round(min(max(value, 0), 100), 4))
            if out[-1] >= self.threshold or (not self.fills and len(out) * self.interval_s >= 14 * 86400):
                break
        return out


def a_disk(fills=True, warm_s=2 * 86400):
    return Kind(disk, "disk", 600, warm_s, 90, fills)


KINDS = {"straight": a_disk(), "begins": a_disk(warm_s=int(7.5 * 86400)), "noise": a_disk(), "waves": a_disk(), "walk": a_disk(), "uneven": a_disk(), "nightly": a_disk(),
         "cleanups": a_disk(), "steady cleanups": a_disk(False), "flat noise": a_disk(False)}
KINDS |= {kind: Kind(memory, "mem", 60, 3 * 3600, 95) for kind in ("leak", "leak, hourly wave", "leak, other wave")}


def config_of(preset, plugin, params):
    pipelines = load(preset)
    if plugin:
        pipelines[0]["forecast"].update(plugin=plugin, params=params)
    return {"pipelines": pipelines}


def run(program, config, preset, series, interval_s):
    """{series: {time: fields}} of the first threshold."""
    name = config["pipelines"][0]["forecast"]["thresholds"][0]["name"].replace(" ", "\\ ")
    lines = sorted((i * interval_s, f"{preset},device=d,host={k} used_percent={value} {i * interval_s * SECOND}\n")
                   for k, values in enumerate(series) for i, value in enumerate(values))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(config, file)
        file.flush()
        done = subprocess.run([program, "run", file.name], input="".join(line for _, line in lines).encode(), capture_output=True,
                              check=True)
    found = collections.defaultdict(dict)
    for line in done.stdout.decode().splitlines():
        if not line.startswith(f"{preset}_threshold,") or f"threshold={name} " not in line:
            continue
        head, text, time = line.rsplit(" ", 2)
        fields = {key: float(value) for key, value in (pair.split("=") for pair in text.split(","))}
        found[int(head.split("host=")[1].split(",")[0])][int(time) // SECOND] = fields
    return found


def score(kind, values, times, every_s, horizon_s):
    """The measures of one series. times: {time: fields}"""
    end_s = (len(values) - 1) * kind.interval_s
    if kind.fills:
        end_s -= kind.interval_s * (values[-1] - kind.threshold) / (values[-1] - values[-2])
    if not kind.fills:
        tickets = [t for t, f in times.items() if t >= kind.warm_s and 0 < f["time_to_threshold_s"] < 7 * 86400
                   and "time_to_threshold_s_upper" in f]
        return {"tickets": len(tickets) / ((end_s - kind.warm_s) / 86400)}
    due = [t for t in range(0, int(end_s), every_s) if t >= kind.warm_s and end_s - t <= horizon_s]
    told = [(end_s - t, times[t]) for t in due if t in times]
    if not told:
        return {"told": 0.0} if due else {}
    errors = [(abs(f["time_to_threshold_s"] - left), left) for left, f in told]
    near_s = 86400 if every_s >= 3600 else 3600
    near = [error / 3600 for error, left in errors if left <= near_s]
    result = {"told": len(told) / len(due), "error": statistics.median(error / left for error, left in errors),
              "within": statistics.fmean(f.get("time_to_threshold_s_lower", 0) <= left <= f.get("time_to_threshold_s_upper", math.inf)
                                         for left, f in told),
              "upper": statistics.fmean("time_to_threshold_s_upper" in f for _, f in told)}
    return result | ({"last day": statistics.median(near)} if near else {})


MEASURES = ("told", "error", "last day", "within", "upper", "tickets")
EVERY_S, HORIZON_S = {"disk": 3600, "mem": 300}, {"disk": 30 * 86400, "mem": 12 * 3600}


def measure(program, name, seeds, plugin=None, params=None):
    kind = KINDS[name]
    series = [kind.values(name, seed) for seed in range(seeds)]
    found = run(program, config_of(kind.preset, plugin, params), kind.preset, series, kind.interval_s)
    rows = [score(kind, values, found[k], EVERY_S[kind.preset], HORIZON_S[kind.preset]) for k, values in enumerate(series)]
    return {m: statistics.fmean(row[m] for row in rows if m in row) for m in MEASURES if any(m in row for row in rows)}


# What the presets must hold on each kind, with room: the greatest error, the least share within the bounds. Where growth
# differs from day to day, or a wave has no season, less is known.
LIMITS = {"walk": (0.5, 0.6), "uneven": (0.8, 0.4), "leak, other wave": (0.8, 0.7)}
USUAL_LIMITS = (0.15, 0.8)


def check(found):
    for kind, measures in found.items():
        error, within = LIMITS.get(kind, USUAL_LIMITS)
        fails = [text for text, is_so in (
            ("error", measures.get("error", 0) > error), ("within", measures.get("within", 1) < within),
            ("told", measures.get("told", 1) < 0.5), ("tickets", measures.get("tickets", 0) > 0.5)) if is_so]
        if fails:
            raise SystemExit(f"check failed: {kind}: {fails[0]} is {measures[fails[0]]:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--kind", nargs="+", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--plugin")
    parser.add_argument("--params", type=json.loads, default={})
    parser.add_argument("--check", action="store_true", help="fail if the bounds or the times are far off")
    options = parser.parse_args()
    print("| kind | " + " | ".join(MEASURES) + " |")
    print("|---" + "|---:" * len(MEASURES) + "|")
    found = {}
    for name in options.kind:
        found[name] = measure(str(options.build / "bin/forecastd"), name, options.seeds, options.plugin, options.params)
        cells = [f"{found[name][m]:.3f}" if m in found[name] else "" for m in MEASURES]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    if options.check:
        check(found)


if __name__ == "__main__":
    sys.exit(main())
