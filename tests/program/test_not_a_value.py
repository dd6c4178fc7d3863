"""What no single value shows: a stuck sensor, a slow drift, a series that stops, a pipeline that watches nothing; and labels,
by which a person says what is known about a series."""

import os
import random
import re
import subprocess
import time

from forecastd_test import FORECASTD, TestCase, forecastd, main

NS = 1_000_000_000
START = 1_700_006_400  # midnight UTC


def lines(values, step=60, key="m,host=a", start=START):
    """Points of one series; a value of None is a point that does not come."""
    return [f"{key} v={value!r} {start + i * step}000000000" for i, value in enumerate(values) if value is not None]


def noise(count, seed=1, scale=1.0):
    random.seed(seed)
    return [round(20 + random.gauss(0, scale), 3) for _ in range(count)]


def by_time(*series):
    return "\n".join(sorted((line for one in series for line in one), key=lambda line: int(line.rsplit(" ", 1)[1]))) + "\n"


class NotAValue(TestCase):
    def pipelines(self, detect=None, **more):
        quiet = {"plugin": "zscore", "params": {"z_threshold": 1000}, "emit": "anomalies"}
        return {"pipelines": [{"name": "p", "namepass": ["m"], "interval": "1m", "detect": {**quiet, **(detect or {})}}], **more}

    def run_all(self, text, config=None):
        done = forecastd("run", self.config(config or self.pipelines()), stdin=text)
        self.assertEqual(done.returncode, 0)
        return done.stdout.decode(), done.stderr.decode()

    def events(self, output, reason=""):
        """(host, state, seconds since the start) of each row about an event with that reason."""
        return [(re.search(r"host=(\w+)", line)[1], re.search(r'state="(\w+)"', line)[1],
                 int(line.rsplit(" ", 1)[1]) / NS - START)
                for line in output.splitlines() if line.startswith("m_event") and reason in line]

    def anomalies(self, output, reason):
        return [int(line.rsplit(" ", 1)[1]) // NS - START for line in output.splitlines()
                if line.startswith("m_anomaly") and reason in line]


class Stuck(NotAValue):
    def test_a_frozen_sensor_is_found_and_the_scale_does_not_shrink(self):
        values = [round(v * 4) / 4 for v in noise(600, scale=0.4)]
        longest = run = 1
        for before, now in zip(values, values[1:]):
            run = run + 1 if before == now else 1
            longest = max(longest, run)
        frozen = 20.25
        values[-1] = 20.5  # so that the run begins with the next value
        values += [frozen] * 500 + [round(v * 4) / 4 for v in noise(300, seed=2, scale=0.4)]
        output, _ = self.run_all(by_time(lines(values)), self.pipelines({"params": {"z_threshold": 5}}))
        found = self.anomalies(output, "stuck")
        self.assertEqual(found, [60 * i for i in range(600 + 5 * longest, 1100)])
        others = [time for time in self.anomalies(output, "is_anomaly=true") if time not in found]
        self.assertEqual(others, [])

    def test_what_rests_is_not_stuck(self):
        daily = [0.0 if i % 1440 < 480 else v for i, v in enumerate(noise(5 * 1440))]  # empty at night, from the start
        shop = [v if i % 1440 < 960 else 0.0 for i, v in enumerate(noise(5 * 1440))]
        kinds = {"a constant": [42.0] * 20_000, "one step": [1.0] * 5000 + [2.0] * 5000, "empty at night": daily,
                 "open by day": shop, "square": [20.0 if i % 100 < 50 else 80.0 for i in range(10_000)]}
        for name, values in kinds.items():
            with self.subTest(name):
                output, _ = self.run_all(by_time(lines(values)))
                self.assertEqual(self.anomalies(output, "stuck"), [])

    def test_it_can_be_switched_off(self):
        text = by_time(lines(noise(100) + [20.25] * 500))
        self.assertTrue(self.anomalies(self.run_all(text)[0], "stuck"))
        self.assertEqual(self.anomalies(self.run_all(text, self.pipelines({"stuck": False}))[0], "stuck"), [])


