"""A plugin that crashes on one series among many."""

import subprocess
import time
import unittest

from rig import BUILD, FORECASTD, FaultTest


class OneBadSeries(FaultTest):
    def test_among_a_hundred_thousand(self):
        series, steps, bad = 100_000, 14, 77_777
        config = self.config({"log": {"level": "info"}, "plugin_dirs": [str(BUILD / "broken_plugins/crashes_on_value")],
                              "pipelines": [{"name": "p", "interval": "10s", "detect": {"plugin": "zscore"}},
                                            {"name": "bad", "interval": "10s",
                                             "forecast": {"plugin": "broken.crashes_on_value",
                                                          "learn_from_anomalies": "always"}}]})
        points = []
        for step in range(1, steps):
            for one in range(series):
                value = 666 if one == bad and step > 10 else step % 3
                points.append(b"m,s=%d v=%d %d000000000\n" % (one, value, 10 * step))
        begin = time.monotonic()
        done = subprocess.run([FORECASTD, "run", str(config)], input=b"".join(points), capture_output=True, check=False)
        took = time.monotonic() - begin
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr.count(b"no point is lost, and the other series go on"), 2, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(sum(line.startswith(b"m,") for line in lines), series * (steps - 1))
        last = b"%d000000000" % (10 * (steps - 1))
        forecasts = sum(line.startswith(b"m_forecast") and line.endswith(b"%d000000000" % (10 * steps)) for line in lines)
        self.assertEqual(forecasts, series - 1)
        judged = [line for line in lines if line.startswith(b"m_anomaly") and line.endswith(last)]
        self.assertEqual(len(judged), series)
        self.report(series=series, crashes=2, forecasts_at_the_last_step=forecasts, s_in_all=round(took, 1))


if __name__ == "__main__":
    unittest.main()
