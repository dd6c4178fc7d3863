"""Each forecaster in the whole program, on one hard series: what it forecasts, tells, and does with bad parameters."""

import math
import os
import random
import re
import select
import subprocess

from forecastd_test import FORECASTD, TestCase, forecastd, main

START = 1700000000
SEASON = {"season_length": 12}
ALL_AUTO = {"trend": "auto", "damped_trend": "auto"}
MODELS = {
    "auto": ("auto", {**SEASON, "horizon": 3}),
    "auto, two seasons": ("auto", {"season_length": ["12s", 24]}),
    "naive": ("naive", {}),
    "seasonal-naive": ("seasonal-naive", SEASON),
    "seasonal-naive, two seasons": ("seasonal-naive", {"season_length": ["12s", 60]}),
    "ses": ("ses", {}),
    "ses, online": ("ses", {"fit": "online"}),
    "holt": ("holt", {"fit": "window"}),
    "holt, online": ("holt", {"fit": "online"}),
    "holt, auto": ("holt", {"fit": "window", **ALL_AUTO}),
    "holt-winters": ("holt-winters", {**SEASON, "fit": "window"}),
    "holt-winters, online": ("holt-winters", {**SEASON, "fit": "online"}),
    "holt-winters, auto": ("holt-winters", {**SEASON, **ALL_AUTO, "fit": "window", "seasonal": "auto"}),
    "theta": ("theta", SEASON),
    "lag": ("lag", SEASON),
    "lag, online": ("lag", {**SEASON, "fit": "online"}),
    "lag, two seasons": ("lag", {"season_length": ["12s", 24], "window": 120}),
    "trend": ("trend", SEASON),
    "trend, two seasons": ("trend", {"season_length": ["12s", 24], "window": 120}),
    "arima": ("arima", {"order": [1, 0, 1]}),
    "arima, auto": ("arima", {"order": "auto"}),
}


def hard_series(count=300):
    """(step, value): a season of 12 with noise, a spike at 150, a gap from 200 to 219, and plateaus, on which about a
    quarter of the values repeat the one before."""
    noise = random.Random(3)
    value, left = 50.0, 0
    for step in range(count):
        if left == 0 and noise.random() < 0.1:
            left = 3
        if left > 0:
            left -= 1
        else:
            value = 50 + 8 * math.sin(step * math.pi / 6) + noise.gauss(0, 1)
        if not 200 <= step < 220:
            yield step, value + (400 if step == 150 else 0)


POINTS = [f"m,host=a v={value:.6f} {START + step}000000000\n" for step, value in hard_series()]


def pipeline(plugin, params, **keys):
    return {"interval": "1s", "forecast": {"plugin": plugin, "params": params, "horizon": 3, **keys}}


def config(name, **keys):
    return {"pipelines": [pipeline(*MODELS[name], **keys)]}


def lines(output, measurement):
    return [line for line in output.decode().splitlines() if re.match(measurement + r"[, ]", line)]


def numbers(line):
    """The float fields of a line by name."""
    return {name: float(value) for name, value in re.findall(r"([a-z0-9_]+)=(-?[0-9.]+(?:e[+-]?\d+)?)(?=[, ])", line)}


