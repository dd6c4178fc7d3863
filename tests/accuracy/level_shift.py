#!/usr/bin/env python3
"""How long each forecaster takes to follow a level that shifts and stays: the table of docs/choosing.md.

    python3 tests/accuracy/level_shift.py [--forecastd PATH] [--learn clip]

20 series of each size of the shift, in deviations of the noise. Quiet: points from the shift to the last alarm within 400
of them. Followed: points until the mean error of ten in a row is at most 1.5 times what it was before the shift. Both are
medians over the series; "-" is more than 400."""

import argparse
import collections
import json
import math
import pathlib
import random
import re
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEASON = 96
FORECASTERS = [
    ("`naive`", "naive", {}), ("`ses`", "ses", {}), ("`ses`, online", "ses", {"fit": "online"}), ("`holt`", "holt", {}),
    ("`holt`, window", "holt", {"fit": "window"}),
    ("`holt-winters`, m = 96", "holt-winters", {"season_length": SEASON}),
    ("`holt-winters`, online", "holt-winters", {"season_length": SEASON, "fit": "online"}),
    ("`seasonal-naive`", "seasonal-naive", {"season_length": SEASON}),
    ("`theta`", "theta", {"season_length": SEASON}), ("`lag`", "lag", {"season_length": SEASON}),
    ("`auto`", "auto", {"season_length": SEASON}), ("`auto`, season found", "auto", {}),
    ("`trend`", "trend", {"season_length": SEASON}),
    ("`arima` (1,0,1)", "arima", {"order": [1, 0, 1]}), ("none", None, {}),
]
BEFORE, AFTER, SERIES = 6 * SEASON, 500, 20
SHIFTS = (6, 20, 200)


def values_of(seed, shift, has_season):
    noise = random.Random(seed)
    return [20 + 5 * has_season * math.sin(i / SEASON * 2 * math.pi) + noise.gauss(0, 1) + shift * (i >= BEFORE)
            for i in range(BEFORE + AFTER)]


def measure(program, plugin, params, learn, shift):
    one = {"namepass": ["m"], "interval": "10s", "detect": {"plugin": "zscore"}}
    if plugin:
        one["forecast"] = {"plugin": plugin, "params": params, "emit_every": "1000d", "learn_from_anomalies": learn}
    text = "".join(f"m,s={k} v={value:.5f} {10 * i}000000000\n" for k in range(SERIES)
                   for i, value in enumerate(values_of(k, shift, "season_length" in params)))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as config:
        json.dump({"pipelines": [one]}, config)
        config.flush()
        written = subprocess.run([program, "run", config.name], input=text.encode(), capture_output=True, check=True).stdout
    alarms, errors = collections.defaultdict(list), collections.defaultdict(dict)
    for line in written.decode().splitlines():
        if not line.startswith("m_anomaly"):
            continue
        series, place = re.search(r"s=(\d+)", line)[1], int(line.rsplit(" ", 1)[1]) // 10**10
        residual = re.search(r"residual=([^, ]+)", line)
        if residual:
            errors[series][place] = abs(float(residual[1]))
        if "is_anomaly=true" in line and BEFORE <= place < BEFORE + 400:
            alarms[series].append(place - BEFORE)
    count = statistics.median(len(alarms[series]) for series in errors)
    quiet = statistics.median(max(alarms[series], default=-1) + 1 for series in errors)
    followed = []
    for of in errors.values():
        usual = statistics.mean(of[i] for i in range(BEFORE - 100, BEFORE) if i in of)
        followed.append(next((i for i in range(401) if statistics.mean(
            of.get(BEFORE + j, 1e9) for j in range(i, i + 10)) <= 1.5 * usual), math.inf))
    followed = statistics.median(followed)
    return count, quiet, followed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forecastd", default=ROOT / "build/release/bin/forecastd")
    parser.add_argument("--learn", default="clip", choices=["clip", "skip", "always"])
    given = parser.parse_args()
    print("| Forecaster | " + " | ".join(f"shift of {shift}: alarms, quiet, followed" for shift in SHIFTS) + " |")
    print("|---" * (len(SHIFTS) + 1) + "|")
    for name, plugin, params in FORECASTERS:
        cells = [", ".join("-" if x == math.inf else f"{x:.0f}" for x in measure(
            given.forecastd, plugin, params, given.learn, shift)) for shift in SHIFTS]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
