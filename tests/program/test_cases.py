"""Small inputs after reports of users of other systems, each with its right answer. The inputs are made here. What forecastd
cannot find is in docs/operators.md, "What it cannot find"."""

import math
import random
import re

from forecastd_test import TestCase, forecastd, main

START = 1700006400
SEASONAL = ("holt-winters", "theta", "seasonal-naive")
ALL = {"naive": {}, "ses": {}, "holt": {}, "holt-winters": {"season_length": 24}, "theta": {}, "arima": {}}


class Case(TestCase):
    def run_lines(self, lines, *pipelines, **more):
        result = forecastd("run", self.config({"pipelines": list(pipelines), **more}), stdin="".join(lines), timeout=120)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.decode().splitlines(), result.stderr.decode()

    def judge(self, values, forecast=None, params=None, detect=None, interval=60, **more):
        """The places of the anomalies, of the opened events with their reasons, and the judgements by their place."""
        pipeline = {"interval": f"{interval}s", "detect": {"plugin": "zscore", **(detect or {})}}
        if forecast:
            pipeline["forecast"] = {"plugin": forecast, "params": params or {}, **more}
        written, _ = self.run_lines((f"m v={value:.4f} {START + i * interval}000000000\n" for i, value in enumerate(values)),
                                    pipeline)
        alarms, events = set(), {}
        for line in written:
            place = (int(line.rsplit(" ", 1)[1]) // 10**9 - START) // interval
            if line.startswith("m_anomaly") and "is_anomaly=true" in line:
                alarms.add(place)
            if line.startswith("m_event") and 'state="open"' in line:
                events[place] = re.search(r'reason="([^"]*)"', line)[1]
        return alarms, events


def noise(seed, count, sigma=1.0, level=0.0):
    made = random.Random(seed)
    return [level + made.gauss(0, sigma) for _ in range(count)]


class Values(Case):
    def test_06_a_sensor_that_freezes_is_an_event_while_it_is_frozen(self):
        values = [round(x, 2) for x in noise(1, 800, 0.15, 18)]
        values[200:650] = [values[200]] * 450
        _, events = self.judge(values)
        opened = [place for place, reason in events.items() if reason.startswith("stuck")]
        self.assertEqual(len(opened), 1)
        self.assertLess(opened[0], 240)
        self.assertEqual({place for place in events if place >= 650}, set())

    def test_07_the_least_step_of_a_coarse_sensor_is_no_anomaly(self):
        alarms, _ = self.judge([19.0 + 0.5 * (i // 35 % 2) for i in range(2100)], "naive")
        self.assertLessEqual(len(alarms), 3)

    def test_08_rare_counts_become_normal(self):
        made = random.Random(2)
        values = [float(made.random() < 0.03) for _ in range(2000)]
        for forecast in (None, "naive", "ses"):
            with self.subTest(forecast=forecast):
                alarms, _ = self.judge(values, forecast)
                self.assertLess(len({i for i in alarms if i > 600}), 6)

    def test_09_and_48_a_lasting_shift_is_one_event(self):
        values = noise(3, 300, 1, 90) + noise(4, 500, 1, 60)
        daily = [x + 8 * math.sin(i / 24 * 2 * math.pi) for i, x in enumerate(values)]
        for forecast, params in {None: {}, **ALL}.items():
            with self.subTest(forecast=forecast):
                alarms, events = self.judge(daily if forecast == "holt-winters" else values, forecast, params)
                self.assertEqual(len({place for place in events if place >= 300}), 1)
                self.assertEqual({place for place in alarms if place >= 500}, set())

    def test_10_an_outage_is_found_as_long_as_it_lasts_with_a_range(self):
        values = [55 + 25 * math.sin(i / 50 * 2 * math.pi) + x for i, x in enumerate(noise(5, 900, 0.5))]
        values[500:700] = [100.0] * 200
        alarms, _ = self.judge(values, "ses", detect={"data_range": [None, 90]})
        self.assertEqual(alarms & set(range(500, 710)), set(range(500, 700)))

    def test_16_faults_behind_one_misread_value_are_found(self):
        for forecast, params in ALL.items():
            for misread in (85.0, -127.0):
                with self.subTest(forecast=forecast, misread=misread):
                    values = noise(6, 260, 0.2, 21)
                    values[130] = misread
                    values[170] += 6
                    values[210] -= 6
                    alarms, _ = self.judge(values, forecast, params)
                    self.assertLessEqual({130, 170, 210}, alarms)

    def test_20_a_nightly_job_rings_on_two_nights_and_a_burst_once(self):
        # A fit on a window of four days needs more nights where the job begins late.
        for starts in (0, 5):
            values = noise(7, 11 * 144, 1, 9)
            for day in range(starts, 11):
                for place in (37, 38):
                    values[day * 144 + place] += 42
            burst = 8 * 144 + 90
            values[burst] += 45
            for forecast in SEASONAL:
                for params in [{}, {"fit": "online"}] if forecast == "holt-winters" else [{}]:
                    with self.subTest(starts=starts, forecast=forecast, params=params):
                        _, events = self.judge(values, forecast, {"season_length": 144, **params}, interval=600)
                        is_window = not params and forecast != "seasonal-naive"
                        nights = 4 if is_window and starts > 0 else 2
                        self.assertIn(burst, events)
                        later = {place for place in events if place >= (starts + nights) * 144}
                        self.assertEqual(later - {burst}, set())

    def test_23_one_zero_does_not_end_a_multiplicative_model(self):
        values = [100.0 + 10 * (i % 4) for i in range(90)]
        values[50], values[80] = 0.0, 400.0
        alarms, _ = self.judge(values, "holt-winters", {"season_length": 4, "seasonal": "mul"}, {"params": {"min_samples": 10}})
        self.assertLessEqual({50, 80}, alarms)

    def test_25_steps_behind_equal_values_make_few_alarms(self):
        made = random.Random(8)
        values, level = [], 70.0
        for i in range(400):
            if i >= 15 and i % 3 == 0:
                level += made.choice((-3, -2, -1, 1, 2, 3))
            values.append(level)
        for forecast, params in ALL.items():
            with self.subTest(forecast=forecast):
                alarms, _ = self.judge(values, forecast, params)
                self.assertLess(len(alarms), 16)  # of 129 steps
                self.assertLess(len({i for i in alarms if i > 250}), 8)  # of 50

    def test_36_noise_that_grows_and_shrinks_is_learned(self):
        values = noise(9, 300, 0.1, 5) + noise(10, 400, 1, 5) + noise(11, 400, 0.1, 5)
        for forecast in (None, "naive", "ses", "holt"):
            with self.subTest(forecast=forecast):
                alarms, _ = self.judge(values, forecast)
                self.assertTrue({i for i in alarms if 300 <= i < 340})
                self.assertLess(len({i for i in alarms if i > 600}), 4)

    def test_44_a_slow_drift_is_found(self):
        values = [x + 0.033 * max(0, i - 600) for i, x in enumerate(noise(12, 2100, 1, 40))]
        _, events = self.judge(values)
        found = [place for place, reason in events.items() if reason.startswith("drift")]
        self.assertEqual(len(found), 1)
        self.assertTrue(600 < found[0] < 1400, found)


class Sources(Case):
    def test_30_and_46_values_that_fall_on_one_step_are_told_of_once(self):
        seconds = [f"m v={i % 7} {START + 10 * i}\n" for i in range(2000)]
        two = [f"m v={3.0 + 4 * (i % 2)} {START + 10 * (i // 2) + 5 * (i % 2)}000000000\n" for i in range(3000)]
        for lines in (seconds, two):
            _, told = self.run_lines(lines, {"interval": "10s", "detect": {"plugin": "zscore"}})
            self.assertEqual(told.count("most of its values are not used"), 1)

    def test_31_one_point_far_ahead_does_not_hide_a_fault(self):
        values = noise(13, 220, 0.1, 10)
        values[150] = 16.0
        lines = [f"m v={x:.3f} {START + 60 * i + (172800 if i == 100 else 0)}000000000\n" for i, x in enumerate(values)]
        written, _ = self.run_lines(lines, {"interval": "1m", "detect": {"plugin": "zscore"}})
        alarms = [line for line in written if "is_anomaly=true" in line]
        self.assertEqual(len(alarms), 1)
        self.assertTrue(alarms[0].endswith(f" {START + 9000}000000000"))

    def test_35_containers_of_a_group_share_what_they_learn(self):
        lines, faults = [], 0
        values = noise(14, 2000, 1, 30)
        for i, x in enumerate(values):
            fault = i % 25 == 20 and i > 500
            faults += fault
            lines.append(f"m,name=web,id=c{i // 25} v={x + 40 * fault:.3f} {START + 60 * i}000000000\n")
        written, _ = self.run_lines(lines, {"interval": "1m", "group_by": ["name"], "detect": {"plugin": "zscore"}})
        self.assertGreater(sum("is_anomaly=true" in line for line in written), 0.5 * faults)
        _, told = self.run_lines(lines, {"interval": "1m", "detect": {"plugin": "zscore"}}, limits={"ttl": "5m"})
        self.assertIn("ended before their warm-up did", told)

    def test_41_newest_first_is_told_of(self):
        order = [i + 4 - 2 * (i % 5) for i in range(3000)]
        lines = [f"m v={place % 7} {START + 300 * place}000000000\n" for place in order]
        _, told = self.run_lines(lines, {"interval": "5m", "detect": {"plugin": "zscore"}})
        self.assertEqual(told.count("they are not later than the value before them"), 1)


if __name__ == "__main__":
    main()
