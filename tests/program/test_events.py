"""Events through the whole program: one incident is one event, however the input is cut."""

import collections
import json
import random
import subprocess

import reference_parser
from forecastd_test import FORECASTD, TestCase, forecastd, main

STEP_S = 10
DETECT = {"plugin": "zscore"}


def config(**keys):
    return {"pipelines": [{"name": "p", "interval": "10s", "detect": DETECT, **keys}]}


def with_holt(**keys):
    return config(forecast={"plugin": "holt", "horizon": 1, "emit_every": "1d"}, **keys)


def series(values, key="m"):
    return [f"{key} v={value:.4f} {STEP_S * i}000000000\n" for i, value in enumerate(values)]


def noisy(count, seed=1, level=50.0):
    source = random.Random(seed)
    return [level + source.gauss(0, 1) for _ in range(count)]


def rows_of(output):
    """The rows of events in an output, in order: a dict each, with the time in steps."""
    rows = []
    for point in reference_parser.parse(output):
        if point["measurement"].endswith("_event"):
            rows.append({"time": point["time"] // (STEP_S * 10**9), "tags": point["tags"],
                         **{name: field["value"] for name, field in point["fields"].items()}})
    return rows


class Events(TestCase):
    def run_on(self, value, lines, **keys):
        done = forecastd("run", self.config(value), stdin="".join(lines), **keys)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout

    def rows(self, value, lines, behind=200):
        """Those behind the first points, in which a detector that knows little may be wrong."""
        return [row for row in rows_of(self.run_on(value, lines)) if row["start"] >= behind * STEP_S * 10**9]

    def states(self, rows):
        return [row["state"] for row in rows if row["state"] != "update"]

    def test_who_writes_only_a_detector_is_told(self):
        values = noisy(600)
        values[300] += 40
        rows = self.rows({"pipelines": [{"name": "p", "detect": DETECT}]}, series(values, "cpu,host=a"))
        self.assertEqual(self.states(rows), ["open", "closed"])
        opened, closed = rows[0], rows[-1]
        self.assertEqual(opened["tags"], {"host": "a", "field": "v"})
        self.assertEqual(opened["event_id"], closed["event_id"])
        self.assertRegex(opened["event_id"], "^[0-9a-f]{16}$")
        self.assertEqual((opened["time"], opened["start"]), (300, 300 * STEP_S * 10**9))
        self.assertEqual(closed["time"], 360)  # "clear" is ten minutes
        self.assertEqual(closed["direction"], "above_expected")
        self.assertEqual(closed["points"], 1)
        self.assertAlmostEqual(closed["peak_value"], values[300], places=3)
        self.assertEqual(closed["reason"], "The value is above the expected one.")
        self.assertNotIn("nan", str(rows))

    def test_null_leaves_events_out_and_all_else_as_it_is(self):
        values = noisy(400)
        values[300] += 40
        with_events = self.run_on(config(), series(values))
        without = self.run_on(config(output={"event": None}), series(values))
        self.assertEqual([line for line in with_events.splitlines() if not line.startswith(b"m_event")],
                         without.splitlines())

    def test_a_level_shift_is_one_event(self):
        for name, value in (("zscore", config()), ("holt", with_holt())):
            for change in (12, -12, 60):
                with self.subTest(detector=name, change=change):
                    values = noisy(1000) + noisy(1500, 2, 50 + change)
                    rows = self.rows(value, series(values))
                    self.assertEqual(self.states(rows), ["open", "closed"])
                    self.assertEqual(rows[0]["start"], 1000 * STEP_S * 10**9)
                    self.assertLessEqual(rows[0]["time"], 1001)  # little is known of the series: a second point may be needed

    def test_one_point_far_off_opens_an_event_at_once(self):
        for name, value in (("zscore", config()), ("holt", with_holt())):
            for size in (15, -15, 60):
                with self.subTest(detector=name, size=size):
                    values = noisy(900)
                    values[800] += size
                    self.assertEqual([row["time"] for row in self.rows(value, series(values)) if row["state"] == "open"], [800])

    def test_a_point_far_off_a_steep_slope_is_found(self):
        """The steps of the slope are no coarse steps of the value, and set no floor of the scale."""
        values = [100 * i + noise for i, noise in enumerate(noisy(600))]
        values[500] += 120
        for detector in ("zscore", "mad", "quantile"):
            with self.subTest(detector=detector):
                rows = self.rows({"pipelines": [{**with_holt()["pipelines"][0], "detect": {"plugin": detector}}]}, series(values))
                self.assertIn(500, [row["time"] for row in rows if row["state"] == "open"])

    def test_three_moderate_points_are_an_event_and_one_is_none(self):
        """In the first days of a series, of which little is known."""
        for count, opened in ((1, []), (3, [802])):
            with self.subTest(count=count):
                values = noisy(900)
                for i in range(800, 800 + count):
                    values[i] = 55.5
                self.assertEqual([row["time"] for row in self.rows(config(), series(values)) if row["state"] == "open"], opened)

    def test_skewed_noise_is_quiet_and_an_incident_in_it_is_found(self):
        """One point in 1,500 lies beyond four deviations, for ever: usual for this series, though not for others."""
        source = random.Random(3)
        values = [50 + 20 * source.lognormvariate(0, 0.5) for _ in range(20000)]
        for i in range(19000, 19010):
            values[i] += 100
        plain, usual = ([row["time"] for row in self.rows(config(alarm=alarm), series(values), 2000) if row["state"] == "open"]
                        for alarm in ({"raise": 1}, {}))
        self.assertGreater(len([time for time in plain if time < 19000]), 10)
        self.assertLessEqual(len([time for time in usual if time < 19000]), 3)
        self.assertTrue([time for time in usual if 19000 <= time < 19005])

    def test_an_incident_of_dozens_of_points_is_one_event(self):
        for name, value in (("zscore", config()), ("holt", with_holt())):
            with self.subTest(detector=name):
                values = noisy(2500)
                for i in range(1000, 1060):
                    values[i] += 30 * (i % 4 != 3)
                rows = self.rows(value, series(values))
                self.assertEqual(self.states(rows), ["open", "closed"])
                self.assertEqual(rows[0]["time"], 1000)
                self.assertGreaterEqual(rows[-1]["points"], 5)

    def test_the_return_to_normal_is_none(self):
        """The level comes back long after both models have learned the other one, and the silence is over."""
        for name, value in (("zscore", config()), ("holt", with_holt())):
            with self.subTest(detector=name):
                values = noisy(1000) + noisy(600, 2, 80) + noisy(1000, 3)
                self.assertEqual(self.states(self.rows(value, series(values))), ["open", "closed"])

    def test_raise(self):
        values = noisy(500)
        for i in (300, 310, 312, 350, 351, 352, 353):
            values[i] += 40
        for setting, opens in ((1, [300]), (2, [351]), ("2/3", [312]), ("3/5", [352]), ("30s", [353]), ("1m", [])):
            with self.subTest(setting=setting):
                rows = self.rows(config(alarm={"raise": setting, "silence": 0, "clear": "30s"},
                                        detect={**DETECT, "params": {"half_life": 100_000}}), series(values))
                opened = [row["time"] for row in rows if row["state"] == "open"]
                self.assertEqual(opened[:1], opens)

    def test_edges_alone(self):
        values = noisy(400)
        for i in range(300, 310):
            values[i] += 10 * 1.7 ** (i - 300)
        states = [row["state"] for row in self.rows(config(), series(values))]
        self.assertIn("update", states)
        states = [row["state"] for row in self.rows(config(alarm={"emit": "edges"}), series(values))]
        self.assertEqual(states, ["open", "closed"])

    def test_rising_is_of_the_value(self):
        """A fridge: a cold dip and the return from it are no warming; a warming is."""
        values = noisy(1000)
        for i in range(500, 520):
            values[i] -= 30
        for i in range(700, 720):
            values[i] += 30
        rows = self.rows(with_holt(detect={**DETECT, "detection_direction": "rising"}), series(values))
        opened = [row for row in rows if row["state"] == "open"]
        self.assertEqual([(row["time"], row["direction"]) for row in opened], [(700, "rising")])

    def troubled(self):
        """Three series with spikes, shifts, holes, and a clock that is set back."""
        lines = []
        for k, key in enumerate(("m,host=a", "m,host=b", "other")):
            values = noisy(700, k)
            source = random.Random(100 + k)
            for _ in range(6):
                first = source.randrange(60, 680)
                for i in range(first, first + source.randrange(1, 15)):
                    values[i] += 25
            lines.append([line for line in series(values, key) if source.random() > .02])
        together = [line for trio in zip(*lines) for line in trio]
        return together + series(noisy(300, 9), "m,host=a")

    def test_however_the_input_is_cut(self):
        value = {"pipelines": [{"name": "p", "detect": DETECT, "alarm": {"raise": "2/3", "clear": "1m", "silence": 20}}],
                 "limits": {"ttl": "30m"}}
        lines = self.troubled()
        data = "".join(lines).encode()
        whole = self.run_on(value, lines)
        self.assertGreater(len(rows_of(whole)), 6)
        path = self.config(value)

        def pieces(cut):
            with open(self.folder / "out", "wb") as out, \
                    subprocess.Popen([FORECASTD, "run", path], stdin=subprocess.PIPE, stdout=out) as process:
                for piece in cut:
                    process.stdin.write(piece)
                    process.stdin.flush()
            self.assertEqual(process.returncode, 0)
            return (self.folder / "out").read_bytes()

        self.assertEqual(pieces(line.encode() for line in lines), whole)
        source, cut, at = random.Random(5), [], 0
        while at < len(data):
            size = source.randrange(1, 3000)
            cut.append(data[at:at + size])
            at += size
        self.assertEqual(pieces(cut), whole)

    def test_in_a_database_each_event_is_a_row_that_opens_and_one_that_closes(self):
        value = {"pipelines": [{"name": "p", "interval": "10s", "detect": DETECT,
                                "alarm": {"raise": 1, "clear": "0s", "silence": 0, "again": 0}}]}
        rows = self.rows(value, self.troubled(), behind=0)
        places = collections.Counter((json.dumps(row["tags"], sort_keys=True), row["time"]) for row in rows)
        self.assertGreater(len(places), 20)
        self.assertEqual(max(places.values()), 1)  # none replaces another
        events = collections.defaultdict(list)
        for row in rows:
            events[row["event_id"]].append(row["state"])
        for states in events.values():
            self.assertEqual(states[0], "open")
            self.assertEqual(states.count("open"), 1)
            self.assertEqual(states.count("closed"), 1)
            self.assertEqual(states[-1], "closed")

    def test_they_are_counted(self):
        values = noisy(500)
        values[300] += 40
        values[499] += 40
        out = self.run_on({**config(alarm={"raise": 1}), "metrics": {"every": "1h"}}, series(values))
        own = [point for point in reference_parser.parse(out) if point["measurement"] == "forecastd"][-1]["fields"]
        self.assertEqual((own["events"]["value"], own["events_open"]["value"]), (2, 1))
        self.assertEqual(rows_of(out)[-1]["state"], "open")

    def test_events_do_not_come_back_in(self):
        lines = ['m_event,field=v event_id="a",state="open",peak_score=3,points=1i 10000000000\n']
        self.assertEqual(self.run_on(config(), lines), "".join(lines).encode())


