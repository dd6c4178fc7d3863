"""configs/brewing in the place of the scripts that they replace: the same lines, on data that those die of as well.

The data are made here. If FORECASTD_SHARED names the folder with data/brew, the example's own recording is run too, and
what that took is printed."""

import collections
import gzip
import os
import pathlib
import random
import re
import subprocess
import tempfile
import tomllib
import unittest

from forecastd_test import FORECASTD, ROOT, TestCase, forecastd, main

CONFIGS = ROOT / "configs/brewing"
SHARED = os.environ.get("FORECASTD_SHARED")
TELEGRAF = os.environ.get("TELEGRAF")

SECOND = 10**9
START = 1596653152918531000  # with a phase, as restamp gives it

# Config, the measurement of its forecasts, that of the change.
REPLACEMENTS = [("forecasting.json", "fcast", "anomaly"), ("forecasting2.json", "fcastlinear", "anomalylinear"),
                ("exponential.json", "fcast", "anomaly")]
STEPS, FIRST = 40, 10  # steps of a forecast; the point from which on there is one

# Stretches of the recording in which readings are 2 degrees or more off, by line: data/brew/README.md.
STRETCHES = [(497, 498), (618, 626), (855, 996), (1784, 1879), (5210, 5293), (5600, 5604), (5689, 5784),
             (23272, 23272), (24415, 24434), (33589, 33589)]


def readings(count, seed, at=20.0):
    """A tank's temperature as a display shows it: tenths of a degree, mostly plateaus."""
    generator = random.Random(seed)
    values = []
    for _ in range(count):
        at += generator.choice([0] * 8 + [0.1, -0.1])
        values.append(round(at, 1))
    return values


def points(brew, values, start=START, every=SECOND):
    tag = f",brew={brew}" if brew else ""
    return [f"temperature{tag} temperature={value} {start + i * every}" for i, value in enumerate(values)]


def text(lines):
    return "".join(line + "\n" for line in lines)


def time_of(line):
    return int(line.split()[-1])


def by_brew(lines):
    result = collections.defaultdict(list)
    for line in lines:
        found = re.match(r"\w+(?:,brew=(\w+))? ", line)
        result[found[1]].append(line)
    return result


