"""What `forecastd score` says of outputs, beside what was calculated by hand; and, where FORECASTD_SHARED names the folder that
holds them, beside another scorer on the labelled series of NAB."""

import gzip
import json
import math
import os
import pathlib
import subprocess
import sys
import unittest

from forecastd_test import FORECASTD, TestCase, forecastd, main

STEP_S = 864  # 100 steps are a day
NS = 10**9


def time_ns(i):
    return (1_700_000_000 + STEP_S * i) * NS


def sigmoid(x):
    return 2 / (1 + math.exp(5 * x)) - 1


def output(scores=None, alarms=(), events=(), key="m,host=a", points=101, verdict="m_anomaly,field=v,host=a",
           event="m_event,field=v,host=a"):
    """What a run would write of a series: its points; with scores, {point: score}, a verdict for each; events that open."""
    lines = []
    for i in range(points):
        lines.append(f"{key} v=1 {time_ns(i)}")
        if scores is not None:
            score = f"anomaly_score={scores[i]}," if i in scores else ""
            lines.append(f"{verdict} y=1,{score}is_anomaly={'true' if i in alarms else 'false'} {time_ns(i)}")
        if i in events:
            lines.append(f'{event} event_id="1",state="open",points=1i {time_ns(i)}')
            lines.append(f'{event} event_id="1",state="closed",points=1i {time_ns(i)}')
    return "\n".join(lines) + "\n"


# Two windows, 20 to 24 and 60 to 69, and five alarms: 10 is a false one. 22 finds the first window; it comes within 30 points
# of 10, so it is no alarm that counts, and neither is 30, which is up to 10 points behind the window. 75 finds the second one and
# counts, so that 90 does not.
WINDOWS = [(20, 24), (60, 69)]
ALARMS = {10: 3, 22: 2, 30: 1.2, 75: 1.5, 90: 1.1}
# NAB has no grace: 75 finds nothing, so a window of the two is missed.
NAB_WON = sigmoid(-3 / 5) / sigmoid(-1)
NAB_LOST = -1 + sigmoid(6 / 4) + sigmoid(6 / 9) + sigmoid(21 / 9)
NAB = 100 * (NAB_WON - 1 + 0.11 * NAB_LOST + 2) / (2 * 2)


