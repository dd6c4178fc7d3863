#!/usr/bin/env python3
"""What a backtest of many series costs beside 'forecastd run' on the same points: seconds, memory, the size of the report.

    backtest.py [--build DIRECTORY] [--series N] [--points N]

N series (10,000) with N points each (50), a minute apart, are those of 'forecastd simulate --scenario fleet'.
"""

import argparse
import json
import os
import pathlib
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIG = {"limits": {"max_series": 10**7, "max_memory": "100GB"},
          "pipelines": [{"interval": "1m", "forecast": {"plugin": "auto", "horizon": "10m"},
                         "detect": {"plugin": "novelty", "false_alarms": "30d", "emit": "anomalies"}}]}


def measure(command, points):
    """Seconds, and the most megabytes that were resident."""
    begin = time.perf_counter()
    with open(points, "rb") as file:
        process = subprocess.Popen(command, stdin=file, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"backtest.py: found the exit code {process.returncode} of '{command[1]}', expected 0")
    return time.perf_counter() - begin, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=str(ROOT / "build/release"))
    parser.add_argument("--series", type=int, default=10_000)
    parser.add_argument("--points", type=int, default=50, help="of each series")
    arguments = parser.parse_args()
    program = str(pathlib.Path(arguments.build) / "bin/forecastd")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        config, points, report = str(folder / "config.json"), folder / "points.lp", folder / "report.html"
        pathlib.Path(config).write_text(json.dumps(CONFIG))
        with open(points, "wb") as file:
            subprocess.run([program, "simulate", "--scenario", "fleet", "--interval", "1m", "--series", str(arguments.series),
                            "--points", str(arguments.points)], stdout=file, check=True)
        run, run_mb = measure([program, "run", config], points)
        print(f"Backtest of {arguments.series:,} series with {arguments.points} points each, auto and novelty: beside 'forecastd run'.")
        print("| | s | beside run | MB resident | MB of the page |")
        print("|---|---|---|---|---|")
        print(f"| run | {run:.1f} | 1 | {run_mb:.0f} | |")
        for title, more in (("backtest", []), ("backtest with a report", ["--report", str(report)])):
            seconds, megabytes = measure([program, "backtest", config, *more], points)
            size = f"{report.stat().st_size / 2**20:.1f}" if more else ""
            print(f"| {title} | {seconds:.1f} | {seconds / run:.2f} | {megabytes:.0f} | {size} |", flush=True)


if __name__ == "__main__":
    main()
