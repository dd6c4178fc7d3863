"""What the whole-program tests share: running the built program, and temporary configs."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORECASTD = os.environ.get("FORECASTD", str(ROOT / "build/dev/bin/forecastd"))
BUILD = pathlib.Path(os.environ.get("FORECASTD_BUILD", ROOT / "build/dev"))


def is_sanitized():
    """Whether the program was built with a sanitizer, which takes memory of its own and handles signals itself."""
    cache = BUILD / "CMakeCache.txt"
    return cache.exists() and any(line.startswith("FORECASTD_SANITIZE:") and line.split("=", 1)[1]
                                  for line in cache.read_text().splitlines())


def emulator_cannot(what):
    """Leaves a test out where the program runs under qemu (packaging/emulated), which does what it tests in a way of its own."""
    return unittest.skipIf("QEMU_LD_PREFIX" in os.environ, f"under qemu: {what}")


def our_configs():
    """Every config for forecastd that the project has; beside them are others' files, a Grafana dashboard's too."""
    found = sorted(path for path in (ROOT / "configs").rglob("*.json") if path.parent.name != "grafana")
    assert found, "there are no configs"
    return found


def forecastd(*arguments, stdin=b"", env=None, timeout=60):
    """Runs the program to its end; stdin is bytes or str. Returns CompletedProcess with bytes. What 'run' wrote is read
    back: every line must be line protocol."""
    if isinstance(stdin, str):
        stdin = stdin.encode()
    done = subprocess.run([FORECASTD, *map(str, arguments)], input=stdin, capture_output=True, timeout=timeout,
                          env={**os.environ, **(env or {})}, check=False)
    if arguments and arguments[0] == "run":
        read_back(done.stdout, stdin)
    return done


def expectations(written):
    """(time in s, y - yhat, whether it is an anomaly) of each judged value of 'm' that has an expectation."""
    for line in written.decode().splitlines():
        if not line.startswith("m_anomaly"):
            continue
        fields = {key: float(value) for key, value in re.findall(r"(\w+)=(-?[\d.][^, ]*)[, ]", line)}
        if "yhat" in fields:
            yield int(line.rsplit(" ", 1)[1]) // 10**9, fields["y"] - fields["yhat"], "is_anomaly=true" in line


def read_back(written, read=b""):
    """Fails if a line that 'run' wrote is no line protocol, or a comment, which says nothing. read: its input; strings
    of points in it may have lines that look like comments."""
    if not written:
        return
    points = subprocess.run([FORECASTD, "inspect", "--max-line-bytes", str(1 << 30)], input=written, capture_output=True,
                            timeout=60, check=True).stdout
    error = re.search(rb'^{"error":.*', points, re.MULTILINE)
    if error:
        raise AssertionError(f"what was written cannot be read back: {error.group()!r}")
    for comment in re.findall(rb"^[ \t]*#.*", written, re.MULTILINE):
        if comment not in read:
            raise AssertionError(f"a comment was written: {comment!r}")


class TestCase(unittest.TestCase):
    """A test with a temporary folder, self.folder."""

    maxDiff = None

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def config(self, value, name="config.json"):
        """Writes a config (a dict, or text) and returns its path."""
        path = self.folder / name
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return path


main = unittest.main