class Drift(NotAValue):
    def test_a_slow_drift_is_found(self):
        for sign in (1, -1):
            values = [v + sign * 0.005 * max(0, min(i - 3000, 3000)) for i, v in enumerate(noise(7000))]
            output, _ = self.run_all(by_time(lines(values)))
            found = self.anomalies(output, "drift")
            self.assertTrue(found)
            self.assertGreater(found[0], 3000 * 60)
            self.assertLess(found[0], (3000 + 1600) * 60)  # 15 deviations in 3,000 points: found in half of them

    def test_what_moves_by_itself_is_no_drift(self):
        import math
        random.seed(3)
        walk, level = [], 0.0
        for _ in range(20_000):
            level += random.gauss(0, 1)
            walk.append(level)
        wave = [v + 10 * math.sin(i * 2 * math.pi / 1440) for i, v in enumerate(noise(20_000))]
        kinds = {"noise": noise(20_000), "a random walk": walk, "a daily wave": wave, "a lasting slope": list(map(float, range(20_000))),
                 "a step": [v + (30 if i > 10_000 else 0) for i, v in enumerate(noise(20_000))]}
        for name, values in kinds.items():
            with self.subTest(name):
                output, _ = self.run_all(by_time(lines(values)))
                self.assertEqual(self.anomalies(output, "drift"), [])


