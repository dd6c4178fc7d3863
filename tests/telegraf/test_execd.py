#!/usr/bin/env python3
"""forecastd as the child of a real Telegraf.

    TELEGRAF=/path/to/telegraf FORECASTD=/path/to/forecastd test_execd.py

Telegraf must have inputs.file, processors.execd, processors.clone, outputs.file, parsers.influx and
serializers.influx; version 1.37 or later, which knows the levels on standard error. Without TELEGRAF everything is
skipped.
"""

import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "program"))

import reference_parser  # noqa: E402  (found through the path above)
from forecastd_test import FORECASTD, TestCase, forecastd, main  # noqa: E402

TELEGRAF = os.environ.get("TELEGRAF")
POINTS = 3_000

DETECT_AND_FORECAST = {
    "pipelines": [{
        "name": "fermentation",
        "namepass": ["temperature"],
        "interval": "1s",
        "forecast": {"plugin": "holt", "horizon": 1},
        "detect": {"plugin": "zscore"},
    }]
}


def toml_string(value):
    return json.dumps(str(value))  # JSON's strings are TOML's


@unittest.skipUnless(TELEGRAF, "TELEGRAF is not set: it names a Telegraf to test with")
class Execd(TestCase):
    def run_telegraf(self, config, processors="", execd_options=""):
        """Runs Telegraf once over made-up points. Returns the points that came out, by measurement, and the log."""
        labels = self.folder / "labels.csv"
        simulated = forecastd("simulate", "--points", POINTS, "--labels", labels)
        self.assertEqual(simulated.returncode, 0)
        (self.folder / "input.lp").write_bytes(simulated.stdout)
        self.inputs = reference_parser.parse(simulated.stdout)

        output = self.folder / "output.lp"
        toml = self.folder / "telegraf.toml"
        toml.write_text(f"""
[agent]
  omit_hostname = true
  metric_buffer_limit = {10 * POINTS}
[[inputs.file]]
  files = [{toml_string(self.folder / "input.lp")}]
  data_format = "influx"
{processors}
[[processors.execd]]
  command = [{toml_string(FORECASTD)}, "run", {toml_string(self.config(config))}]
  order = 2
  {execd_options}
[[outputs.file]]
  files = [{toml_string(output)}]
  data_format = "influx"
""")
        done = subprocess.run([TELEGRAF, "--config", toml, "--once"], capture_output=True, text=True, timeout=60,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        points = {}
        for point in reference_parser.parse(output.read_bytes()):
            self.assertNotIn("error", point)
            points.setdefault(point["measurement"], []).append(point)
        return points, done.stderr

    def assert_same_points(self, points, measurement="temperature"):
        by_time = lambda point: point["time"]  # noqa: E731
        expected = [{**point, "measurement": measurement} for point in self.inputs]
        self.assertEqual(sorted(points, key=by_time), expected)

    def test_nothing_is_lost(self):
        points, log = self.run_telegraf(DETECT_AND_FORECAST)
        self.assertNotIn(" E! ", log)
        self.assertEqual(points.keys(), {"temperature", "temperature_forecast", "temperature_anomaly"})
        self.assert_same_points(points["temperature"])
        times = [point["time"] for point in self.inputs]
        anomalies = points["temperature_anomaly"]
        self.assertEqual(sorted(point["time"] for point in anomalies), times)
        self.assertTrue(any(point["fields"]["is_anomaly"]["value"] for point in anomalies))
        forecasts = points["temperature_forecast"]
        self.assertEqual(sorted(point["time"] for point in forecasts), [time + 1_000_000_000 for time in times])
        for point in anomalies + forecasts:
            self.assertEqual(point["tags"], {"brew": "pale_ale", "field": "temperature"})

    def test_a_bad_config_lets_the_originals_pass_and_says_so(self):
        config = {"pipelines": [{"name": "broken", "detect": {"plugin": "no-such-plugin"}}]}
        points, log = self.run_telegraf(config)
        self.assertEqual(points.keys(), {"temperature"})
        self.assert_same_points(points["temperature"])
        errors = [line for line in log.splitlines() if " E! " in line]
        self.assertTrue(any("no-such-plugin" in line for line in errors), log)
        self.assertFalse([line for line in errors if "stderr:" in line])

    def test_shadow(self):
        """The originals never touch forecastd: it is given a copy of another name, and passes on only what it adds."""
        pipeline = {**DETECT_AND_FORECAST["pipelines"][0], "namepass": ["shadow_temperature"],
                    "output": {"passthrough": False}}
        points, log = self.run_telegraf(
            {"pipelines": [pipeline]},
            processors='[[processors.clone]]\n  order = 1\n  name_override = "shadow_temperature"',
            execd_options='namepass = ["shadow_temperature"]')
        self.assertNotIn(" E! ", log)
        self.assertEqual(points.keys(),
                         {"temperature", "shadow_temperature_forecast", "shadow_temperature_anomaly"})
        self.assert_same_points(points["temperature"])
        self.assertEqual(len(points["shadow_temperature_anomaly"]), len(self.inputs))
        self.assertEqual(len(points["shadow_temperature_forecast"]), len(self.inputs))


if __name__ == "__main__":
    main()
