"""Plugins of version 1.0: they load in this host, and what they forecast and judge is what it was.

What a plugin itself determines is compared with recorded.txt: forecasts, scores and diagnostics. What the host adds
(intervals, names of outputs that come later) may change. `test_abi.py --record` writes the file again.
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import forecastd_test
from forecastd_test import BUILD, FORECASTD

HERE = pathlib.Path(__file__).resolve().parent
PLUGINS = BUILD / "abi/1.0"
RECORDED = HERE / "recorded.txt"
KEPT = ("yhat", "lead_s", "anomaly_score", "form", "mean", "points")


def forecastd(*arguments, text=""):
    return subprocess.run([FORECASTD, *map(str, arguments)], input=text, capture_output=True, text=True, timeout=60,
                          check=False)


def points():
    """Four series, gaps in steps, and a second host."""
    lines = []
    for i, value in enumerate([1, 3, 2, 8, 5, 5.5, -4, 7, 2, 1]):
        time = 1_700_000_000 + i + (3 if i > 6 else 0)
        lines += [f"{name},host={host} v={value + 10 * host} {time}000000000" for name in "abcd" for host in (1, 2)]
    return "\n".join(lines) + "\n"


def kept(output):
    """The lines that are not originals, with the fields that a plugin determines."""
    result = []
    for line in output.splitlines():
        key, rest = line.split(" ", 1)
        if key.split(",")[0].endswith("_event"):
            continue  # the host's: what it makes of the scores
        fields, time = rest.rsplit(" ", 1)
        fields = [field for field in fields.split(",") if field.split("=")[0] in KEPT]
        if fields:
            result.append(f"{key} {','.join(fields)} {time}")
    return result


def run(folder):
    config = folder / "config.json"
    config.write_text((HERE / "config.json").read_text().replace("PLUGINS", str(PLUGINS)))
    return forecastd("check", config), forecastd("run", config, text=points())


class Abi(forecastd_test.TestCase):
    def test_plugins(self):
        for id, names in (("abi.every", "alpha chosen offset twice form span window memory lags points"),
                          ("abi.reasons", ""), ("abi.owner", ""), ("abi.plain-c", "weight points")):
            with self.subTest(id=id):
                result = forecastd("plugins", id, "--plugin-dir", PLUGINS)
                self.assertEqual((result.returncode, result.stderr), (0, ""))
                self.assertTrue(result.stdout.startswith(f"{id} 1.0.0: "), result.stdout)
                self.assertRegex(result.stdout, r"(?m)^  memory +\d{2,3} bytes")
                for name in names.split():
                    self.assertRegex(result.stdout, rf"(?m)^  {name}\b")

    def test_check_and_run(self):
        check, output = run(self.folder)
        self.assertEqual(check.returncode, 0, check.stderr)
        self.assertNotIn("E!", output.stderr)
        self.assertEqual(output.returncode, 0)
        self.assertEqual(kept(output.stdout), RECORDED.read_text().splitlines())


if __name__ == "__main__":
    if sys.argv[1:] == ["--record"]:
        RECORDED.write_text("\n".join(kept(run(pathlib.Path(tempfile.mkdtemp()))[1].stdout)) + "\n")
    else:
        forecastd_test.main()
