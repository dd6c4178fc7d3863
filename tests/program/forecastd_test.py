"""What the whole-program tests share: running the built program, and temporary configs."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORECASTD = os.environ.get("FORECASTD", str(ROOT / "build/dev/bin/forecastd"))
BUILD = pathlib.Path(os.environ.get("FORECASTD_BUILD", ROOT / "build/dev"))


def our_configs():
    """Every config for forecastd that the project has; beside them are others' files, a Grafana dashboard's too."""
    found = sorted(path for path in (ROOT / "configs").rglob("*.json") if path.parent.name != "grafana")
    assert found, "there are no configs"
    return found


def forecastd(*arguments, stdin=b"", env=None, timeout=60):
    """Runs the program to its end; stdin is bytes or str. Returns CompletedProcess with bytes."""
    if isinstance(stdin, str):
        stdin = stdin.encode()
    return subprocess.run([FORECASTD, *map(str, arguments)], input=stdin, capture_output=True, timeout=timeout,
                          env={**os.environ, **(env or {})}, check=False)


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
