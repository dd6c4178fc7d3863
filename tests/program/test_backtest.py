"""`forecastd backtest`, beside what `forecastd run` writes for the same points: errors are worked out from its lines here, and
events are scored by `forecastd score`."""

import gzip
import json
import math
import random
import re
import subprocess
import unittest

from forecastd_test import BUILD, FORECASTD, TestCase, forecastd, main

NS = 10**9
BEGIN = 1_700_000_000
STEP_S = 600
DAY = 144  # steps


def value(series, i, noise):
    return 50 + 10 * math.sin(2 * math.pi * i / DAY) + 3 * series + noise.gauss(0, 1)


def recorded(series=("a", "b"), points=6 * DAY, spikes=(), lost=(), seed=1):
    """Two series, by turns; spikes: {(series, step): size}."""
    noise = random.Random(seed)
    lines = []
    for i in range(points):
        for number, name in enumerate(series):
            y = value(number, i, noise) + dict(spikes).get((name, i), 0)
            if (name, i) not in lost:
                lines.append(f"m,host={name} v={y:.3f} {(BEGIN + STEP_S * i) * NS}")
    return "\n".join(lines) + "\n"


def field(line, name):
    found = re.search(rf"[ ,]{name}=(-?[\d.e+-]+)", line)
    return float(found.group(1)) if found else None


CONFIG = {"pipelines": [{"interval": "10m", "forecast": {"plugin": "holt-winters", "params": {"season_length": DAY}, "horizon": 5,
                                                         "level": [80, 95]},
                         "detect": {"plugin": "novelty", "false_alarms": "30d"}}]}


