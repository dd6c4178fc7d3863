"""What is learned of anomalies, and on what scale they are judged: one misread value, an incident, a lasting shift, coarse
and heavy-tailed values, through the whole program."""

import math
import random
import re

from forecastd_test import TestCase, forecastd, main

START = 1700006400
FORECASTERS = {
    "auto": {"season_length": 48},
    "naive": {},
    "ses": {},
    "holt": {},
    "holt-winters": {"season_length": 48},
    "theta": {"season_length": 48},
    "lag": {"season_length": 48},
    "trend": {"season_length": 48},
    "arima": {"order": [1, 0, 1]},
}


def pipeline(plugin=None, params=None, detect=None, interval="10s", **forecast):
    one = {"namepass": ["m"], "interval": interval}
    if detect != "none":
        one["detect"] = {"plugin": "zscore", **(detect or {})}
    if plugin:
        one["forecast"] = {"plugin": plugin, "params": params or {}, **forecast}
    return one


def text_of(values, interval_s=10, tags=""):
    return "".join(f"m{tags} v={value!r} {START + i * interval_s}000000000\n" for i, value in enumerate(values))


class Learning(TestCase):
    def run_values(self, values, one, interval_s=10):
        """The judgements by the place of their point: (fields as floats, is_anomaly); and standard error."""
        result = forecastd("run", self.config({"pipelines": [one]}), stdin=text_of(values, interval_s))
        self.assertEqual(result.returncode, 0, result.stderr)
        judged = {}
        for line in result.stdout.decode().splitlines():
            if not line.startswith("m_anomaly"):
                continue
            place = (int(line.rsplit(" ", 1)[1]) // 10**9 - START) // interval_s
            fields = {key: float(value) for key, value in re.findall(r"(\w+)=(-?[\d.][^, ]*)[, ]", line)}
            judged[place] = (fields, "is_anomaly=true" in line)
        return judged, result.stderr.decode()

    def alarms(self, values, one, interval_s=10):
        return {place for place, (_, rings) in self.run_values(values, one, interval_s)[0].items() if rings}


def room(count, seed=4, sigma=0.3):
    noise = random.Random(seed)
    return [20 + math.sin(i / 48 * 2 * math.pi) + noise.gauss(0, sigma) for i in range(count)]


class Misread(Learning):
    def test_five_faults_are_found_after_one_misread_value_as_without_it(self):
        faults = (230, 262, 290, 325, 350)
        for name, params in FORECASTERS.items():
            for misread in (85.0, -127.0, -26240.0):
                with self.subTest(forecaster=name, misread=misread):
                    values = room(400)
                    for place in faults:
                        values[place] += 8
                    clean = self.alarms(values, pipeline(name, params))
                    values[200] = misread
                    after = self.alarms(values, pipeline(name, params))
                    self.assertIn(200, after)
                    self.assertGreaterEqual(len(after & set(faults)), len(clean & set(faults)))
                    self.assertEqual(len(after & set(faults)), 5)

    def test_misread_values_among_the_first_ones_hide_no_fault(self):
        faults = {130, 162, 190, 225, 250}
        for name, params in (*FORECASTERS.items(), ("seasonal-naive", {"season_length": 48}), (None, None)):
            for places in ((0,), (0, 1), (1,), (3,), (6,), (8,), (20,)):
                with self.subTest(forecaster=name, places=places):
                    values = room(300, seed=1)
                    for place in faults:
                        values[place] += 8
                    for place in places:
                        values[place] = 85.0
                    self.assertLessEqual(faults, self.alarms(values, pipeline(name, params)))

    def test_learning_always_is_left_to_who_asks_for_it(self):
        values = room(260)
        values[200] = 5000.0
        clipped, _ = self.run_values(values, pipeline("naive"))
        always, _ = self.run_values(values, pipeline("naive", learn_from_anomalies="always"))
        self.assertEqual(always[201][0]["yhat"], 5000)
        self.assertLess(clipped[201][0]["yhat"], 30)


class Incidents(Learning):
    def test_an_incident_does_not_ring_again_the_next_day(self):
        noise = random.Random(8)
        values = [50 + 20 * math.sin(i / 96 * 2 * math.pi) + noise.gauss(0, 1) for i in range(96 * 12)]
        incident = range(96 * 8 + 40, 96 * 8 + 46)
        for i in incident:
            values[i] += 40
        # seasonal-naive repeats what it has learned in full, so it must learn nothing of it.
        for name, learns in (("holt-winters", "clip"), ("theta", "clip"), ("holt-winters", "skip"),
                             ("seasonal-naive", "skip")):
            with self.subTest(forecaster=name, learns=learns):
                alarms = self.alarms(values, pipeline(name, {"season_length": 96}, learn_from_anomalies=learns))
                self.assertIn(incident[0], alarms)
                later = {i for i in alarms if i >= incident[-1] + 20}
                self.assertEqual(later, set())

    def test_a_nightly_job_is_learned(self):
        noise = random.Random(8)
        values = [50 + 20 * math.sin(i / 96 * 2 * math.pi) + noise.gauss(0, 1) + 40 * (i % 96 in (20, 21))
                  for i in range(96 * 12)]
        for name in ("holt-winters", "theta", "seasonal-naive"):
            with self.subTest(forecaster=name):
                alarms = self.alarms(values, pipeline(name, {"season_length": 96}))
                nights = 4 if name == "theta" else 2
                self.assertEqual({i for i in alarms if i > 96 * nights}, set())

    def test_a_sensor_that_was_stuck_does_not_ring_when_it_lives_again(self):
        noise = random.Random(3)
        values = [round(20 + noise.gauss(0, 0.13) * 16) / 16 for _ in range(800)]
        values[150:650] = [values[150]] * 500
        alarms = self.alarms(values, pipeline())
        self.assertLess(len({i for i in alarms if i >= 650}), 2)

    def test_a_lasting_shift_is_learned_by_every_forecaster(self):
        for name, params in FORECASTERS.items():
            with self.subTest(forecaster=name):
                values = room(600)
                for i in range(300, 600):
                    values[i] += 30
                judged, _ = self.run_values(values, pipeline(name, params))
                self.assertTrue(judged[300][1])
                late = [abs(judged[i][0]["residual"]) for i in range(450, 600)]
                self.assertLess(sum(late) / len(late), 1.0)
                self.assertLess(sum(judged[i][1] for i in range(450, 600)), 3)

    def test_noise_that_grew_tenfold_becomes_normal(self):
        noise = random.Random(5)
        values = [20 + noise.gauss(0, 0.1) for _ in range(300)] + [20 + noise.gauss(0, 1) for _ in range(500)]
        for name in ("naive", "ses", "holt", None):
            with self.subTest(forecaster=name):
                alarms = self.alarms(values, pipeline(name))
                self.assertTrue({i for i in alarms if 300 <= i < 350})
                self.assertLess(len({i for i in alarms if i >= 600}), 4)


class Coarse(Learning):
    def test_a_coarse_sensor_does_not_ring_at_each_of_its_steps(self):
        values = [20.0 + 0.5 * (i // 40 % 2) for i in range(2000)]
        for name in ("naive", "ses", "holt"):
            with self.subTest(forecaster=name):
                alarms = self.alarms(values, pipeline(name))
                self.assertLess(len({i for i in alarms if i > 400}), 3)

    def test_rare_counts_do_not_ring_each_time(self):
        noise = random.Random(6)
        values = [float(noise.random() < 0.03) for _ in range(1500)]
        for name in (None, "naive"):
            with self.subTest(forecaster=name):
                alarms = self.alarms(values, pipeline(name))
                self.assertLess(len({i for i in alarms if i > 400}), 8)

    def test_the_interval_is_not_of_width_0_for_ever_after_equal_values(self):
        noise = random.Random(7)
        values, level = [], 50.0
        for i in range(300):
            if i >= 15 and i % 3 == 0:
                level += noise.choice((-3, -2, -1, 1, 2, 3))
            values.append(level)
        for name, params in FORECASTERS.items():
            with self.subTest(forecaster=name):
                config = self.config({"pipelines": [pipeline(name, params, detect="none")]})
                result = forecastd("run", config, stdin=text_of(values))
                bands = [(float(low), float(high)) for low, high in re.findall(
                    r"yhat_lower=(\S+?),yhat_upper=(\S+?)[, ]", result.stdout.decode())]
                widths = [(high - low) / 2 for low, high in bands[-150:]]
                self.assertGreater(min(widths), 1)
                self.assertLess(max(widths), 14)


class Multiplicative(Learning):
    def test_one_zero_does_not_end_a_multiplicative_model(self):
        values = [100.0 + 10 * (i % 4) for i in range(80)]
        values[30] = 0.0
        values[60] = 500.0
        for always in ("always", "clip"):
            with self.subTest(learns=always):
                one = pipeline("holt-winters", {"season_length": 4, "seasonal": "mul"},
                               {"params": {"min_samples": 5}}, learn_from_anomalies=always)
                judged, told = self.run_values(values, one)
                self.assertTrue(judged[30][1])
                self.assertTrue(judged[60][1])
                self.assertIn("yhat", judged[79][0])
                if always == "always":
                    self.assertIn("not above 0", told)


class FalseAlarms(Learning):
    def test_heavy_tails_ring_about_as_often_as_was_asked(self):
        noise = random.Random(9)
        values = [20 + noise.gauss(0, 1) / math.sqrt(max(noise.gammavariate(1.5, 1 / 1.5), 1e-9)) for _ in range(12000)]
        own = self.alarms(values, pipeline())
        asked = self.alarms(values, pipeline(detect={"false_alarms": "6h"}))  # 2,160 points
        self.assertGreater(len(own), 30)
        self.assertLess(len(asked), 14)

    def test_the_start_rings_no_more_often_than_later(self):
        noise = random.Random(10)
        count, series = 1000, 150
        lines = []
        for i in range(count):
            for k in range(series):
                lines.append(f"m,s=s{k} v={20 + noise.gauss(0, 1):.4f} {START + 10 * i}000000000\n")
        config = self.config({"pipelines": [pipeline("ses", {"fit": "online"},
                                                     {"false_alarms": "1h", "emit": "anomalies"})]})
        result = forecastd("run", config, stdin="".join(lines), timeout=120)
        hundreds = [0] * (count // 100)
        for line in result.stdout.decode().splitlines():
            if "is_anomaly=true" in line:
                hundreds[(int(line.rsplit(" ", 1)[1]) // 10**9 - START) // 1000] += 1
        later = sum(hundreds[5:]) / len(hundreds[5:])
        self.assertLessEqual(max(hundreds[:3]), 1.5 * later + 3)

    def test_a_wrong_time_is_a_sentence(self):
        result = forecastd("check", self.config({"pipelines": [pipeline(detect={"false_alarms": "monthly"})]}))
        self.assertEqual(result.returncode, 1)
        self.assertIn(b'expected "off" or a duration such as "30d"', result.stdout + result.stderr)


if __name__ == "__main__":
    main()
