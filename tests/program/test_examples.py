"""The examples of the SDK give the answers of a calculation by hand."""

import math
import random
import re

from forecastd_test import BUILD, TestCase, forecastd, main

# Example -> its parameters, values, what it says of the last value (a score), or after it (forecasts).
DETECTORS = (
    # The median of 1, 2, 3 is 2, and that of the distances 1: 1.4826 is the scale, of which there are 6.
    ("example.median", {"window": 3, "k": 6}, (1, 2, 3, 2 + 6 * 1.4826), 1),
    # Mean 1, deviation 1; 4 lies 3 of them away.
    ("example.deviation", {"k": 3}, (0, 2, 4), 1),
    # The middle of 1 and 3 is 2, their reach 1; the limit is twice that.
    ("example.recent", {"window": 2}, (1, 3, 4), 1),
    # Mean 1, deviation the root of 2. A value 5 deviations away adds 5 - 0.5 to the sum: 4.5, then 9, of 8.
    ("example.cusum", {"first": 2}, (0, 2, 1 + 5 * math.sqrt(2)), 4.5 / 8),
    ("example.cusum", {"first": 2}, (0, 2, 1 + 5 * math.sqrt(2), 1 + 5 * math.sqrt(2)), 9 / 8),
)
FORECASTERS = (
    ("example.last-value", {}, (1, 5), (5, 5)),
    ("example.ewma", {"alpha": 0.5}, (10, 20), (15, 15)),
    # Steps 1 and 3 have the phase 1, 2 and 4 the phase 0; phase 1 becomes 10 + (12 - 10) / 2.
    ("example.phases", {"season_length": 2, "alpha": 0.5}, (10, 20, 12, 20), (11, 20)),
)


class Examples(TestCase):
    def run_one(self, section, plugin, params, values, **more):
        config = self.config({"plugin_dirs": [str(BUILD / "examples")], "pipelines": [
            {"interval": "1s", section: {"plugin": plugin, "params": params, **more}}]})
        data = "".join(f"m v={value!r} {second}000000000\n" for second, value in enumerate(values, 1_700_000_001))
        done = forecastd("run", config, stdin=data)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout.decode()

    def scores(self, plugin, params, values):
        return [float(score) for score in re.findall("anomaly_score=([^, ]*)", self.run_one("detect", plugin, params, values))]

    def test_detectors(self):
        for plugin, params, values, score in DETECTORS:
            with self.subTest(plugin):
                self.assertAlmostEqual(self.scores(plugin, params, values)[-1], score, places=9)

    def test_reasons(self):
        values = [0, 2] + 2 * [1 + 5 * math.sqrt(2)]
        self.assertIn('reason="The mean has risen."', self.run_one("detect", "example.cusum", {"first": 2}, values))
        values = [0, 2] + 2 * [1 - 5 * math.sqrt(2)]
        self.assertIn('reason="The mean has fallen."', self.run_one("detect", "example.cusum", {"first": 2}, values))

    def test_forecasters(self):
        for plugin, params, values, wanted in FORECASTERS:
            with self.subTest(plugin):
                out = self.run_one("forecast", plugin, params, values, horizon=len(wanted))
                found = [float(yhat) for yhat in re.findall("yhat=([^, ]*)", out)][-len(wanted):]
                self.assertEqual(found, list(wanted))

    def test_half_space_trees(self):
        """Where no point was, the mass of every tree is small; the same seed gives the same trees."""
        source = random.Random(1)
        values = [round(source.uniform(0, 1), 6) for _ in range(900)]
        usual = self.scores("example.half-space-trees", {}, values)
        self.assertLess(max(usual), 1)
        for odd in (4.0, -4.0):
            scores = self.scores("example.half-space-trees", {}, [*values, odd])
            self.assertEqual(scores[:-1], usual)
            self.assertGreater(scores[-1], 1)


if __name__ == "__main__":
    main()
