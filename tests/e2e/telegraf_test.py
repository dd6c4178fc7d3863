"""What the tests with a real Telegraf share: its config, its runs, and what comes out of it."""

import collections
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "program"))
os.environ.setdefault("FORECASTD_BUILD", str(HERE.parents[1] / "build/release"))
os.environ.setdefault("FORECASTD", str(pathlib.Path(os.environ["FORECASTD_BUILD"]) / "bin/forecastd"))

import build_telegraf  # noqa: E402  (forecastd_test is found through the path above, and reads what is set there)
import reference_parser  # noqa: E402
from forecastd_test import BUILD, FORECASTD, TestCase, forecastd  # noqa: E402, F401

TELEGRAF = build_telegraf.find()
PATIENCE_S = 60  # until a test says that something does not happen; a busy machine is slow

figures = []  # what was measured: printed at the end


def figure(text):
    figures.append(text)


def main():
    """Runs the tests of the file that calls."""
    program = unittest.main(exit=False)
    print_figures()
    sys.exit(0 if program.result.wasSuccessful() else 1)


def print_figures():
    for text in figures:
        print(f"  {text}", flush=True)


def toml(value):
    """A string, path, number, boolean or list of these, as TOML writes it: JSON's way will do."""
    return json.dumps(value, default=str)


def by_measurement(points):
    """Of a list of points: measurement -> its points."""
    found = {}
    for point in points:
        found.setdefault(point["measurement"], []).append(point)
    return found


def numbers(points):
    """The field n of the generator's points."""
    return [point["fields"]["n"]["value"] for point in points]


def parsed(data):
    """The points of some bytes, up to the last whole line: a file that is being written may end within one."""
    points = reference_parser.parse(data[:data.rfind(b"\n") + 1])
    assert not any("error" in point for point in points), points
    return points


def process_status(pid):
    """The parent of a process and its CPU time in seconds; (None, 0) if it is gone."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None, 0
    fields = text.rpartition(")")[2].split()
    return int(fields[1]), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    return process_status(pid)[1]


def children(pid):
    """The ids of a process's children."""
    folders = pathlib.Path("/proc").glob("[0-9]*")
    return [int(folder.name) for folder in folders if process_status(folder.name)[0] == pid]


