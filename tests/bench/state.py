#!/usr/bin/env python3
"""What keeping the state costs: the wait of points while checkpoints are written, and at a reload; the time of the last save and
of a restart; sizes. As milliseconds and megabytes of this machine.

    state.py [--build DIRECTORY] [--series N] [--seconds S]

Two kinds of series: holt with zscore, and auto with novelty, of which there are a fifth as many. N series (50,000) learn some points;
then single points come for S seconds (10), each when the one before is answered, while a checkpoint is written every 2 s.
"""

import argparse
import itertools
import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/program"))

from running import resident_mb  # noqa: E402

STEPS = 5


class Fed:
    """The program, fed by hand."""

    def __init__(self, program, config, folder):
        self.messages = open(folder / "messages", "ab")
        self.process = subprocess.Popen([program, "run", str(config)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.messages)
        self.out = self.process.stdout.fileno()

    def bulk(self, data):
        """Writes, and reads what comes meanwhile, up to the last line of the data."""
        os.set_blocking(self.process.stdin.fileno(), False)
        last, tail, at = data[data[:-1].rfind(b"\n") + 1:], b"", 0
        while at < len(data) or last not in tail:
            inputs, outputs, _ = select.select([self.out], [self.process.stdin] if at < len(data) else [], [])
            if inputs:
                tail = (tail + os.read(self.out, 1 << 20))[-(len(last) + (1 << 20)):]
            if outputs:
                at += os.write(self.process.stdin.fileno(), data[at:at + (1 << 16)])
        os.set_blocking(self.process.stdin.fileno(), True)

    def wait_of(self, line):
        """The ms until a line is answered."""
        begin = time.perf_counter()
        os.write(self.process.stdin.fileno(), line)
        got = b""
        while line not in got:
            got += os.read(self.out, 1 << 16)
        return 1000 * (time.perf_counter() - begin)

    def end(self):
        """The s from the end of input to that of the process."""
        begin = time.perf_counter()
        self.process.stdin.close()
        while os.read(self.out, 1 << 16):
            pass
        assert self.process.wait() == 0
        return time.perf_counter() - begin


def measure(program, forecaster, detector, series, seconds):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        config = folder / "config.json"
        config.write_text(json.dumps({
            "log": {"level": "info"}, "limits": {"max_series": 10**7, "max_memory": "100GB"},
            "state": {"dir": str(folder / "state"), "checkpoint_interval": "2s"},
            "pipelines": [{"interval": "10s", "forecast": {"plugin": forecaster, "emit_every": "1d"},
                           "detect": {"plugin": detector, "emit": "anomalies"}}]}))
        fed = Fed(program, config, folder)
        for step in range(1, STEPS):
            fed.bulk(b"".join(b"m,s=%d v=%d %d000000000\n" % (one, (one + step) % 7, 10 * step) for one in range(series)))
        resident = resident_mb(fed.process.pid)
        snapshot = folder / "state/snapshot"
        while not snapshot.exists():
            time.sleep(0.1)

        points = (b"m,s=%d v=%d %d000000000\n" % (one, one % 7, 10 * step) for step in itertools.count(STEPS)
                  for one in range(series))
        waits, until = [], time.monotonic() + seconds
        for line in points:
            waits.append(fed.wait_of(line))
            if time.monotonic() > until:
                break
        waits.sort()
        fed.process.send_signal(signal.SIGHUP)
        reload, until = 0.0, time.monotonic() + 60
        messages = folder / "messages"
        for line in points:
            reload = max(reload, fed.wait_of(line))
            if messages.read_bytes().count(b"series go on") > 0 or time.monotonic() > until:
                break
        last_save = fed.end()
        size = snapshot.stat().st_size
        fed = Fed(program, config, folder)
        restart = fed.wait_of(next(points)) / 1000
        restored = f"{series} series go on".encode() in messages.read_bytes()
        fed.process.kill()
        fed.process.wait()
        print(f"| {forecaster} + {detector} | {series:,} | {resident:.0f} | {size / 2**20:.0f} ({size / series:.0f}) | "
              f"{waits[int(len(waits) * 0.999)]:.1f} / {waits[-1]:.1f} | {reload / 1000:.2f} | {last_save:.2f} | {restart:.2f} | "
              f"{'yes' if restored else 'NO'} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=str(ROOT / "build/release"))
    parser.add_argument("--series", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=10)
    arguments = parser.parse_args()
    program = str(pathlib.Path(arguments.build) / "bin/forecastd")
    print("State of many series: waits of single points while checkpoints are written, in ms; then seconds.")
    print("| | series | MB resident | MB of a snapshot (bytes a series) | wait p99.9 / longest, ms | reload, s | last save, s | "
          "restart, s | all restored |")
    print("|---|---|---|---|---|---|---|---|---|")
    measure(program, "holt", "zscore", arguments.series, arguments.seconds)
    measure(program, "auto", "novelty", arguments.series // 5, arguments.seconds)


if __name__ == "__main__":
    main()