class Score(TestCase):
    def labels(self, windows=None, name="labels.json"):
        windows = {"m,host=a": WINDOWS} if windows is None else windows
        path = self.folder / name
        path.write_text(json.dumps({key: [[time_ns(a), time_ns(b)] for a, b in ends] for key, ends in windows.items()}))
        return path

    def score(self, labels, text, *options, code=0, error=""):
        result = forecastd("score", labels, "-", "--json", *options, stdin=text)
        self.assertEqual((result.returncode, result.stderr.decode()), (code, error))
        return json.loads(result.stdout)

    def test_by_hand(self):
        line = self.score(self.labels(), output(ALARMS, ALARMS))
        self.assertEqual((line["series"], line["points"], line["windows"], line["days"]), (1, 101, 2, 1))
        own = line["own"]
        self.assertEqual((own["level"], own["found"], own["recall"], own["false_alarms"], own["false_alarms_a_day"]),
                         ("is_anomaly", 2, 1, 1, 1))
        self.assertAlmostEqual(own["precision"], 2 / 3)
        self.assertAlmostEqual(own["f1"], 0.8)  # 2 * 1 * (2/3) / (1 + 2/3)
        self.assertAlmostEqual(own["mean_delay_s"], (2 + 15) / 2 * STEP_S)
        self.assertAlmostEqual(own["nab"], NAB)

    def test_the_best_threshold(self):
        # From 2 on there are 10 and 22: one window found, one false alarm. From 1.5 on 75 too: the same as all.
        line = self.score(self.labels(), output(ALARMS, alarms={}))
        self.assertEqual((line["own"]["found"], line["own"]["f1"], line["own"]["nab"]), (0, 0, 0))
        self.assertIsNone(line["own"]["mean_delay_s"])
        self.assertEqual(line["best"]["threshold"], 1.5)
        self.assertAlmostEqual(line["best"]["f1"], 0.8)
        self.assertEqual(line["recall_within"], {"0.05": 0, "0.2": 0, "1": 1})  # 10 is an alarm at every threshold
        # NAB's: without 75, which finds nothing there, without 30 and 90.
        self.assertEqual(line["best_nab"]["threshold"], 2)
        self.assertAlmostEqual(line["best_nab"]["nab"], 100 * (NAB_WON - 1 - 0.11 + 2) / 4)

    def test_events_stand_before_points(self):
        line = self.score(self.labels(), output(ALARMS, ALARMS, events=(22, 65)))
        own = line["own"]
        self.assertEqual((own["level"], own["found"], own["false_alarms"], own["f1"]), ("events", 2, 0, 1))
        self.assertAlmostEqual(own["nab"], 100 * (NAB_WON + sigmoid(-5 / 10) / sigmoid(-1) + 2) / 4)
        without_scores = self.score(self.labels(), output(events=(22, 65)))
        self.assertEqual(without_scores["own"], own)
        self.assertNotIn("best", without_scores)

    def test_repeat_and_grace(self):
        line = self.score(self.labels(), output(ALARMS, ALARMS), "--repeat", "0", "--grace", "0")
        # Each alarm counts. 22 alone finds a window; 10, 30, 75 and 90 are false.
        self.assertEqual((line["own"]["found"], line["own"]["false_alarms"]), (1, 4))
        line = self.score(self.labels(), output(ALARMS, ALARMS), "--repeat", "12")
        # 22 counts now. 30 does not, being 8 behind it, 75 and 90 do.
        self.assertEqual((line["own"]["found"], line["own"]["false_alarms"]), (2, 2))
        line = self.score(self.labels(), output(ALARMS, ALARMS), "--grace", "21")  # 90 is in the second window
        self.assertEqual((line["own"]["found"], line["own"]["false_alarms"]), (2, 1))

    def test_probation(self):
        # Neither 10 nor the first window, which begins before 21, counts; 22 does, as a false alarm.
        line = self.score(self.labels(), output(ALARMS, ALARMS), "--probation", "21")
        self.assertEqual((line["windows"], line["own"]["found"], line["own"]["false_alarms"]), (1, 1, 1))
        self.assertAlmostEqual(line["days"], 0.79)  # from 21 to 100

    def test_series_are_matched_by_measurement_and_tags(self):
        labels = self.labels({"m,b=2,a=1": [(20, 24)], "n\\ n,field=x": [(20, 24)]})
        text = output({}, {22}, key="m,a=1,b=2", verdict="m_anomaly,a=1,b=2,field=v")
        text += output({}, {23}, key="n\\ n,field=x", verdict="n\\ n_anomaly,field=x,forecastd_field=v")
        line = self.score(labels, text)
        self.assertEqual((line["series"], line["own"]["found"], line["windows"]), (2, 2, 2))

    def test_fields_of_a_series_are_one(self):
        text = output({22: 2}, {22}) + output({22: 3, 65: 4}, {22, 65}, points=0)
        text += "".join(f"m_anomaly,field=w,host=a anomaly_score=4,is_anomaly=true {time_ns(i)}\n" for i in (22, 65))
        line = self.score(self.labels(), text)
        self.assertEqual((line["series"], line["points"], line["own"]["found"]), (1, 101, 2))

    def test_other_names(self):
        text = output({}, {22}, verdict="m.odd,field=v,host=a", event="m.incident,field=v,host=a", events={65})
        line = self.score(self.labels(), text, "--anomaly-suffix", ".odd", "--event-suffix", ".incident")
        self.assertEqual((line["own"]["level"], line["own"]["found"]), ("events", 1))

    def test_a_judged_series_without_labels_counts(self):
        quiet = output({}, {50}, key="q", verdict="q_anomaly,field=v")
        line = self.score(self.labels(), output({}, {22, 65}) + quiet + output(key="not_watched"))
        self.assertEqual((line["series"], line["own"]["found"], line["own"]["false_alarms"]), (2, 2, 1))
        self.assertEqual(line["own"]["false_alarms_a_day"], 0.5)  # of two series, one day each

    def test_verdicts_alone_are_points(self):
        text = "".join(line + "\n" for line in output(ALARMS, ALARMS).splitlines() if line.startswith("m_anomaly"))
        self.assertEqual(self.score(self.labels(), text), self.score(self.labels(), output(ALARMS, ALARMS)))

    def test_a_window_without_a_point_is_found_by_the_next_one(self):
        lines = [line for line in output({}, {70}).splitlines() if not 60 <= (int(line.split()[-1]) // NS - 1_700_000_000) // STEP_S < 70]
        line = self.score(self.labels({"m,host=a": [(60, 69)]}), "\n".join(lines), "--grace", "0")
        self.assertEqual((line["points"], line["own"]["found"], line["own"]["mean_delay_s"]), (91, 1, 10 * STEP_S))

    def test_what_does_not_fit_together_is_said(self):
        where = str(self.folder / "labels.json") + ":1"
        labels = self.labels({"m,host=a": [(20, 24), (200, 210)], "m,host=z": [(20, 24)]})
        line = self.score(labels, output({}, {22}), error=(
            f"W! forecastd score: {where}: the window from {time_ns(200)} to {time_ns(210)} of 'm,host=a' lies outside of its "
            f"points, which go from {time_ns(0)} to {time_ns(100)}; it is left out\n"
            f"W! forecastd score: {where}: the output has no point of the series 'm,host=z', so its windows count as not found; "
            "judged are 'm,host=a'\n"))
        self.assertEqual((line["windows"], line["own"]["found"]), (2, 1))
        result = forecastd("score", self.labels(), "-", stdin=output())
        self.assertIn(b"W! forecastd score: the output has no verdict and no event: expected measurements that end in '_anomaly' or "
                      b"'_event'", result.stderr)
        anomalies = f"m_anomaly,field=v,host=a is_anomaly=true {time_ns(22)}\n"
        result = forecastd("score", self.labels({}), "-", stdin=anomalies)
        self.assertIn(b'set "emit": "all"', result.stderr)

    def test_min_f1(self):
        text = output(ALARMS, ALARMS)
        self.score(self.labels(), text, "--min-f1", "0.79")
        self.score(self.labels(), text, "--min-f1", "0.81", code=1,
                   error="E! forecastd score: F1 is 0.800, expected 0.810 or more\n")
        result = forecastd("score", self.labels(), "-", "--min-f1", "80", stdin=text)
        self.assertEqual(result.returncode, 2)
        self.assertIn(b"--min-f1: expected a number from 0 to 1", result.stderr)

    def test_what_a_person_reads(self):
        result = forecastd("score", self.labels(), "-", stdin=output(ALARMS, ALARMS))
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        lines = result.stdout.decode().splitlines()
        self.assertEqual(lines[0], "1 series, 101 points, 2 windows, 1.00 days")
        self.assertIn("up to 10 points behind its end", lines[1])
        self.assertEqual(lines[3].split(), ["alarms", "found", "recall", "precision", "F1", "false", "alarms", "delay", "NAB"])
        self.assertEqual(lines[4].split(), ["is_anomaly", "2", "of", "2", "1.000", "0.667", "0.800", "1.000", "2h2m24s", f"{NAB:.1f}"])
        self.assertEqual(lines[5].split(), ["scores", "from", "1.5", "(best", "F1)", "2", "of", "2", "1.000", "0.667", "0.800", "1.000",
                                            "2h2m24s", "-"])
        self.assertTrue(lines[6].startswith("NAB's score at its best threshold, scores from 2: "), lines[6])
        self.assertEqual(lines[7], "recall by the number of false alarms allowed: 0.05: 0.000, 0.2: 0.000, 1: 1.000")

    def test_files_compressed_or_cut(self):
        text = output(ALARMS, ALARMS)
        packed, rest = self.folder / "a.lp.gz", self.folder / "b.lp"
        packed.write_bytes(gzip.compress(text[:len(text) // 2].rsplit("\n", 1)[0].encode()))
        rest.write_text(text[:len(text) // 2].rsplit("\n", 1)[1] + text[len(text) // 2:])
        result = forecastd("score", self.labels(), packed, rest, "--json")
        self.assertEqual(json.loads(result.stdout), self.score(self.labels(), text))
        result = forecastd("score", self.labels(), packed, rest, self.folder / "none.lp", "--json")
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"none.lp' cannot be opened: No such file or directory\n", result.stderr)
        rest.write_text("m v=1 2 3\n")
        result = forecastd("score", self.labels(), rest)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"b.lp', line 1", result.stderr)

    def test_labels_as_csv(self):
        path = self.folder / "labels.csv"
        path.write_text('last_time_ns,note,"series",first_time_ns\r\n'
                        f'{time_ns(24)},"a ""note"", in\ntwo lines","m,host=a",{time_ns(20)}\r\n\r\n{time_ns(69)},,"m,host=a",{time_ns(60)}')
        self.assertEqual(self.score(path, output(ALARMS, ALARMS)), self.score(self.labels(), output(ALARMS, ALARMS)))

    def test_labels_that_are_wrong(self):
        head = "series,first_time_ns,last_time_ns\n"
        for text, message in (
                ("", ":1: found no column 'series' in the first row, expected series, first_time_ns and last_time_ns"),
                ("series,first\n", ":1: found no column 'first_time_ns'"),
                (head + "m,1\n", ":2: found 2 fields, expected one for each name in the first row"),
                (head + "\n,1,2\n", ":3: found the series '', expected a measurement and its tags"),
                (head + "m x,1,2\n", ":2: found the series 'm x', expected a measurement and its tags"),
                (head + "m,1,2s\n", ":2: found '2s' as last_time_ns, expected nanoseconds since 1970, such as 1700000000000000000"),
                (head + "m,3,2\n", ":2: found a window that ends at 2, before it begins at 3"),
                (head + 'm,1,2\n"m,1,2\n', ":3: found a field in quotes that does not end, expected a second quote"),
                ('{"m": [[1, 2]', ":1: found the end of the file, expected ',' or ']'"),
                ('{\n"m": [[1, 2, 3]]}', ":2: found [1,2,3] for the series 'm', expected a window [first_ns, last_ns] in nanoseconds"),
                ('{\n\n"m": 7}', ":3: found 7 for the series 'm', expected a list of windows [first_ns, last_ns]"),
                ('{"m": [[3, 2]]}', ":1: found a window that ends at 2, before it begins at 3")):
            with self.subTest(text):
                path = self.folder / "labels.csv"
                path.write_text(text)
                result = forecastd("score", path, "-")
                self.assertEqual((result.returncode, result.stdout), (1, b""))
                self.assertIn(f"E! forecastd score: {path}{message}", result.stderr.decode())
        result = forecastd("score", self.folder / "none.csv", "-")
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"cannot read the labels '", result.stderr)

    def test_a_simulation_that_was_watched(self):
        config = self.config({"pipelines": [{"namepass": ["temperature"], "interval": "1s", "forecast": {"plugin": "holt"},
                                             "detect": {"plugin": "zscore", "emit": "all"}}]})
        labels = self.folder / "labels.csv"
        data = forecastd("simulate", "--labels", labels).stdout
        line = self.score(labels, forecastd("run", config, stdin=data).stdout)
        self.assertEqual((line["series"], line["points"], line["windows"]), (1, data.count(b"\n"), 9))
        self.assertGreater(line["best"]["recall"], 0.5)


class Another(TestCase):
    """Beside the scorer of the labelled data."""

    @unittest.skipUnless(os.environ.get("FORECASTD_SHARED"), "FORECASTD_SHARED does not name the folder with the labelled series")
    def test_nab(self):
        shared = pathlib.Path(os.environ["FORECASTD_SHARED"])
        data = shared / "data/detection/nab/nab.lp.gz"
        theirs = json.loads((shared / "data/detection/nab/labels.json").read_text())
        probation = 700
        for label in theirs.values():
            label["probation"] = probation
        with gzip.open(data, "rb") as file:
            lines = file.read()
        keys = {line.split(b" ", 1)[0].decode() for line in lines.splitlines()}
        key_of = {key.split("series=")[1].split(",")[0]: key for key in keys}
        (self.folder / "theirs.json").write_text(json.dumps(theirs))
        (self.folder / "ours.json").write_text(json.dumps({key_of[name]: label["windows"] for name, label in theirs.items()}))
        config = self.config({"pipelines": [{"interval": "auto", "forecast": {"plugin": "ses"},
                                             "detect": {"plugin": "zscore", "emit": "all"}}]})
        out = self.folder / "out.lp"
        with out.open("wb") as file:
            subprocess.run([FORECASTD, "run", config], input=lines, stdout=file, check=True)
        ours = json.loads(forecastd("score", self.folder / "ours.json", out, "--probation", probation, "--json").stdout)
        other = json.loads(subprocess.run(
            [sys.executable, shared / "tools/det_score.py", "--input", data, "--labels", self.folder / "theirs.json", "--json", out],
            capture_output=True, check=True).stdout)
        self.assertEqual((ours["series"], ours["points"]), (other["series"], other["rows"]))
        self.assertAlmostEqual(ours["own"]["nab"], other["nab_own"]["standard"])
        self.assertAlmostEqual(ours["best_nab"]["nab"], other["nab_best"]["standard"])
        for one, theirs_of_it in ((ours["own"], other["events_own"]), (ours["best"], other["events_best"])):
            for name, their_name in (("recall", "recall"), ("precision", "precision"), ("f1", "f1"),
                                     ("false_alarms_a_day", "false_per_day")):
                self.assertAlmostEqual(one[name], theirs_of_it[their_name])
        self.assertEqual(ours["best"]["threshold"], other["events_best"]["threshold"])
        for name, their_name in (("0.05", "0.05"), ("0.2", "0.2"), ("1", "1.0")):
            self.assertAlmostEqual(ours["recall_within"][name], other["recall_at_false_per_day"][their_name])


if __name__ == "__main__":
    main()