def one_line_at_a_time(path):
    """What the program answers when each line is written once the answers to those before have come."""
    process = subprocess.Popen([FORECASTD, "run", str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    answers = b""
    with process:
        for point in POINTS:
            process.stdin.write(point.encode())
            process.stdin.flush()
            passed = False
            while not passed:  # the point itself comes first
                if not select.select([process.stdout], [], [], 30)[0]:
                    raise AssertionError("a point is answered at once")
                answer = os.read(process.stdout.fileno(), 1 << 16)
                answers += answer
                passed = point.encode() in answer
        process.stdin.close()
        answers += process.stdout.read()
    return answers


class Models(TestCase):
    def run_config(self, value, stdin="".join(POINTS)):
        result = forecastd("run", self.config(value), stdin=stdin, timeout=120)
        self.assertEqual(result.returncode, 0)
        return result

    def test_any_feeding_gives_the_same_bytes(self):
        for name in MODELS:
            with self.subTest(name):
                value = config(name, diagnostics_every="1m")
                bulk = self.run_config(value)
                self.assertEqual(bulk.stderr, b"")
                self.assertEqual(self.run_config(value).stdout, bulk.stdout)
                self.assertEqual(one_line_at_a_time(self.config(value)), bulk.stdout)

    def test_forecasts_stay_in_sight_of_the_values(self):
        # The values lie between 39 and 61, and the spike 400 above. A forecast that follows it, and its slope of 400 a
        # step, is three steps ahead no further than 1,200 from there.
        for name in MODELS:
            with self.subTest(name):
                output = self.run_config(config(name)).stdout
                self.assertEqual("".join(line + "\n" for line in lines(output, "m")), "".join(POINTS))
                forecasts = [numbers(line) for line in lines(output, "m_forecast")]
                self.assertGreaterEqual(len(forecasts), 3 * (len(POINTS) - 30))
                for fields in forecasts:
                    self.assertTrue(all(math.isfinite(value) for value in fields.values()))
                    self.assertTrue(-1600 <= fields["yhat"] <= 1700, fields)
                    self.assertLessEqual(fields.get("yhat_lower", fields["yhat"]), fields["yhat"])
                # 80 steps behind the spike it is forgotten.
                self.assertTrue(all(20 <= fields["yhat"] <= 80 for fields in forecasts[-60:]), forecasts[-60:])

    def test_the_estimate_is_told(self):
        expected = {
            "holt": r'error="A",trend="Ad",season="N"',
            "holt-winters": r'error="A",trend="Ad",season="A"',
            "holt, auto": r'error="[AM]",trend="(N|A|Ad)",season="N"',
            "holt-winters, auto": r'error="[AM]",trend="(N|A|Ad)",season="[NAM]"',
        }
        for name, form in expected.items():
            with self.subTest(name):
                models = lines(self.run_config(config(name, diagnostics_every="1m")).stdout, "m_model")
                self.assertEqual(len(models), 6)  # the first point, then the first of each minute
                self.assertRegex(models[-1], r"^m_model,field=v,host=a ")
                for field in re.findall(r'[a-z]+="[^"]*"', form.replace("\\", "")):
                    self.assertRegex(models[-1], field)
                fields = numbers(models[-1])
                self.assertTrue(0 <= fields["alpha"] <= 1)
                counts = dict(re.findall(r"(fits|evaluations)=(\d+)i", models[-1]))
                self.assertGreater(int(counts["fits"]), 5)
                self.assertLessEqual(int(counts["evaluations"]), 1000 * int(counts["fits"]))

    def test_lag_tells_how_far_back_it_goes(self):
        for name, lags in (("lag", 7), ("lag, online", 7), ("lag, two seasons", 9)):  # 23, 24 and 25; 24 is there already
            with self.subTest(name):
                models = lines(self.run_config(config(name, diagnostics_every="1m")).stdout, "m_model")
                self.assertRegex(models[0], r" lags=1i,fits=0i,last_weight=1[ ,]")
                self.assertRegex(models[-1], rf"lags={lags}i,")
                fields = numbers(models[-1])
                self.assertTrue(0.3 < fields["last_weight"] < 1.2, fields)  # of a series with plateaus
                self.assertTrue(0 < fields["season_weight"] < 0.7, fields)

    def test_auto_tells_who_leads_at_each_distance(self):
        models = lines(self.run_config(config("auto", diagnostics_every="1m")).stdout, "m_model")
        self.assertIn('leader="naive",leader_weight=1,', models[0])
        for name in ("leader", "middle_leader", "far_leader"):
            self.assertRegex(models[-1], rf'[ ,]{name}="[a-z_]+",{name}_weight=[0-9.]+')
            self.assertTrue(0.05 < numbers(models[-1])[f"{name}_weight"] <= 1)

    def test_the_forms_in_use_are_counted_in_the_metrics(self):
        for name in ("holt", "holt, auto", "holt-winters", "holt-winters, auto"):
            with self.subTest(name):
                text = "".join(point.replace("host=a", f"host={host}") for point in POINTS for host in "ab")
                output = self.run_config({**config(name), "metrics": {"every": "1h"}}, text).stdout
                told = lines(output, "forecastd_model")
                tags = f"forecastd_model,algorithm={MODELS[name][0]},"
                self.assertTrue(all(line.startswith(tags) for line in told), told)
                self.assertEqual(sum("fits=" in line and "series=2i" in line for line in told), 1)
                for part in ("error", "trend", "season"):
                    self.assertEqual(sum(f",{part}=" in line and " series=2i " in line for line in told), 1, part)

    def test_bad_parameters_are_a_sentence_and_the_data_passes(self):
        cases = [
            ("holt", {"alpha": 1.5}, "alpha"),
            ("holt", {"trend": "exp"}, '"none", "add", "mul" or "auto"'),
            ("holt-winters", {}, "season_length"),
            ("holt-winters", {"season_length": 24, "window": 40},
             "found a window of 40 steps, expected at least two seasons and a step, 49"),
            ("lag", {"season_length": [12, 60], "window": 60}, "window is 60 steps, and the longest lag 61"),
            ("holt-winters", {**SEASON, "seasnal": "add"}, "did you mean 'seasonal'"),
        ]
        for plugin, params, sentence in cases:
            with self.subTest(params=params):
                result = self.run_config({"pipelines": [pipeline(plugin, params)]})
                self.assertEqual(result.stdout.decode(), "".join(POINTS))
                self.assertIn(sentence, result.stderr.decode())

    def test_a_value_that_cannot_multiply_is_not_learned(self):
        sentence = 'is "mul"; it is judged and not learned; if such values are usual, set it to "add"'
        text = "".join(POINTS[:100]) + f"m,host=a v=-1 {START + 100}000000000\n" + "".join(POINTS[101:])
        # What is learned of the value with "clip" is a value that is usual.
        for learn, warns in (("always", True), ("clip", False)):
            with self.subTest(learn):
                result = self.run_config({"pipelines": [pipeline("holt-winters", {**SEASON, "seasonal": "mul"},
                                                                 learn_from_anomalies=learn)]}, text)
                self.assertEqual(len(lines(result.stdout, "m")), len(POINTS))
                self.assertEqual(sentence in result.stderr.decode(), warns)
                self.assertTrue(lines(result.stdout, "m_forecast")[-1].endswith(f" {START + 299 + 3}000000000"))


if __name__ == "__main__":
    main()