class Silence(NotAValue):
    def test_a_series_that_stops_is_an_event_that_closes_when_it_returns(self):
        stops = noise(100) + [None] * 50 + noise(50)
        output, _ = self.run_all(by_time(lines(noise(200), key="m,host=b"), lines(stops)))
        events = self.events(output, "no data")
        self.assertEqual([event[:2] for event in events], [("a", "open"), ("a", "closed")])
        last, back = 99 * 60, 150 * 60
        self.assertTrue(last + 5 * 60 <= events[0][2] <= last + 7 * 60, events)
        self.assertAlmostEqual(events[1][2], back, delta=0.001)

    def test_the_output_does_not_depend_on_where_the_input_is_cut(self):
        text = by_time(lines(noise(200), key="m,host=b"), lines(noise(100) + [None] * 50 + noise(50))).encode()
        whole = self.run_all(text)[0]
        config = self.config(self.pipelines())
        run = subprocess.Popen([FORECASTD, "run", config], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for i in range(0, len(text), 997):
            run.stdin.write(text[i:i + 997])
            run.stdin.flush()
            time.sleep(0.002)
        self.assertEqual(run.communicate(timeout=30)[0].decode(), whole)

    def test_what_pauses_by_itself_is_not_missed(self):
        random.seed(1)
        b = lines([1.0 + i % 7 for i in range(9 * 1440)], key="m,host=b")
        night = lines([v if i % 1440 < 1200 else None for i, v in enumerate(noise(9 * 1440))])
        output, _ = self.run_all(by_time(b, night))
        opened = [event[2] for event in self.events(output, "no data") if event[1] == "open"]
        self.assertEqual(len(opened), 1, "the first night alone is news")
        rare = lines([v if random.random() < 0.2 else None for v in noise(9 * 1440)], key="m,host=c")
        output, _ = self.run_all(by_time(b, rare))
        self.assertLessEqual(len([event for event in self.events(output, "no data") if event[1] == "open"]), 2)

    def test_quiet_at_the_end_of_the_input_and_when_all_pause(self):
        both = [lines(noise(100) + [None] * 600 + noise(100), key=f"m,host={host}") for host in "ab"]
        output, _ = self.run_all(by_time(*both))
        self.assertEqual(self.events(output), [])

    def test_one_point_far_ahead_makes_nothing_silent(self):
        wrong = [f"m,host=a v=20 {START + 2 * 86400 + 3000}000000000"]
        ordered = by_time(lines(noise(200), key="m,host=b"), lines(noise(200))).splitlines()
        output, _ = self.run_all("\n".join(ordered[:200] + wrong + ordered[200:]) + "\n")
        self.assertEqual(self.events(output), [])

    def test_a_series_that_has_ended_is_closed_by_the_ttl(self):
        output, _ = self.run_all(by_time(lines(noise(400), key="m,host=b"), lines(noise(100))),
                                 self.pipelines(limits={"ttl": "1h"}))
        events = [event[:2] for event in self.events(output) if event[0] == "a"]
        self.assertEqual(events, [("a", "open"), ("a", "closed")])
        self.assertIn("ttl", [line for line in output.splitlines() if 'state="closed"' in line][0])

    def test_the_last_series_alive_is_missed_by_the_wall_clock(self):
        config = self.pipelines()
        config["pipelines"][0]["interval"] = "100ms"
        run = subprocess.Popen([FORECASTD, "run", self.config(config)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(run.stdout.close)
        now = time.time_ns()
        for i in range(60):
            run.stdin.write(f"m,host=a v={i % 7} {now - (60 - i) * NS // 10}\n".encode())
        run.stdin.flush()
        found = []
        while not found:  # the test's own time limit ends it
            line = run.stdout.readline().decode()
            self.assertTrue(line, "the output ended")
            found = [line] if "m_event" in line else []
        self.assertIn('state="open"', found[0])
        self.assertIn("no data", found[0])
        run.stdin.write(f"m,host=a v=1 {time.time_ns()}\n".encode())
        run.stdin.close()
        self.assertIn('state="closed"', run.stdout.read().decode())
        run.wait(timeout=30)

    def test_it_can_be_switched_off(self):
        text = by_time(lines(noise(200), key="m,host=b"), lines(noise(100)))
        self.assertEqual(len(self.events(self.run_all(text)[0])), 1)
        for off in ({"no_data_after": "off"}, {"no_data_after": "3h"}, {"no_data_after": 150}):
            self.assertEqual(self.events(self.run_all(text, self.pipelines(off))[0]), [])


class Unwatched(NotAValue):
    def test_one_point_two_days_ahead_costs_nothing(self):
        values = noise(200)
        values[150] = 60.0
        text = lines(values)
        text.insert(101, f"m,host=a v=20 {START + 2 * 86400}000000000")
        output, _ = self.run_all("\n".join(text) + "\n", self.pipelines({"params": {"z_threshold": 6}, "emit": "all"}))
        judged = [line for line in output.splitlines() if line.startswith("m_anomaly")]
        self.assertEqual(len(judged), 200)
        self.assertEqual(self.anomalies(output, "is_anomaly=true"), [150 * 60])

    def test_short_lived_series_are_told_of_once(self):
        text = []
        for i in range(300):
            text += lines(noise(25, seed=i), key=f"m,host=c{i}", start=START + i * 1500)
        _, errors = self.run_all("\n".join(text) + "\n")
        warnings = [line for line in errors.splitlines() if "ended before their warm-up" in line]
        self.assertEqual(len(warnings), 1, errors)
        self.assertTrue(warnings[0].startswith("W! pipeline 'p':"))

    def test_short_lived_series_of_a_group_share_what_they_learn(self):
        text = []
        for i in range(20):
            values = noise(25, seed=i)
            values[20] += 40 if i > 5 else 0
            text += lines(values, key=f"m,host=a,id=c{i}", start=START + i * 1500)
        text = "\n".join(text) + "\n"
        config = self.pipelines({"params": {"z_threshold": 8}})
        self.assertEqual(self.anomalies(self.run_all(text, config)[0], "is_anomaly=true"), [])
        config["pipelines"][0]["group_by"] = ["host"]
        config["limits"] = {"ttl": "1d"}
        output, errors = self.run_all(text, config)
        self.assertEqual(self.anomalies(output, "is_anomaly=true"), [i * 1500 + 20 * 60 for i in range(6, 20)])
        self.assertEqual({line.split(" ")[0] for line in output.splitlines() if line.startswith("m_anomaly")},
                         {"m_anomaly,field=v,host=a"})
        self.assertEqual(errors, "")
        config["pipelines"][0]["tagpass"] = {"id": ["c*"]}
        self.assertIn("found the tag \"id\", which 'group_by' leaves out", self.run_all(text, config)[1])

    def test_newest_first(self):
        ordered = lines(noise(300))
        text = [line for i in range(0, 300, 5) for line in reversed(ordered[i:i + 5])]
        _, errors = self.run_all("\n".join(text) + "\n")
        self.assertEqual(len(errors.splitlines()), 1)
        self.assertIn("newest value first", errors)

    def state(self, text, **more):
        output, _ = self.run_all(text, self.pipelines(metrics={"every": "1h"}, **more))
        line = [line for line in output.splitlines() if line.startswith("forecastd_state,pipeline=p ")][-1]
        return dict(re.findall(r"(\w+)=(\d+)i", line)), (re.search(r'reason="([^"]*)"', line) or [None, None])[1]

    def test_how_many_series_are_watched(self):
        state, reason = self.state(by_time(lines(noise(5))))
        self.assertEqual((state["series"], state["warming_up"], state["watched"]), ("1", "1", "0"))
        self.assertIn("warm up", reason)
        state, reason = self.state(by_time(lines(noise(200), key="m,host=b"), lines(noise(100)), lines(noise(5), key="m,host=c")))
        self.assertEqual({name: state[name] for name in ("series", "warming_up", "watched", "failing", "silent")},
                         {"series": "3", "warming_up": "1", "watched": "2", "failing": "0", "silent": "1"})
        self.assertIsNone(reason)


class Labels(NotAValue):
    def text(self, labels):
        """Two hosts with a spike every 20 points, and labels at their times."""
        values = [60.0 if i % 20 == 10 and i > 60 else v for i, v in enumerate(noise(200))]
        told = [f'forecastd_control{tags} action="{action}"{more} {START + at * 60}000000000' for at, tags, action, more in labels]
        return by_time(told, lines(values), lines(values, key="m,host=b"))

    def alarms(self, labels, control=True):
        config = self.pipelines({"params": {"z_threshold": 6, "half_life": 1000}})
        if control:
            config["control"] = {"measurement": "forecastd_control"}
        output, errors = self.run_all(self.text(labels), config)
        found = {"a": [], "b": []}
        for line in output.splitlines():
            if line.startswith("m_anomaly"):
                found[re.search(r"host=(\w)", line)[1]].append((int(line.rsplit(" ", 1)[1]) // NS - START) // 60)
        return found, errors, output

    def test_suppress_and_resume(self):
        every = list(range(70, 200, 20))
        self.assertEqual(self.alarms([])[0], {"a": every, "b": every})
        found, _, output = self.alarms([(85, ",host=a", "suppress", ',duration="45m"')])
        self.assertEqual(found, {"a": [70, 130, 150, 170, 190], "b": every})
        self.assertIn("forecastd_control,host=a", output)  # the label itself passes on
        found, *_ = self.alarms([(85, ",host=a", "suppress", ""), (145, ",host=a", "resume", "")])
        self.assertEqual(found, {"a": [70, 150, 170, 190], "b": every})
        found, *_ = self.alarms([(85, "", "suppress", "")])
        self.assertEqual(found, {"a": [70], "b": [70]})
        found, *_ = self.alarms([(85, "", "suppress", ',field="other"')])
        self.assertEqual(found, {"a": every, "b": every})

    def test_a_series_that_begins_in_the_window_is_suppressed_too(self):
        found, *_ = self.alarms([(-5, ",host=b", "suppress", ',duration="2h"')])
        self.assertEqual(found, {"a": list(range(70, 200, 20)), "b": [130, 150, 170, 190]})

    def test_reset(self):
        found, *_ = self.alarms([(85, ",host=a", "reset", "")])
        self.assertEqual(found["b"], list(range(70, 200, 20)))
        self.assertEqual([at for at in found["a"] if at < 85 + 30], [70])  # it warms up again

    def test_normal(self):
        found, *_ = self.alarms([(85, ",host=a", "normal", ',duration="30m"')])
        self.assertEqual(found, {"a": [70, 130, 150, 170, 190], "b": list(range(70, 200, 20))})

    def test_what_is_wrong_is_told(self):
        for more in ((85, "", "explode", ""), (85, "", "suppress", ',duration="soon"')):
            found, errors, _ = self.alarms([more])
            self.assertEqual(found["a"], list(range(70, 200, 20)))
            self.assertRegex(errors, r"^W! the label 'forecastd_control': found the (action|duration) .*no effect")

    def test_off_by_default(self):
        found, errors, _ = self.alarms([(85, "", "suppress", "")], control=False)
        self.assertEqual((found["a"], errors), (list(range(70, 200, 20)), ""))


if __name__ == "__main__":
    main()
