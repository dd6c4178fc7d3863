"""Intervals that hold what their levels say, through the whole program."""

import collections
import json
import math
import pathlib
import random
import re
import subprocess

from forecastd_test import FORECASTD, TestCase, forecastd, main

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINE = re.compile(r"\w+_forecast,\S*?series=(\w+)\S* (\S+) (\d+)$")
SECOND = 10**9


def pipeline(plugin, params=None, **forecast):
    return {"pipelines": [{"namepass": ["m"], "interval": "10s", "output": {"passthrough": False},
                           "forecast": {"plugin": plugin, "params": params or {}, "level": [80, 95], **forecast}}]}


def wave(count, seed, size=10):
    """A season of 24 points, an error that half of goes on, and now and then a large one."""
    noise = random.Random(seed)
    values, error = [], 0.0
    for i in range(count):
        error = 0.5 * error + noise.gauss(0, 1) * (4 if noise.random() < 0.03 else 1)
        values.append(50 + size * math.sin(2 * math.pi * i / 24) + error)
    return values


def text_of(series, interval_s=10):
    count = max(len(values) for values in series.values())
    return "".join(f"m,series={name} v={values[i]!r} {interval_s * i * SECOND}\n" for i in range(count)
                   for name, values in series.items() if i < len(values))


def coverage(output, series, skipped, interval_s=10):
    """{lead in steps: (share inside 80 %, inside 95 %, mean width of 95 %)} from the point `skipped` on."""
    sums = collections.defaultdict(lambda: [0, 0, 0, 0.0])
    for line in output.splitlines():
        match = LINE.match(line)
        fields = {key: float(value) for key, value in (pair.split("=") for pair in match[2].split(","))}
        step, lead = int(match[3]) // SECOND // interval_s, round(fields["lead_s"] / interval_s)
        if step - lead < skipped or step >= len(series[match[1]]) or "yhat_lower" not in fields:
            continue
        y, of_lead = series[match[1]][step], sums[lead]
        of_lead[0] += 1
        of_lead[1] += fields["yhat_lower_80"] <= y <= fields["yhat_upper_80"]
        of_lead[2] += fields["yhat_lower"] <= y <= fields["yhat_upper"]
        of_lead[3] += fields["yhat_upper"] - fields["yhat_lower"]
    return {lead: tuple(part / of_lead[0] for part in of_lead[1:]) for lead, of_lead in sums.items()}


class Calibration(TestCase):
    def run_on(self, config, series, interval_s=10):
        done = forecastd("run", self.config(config), stdin=text_of(series, interval_s))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout.decode()

    def test_intervals_hold_what_they_say_whatever_the_forecaster(self):
        noise, season = {"a": wave(3000, 1, 0)}, {"a": wave(3000, 1)}
        for plugin, params, series in (("naive", {}, noise), ("ses", {}, noise), ("holt", {}, noise), ("theta", {}, noise),
                                       ("seasonal-naive", {"season_length": 24}, season),
                                       ("holt-winters", {"season_length": 24, "fit": "online"}, season),
                                       ("lag", {"season_length": 24, "fit": "online"}, season),
                                       ("auto", {"season_length": 24, "horizon": 24}, season)):
            leads = coverage(self.run_on(pipeline(plugin, params, forecast_at=[1, 8, 13, 24]), series), series, 600)
            self.assertEqual(set(leads), {1, 8, 13, 24})
            for lead, (of_80, of_95, _) in leads.items():
                with self.subTest(forecaster=plugin, lead=lead):
                    self.assertAlmostEqual(of_80, 0.80, delta=0.06)
                    self.assertAlmostEqual(of_95, 0.95, delta=0.03)

    def test_leads_that_a_season_makes_worse_hold_too(self):
        """The last value is far off half a season ahead, and good a whole one ahead."""
        series = {"a": wave(4000, 1)}
        leads = coverage(self.run_on(pipeline("naive", forecast_at=[1, 8, 24]), series), series, 1000)
        for lead, (of_80, of_95, _) in leads.items():
            with self.subTest(lead=lead):
                self.assertAlmostEqual(of_80, 0.80, delta=0.05)
                self.assertAlmostEqual(of_95, 0.95, delta=0.035)

    def test_without_it_a_level_that_returns_has_intervals_of_a_walk(self):
        series = {"a": wave(2000, 2, 0)}
        for calibrate in (True, False):
            found = coverage(self.run_on(pipeline("naive", horizon=12, calibrate=calibrate), series), series, 500)
            with self.subTest(calibrate=calibrate):
                self.assertEqual(abs(found[12][1] - 0.95) < 0.03, calibrate)

    def test_a_new_series_begins_with_the_widths_of_the_others(self):
        old = {f"s{i}": wave(400, 10 + i, 0) for i in range(5)}
        new = "".join(f"m,series=new v={v!r} {(4000 + 10 * i) * SECOND}\n" for i, v in enumerate(wave(4, 3, 0)))

        def width(text):
            out = forecastd("run", self.config(pipeline("naive", forecast_at=[12])), stdin=text).stdout.decode()
            bands = re.findall(r"series=new.* yhat=\S+?,yhat_lower=(\S+?),yhat_upper=(\S+?),", out)
            return float(bands[-1][1]) - float(bands[-1][0])
        self.assertLess(width(text_of(old) + new), 0.7 * width(new))

    def test_line_by_line_is_the_same_as_in_bulk(self):
        series = {"a": wave(300, 4), "b": wave(300, 5)}
        config = self.config(pipeline("holt", horizon=9, emit_every="50s"))
        bulk = forecastd("run", config, stdin=text_of(series)).stdout
        process = subprocess.Popen([FORECASTD, "run", config], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with process:
            for line in text_of(series).splitlines(keepends=True):
                process.stdin.write(line.encode())
                process.stdin.flush()
            process.stdin.close()
            self.assertEqual(process.stdout.read(), bulk)
        self.assertIn(b"m_forecast", bulk)

    def test_the_brewing_config_holds_95_percent_40_seconds_ahead(self):
        # A fermenter: warmth that comes and goes, and a sensor of a sixteenth of a degree.
        noise, level, drift, values = random.Random(6), 19.0, 0.0, []
        for _ in range(6000):
            drift = 0.98 * drift + noise.gauss(0, 0.002)
            level += drift + 0.01 * (19 - level)
            values.append(round(16 * (level + noise.gauss(0, 0.03))) / 16)
        text = (ROOT / "configs/brewing/recommended.json").read_text()
        config = json.loads(re.sub(r"//.*", "", text))
        config["pipelines"][0]["forecast"]["forecast_at"] = [1, 10, 40]
        config["pipelines"][0]["output"] = {"passthrough": False}
        config["pipelines"][0]["namepass"] = ["m"]
        config["pipelines"][0]["fieldpass"] = ["v"]
        del config["pipelines"][0]["detect"], config["pipelines"][0]["alarm"]
        series = {"a": values}
        for lead, (_, of_95, _) in coverage(self.run_on(config, series, 1), series, 1000, 1).items():
            with self.subTest(lead=lead):
                self.assertAlmostEqual(of_95, 0.95, delta=0.03)


if __name__ == "__main__":
    main()
