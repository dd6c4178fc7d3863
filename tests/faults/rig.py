"""What the tests of faults share: a stream of points, and what an undisturbed run makes of it."""

import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/program"))

from running import Running, resident_mb  # noqa: E402, F401

FORECASTD = os.environ.get("FORECASTD", str(ROOT / "build/release/bin/forecastd"))
BUILD = pathlib.Path(os.environ.get("FORECASTD_BUILD", ROOT / "build/release"))
SECONDS = float(os.environ.get("FAULT_SECONDS", "20"))
SEED = int(os.environ.get("FAULT_SEED", str(time.time_ns() % 10**9)))

PIPELINE = {"name": "p", "interval": "10s", "forecast": {"plugin": "holt"}, "detect": {"plugin": "zscore"}}


class Stream:
    """Points of some series, one of each at every step. What follows from them is known."""

    def __init__(self, series=50, steps=6000):
        self.series, self.steps = series, steps

    def line(self, step, host):
        value = (step * (7 + host)) % 40 + (200 if (step + host) % 211 == 0 else 0)
        return b"m,host=h%d v=%d %d000000000\n" % (host, value, 10 * step)

    def lines(self, begin, end):
        return b"".join(self.line(step, host) for step in range(begin, end) for host in range(self.series))

    def undisturbed(self, config):
        """Every line that the program writes when nothing happens."""
        done = subprocess.run([FORECASTD, "run", str(config)], input=self.lines(1, self.steps), capture_output=True, check=True)
        return set(done.stdout.splitlines())


def saved(directory):
    """Of each series in the newest snapshot, by its key: when its last point was, in s."""
    done = subprocess.run([FORECASTD, "state", str(directory), "--json"], capture_output=True, check=False)
    series = [json.loads(line) for line in done.stdout.splitlines()]
    return {one["key"]: one["last_time"] // 10**9 for one in series}


class FaultTest(unittest.TestCase):
    """A test with a temporary folder, random numbers of a seed that is printed, and a time."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.random = random.Random(SEED)
        self.until = time.monotonic() + SECONDS

    def has_time(self):
        return time.monotonic() < self.until

    def config(self, value, name="config.json"):
        path = self.folder / name
        path.write_text(json.dumps(value))
        return path

    def with_state(self, **more):
        """The path of a config that saves its state, and that of the directory."""
        directory = self.folder / "state"
        value = {"log": {"level": "info"}, "state": {"dir": str(directory), "checkpoint_interval": "1s"},
                 "pipelines": [PIPELINE], **more}
        return self.config(value), directory

    def report(self, **figures):
        print(f"{self.id().split('.', 1)[-1]}, seed {SEED}: " +
              ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in figures.items()), flush=True)
