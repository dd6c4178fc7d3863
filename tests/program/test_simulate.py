"""forecastd simulate: reproducible, well formed, and its labels tell what is in the data."""

import csv
import os
import subprocess
import unittest

import reference_parser
from forecastd_test import FORECASTD, TestCase, forecastd, main

START = 1_700_000_000_000_000_000
SECOND = 1_000_000_000


class Simulate(TestCase):
    def simulate(self, *options):
        """The bytes that it writes."""
        done = forecastd("simulate", *options)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout

    def points(self, *options):
        points = reference_parser.parse(self.simulate(*options))
        self.assertFalse([point for point in points if "error" in point])
        return points

    def temperatures(self, *options):
        """Values by time."""
        points = self.points(*options)
        times = [point["time"] for point in points]
        self.assertEqual(times, sorted(set(times)))
        for point in points:
            self.assertEqual((point["measurement"], point["tags"]), ("temperature", {"brew": "pale_ale"}))
            self.assertEqual(point["fields"].keys(), {"temperature"})
        return {point["time"]: point["fields"]["temperature"]["value"] for point in points}

    def labels(self, *options):
        file = self.folder / "labels.csv"
        self.simulate("--labels", file, *options)
        with open(file, newline="") as stream:
            return list(csv.DictReader(stream))

    def failing(self, *options, code=2):
        """The sentence on standard error; nothing must have gone to standard output."""
        done = forecastd("simulate", *options)
        self.assertEqual((done.returncode, done.stdout), (code, b""))
        text = done.stderr.decode()
        self.assertTrue(text.startswith("E! forecastd simulate: "), text)
        self.assertEqual(text.count("\n"), 1)
        return text


class Beer(Simulate):
    def test_same_seed_same_bytes(self):
        for options in ([], ["--scenario", "fleet", "--series", 5], ["--scenario", "fleet", "--order", "shuffled"]):
            first = self.simulate("--seed", 3, "--points", 1500, *options)
            self.assertEqual(first, self.simulate("--seed", 3, "--points", 1500, *options))
            self.assertNotEqual(first, self.simulate("--seed", 4, "--points", 1500, *options))

    def test_times(self):
        times = list(self.temperatures("--no-anomalies", "--points", 5))
        self.assertEqual(times, [START + i * SECOND for i in range(5)])
        times = list(self.temperatures("--no-anomalies", "--points", 3, "--interval", "1m30s", "--start", "-5"))
        self.assertEqual(times, [-5, 90 * SECOND - 5, 180 * SECOND - 5])

    def test_labels_tell_what_is_in_the_data(self):
        labels = self.labels("--seed", 9)
        data = self.temperatures("--seed", 9)
        calm = self.temperatures("--seed", 9, "--no-anomalies")
        self.assertEqual(len(calm), 20_000)
        self.assertEqual({label["series"] for label in labels}, {"temperature,brew=pale_ale"})
        self.assertEqual(sorted(label["kind"] for label in labels),
                         ["drop_out", "level_shift"] + ["spike"] * 6 + ["stuck"])

        added = dict.fromkeys(calm, 0.0)
        for label in labels:
            times = range(int(label["first_time_ns"]), int(label["last_time_ns"]) + 1, SECOND)
            if label["kind"] == "drop_out":
                self.assertGreater(len(times), 60)
                self.assertEqual(calm.keys() - data.keys(), set(times))
                for time in times:
                    del added[time]
            elif label["kind"] == "stuck":
                self.assertGreater(len(times), 60)
                self.assertEqual(len({data[time] for time in times}), 1)
                for time in times:
                    del added[time]
            else:
                self.assertGreater(abs(float(label["size"])), 0.7)
                for time in times:
                    if time in added:
                        added[time] += float(label["size"])
        for time, size in added.items():
            self.assertAlmostEqual(data[time] - calm[time], size, places=6)

    def test_refusals(self):
        self.assertIn("--points is 5", self.failing("--points", 5))
        self.assertIn("expected a whole number", self.failing("--points", 0))
        self.assertIn("there is no unit 'q'", self.failing("--interval", "3q"))
        self.assertIn("from 1ns to 24h", self.failing("--interval", "0s"))
        self.assertIn("expected 'beer' or 'fleet'", self.failing("--scenario", "wine"))
        self.assertIn("--series goes with --scenario fleet", self.failing("--series", 3))
        self.assertIn("--labels goes with --scenario beer", self.failing("--scenario", "fleet", "--labels", "x"))
        self.assertIn("past the last time", self.failing("--start", 2**63 - 5))
        self.assertIn("round-robin", self.failing("--scenario", "fleet", "--order", "backwards"))
        self.assertIn("--no-anomalies", self.failing("--labels", "x", "--no-anomalies"))


class Fleet(Simulate):
    def test_round_robin(self):
        points = self.points("--scenario", "fleet", "--series", 50, "--points", 4, "--fields", 2)
        self.assertEqual(len(points), 200)
        hosts = [point["tags"]["host"] for point in points]
        self.assertEqual(hosts, [f"srv{number:06}" for number in range(50)] * 4)
        self.assertEqual([point["time"] for point in points],
                         [START + step * 10 * SECOND for step in range(4) for _ in range(50)])
        for point in points:
            self.assertEqual(list(point["tags"]), ["host", "rack", "region"])
            self.assertEqual(list(point["fields"]), ["usage", "usage2"])

    def test_shuffled(self):
        options = ["--scenario", "fleet", "--series", 50, "--points", 4]
        ordered = self.simulate(*options).splitlines()
        shuffled = self.simulate(*options, "--order", "shuffled").splitlines()
        self.assertNotEqual(ordered, shuffled)
        for step in range(0, 200, 50):
            self.assertEqual(ordered[step:step + 50], sorted(shuffled[step:step + 50]))


class Outputs(Simulate):
    def test_a_reader_that_leaves_early_is_no_failure(self):
        with subprocess.Popen([FORECASTD, "simulate", "--scenario", "fleet", "--points", "100000"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            self.assertTrue(process.stdout.readline().startswith(b"cpu,"))
            process.stdout.close()
            self.assertEqual((process.stderr.read(), process.wait()), (b"", 0))

    def test_labels_that_cannot_be_written(self):
        text = self.failing("--labels", self.folder / "nowhere/labels.csv", code=1)
        self.assertIn("No such file or directory", text)

    @unittest.skipUnless(os.path.exists("/dev/full"), "there is no /dev/full here")
    def test_a_full_disk(self):
        self.assertIn("No space left", self.failing("--labels", "/dev/full", code=1))
        with open("/dev/full", "wb") as full:
            done = subprocess.run([FORECASTD, "simulate"], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"No space left", done.stderr)


if __name__ == "__main__":
    main()
