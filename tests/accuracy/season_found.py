#!/usr/bin/env python3
"""Which seasons `auto` finds by itself: made-up series, and the sets of --shared, go through the host.

    season_found.py [--build DIR] [--shared DIR] [--series N] [--check]

A set is right where the seasons in use at the end are among those expected. --check asserts the aims: found in 90 %, and none
found in 95 % of random walks, AR(1) series and white noise.
"""

import argparse
import collections
import json
import math
import os
import pathlib
import random
import subprocess
import tempfile

import corpora

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECOND, HOUR_S, COUNT, BEGIN_S = 1_000_000_000, 3600, 700, 1_704_067_200
EXPECTED = {"day": {(24, 0)}, "day and week": {(24, 168)}, "every tenth": {(10, 0)}, "random walk": {(0, 0)}, "AR(1)": {(0, 0)},
            "white noise": {(0, 0)}, "m4_hourly": {(24, 0), (24, 168)}, "nn5_daily": {(7, 0)}, "gefcom_hourly": {(24, 0), (24, 168)}}


def made_up(kind, k):
    noise, level, out = random.Random(f"{kind} {k}").gauss, 0.0, []
    for t in range(COUNT):
        e = noise(0, 1)
        level = {"random walk": level, "AR(1)": 0.9 * level}.get(kind, 0) + e
        day = 2 * math.sin(2 * math.pi * t / 24) if kind.startswith("day") else 0
        weekend = 4 * (t // 24 % 7 >= 5) if kind == "day and week" else 0
        out.append(50 + level + day + weekend + 4 * (kind == "every tenth" and t % 10 == 0))
    return out


def in_use(forecastd, lines, interval_s):
    """{series: (season, second season)} at the last diagnostics."""
    config = {"pipelines": [{"interval": f"{interval_s}s", "output": {"passthrough": False}, "forecast": {
        "plugin": "auto", "emit_every": "100000d", "diagnostics_every": f"{interval_s}s"}}], "limits": {"max_memory": "4GB"}}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(config, file)
        file.flush()
        written = subprocess.run([forecastd, "run", file.name], input=lines, capture_output=True, check=True, text=True).stdout
    found = {}
    for line in written.splitlines():
        if "_model," not in line or " " not in line:
            continue
        tags, fields = line.split(" ")[:2]
        values = dict(pair.split("=", 1) for pair in fields.split(","))
        if "season" in values:
            name = next(tag for tag in tags.split(",") if tag.startswith("series="))
            found[name] = tuple(int(values[key].rstrip("i")) for key in ("season", "second_season"))
    return found


def sets(options, folder):
    """Name, lines, interval."""
    for kind in list(EXPECTED)[:6]:
        rows = [made_up(kind, k) for k in range(options.series)]
        yield kind, "".join(f"m,series={k} v={row[t]:.6f} {(BEGIN_S + t * HOUR_S) * SECOND}\n" for t in range(COUNT)
                            for k, row in enumerate(rows)), HOUR_S
    if options.shared:
        corpus = corpora.Shared(pathlib.Path(options.shared))
        for name in list(EXPECTED)[6:]:
            path, series = corpus.prepare(name, "tasks", folder)
            yield name, pathlib.Path(path).read_text(), series[0].interval_s


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--shared", default=os.environ.get("FORECASTD_SHARED"))
    parser.add_argument("--series", type=int, default=40, metavar="N", help="of each made-up set")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    print("| set | series | right | seasons in use |\n| --- | ---: | ---: | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for name, lines, interval_s in sets(options, pathlib.Path(folder)):
            found = in_use(str(options.build / "bin/forecastd"), lines, interval_s)
            right = sum(seasons in EXPECTED[name] for seasons in found.values()) / max(len(found), 1)
            counts = collections.Counter(found.values()).most_common(4)
            print(f"| {name} | {len(found)} | {right:.0%} | " + ", ".join(f"{a}/{b}: {n}" for (a, b), n in counts) + " |", flush=True)
            if options.check:
                least = 0.95 if EXPECTED[name] == {(0, 0)} else 0.9
                assert found and right >= least, f"{name}: {right:.0%} are right, expected {least:.0%} or more"


if __name__ == "__main__":
    main()
