"""Several detectors in a pipeline, and the states of series, through the whole program."""

import math
import os
import random
import select
import subprocess

import reference_parser
from forecastd_test import BUILD, FORECASTD, TestCase, forecastd, main

STEP_S = 10
NS = 10**9


def config(detect, **keys):
    return {"pipelines": [{"name": "p", "interval": f"{STEP_S}s", "detect": detect, **keys}]}


def zscore(limit=4, **keys):
    return {"plugin": "zscore", "params": {"z_threshold": limit}, **keys}


def series(values, key="m"):
    return [f"{key} v={value:.4f} {STEP_S * i}000000000\n" for i, value in enumerate(values)]


def troubled(count=700, seed=3):
    """Noise with spikes of several sizes and a level that moves."""
    source = random.Random(seed)
    return [50 + source.gauss(0, 1) + (source.choice((-12, 5, 7, 30)) if i % 41 == 40 else 0) + (6 if i > 500 else 0)
            for i in range(count)]


def fields_of(output, measurement):
    """The points of a measurement: the time in seconds, and the fields."""
    return [(point["time"] / NS, {name: field["value"] for name, field in point["fields"].items()})
            for point in reference_parser.parse(output) if point["measurement"] == measurement]


def scores(output):
    return [fields.get("anomaly_score", math.nan) for _, fields in fields_of(output, "m_anomaly")]