class Brewing(TestCase):
    def run_config(self, name, lines, stderr=b""):
        result = forecastd("run", CONFIGS / name, stdin=text(lines), timeout=300)
        self.assertEqual((result.returncode, result.stderr), (0, stderr))
        return result.stdout.decode().splitlines()

    def check_answers(self, out, points_of_brew, forecast, change):
        """What comes out for one brew: the echo, and from the 10th point on 40 pairs of lines at the seconds ahead."""
        tag = points_of_brew[0].partition(" temperature=")[0].removeprefix("temperature")
        at = 0
        for number, point in enumerate(points_of_brew, 1):
            self.assertEqual(out[at], point)
            at += 1
            if number < FIRST:
                continue
            pairs = out[at:at + 2 * STEPS]
            at += 2 * STEPS
            origin, last = time_of(point), float(re.search(r"temperature=(\S+)", point)[1])
            values = []
            for step in range(STEPS):
                one = re.fullmatch(re.escape(forecast + tag) + r" temperature=(-?[\d.e+-]+) (\d+)", pairs[2 * step])
                other = re.fullmatch(re.escape(change + tag) + r" temperature=([\d.e+-]+) (\d+)", pairs[2 * step + 1])
                self.assertTrue(one and other, pairs[2 * step:2 * step + 2])
                self.assertEqual(int(one[2]), origin + (step + 1) * SECOND)
                self.assertEqual(int(other[2]), origin + (step + 1) * SECOND)
                values.append((float(one[1]), float(other[1])))
            for _, far in values:
                self.assertAlmostEqual(far, abs(values[-1][0] - last), delta=1e-9)
        self.assertEqual(out[at:], [])

    def test_the_lines_of_the_scripts(self):
        lines = points("haze_v5", readings(60, 1))
        for name, forecast, change in REPLACEMENTS:
            with self.subTest(name):
                self.check_answers(self.run_config(name, lines), lines, forecast, change)

    def test_another_brew_begins_anew_whether_it_follows_or_comes_between(self):
        one, other = points("haze_v5", readings(150, 1)), points("my\\ own", readings(150, 2, 18.0))
        later = points("my\\ own", readings(150, 2, 18.0), START + 150 * SECOND)
        mixed = [line for pair in zip(one, other) for line in pair]
        for name, forecast, change in REPLACEMENTS:
            with self.subTest(name):
                alone, second = self.run_config(name, one), self.run_config(name, later)
                self.assertEqual(self.run_config(name, one + later), alone + second)
                out = self.run_config(name, mixed)
                self.assertEqual([line for line in out if "brew=haze_v5" in line], alone)
                self.check_answers([line for line in out if "brew=my" in line], other, forecast, change)

    def test_one_line_at_a_time(self):
        lines = points("a", readings(15, 3))
        expected = self.run_config("forecasting.json", lines)
        with subprocess.Popen([FORECASTD, "run", CONFIGS / "forecasting.json"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as child:
            out = []
            for number, line in enumerate(lines, 1):  # each is answered before the next is sent
                child.stdin.write(line + "\n")
                child.stdin.flush()
                out += [child.stdout.readline().rstrip("\n") for _ in range(1 if number < FIRST else 1 + 2 * STEPS)]
            child.stdin.close()
            self.assertEqual(child.stdout.read(), "")
        self.assertEqual(out, expected)

    def test_jitter_makes_no_difference(self):
        values = readings(100, 4)
        generator = random.Random(5)
        steady = points("a", values)
        shaken = [steady[0]] + [re.sub(r"\d+$", lambda at: str(int(at[0]) + generator.randrange(-200, 200) * 10**6),
                                       line) for line in steady[1:]]
        for name, _, _ in REPLACEMENTS:
            derived = [[line for line in self.run_config(name, lines) if not line.startswith("temperature")]
                       for lines in (steady, shaken)]
            self.assertEqual(*derived)

    def test_gaps_duplicates_and_lines_that_are_none(self):
        lines = points("a", readings(80, 6))
        gap = lines[:30] + lines[45:]
        for name, forecast, change in REPLACEMENTS:
            with self.subTest(name):
                self.check_answers(self.run_config(name, gap), gap, forecast, change)
                whole = self.run_config(name, lines)
                odd = lines[:20] + ["", "# a comment"] + lines[20:40] + ["   "] + lines[40:]
                self.assertEqual(self.run_config(name, odd), whole)
                twice = self.run_config(name, lines[:41] + [lines[40]] + lines[41:])
                self.assertEqual(len(twice), len(whole) + 1)  # the duplicate passes on, and teaches nothing
                self.assertEqual(collections.Counter(twice) - collections.Counter(whole),
                                 collections.Counter([lines[40]]))

    def test_points_without_the_tag_or_the_field(self):
        tagged, bare = points("a", readings(30, 7)), points("", readings(30, 8))
        strange = ["temperature,brew=a pressure=1 5", "humidity,brew=a temperature=20 6"]
        for name, forecast, change in REPLACEMENTS:
            with self.subTest(name):
                out = by_brew(self.run_config(name, [line for pair in zip(tagged, bare) for line in pair] + strange))
                self.assertEqual(out["a"][-2:], strange)
                self.check_answers(out["a"][:-2], tagged, forecast, change)
                self.check_answers(out[None], bare, forecast, change)

    def test_own_lines_pass_untouched(self):
        for name, _, _ in REPLACEMENTS:
            own = [line for line in self.run_config(name, points("a", readings(30, 9)))
                   if not line.startswith("temperature")]
            self.assertEqual(self.run_config(name, own), own)

    def test_both_one_behind_the_other(self):
        lines = points("a", readings(40, 10))
        chained = self.run_config("forecasting.json", self.run_config("forecasting2.json", lines))
        alone = self.run_config("forecasting.json", lines) + self.run_config("forecasting2.json", lines)
        self.assertEqual(collections.Counter(chained), collections.Counter(alone) - collections.Counter(lines))

    def test_recommended_alarms_are_the_misread_values(self):
        values = readings(900, 11)
        for at in range(100, 900, 50):  # x.7 read as x.1 is within what this display does
            values[at], values[at + 1] = round(values[at] - 0.5, 1), round(values[at + 1] + 0.7, 1)
        misread = [200, 425, 426, 777]
        for at in misread:
            values[at] = round(values[at] + (8 if at % 2 else -8), 1)
        out = self.run_config("recommended.json", points("a", values))
        alarms = [line for line in out if line.startswith("temperature_anomaly,")]
        at = {(time_of(line) - START) // SECOND for line in alarms}
        self.assertLessEqual(set(misread), at)
        self.assertLessEqual(at, set(misread) | {one + 1 for one in misread})  # the way back may be one as well
        forecasts = [line for line in out if line.startswith("temperature_forecast,")]
        self.assertTrue(forecasts)
        for line in forecasts:
            self.assertRegex(line, r" yhat=\S+,yhat_lower=\S+,yhat_upper=\S+,yhat_lower_80=\S+,yhat_upper_80=\S+,lead_s=")

    def test_telegraf_configs(self):
        files = sorted(CONFIGS.glob("telegraf*.conf"))
        outputs = [file for file in files if "outputs" in tomllib.loads(file.read_text())]
        agents = [file for file in files if file not in outputs]
        self.assertEqual([file.name for file in agents], ["telegraf-both.conf", "telegraf.conf"])
        self.assertEqual(len(outputs), 3)
        for agent in agents:
            for processor in tomllib.loads(agent.read_text())["processors"]["execd"]:
                program, command, config = processor["command"]
                self.assertEqual((program, command, processor["namepass"]), ("forecastd", "run", ["temperature"]))
                self.assertTrue((CONFIGS / config).exists())
            for output in outputs if TELEGRAF else []:
                result = subprocess.run(
                    [TELEGRAF, "config", "check", "--config", agent, "--config", output], capture_output=True,
                    env={**os.environ, "INFLUX_HOST": "http://127.0.0.1:8086", "INFLUX_TOKEN": "t",
                         "INFLUX_ORG": "o"}, check=False)
                self.assertEqual(result.returncode, 0, result.stderr)


@unittest.skipUnless(SHARED, "FORECASTD_SHARED is not set: it names the folder with data/brew/temps.lp.gz")
class Recording(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = gzip.decompress((pathlib.Path(SHARED) / "data/brew/temps.lp.gz").read_bytes())
        cls.lines = cls.text.decode().splitlines()

    def run_all(self, name):
        """The lines that come out; prints what they took."""
        with tempfile.TemporaryFile() as out:
            child = subprocess.Popen([FORECASTD, "run", CONFIGS / name], stdin=subprocess.PIPE, stdout=out)
            child.stdin.write(self.text)
            status = pathlib.Path(f"/proc/{child.pid}/status").read_text()
            memory = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # wait4 would count this process's before exec
            child.stdin.close()
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            self.assertEqual(child.returncode, 0)
            out.seek(0)
            result = out.read().decode().splitlines()
        seconds = usage.ru_utime + usage.ru_stime
        print(f"\n{name}: {len(self.lines)} points, {len(result)} lines out; {seconds:.2f} s of CPU, "
              f"{1e6 * seconds / len(self.lines):.1f} us and so {len(self.lines) / seconds:.0f} points a second of CPU; "
              f"{memory:.0f} MiB")
        return result

    def test_replacements(self):
        brews = collections.Counter(re.search(r"brew=(\w+)", line)[1] for line in self.lines)
        answered = sum(count - FIRST + 1 for count in brews.values())
        for name, forecast, change in REPLACEMENTS:
            with self.subTest(name):
                out = self.run_all(name)
                kinds = collections.Counter(line.split(",", 1)[0] for line in out)
                self.assertEqual(kinds, {"temperature": len(self.lines), forecast: STEPS * answered,
                                         change: STEPS * answered})
                self.assertEqual([line for line in out if line.startswith("temperature,")], self.lines)

    def test_recommended(self):
        place = {time_of(line): number for number, line in enumerate(self.lines, 1)}
        alarms = [place[time_of(line)] for line in self.run_all("recommended.json")
                  if line.startswith("temperature_anomaly,")]
        hits = [sum(first <= at <= last for at in alarms) for first, last in STRETCHES]
        elsewhere = [at for at in alarms if not any(first <= at <= last for first, last in STRETCHES)]
        print(f"{len(alarms)} alarms; in each of the {len(hits)} stretches {hits}; elsewhere at the lines {elsewhere}")
        self.assertTrue(all(hits))
        self.assertLessEqual(len(alarms), 50)
        self.assertLessEqual(len(elsewhere), 2)


if __name__ == "__main__":
    main()