class ByRun:
    """Errors of each series, from the lines that `run` writes."""

    def __init__(self, config, text):
        output = forecastd("run", config, stdin=text).stdout.decode()
        self.values, self.steps, self.ahead, self.events = {}, {}, {}, 0
        for line in output.splitlines():
            host = re.search("host=(.)", line).group(1)
            step = (int(line.rsplit(" ", 1)[1]) // NS - BEGIN) / STEP_S
            if line.startswith("m,"):
                self.values[host, step] = field(line, "v")
            elif line.startswith("m_anomaly"):
                if field(line, "yhat") is not None:
                    self.steps[host, step] = field(line, "yhat"), field(line, "yhat_lower"), field(line, "yhat_upper")
            elif line.startswith("m_forecast"):
                lead = int(field(line, "lead_s")) // STEP_S
                self.ahead.setdefault(lead, {})[host, step] = (field(line, "yhat"), field(line, "yhat_lower"),
                                                               field(line, "yhat_upper"))
            elif line.startswith("m_event") and 'state="open"' in line:
                self.events += 1

    def score(self, lead):
        """Of the widest level."""
        pairs = [(self.values[place], *forecast, place) for place, forecast in self.ahead[lead].items()
                 if place in self.values]
        known = [pair for pair in pairs if pair[2] is not None]  # whose interval is known
        errors = [y - yhat for y, yhat, _, _, _ in pairs]
        mase = []
        for host in sorted({place[0] for *_, place in pairs}):
            own = [(y - yhat, y - self.values.get((host, step - lead), math.nan))
                   for y, yhat, _, _, (of, step) in pairs if of == host]
            mase.append(sum(abs(e) for e, _ in own) / sum(abs(naive) for _, naive in own))
        return {"points": len(pairs), "mae": sum(map(abs, errors)) / len(errors), "bias": sum(errors) / len(errors),
                "rmse": math.sqrt(sum(e * e for e in errors) / len(errors)),
                "smape": sum(200 * abs(y - yhat) / (abs(y) + abs(yhat)) for y, yhat, *_ in pairs) / len(pairs),
                "mase": sum(mase) / len(mase),
                "coverage": 100 * sum(lower <= y <= upper for y, _, lower, upper, _ in known) / len(known),
                "width": sum(upper - lower for _, _, lower, upper, _ in known) / len(known)}


class Backtest(TestCase):
    def backtest(self, *arguments, stdin=b"", code=0, error=""):
        done = forecastd("backtest", "--json", *arguments, stdin=stdin)
        self.assertEqual((done.returncode, done.stderr.decode()), (code, error))
        return json.loads(done.stdout)

    def recording(self, text, name="points.lp"):
        path = self.folder / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return path

    def test_errors_are_those_of_what_run_writes(self):
        text = recorded(lost={("a", 500), ("a", 501), ("b", 700)})
        config = self.config(CONFIG)
        by_run = ByRun(config, text)
        (pipeline,) = self.backtest(config, self.recording(text))["configs"][0]["pipelines"]
        self.assertEqual([lead["steps"] for lead in pipeline["leads"]], [1, 2, 3, 4, 5])
        for lead in pipeline["leads"]:
            expected = by_run.score(lead["steps"])
            with self.subTest(lead=lead["steps"]):
                self.assertGreater(lead["points"], 1600)
                if lead["steps"] > 1:
                    self.assertEqual(lead["points"], expected["points"])
                else:  # the expectation of a value behind a gap looks further ahead than one step
                    self.assertLessEqual(abs(lead["points"] - expected["points"]), 3)
                level = lead["levels"][-1]
                self.assertEqual(level["level"], 95)
                tolerance = 1e-4 if lead["steps"] > 1 else 1e-2
                for name in ("mae", "rmse", "smape", "mase"):
                    self.assertAlmostEqual(lead[name] / expected[name], 1, delta=tolerance, msg=name)
                self.assertAlmostEqual(lead["bias"], expected["bias"], delta=tolerance)
                self.assertAlmostEqual(level["coverage"], expected["coverage"], delta=100 * tolerance)
                self.assertAlmostEqual(level["width"] / expected["width"], 1, delta=tolerance)
        self.assertEqual(pipeline["events"]["count"], by_run.events)

    def test_one_step_ahead(self):
        text = recorded()
        by_run = ByRun(self.config(CONFIG), text)
        (pipeline,) = self.backtest(self.config(CONFIG), self.recording(text))["configs"][0]["pipelines"]
        lead = pipeline["leads"][0]
        # Of a point's own line, and of the line that the point before it wrote.
        known = {place: abs(by_run.values[place] - yhat) for place, (yhat, _, _) in by_run.steps.items()}
        self.assertEqual(lead["points"], len(known))
        self.assertAlmostEqual(lead["mae"] / (sum(known.values()) / len(known)), 1, delta=1e-5)

    def test_the_seasonal_naive_forecast(self):
        text = recorded(series=("a",))
        by_run = ByRun(self.config(CONFIG), text)
        (pipeline,) = self.backtest(self.config(CONFIG), self.recording(text))["configs"][0]["pipelines"]
        self.assertEqual(pipeline["season_s"], DAY * STEP_S)
        for lead in pipeline["leads"][1:]:
            pairs = [(abs(by_run.values[place] - yhat), abs(by_run.values[place] - by_run.values[place[0], place[1] - DAY]))
                     for place, (yhat, _, _) in by_run.ahead[lead["steps"]].items()
                     if place in by_run.values and (place[0], place[1] - DAY) in by_run.values]
            expected = sum(error for error, _ in pairs) / sum(naive for _, naive in pairs)
            self.assertAlmostEqual(lead["mase_seasonal"], expected, delta=1e-4)
            self.assertLess(lead["mase_seasonal"], 0.85)  # one noise instead of two: 1 / sqrt(2)

    def test_events_and_labels_as_score_says(self):
        spikes = {("a", 400): 30, ("b", 600): -30, ("a", 800): 25}
        text = recorded(spikes=spikes)
        labels = self.folder / "labels.json"
        windows = {"m,host=a": [[400, 402], [650, 655]], "m,host=b": [[600, 600]]}
        labels.write_text(json.dumps({key: [[(BEGIN + STEP_S * i) * NS for i in ends] for ends in all_ends]
                                      for key, all_ends in windows.items()}))
        config = self.config(CONFIG)
        output = forecastd("run", config, stdin=text).stdout
        score = json.loads(forecastd("score", labels, "-", "--json", "--repeat", 5, stdin=output).stdout)
        data = self.backtest(config, self.recording(text), "--labels", labels, "--repeat", 5)
        labelled = data["configs"][0]["labelled"]
        self.assertEqual((labelled["windows"], labelled["found"]), (3, 2))
        self.assertGreater(labelled["false_alarms"], 0)
        for name in ("found", "recall", "precision", "f1", "false_alarms", "false_alarms_a_day", "mean_delay_s", "level"):
            self.assertEqual(labelled[name], score["own"][name], name)
        self.assertAlmostEqual(labelled["nab"], score["own"]["nab"], delta=1e-3)
        self.assertEqual(data["configs"][0]["pipelines"][0]["labelled"], labelled)
        # The series with the most events comes first, with its own labels.
        first = data["series"][0]
        self.assertEqual((first["key"], len(first["labels"])), ("m,host=a", 2))
        self.assertEqual(len(first["events"]), first["events_count"])
        begins = [event[0] // 1000 for event in first["events"]]
        self.assertLessEqual({BEGIN + STEP_S * 400, BEGIN + STEP_S * 800}, set(begins))
        worst = data["configs"][0]["pipelines"][0]["events"]["worst"]
        self.assertEqual(len(worst), sum(series["events_count"] for series in data["series"]))
        self.assertEqual(sorted(worst, key=lambda one: -one["peak_score"]), worst)

    def test_warm_up(self):
        text = recorded(series=("a",))
        output = forecastd("run", self.config(CONFIG), stdin=text).stdout.decode()
        (pipeline,) = self.backtest(self.config(CONFIG), self.recording(text))["configs"][0]["pipelines"]
        originals, first_forecast, first_score = 0, None, None
        for line in output.splitlines():
            originals += line.startswith("m,")
            if line.startswith("m_forecast") and first_forecast is None:
                first_forecast = originals
            if line.startswith("m_anomaly") and "anomaly_score=" in line and "warmup" not in line and first_score is None:
                first_score = originals
        self.assertEqual(pipeline["first_forecast"]["median_points"], first_forecast)
        self.assertEqual(pipeline["first_score"]["median_points"], first_score)
        self.assertEqual(pipeline["first_score"]["most_s"], (first_score - 1) * STEP_S)

    def test_files_side_by_side_standard_input_and_gzip(self):
        text = recorded()
        config = self.config(CONFIG)
        lines = text.splitlines(keepends=True)
        one = self.backtest(config, self.recording(text))
        a = self.recording("".join(line for line in lines if "host=a" in line), "a.lp.gz")
        b = self.recording("".join(line for line in lines if "host=b" in line), "b.lp")
        half = len(lines) // 2
        halves = [self.recording("".join(lines[:half]), "1.lp"), self.recording("".join(lines[half:]), "2.lp")]

        def without_names(data):
            for config_data in data["configs"]:
                del config_data["seconds"]
            del data["input"]["files"]
            return data

        expected = without_names(one)
        for files, stdin in (((a, b), b""), (halves, b""), ((), text), (("-",), gzip.compress(text.encode()))):
            with self.subTest(files=files):
                self.assertEqual(without_names(self.backtest(config, *files, stdin=stdin)), expected)
        done = subprocess.run(f"'{FORECASTD}' backtest '{config}' --json < '{self.recording(text)}'", shell=True, check=True,
                              capture_output=True)
        self.assertEqual(without_names(json.loads(done.stdout)), expected)

    def test_configs_side_by_side(self):
        naive = {"pipelines": [{"interval": "10m", "forecast": {"plugin": "naive", "horizon": 5}}]}
        configs = self.config(CONFIG), self.config(naive, "naive.json")
        data = self.backtest(*configs, self.recording(recorded()))
        self.assertEqual([one["name"] for one in data["configs"]], [str(path) for path in configs])
        (comparison,) = data["comparisons"]
        maes = [{series["key"]: series["mae"] for series in data["series"] if series["config"] == number}
                for number in (0, 1)]
        ratio = math.prod(maes[1][key] / maes[0][key] for key in maes[0]) ** (1 / 2)
        self.assertEqual(comparison["leads"][0]["series"], 2)
        self.assertAlmostEqual(comparison["leads"][0]["ratio"], ratio, delta=1e-4)
        self.assertEqual((comparison["leads"][-1]["steps"], comparison["leads"][-1]["a_better"]), (5, 2))
        alone = self.backtest(configs[1], self.recording(recorded()))
        self.assertEqual(alone["configs"][0]["pipelines"], data["configs"][1]["pipelines"])

    def test_the_text(self):
        done = forecastd("backtest", self.config(CONFIG), "-", stdin=recorded(spikes={("a", 700): 40}))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        text = done.stdout.decode()
        for expected in ("1728 points of 1 file, from 2023-11-14 22:13:20Z to 2023-11-20 22:03:20Z\n",
                         "pipeline 'pipeline 1': holt-winters, novelty\n", "2 with 1728 values, interval 10m\n",
                         "    5 steps, 50m", "m,host=a v: above expected, score "):
            self.assertIn(expected, text)

    def test_what_stands_in_the_way(self):
        config = self.config(CONFIG)
        done = forecastd("backtest", config, self.folder / "none.lp")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"'{self.folder}/none.lp' cannot be opened: No such file or directory", done.stderr.decode())
        self.assertIn("there is no point in the input", done.stderr.decode())
        done = forecastd("backtest", self.config({"pipelines": [{"forecast": {"plugin": "none"}}]}, "bad.json"), stdin=recorded())
        self.assertEqual(done.returncode, 1)
        self.assertIn("'none'", done.stderr.decode())
        done = forecastd("backtest", config, "--labels", self.folder / "none.csv", stdin=recorded())
        self.assertEqual(done.returncode, 1)
        done = forecastd("backtest", config, "--report", self.folder / "none" / "report.html", stdin=recorded())
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout, b"")
        self.assertIn(f"--report: '{self.folder}/none/report.html' cannot be written: No such file or directory",
                      done.stderr.decode())

    def test_bad_lines_and_points_without_a_time(self):
        text = recorded() + "m,host=a v= 12\nm,host=a v=50\n"
        data = self.backtest(self.config(CONFIG), stdin=text, code=1, error=(
            "E! forecastd backtest: standard input, line 1729, column 12: expected a number, a quoted string, or true or false, found a space; the point is left out\n"
            "W! forecastd backtest: 1 point has no time, and got that of the latest point before\n"))
        self.assertEqual((data["input"]["points"], data["input"]["left_out"], data["input"]["without_time"]), (1729, 1, 1))

    def test_one_series_behind_the_other_is_told(self):
        lines = recorded().splitlines(keepends=True)
        text = "".join(sorted(lines, key=lambda line: line.split()[0]))
        done = forecastd("backtest", self.config(CONFIG), stdin=text)
        self.assertIn("the points are not in the order of time: 863 points are more than a minute older than one before",
                      done.stderr.decode())

    def test_a_plugin_that_crashes_is_named(self):
        config = {"plugin_dirs": [str(BUILD / "broken_plugins/crashes_on_value")],
                  "pipelines": [{"interval": "10m", "forecast": {"plugin": "broken.crashes_on_value"}}]}
        done = forecastd("backtest", self.config(config), stdin="m v=666 0\n" + "".join(
            f"m v={i} {i * 600 * NS}\n" for i in range(1, 9)))
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("crashes_on_value", done.stderr.decode())
        self.assertIn("left out", done.stderr.decode())


if __name__ == "__main__":
    main()
