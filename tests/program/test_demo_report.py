"""tests/demo/report.py on a run of a thousand seconds that is written by hand here."""

import subprocess
import sys

from forecastd_test import ROOT, TestCase, main

SECOND = 1_000_000_000
SERIES = "temperature,brew=a"
STUCK = range(200, 220)
LOST = range(400, 410)
SPIKE = 600
SHIFT = 800
FALSE_ALARM = 50
POINTS = 1000


def expected(second):
    return 20 + second % 2 * 0.5 + (2 if second >= SHIFT else 0)


def value(second):
    return 25 if second == SPIKE else 20 if second in STUCK else expected(second)


def output_lines(second, alarms):
    """An original, and what a run adds to it: the forecast is right but for the interval of every tenth point."""
    time = second * SECOND
    yhat = expected(second) + 0.01
    width = 0 if second % 10 == 9 else 0.1
    yield f"{SERIES} temperature={value(second)} {time}"
    yield (f"temperature_forecast,brew=a,field=temperature yhat={yhat},yhat_lower={yhat - width},"
           f"yhat_upper={yhat + width},lead_s=1 {time}")
    judged = "warmup=true" if second < 10 else "anomaly_score=0.5"
    alarmed = str(second in alarms).lower()
    yield f"temperature_anomaly,brew=a,field=temperature y={value(second)},is_anomaly={alarmed},{judged} {time}"


class Report(TestCase):
    def report(self, alarms, drop_originals=0):
        seconds = [second for second in range(POINTS) if second not in LOST]
        lines = [line for second in seconds for line in output_lines(second, alarms)]
        labels = [("spike", SPIKE, SPIKE, "4.5"), ("level_shift", SHIFT, POINTS - 1, "2"),
                  ("drop_out", LOST[0], LOST[-1], ""), ("stuck", STUCK[0], STUCK[-1], "")]
        (self.folder / "labels.csv").write_text(
            "series,kind,first_time_ns,last_time_ns,size,description\n" +
            "".join(f'"{SERIES}",{kind},{first * SECOND},{last * SECOND},{size},"x"\n'
                    for kind, first, last, size in labels))
        (self.folder / "input.lp").write_text(
            "".join(f"{SERIES} temperature={value(second)} {second * SECOND}\n" for second in seconds))
        (self.folder / "output.lp").write_text("\n".join(lines[drop_originals:]) + "\n")
        done = subprocess.run([sys.executable, ROOT / "tests/demo/report.py", "labels.csv", "input.lp", "output.lp"],
                              cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def row(self, report, kind):
        """The line of one kind in the table."""
        return next(line for line in report.splitlines() if line.startswith(kind))

    def test_accuracy(self):
        report = self.report(set())
        self.assertIn("990 in, all passed on; 990 forecasts, 980 points judged", report)
        self.assertIn("forecast error   0.0100 on average, 1 s ahead", report)
        self.assertIn("the last value as the forecast: 0.5000 (0.02 of it)", report)
        self.assertIn("1 s ahead, at 487 calm points", report)
        self.assertIn("89.9 % of these points lie in the 95 % interval", report)  # 438 of them
        self.assertIn("990 in, 989 passed on", self.report(set(), drop_originals=1))

    def test_everything_found(self):
        report = self.report({SPIKE, SPIKE + 1, SHIFT + 2, LOST[-1] + 1, FALSE_ALARM, FALSE_ALARM + 1, FALSE_ALARM + 9})
        self.assertIn("found at once, at 00:10:00; 2 points alarmed", self.row(report, "spike"))
        self.assertIn("found after 2 s, at 00:13:22; 1 point alarmed", self.row(report, "level-shift"))
        self.assertIn("the first point after it raised an alarm", self.row(report, "drop-out"))
        self.assertIn("not found", self.row(report, "stuck"))
        self.assertIn("false alarms     2 (3 points, 0.306 % of the 980 judged points): 00:00:50, 00:00:59", report)

    def test_nothing_found(self):
        report = self.report(set())
        for kind in ("spike", "level-shift", "stuck"):
            self.assertIn("not found", self.row(report, kind))
        self.assertIn("came back in without an alarm", self.row(report, "drop-out"))
        self.assertIn("false alarms     0 (0 points", report)

    def test_an_alarm_after_a_spike_alone_does_not_find_it(self):
        self.assertIn("not found", self.row(self.report({SPIKE + 1}), "spike"))


if __name__ == "__main__":
    main()