def free_port():
    """One of loopback's that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Running:
    """A Telegraf that runs until stop(), in a process group of its own. Its log goes to a file."""

    def __init__(self, config, log):
        self.log_file = log
        with open(log, "wb") as stderr:
            self.process = subprocess.Popen([TELEGRAF, "--config", config], stdout=subprocess.DEVNULL, stderr=stderr,
                                            start_new_session=True)

    def log(self):
        return self.log_file.read_text(errors="replace")

    def children(self):
        """The ids of its children that run forecastd."""
        def runs_it(pid):
            try:
                return os.path.samefile(f"/proc/{pid}/exe", FORECASTD)
            except OSError:  # it has ended
                return False
        return [pid for pid in children(self.process.pid) if runs_it(pid)]

    def wait_for(self, condition, what):
        """Waits until condition() is true, and returns what it returned."""
        end = time.monotonic() + PATIENCE_S
        while not (value := condition()):
            if self.process.poll() is not None:
                raise AssertionError(f"Telegraf ended while waiting for {what}:\n{self.log()}")
            if time.monotonic() > end:
                raise AssertionError(f"after {PATIENCE_S} s there is no sign of {what}:\n{self.log()}")
            time.sleep(0.02)
        return value

    def stop(self, group=False):
        """Ends it by SIGTERM, as a service manager does; group: its children get the signal at the same time. Returns
        the seconds that took."""
        begin = time.monotonic()
        if group:
            os.killpg(self.process.pid, signal.SIGTERM)
        else:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=PATIENCE_S)
        assert code == 0, f"Telegraf returned {code}:\n{self.log()}"
        return time.monotonic() - begin

    def kill(self):
        """For the end of a test that failed."""
        if self.process.poll() is None:
            for child in self.children():
                os.kill(child, signal.SIGKILL)
            self.process.kill()
            self.process.wait()


@unittest.skipUnless(TELEGRAF, "there is no Telegraf: './dev e2e' builds one, if Go is there")
class TelegrafTest(TestCase):
    """A test with a temporary folder, in which Telegraf's config, its log and its output lie."""

    def setUp(self):
        super().setUp()
        self.output = self.folder / "output.lp"

    # Sections of Telegraf's config, as text.

    def from_file(self, data):
        path = self.folder / "input.lp"
        path.write_bytes(data)
        return f"""
[[inputs.file]]
  files = [{toml(path)}]
  data_format = "influx"
"""

    def from_generator(self, **options):
        arguments = [text for key, value in options.items() for text in (f"--{key}", str(value))]
        return f"""
[[inputs.execd]]
  command = {toml([sys.executable, HERE / "generator.py", *arguments])}
  signal = "none"
  data_format = "influx"
"""

    def execd(self, config=None, options="", command=None):
        """forecastd with a config (a dict, or text) as the processor; or another command."""
        if command is None:
            command = [FORECASTD, "run", self.config(config)]
        return f"""
[[processors.execd]]
  order = 2
  command = {toml(command)}
  influx_uint_support = true
  restart_delay = "500ms"
  {options}
"""

    def clone(self, name, options=""):
        """A copy of everything, under another name, in front of forecastd."""
        return f"""
[[processors.clone]]
  order = 1
  name_override = {toml(name)}
  {options}
"""

    def telegraf_config(self, *sections, agent="skip_processors_after_aggregators = true"):
        path = self.folder / "telegraf.toml"
        path.write_text(f"""
[agent]
  interval = "1s"
  flush_interval = "100ms"
  precision = "1ns"
  omit_hostname = true
  metric_buffer_limit = 5000000
  {agent}
{"".join(sections)}
[[outputs.file]]
  files = [{toml(self.output)}]
  data_format = "influx"
  influx_uint_support = true
""")
        return path

    # Runs.

    def run_telegraf(self, *sections, mode="--once", **keys):
        """Runs Telegraf to its end. Returns its standard output and its log."""
        self.output.unlink(missing_ok=True)
        done = subprocess.run([TELEGRAF, "--config", self.telegraf_config(*sections, **keys), mode], capture_output=True,
                              timeout=2 * PATIENCE_S, check=False)
        log = done.stderr.decode(errors="replace")
        self.assertEqual(done.returncode, 0, log)
        return done.stdout, log

    def start_telegraf(self, *sections, **keys):
        running = Running(self.telegraf_config(*sections, **keys), self.folder / "telegraf.log")
        self.addCleanup(running.kill)
        return running

    # What came out.

    def output_bytes(self):
        return self.output.read_bytes() if self.output.exists() else b""

    def points(self):
        """The points of the output, by measurement."""
        return by_measurement(parsed(self.output_bytes()))

    def lines_at(self, level, log):
        """The messages of forecastd in a log that have this level."""
        return re.findall(rf"^\S+ {level}! \[processors\.execd\] (.*)$", log, re.MULTILINE)

    def assert_no_errors(self, log):
        """Those of inputs.execd are about the generator: Telegraf may close a child's pipe before it has read its end."""
        self.assertEqual(re.findall(r"^\S+ E! (?!\[inputs\.execd\]).*$", log, re.MULTILINE), [])

    def assert_same_points(self, points, expected):
        """Whether both are the same points, in any order."""
        found, wanted = (collections.Counter(json.dumps(point, sort_keys=True) for point in list)
                         for list in (points, expected))
        first = lambda counter: [text[:300] for text in list(counter)[:3]]  # noqa: E731
        self.assertEqual((first(found - wanted), first(wanted - found)), ([], []),
                         f"{len(points)} points, expected {len(expected)}; these are too many, and these are missing")
