#!/usr/bin/env python3
"""How long a point that merely passes waits while all series are fitted again.

    stalls.py [--steps N] [--build DIR] [--only TEXT] [--params JSON]

At each step of the grid the program gets, in one write, a line of each of 20 aligned series and behind them one that no
pipeline watches; measured is the time from that write until the passing line is read back, and beside it the processor
time that the program took for the step, which other programs on the machine hardly disturb. "given" fits nothing: it is
what the 20 series cost anyway.
"""

import argparse
import json
import math
import os
import pathlib
import random
import select
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERIES = 20
AUTO = {"trend": "auto", "damped_trend": "auto"}
# Name: plugin, parameters, length of a day.
CASES = {
    "given": ("holt", {"alpha": 0.5, "beta": 0.1, "phi": 0.9}, 24),
    "ses": ("ses", {}, 24),
    "ses, window 4032": ("ses", {"window": 4032}, 24),
    "theta, season 24": ("theta", {"season_length": 24}, 24),
    "theta, season 168": ("theta", {"season_length": 168}, 168),
    "holt, forms chosen": ("holt", {"fit": "window", **AUTO}, 24),
    "holt-winters, season 24": ("holt-winters", {"season_length": 24}, 24),
    "holt-winters, forms chosen, season 24": ("holt-winters", {"season_length": 24, "seasonal": "auto", **AUTO}, 24),
    "holt-winters, forms chosen, season 168": ("holt-winters", {"season_length": 168, "seasonal": "auto", **AUTO}, 168),
    "holt-winters, season 168, window 4032": ("holt-winters", {"season_length": 168, "window": 4032}, 168),
    "arima [2,1,2]": ("arima", {"order": [2, 1, 2]}, 24),
    "arima, order chosen": ("arima", {"order": "auto"}, 24),
    "arima, order chosen, season 24": ("arima", {"order": "auto", "season_length": 24}, 24),
    "arima, order chosen, window 2016": ("arima", {"order": "auto", "window": 2016}, 24),
    "lag, seasons 24 and 168": ("lag", {"season_length": 24, "second_season_length": 168}, 168),
}


def lines(steps, day):
    """For each step the lines of all series, and the passing one."""
    noise = random.Random(7)
    level = [0.0] * SERIES
    for step in range(steps):
        stamp = (1_700_000_000 + 10 * step) * 10**9
        out = []
        for i in range(SERIES):
            level[i] += noise.gauss(0, 0.2)
            value = 50 + level[i] + (5 + i / 4) * math.sin(2 * math.pi * step / day) + noise.gauss(0, 1)
            out.append(f"watched,host=h{i} value={value:.4f} {stamp}\n")
        yield "".join(out) + f"passing value={step}i {stamp}\n"


def waits(forecastd, folder, plugin, params, day, steps):
    """Milliseconds that the passing line of each step took, and of the program's processor time."""
    config = {"pipelines": [{"name": "stalls", "namepass": ["watched"], "interval": "10s",
                             "forecast": {"plugin": plugin, "params": params, "horizon": 1}}]}
    path = folder / "stalls.json"
    path.write_text(json.dumps(config))
    taken, busy = [], []
    with subprocess.Popen([forecastd, "run", str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        out = process.stdout.fileno()
        rest = b""
        spent = cpu_ns(process.pid)
        for text in lines(steps, day):
            data = text.encode()
            begin = time.perf_counter_ns()
            os.write(process.stdin.fileno(), data)
            # The passing line is the last of the step's, up to its end.
            while True:
                if not select.select([out], [], [], 60)[0]:
                    raise SystemExit("stalls: found no answer for 60 s, expected the passing line")
                rest += os.read(out, 1 << 18)
                at = rest.find(b"passing ")
                if at >= 0 and (end := rest.find(b"\n", at)) >= 0:
                    break
            taken.append((time.perf_counter_ns() - begin) / 1e6)
            rest = rest[end + 1:]
            before, spent = spent, cpu_ns(process.pid)
            busy.append((spent - before) / 1e6)
        process.stdin.close()
        while os.read(out, 1 << 18):
            pass
    return taken, busy


def cpu_ns(pid):
    """Of all threads."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total


def percentiles(values):
    values = sorted(values)
    return [values[min(len(values) - 1, int(len(values) * share))] for share in (0.5, 0.99, 0.999, 1)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--only", default="", help="the cases whose name holds this text")
    parser.add_argument("--params", type=json.loads, default={}, help="further parameters of every case that fits")
    arguments = parser.parse_args()
    forecastd = str(arguments.build / "bin/forecastd")
    print("| 20 aligned series, fitted again and again | wait ms: p50 | p99 | p99.9 (aim: under 5) | longest "
          "| processor ms: mean | p99.9 | most |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
        for name, (plugin, params, day) in CASES.items():
            if arguments.only not in name:
                continue
            further = {} if name == "given" else arguments.params
            taken, busy = waits(forecastd, pathlib.Path(folder), plugin, {**params, **further}, day, arguments.steps)
            waited, spent = percentiles(taken), percentiles(busy)
            print(f"| {name} | " + " | ".join(f"{ms:.2f}" for ms in waited) +
                  f" | {sum(busy) / len(busy):.3f} | {spent[2]:.2f} | {spent[3]:.2f} |", flush=True)


if __name__ == "__main__":
    main()