class Mistakes(TestCase):
    def sentence(self, value):
        done = forecastd("check", self.config(value))
        self.assertEqual(done.returncode, 1)
        return done.stdout.decode() + done.stderr.decode()

    def test_sentences(self):
        expected = ("expected \"auto\", a number of points in a row from 1 to 32, a part of the last points such as \"3/5\", or a "
                    "duration")
        for setting in (0, 33, "5/3", "0/3", "3/50", "3/", "2 m", "0s", True, None, "x"):
            with self.subTest(setting=setting):
                self.assertIn(expected, self.sentence(config(alarm={"raise": setting})))
        self.assertIn("did you mean 'silence'", self.sentence(config(alarm={"silents": 5})))
        self.assertIn("'clear'", self.sentence(config(alarm={"claer": "5m"})))
        self.assertIn("expected a number from 0 to 1", self.sentence(config(alarm={"clear_score": 2})))
        self.assertIn("there is no 'detect' whose anomalies events could be made of",
                      self.sentence({"pipelines": [{"name": "p", "forecast": {"plugin": "holt"}, "alarm": {}}]}))
        self.assertIn("'output.event' is null", self.sentence(config(alarm={}, output={"event": None})))
        self.assertIn("two names that differ", self.sentence(config(output={"event": "{measurement}_anomaly"})))
        self.assertIn("or null", self.sentence(config(output={"event": 5})))


if __name__ == "__main__":
    main()
