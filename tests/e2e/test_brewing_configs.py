"""configs/brewing as its page has it: points restamped, played by Telegraf's inputs.execd, forecast, and written."""

import os
import pathlib
import shutil
import subprocess

from telegraf_test import FORECASTD, HERE, TELEGRAF, TelegrafTest, by_measurement, forecastd, main, parsed

POINTS = 40
HORIZON = 40
FIRST = 10  # the point with which forecasts begin
CONFIGS = pathlib.Path(HERE).parents[1] / "configs/brewing"


class BrewingConfigs(TelegrafTest):
    def points_of(self, agent):
        """What Telegraf writes to standard output with one of the agent's configs."""
        place = self.folder / "brewing"
        shutil.copytree(CONFIGS, place)
        data = forecastd("simulate", "--points", POINTS, "--no-anomalies").stdout
        stamped = forecastd("restamp", "--start-offset", "-1h", stdin=data)
        self.assertEqual((stamped.returncode, stamped.stderr), (0, b""))
        (place / "temps-stamped.lp").write_bytes(stamped.stdout)
        done = subprocess.run([TELEGRAF, "--config", agent, "--config", "telegraf-stdout.conf", "--once", "--test-wait", "4"], cwd=place,
                              env={**os.environ, "PATH": f"{pathlib.Path(FORECASTD).parent}:{os.environ['PATH']}"},
                              capture_output=True, timeout=120, check=False)
        log = done.stderr.decode(errors="replace")
        self.assertEqual(done.returncode, 0, log)
        self.assert_no_errors(log)
        return by_measurement(parsed(done.stdout))

    def assert_forecasts(self, points, *measurements):
        self.assertEqual(set(points), {"temperature", *measurements})
        self.assertEqual(len(points["temperature"]), POINTS)
        for name in measurements:
            self.assertEqual(len(points[name]), (POINTS - FIRST + 1) * HORIZON, name)
            for point in points[name]:
                self.assertEqual((set(point["tags"]), set(point["fields"])), ({"brew"}, {"temperature"}))

    def test_one(self):
        self.assert_forecasts(self.points_of("telegraf.conf"), "fcast", "anomaly")

    def test_both(self):
        self.assert_forecasts(self.points_of("telegraf-both.conf"), "fcast", "anomaly", "fcastlinear", "anomalylinear")


if __name__ == "__main__":
    main()
