"""What the presets make of made-up telemetry: the lines as they come out of forecastd, each with the time at which it came.

Three days go through in seconds. forecastd writes its own metrics by the wall clock, which the data do not follow; so they are
written more often here than the presets say, and get the time of the data that came before them.
"""

import concurrent.futures
import dataclasses
import os
import pathlib
import re
import subprocess
import tempfile
import time

from forecastd_test import FORECASTD, ROOT
from telemetry import Telemetry

PRESETS = sorted(path.stem for path in (ROOT / "configs/presets").glob("*.json"))
SLICES = 48  # so many times their own metrics are seen, at least
OURS = re.compile(r"_(forecast|anomaly|event|state|threshold)$")


@dataclasses.dataclass
class Line:
    arrived: int  # seconds
    text: str  # without a newline


def measurement_of(line):
    return re.match(r"(?:[^,\\ ]|\\.)+", line)[0]


class Watch:
    """How many lines about the process itself stand in a file that grows."""

    def __init__(self, file):
        self.descriptor, self.at, self.count = file.fileno(), 0, 0

    def look(self):
        while more := os.pread(self.descriptor, 1 << 20, self.at):
            self.at += len(more)
            self.count += more.count(b"forecastd,preset=")  # no other has this in it
        return self.count

    def wait_for_more_than(self, before, process):
        end = time.monotonic() + 20
        while self.look() <= before:
            assert process.poll() is None and time.monotonic() < end, "no metrics come"
            time.sleep(0.005)


def run_preset(name, telemetry, folder):
    """The output's lines; of its own metrics, the last at each time."""
    config = (ROOT / f"configs/presets/{name}.json").read_text()
    often = config.replace('"metrics": { "every": "1m"', '"metrics": { "every": "10ms"')
    assert often != config, f"the preset {name} does not say how often metrics are written"
    path = pathlib.Path(folder) / f"{name}.json"
    path.write_text(often)
    lines = telemetry.lines(name)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen([FORECASTD, "run", path], stdin=subprocess.PIPE, stdout=out, stderr=err)
        watch = Watch(out)
        for i in range(SLICES):
            time.sleep(0.012)  # metrics are due, and come with the answers
            before = watch.look()
            process.stdin.write("".join(lines[i * len(lines) // SLICES:(i + 1) * len(lines) // SLICES]).encode())
            process.stdin.flush()
            watch.wait_for_more_than(before, process)
        process.stdin.close()
        code = process.wait(timeout=120)
        out.seek(0)
        err.seek(0)
        written, said = out.read().decode(), err.read().decode()
    assert (code, said) == (0, ""), f"{name}: exit code {code}: {said}"
    return at_data_times(written.splitlines())


def at_data_times(lines):
    found, now = {}, 0
    for line in lines:
        measurement = measurement_of(line)
        head, _, stamp = line.rpartition(" ")
        series = head
        if measurement.startswith("forecastd"):
            stamp = f"{now}000000000"
            series = re.match(r"(?:[^ \\]|\\.)+", head)[0]
        elif not OURS.search(measurement):
            now = max(now, int(stamp) // 10**9)
        found[series, stamp] = Line(now, f"{head} {stamp}")
    return [line for line in found.values() if line.arrived]


def run_presets(end=None):
    """Of all presets together, in the order in which the lines came. end: in seconds; now."""
    telemetry = Telemetry(int(end or time.time()))
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(len(PRESETS)) as pool:
        runs = pool.map(lambda name: run_preset(name, telemetry, folder), PRESETS)
        return sorted((line for run in runs for line in run), key=lambda line: line.arrived), telemetry
