"""The warm-up that `forecastd check` prints, held against what `forecastd run` does with a series of this test's own."""

import math
import random
import re

from forecastd_test import TestCase, forecastd, main

DAY = 86400
NOTHING_ELSE = {"no_data_after": "off", "drift": False, "stuck": False}


def series(points, interval, spike_at=None, length=1):
    """A level with a wave of a day, noise, and a spike that begins at a point, from 1."""
    noise = random.Random(3)
    text = ""
    for i in range(points):
        value = 50 + 5 * math.sin(2 * math.pi * i * interval / DAY) + noise.gauss(0, 0.5)
        if spike_at is not None and 0 <= i + 1 - spike_at < length:
            value += 25
        text += f"m value={value:.4f} {(1_690_000_000 + i * interval) * 10**9}\n"
    return text


class WarmUp(TestCase):
    def told(self, config, *options):
        """The line of the only pipeline, and what it says: {"forecast": point, "score": point, "alarm": point}."""
        done = forecastd("check", self.config(config), *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        line = next(line for line in done.stdout.decode().splitlines() if line.startswith("  warm-up   "))
        return line[12:], {what: int(point) for what, point in re.findall(r"first (\w+) at point (\d+)", line)}

    def lines(self, config, data, measurement):
        out = forecastd("run", self.config(config), stdin=data).stdout.decode().splitlines()
        return [line for line in out if line.startswith(measurement)]

    def test_it_is_what_a_run_does(self):
        for interval, pipeline in (
                (10, {"forecast": {"plugin": "holt", "min_samples": 20, "forecast_at": [1]}, "detect": {"plugin": "zscore"}}),
                (60, {"detect": {"plugin": "mad"}, "alarm": {"raise": "2/3"}}),
                (60, {"forecast": {"plugin": "ses", "forecast_at": [1]},
                      "detect": {"plugin": "zscore", "params": {"min_samples": 50}}, "alarm": {"raise": "3m"}}),
                (10, {"detect": {"plugin": "novelty", "false_alarms": "30d"}})):
            with self.subTest(pipeline=pipeline):
                pipeline.setdefault("detect", {}).update(NOTHING_ELSE)
                config = {"pipelines": [{"interval": f"{interval}s", **pipeline}]}
                line, told = self.told(config)
                begin = 1_690_000_000

                def point_of(line):
                    return (int(line.rsplit(" ", 1)[1]) // 10**9 - begin) // interval + 1

                count = told["alarm"] + 50
                if "forecast" in pipeline:
                    first = min(point_of(line) for line in self.lines(config, series(count, interval), "m_forecast"))
                    self.assertEqual(first, told["forecast"] + 1, "a forecast lies one step ahead")
                scored = [line for line in self.lines(config, series(count, interval), "m_anomaly") if "anomaly_score=" in line]
                self.assertEqual(point_of(scored[0]), told["score"])

                def opens(at):
                    data = series(at + 5, interval, at, 6)
                    return any('state="open"' in line and point_of(line) >= at for line in self.lines(config, data, "m_event"))

                self.assertTrue(opens(told["alarm"] + 15), line)
                if told["alarm"] > 20:
                    self.assertFalse(opens(told["alarm"] - 15), line)

    def test_the_time_is_that_of_the_interval(self):
        line, told = self.told({"pipelines": [{"interval": "1m", "detect": {"plugin": "zscore", "params": {"min_samples": 60}}}]})
        self.assertEqual(told["score"], 61)
        self.assertIn("first score at point 61 (after 1h)", line)

    def test_an_interval_that_is_not_known(self):
        config = {"pipelines": [{"detect": {"plugin": "zscore"}}]}
        self.assertTrue(self.told(config)[0].endswith("; with a point each 10s, since no interval is given"))
        (self.folder / "points.lp").write_text(series(50, 60))
        done = forecastd("check", self.config(config), "--against", self.folder / "points.lp").stdout.decode()
        self.assertIn("\n  warm-up   at 1m: first score at point 31 (after 30m), first alarm at point", done)

    def test_a_season_has_to_pass_first(self):
        line, _ = self.told({"pipelines": [{"interval": "10m", "forecast": {
            "plugin": "holt-winters", "params": {"season_length": ["1d", "7d"]}}}]})
        self.assertEqual(line, "first forecast at point 1 (after 0s) without its season, which has to pass first (7d)")

    def test_an_alarm_that_cannot_come(self):
        config = {"pipelines": [{"interval": "1d", "detect": {"plugin": "zscore", "params": {"z_threshold": 1000}}}]}
        self.assertRegex(self.told(config)[0], r"no alarm for a spike within \d+ points")

    def test_quick_does_not_try(self):
        done = forecastd("check", self.config({"pipelines": [{"detect": {"plugin": "zscore"}}]}), "--quick")
        self.assertEqual(done.returncode, 0)
        self.assertNotIn(b"warm-up", done.stdout)


if __name__ == "__main__":
    main()