class Votes(TestCase):
    def run_on(self, value, lines, **keys):
        done = forecastd("run", self.config(value), stdin="".join(lines), **keys)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout

    def line_by_line(self, value, lines):
        """The same, each line written once the one before it was answered."""
        with subprocess.Popen([FORECASTD, "run", self.config(value)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as process:
            output = b""
            for line in lines:
                process.stdin.write(line.encode())
                process.stdin.flush()
                while line.encode() not in output[-5000:]:
                    self.assertTrue(select.select([process.stdout], [], [], 10)[0], "a point is answered at once")
                    output += os.read(process.stdout.fileno(), 1 << 16)
            process.stdin.close()
            return output + process.stdout.read()

    def test_known_answers(self):
        """A steady 9, 11, 9, 11, ... has the mean 10 and a deviation of about 1. 16 is 6 of them away, 30 is 20, so the
        limit of 4 is passed by both, that of 10 by the second alone."""
        values = [9 + 2 * (i % 2) for i in range(300)]
        values[150], values[250] = 16, 30
        two = [zscore(4), zscore(10)]
        found = {"any": [150, 250], "all": [250], "majority": [250]}
        for combine, steps in [*found.items(), ({"min": 1}, [150, 250]), ({"min": 2}, [250])]:
            with self.subTest(combine=combine):
                judged = fields_of(self.run_on(config(two, combine=combine), series(values)), "m_anomaly")
                anomalies = {time / STEP_S: fields for time, fields in judged if fields["is_anomaly"]}
                self.assertEqual(list(anomalies), steps)
                self.assertEqual(anomalies[250]["reason"], "2 of 2 detectors: zscore 1; zscore 2")
        alone = fields_of(self.run_on(config(two), series(values)), "m_anomaly")
        self.assertEqual(alone[150][1]["reason"], "1 of 2 detectors: zscore 1")
        self.assertNotIn("reason", alone[149][1])

    def test_the_common_score_is_that_of_a_detector_alone(self):
        """Whatever each detector says by itself, the votes are made of that: the greatest, the least, the second."""
        lines = series(troubled())
        detectors = [zscore(3, detection_direction="above_expected"), {"plugin": "quantile", "params": {"min_samples": 90}, "false_alarms": "1d"},
                     {"plugin": "novelty", "false_alarms": "1d"}]
        alone = [scores(self.run_on(config(one), lines)) for one in detectors]
        for ready in (1, 2, 3):  # each warms up by itself
            self.assertTrue(any(sum(not math.isnan(s[i]) for s in alone) == ready for i in range(len(lines))))
        ranks = {"any": lambda n: 1, "all": lambda n: n, "majority": lambda n: n // 2 + 1}
        for combine, rank in [*ranks.items(), ({"min": 2}, lambda n: min(2, n))]:
            with self.subTest(combine=combine):
                together = scores(self.run_on(config(detectors, combine=combine), lines))
                self.assertEqual(len(together), len(lines))
                for i, score in enumerate(together):
                    known = sorted((s[i] for s in alone if not math.isnan(s[i])), reverse=True)
                    expected = known[rank(len(known)) - 1] if known else math.nan
                    self.assertEqual(str(score), str(expected), i)

    def test_line_by_line_it_is_the_same(self):
        detectors = [zscore(3), {"plugin": "quantile"}, {"plugin": "novelty", "false_alarms": "1d"}]
        lines = series(troubled(400))
        for more in ({}, {"forecast": {"plugin": "holt", "emit_every": "1d"}}):
            value = config(detectors, combine="majority", output={"state": "{measurement}_state"}, **more)
            bulk = self.run_on(value, lines)
            self.assertEqual(self.line_by_line(value, lines), bulk)
            self.assertIn(b"is_anomaly=true", bulk)
            self.assertIn(b"m_event", bulk)
            self.assertIn(b'state="watched"', bulk)

    def test_a_list_of_one_is_that_detector(self):
        lines = series(troubled(300))
        one = zscore(3, false_alarms="30d", emit="anomalies")
        self.assertEqual(self.run_on(config([one]), lines), self.run_on(config(one), lines))

    def test_an_incident_is_one_event_of_all_detectors(self):
        values = [50 + random.Random(4).gauss(0, 1) if i < 1 else 50 + (i * 7 % 5) * 0.4 for i in range(400)]
        values[300:320] = [90] * 20
        out = self.run_on(config([zscore(4, emit="anomalies"), {"plugin": "quantile"}], combine="all"), series(values))
        events = fields_of(out, "m_event")
        self.assertEqual([fields["state"] for _, fields in events if fields["state"] != "update"], ["open", "closed"])
        self.assertEqual(events[0][0], 300 * STEP_S)
        self.assertEqual(events[0][1]["reason"], "2 of 2 detectors: zscore; quantile")

    def test_detectors_of_one_plugin_have_metrics_of_their_own(self):
        value = {**config([zscore(3), zscore(5), {"plugin": "quantile"}]), "metrics": {"every": "1h"}}
        out = self.run_on(value, series(troubled(100)))
        roles = sorted((point["tags"]["role"], point["tags"]["algorithm"]) for point in reference_parser.parse(out)
                       if point["measurement"] == "forecastd_plugin")
        self.assertEqual(roles, [("detect", "zscore"), ("detect_2", "zscore"), ("detect_3", "quantile")])

    def test_commands_know_lists(self):
        path = self.config(config([zscore(3), {"plugin": "quantile", "false_alarms": "30d"}], combine={"min": 2},
                                  namepass=["cpu"]))
        checked = forecastd("check", path)
        self.assertEqual((checked.returncode, checked.stderr), (0, b""))
        self.assertIn(b'  detect    zscore, params {"z_threshold":3}\n            quantile, false_alarms "30d"\n'
                      b"  combine   at least 2\n", checked.stdout)
        wired = forecastd("telegraf-conf", path)
        self.assertEqual((wired.returncode, wired.stderr), (0, b""))
        self.assertIn(b'namepass = ["cpu"]', wired.stdout)

    def test_mistakes_get_a_sentence(self):
        for value, sentence in [
                (config([]), "found [], expected an object, or a list of 1 to 8 of them"),
                (config(zscore(), combine="all"), "'detect' is one detector, so nobody votes"),
                (config([zscore(), zscore()], combine="most"), 'found "most", expected "any", "all", "majority"'),
                (config([zscore(), zscore()], combine={"min": 3}), "'detect' has 2 detectors, expected at most that many"),
                (config([zscore(), {"plugin": "zscor"}]), "pipelines[0].detect[1].plugin of pipeline 'p': there is no "
                                                          "algorithm 'zscor', did you mean 'zscore'?"),
                (config([zscore(emit="all"), zscore(emit="anomalies")]), "this key is about the series"),
                ({"pipelines": [{"name": "p", "forecast": {"plugin": "holt"}, "output": {"state": "{measurement}_s"}}]},
                 "there is no 'detect' whose series could be watched")]:
            with self.subTest(sentence=sentence):
                done = forecastd("check", self.config(value))
                self.assertEqual(done.returncode, 1)
                self.assertIn(sentence, done.stderr.decode())
                self.assertEqual(done.stderr.count(b"\n"), 1)


class Failing(TestCase):
    def plugins(self, *names):
        return {"plugin_dirs": [str(BUILD / "broken_plugins" / name) for name in names]}

    def test_one_that_throws_drops_out_and_is_named_once(self):
        value = {**config([{"plugin": "broken.detector_throws"}, zscore(4)], combine="all",
                          output={"state": "{measurement}_state"}), **self.plugins("detector_throws")}
        values = [50 + (i % 2) for i in range(100)]
        values[90] = 99
        lines = [line for pair in zip(series(values, "m,s=1"), series(values, "m,s=2")) for line in pair]
        done = forecastd("run", self.config(value), stdin="".join(lines))
        self.assertEqual(done.returncode, 0)
        messages = done.stderr.decode().splitlines()
        self.assertEqual(len(messages), 1, messages)
        self.assertRegex(messages[0], r"^W! pipeline 'p', series 'm,s=\d', field 'v': plugin 'broken.detector_throws' failed: "
                                      "the model broke down at point 10; it does not vote on this series any more")
        anomalies = [(time, fields["reason"]) for time, fields in fields_of(done.stdout, "m_anomaly") if fields["is_anomaly"]]
        self.assertEqual(anomalies, [(900, "1 of 1 detectors: zscore")] * 2)
        states = [(time, fields["state"], fields.get("reason")) for time, fields in fields_of(done.stdout, "m_state")]
        failed = "2 detectors vote; broken.detector_throws has failed"
        self.assertEqual(states[::2], [
            (0, "warming", "0 of 2 detectors vote; broken.detector_throws cannot judge yet; zscore cannot judge yet"),
            (10, "watched", "1 of 2 detectors vote; zscore cannot judge yet"),
            (90, "warming", "0 of " + failed + "; zscore cannot judge yet"),
            (300, "watched", "1 of " + failed)])
        self.assertEqual(states[1::2], states[::2])

    def test_one_that_crashes_drops_out_of_the_series_that_it_crashed_on(self):
        """The first crash was a call for several points, the second one tells which series it is about."""
        value = {**config([{"plugin": "broken.detector_crashes"}, zscore(4)], combine="any",
                          output={"state": "{measurement}_state"}), **self.plugins("detector_crashes")}
        calm, below = [1 + i % 2 for i in range(100)], [-1 - i % 2 for i in range(100)]
        calm[90] = below[90] = 99
        lines = [line for pair in zip(series(calm, "m,s=calm"), series(below, "m,s=below")) for line in pair]
        done = forecastd("run", self.config(value), stdin="".join(lines))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"W! pipeline 'p': the detector 'broken.detector_crashes' does not vote on a series that it has "
                      b"crashed on; the other detectors go on\n", done.stderr)
        self.assertEqual(b"".join(line for line in done.stdout.splitlines(keepends=True) if line.startswith(b"m,")),
                         "".join(lines).encode())
        anomalies = {point["tags"]["s"]: point["fields"]["reason"]["value"] for point in reference_parser.parse(done.stdout)
                     if point["measurement"] == "m_anomaly" and point["fields"]["is_anomaly"]["value"]}
        self.assertEqual(anomalies, {"calm": "1 of 2 detectors: zscore", "below": "1 of 1 detectors: zscore"})

    def test_a_plugin_that_is_set_aside_leaves_its_list(self):
        """It crashes with its third series within an hour, and is set aside then; the pipeline goes on with the others."""
        value = {**config([{"plugin": "broken.detector_crashes"}, zscore(4)], output={"state": "{measurement}_state"}),
                 **self.plugins("detector_crashes")}
        values = [-1 - i % 2 for i in range(100)]
        values[90] = 99
        lines = [line for group in zip(*(series(values, f"m,s={n}") for n in range(7))) for line in group]
        done = forecastd("run", self.config(value), stdin="".join(lines))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"W! pipeline 'p': its detector 'broken.detector_crashes' is set aside, since a call to it ended the "
                      b"process before; the pipeline goes on without it\n", done.stderr)
        self.assertEqual(done.stdout.count(b"is_anomaly=true"), 7)


class States(TestCase):
    STATE = {"state": "{measurement}_state"}

    def states(self, value, lines):
        done = forecastd("run", self.config(value), stdin="".join(lines))
        self.assertEqual(done.returncode, 0)
        return [(time, fields["state"], fields.get("reason")) for time, fields in fields_of(done.stdout, "m_state")]

    def test_from_the_first_point_to_being_watched_also_with_anomalies_alone(self):
        values = [50 + i % 2 for i in range(60)]
        for emit in ("all", "anomalies"):
            self.assertEqual(self.states(config(zscore(emit=emit), output=self.STATE), series(values)),
                             [(0, "warming", "zscore needs 29 more points"), (300, "watched", None)])
        learned = {"pipelines": [{"detect": zscore(emit="anomalies"), "output": self.STATE}]}
        self.assertEqual(self.states(learned, series(values)),
                         [(0, "warming", "its interval is learned from its first 8 points, or 32 if their distances vary"),
                          (80, "warming", "zscore needs 21 more points"), (300, "watched", None)])

    def test_tags_and_the_name_of_the_field(self):
        done = forecastd("run", self.config(config(zscore(), output=self.STATE)), stdin="cpu,host=a usage=1,x=2 10000000000\n")
        self.assertIn(b'cpu_state,field=usage,host=a state="warming",reason="zscore needs 29 more points" 10000000000\n',
                      done.stdout)
        self.assertEqual(done.stdout.count(b"cpu_state"), 2)
        # They pass on when they come back in.
        again = forecastd("run", self.config(config(zscore(), output=self.STATE)), stdin=done.stdout)
        self.assertEqual(again.stdout.count(b"_state_"), 0)

    def test_a_model_that_does_not_fit_the_interval_says_so(self):
        detect = {"plugin": "quantile", "params": {"season_length": "25s"}, "emit": "anomalies"}
        states = self.states({"pipelines": [{"detect": detect, "output": self.STATE}]}, series(range(60)))
        self.assertEqual([state for _, state, _ in states], ["warming", "failing"])
        self.assertRegex(states[1][2], r"^plugin 'quantile': season_length: found \"25s\", expected a multiple of")

    def test_a_maintenance_window(self):
        lines = series([50 + i % 2 for i in range(60)])
        lines.insert(50, 'forecastd_control action="suppress",duration="30s" 495000000000\n')
        value = {**config(zscore(), output=self.STATE), "control": {"measurement": "forecastd_control"}}
        self.assertEqual(self.states(value, lines)[2:],
                         [(500, "paused", "a label suppresses its anomalies"), (530, "watched", None)])

    def test_late_points(self):
        late = [f"m v=1 {i}\n" for i in range(1, 30)]
        lines = series([50 + i % 2 for i in range(40)])
        states = self.states(config(zscore(), output=self.STATE), lines[:35] + late + lines[35:])
        self.assertEqual([state for _, state, _ in states], ["warming", "watched", "skipped", "watched"])
        self.assertEqual(states[2][2], "its last points are late: not later than one before them")

    def test_it_is_off_by_default(self):
        done = forecastd("run", self.config(config(zscore())), stdin="".join(series(range(60))))
        self.assertNotIn(b"_state", done.stdout)


if __name__ == "__main__":
    main()
