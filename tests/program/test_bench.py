"""What `forecastd bench` says of plugins: every measurement that there is, what could not be measured, and how it is asked. No
time is asserted, only that there is one."""

import json
import os

from forecastd_test import BUILD, FORECASTD, TestCase, forecastd, is_sanitized, main

PLUGINS = os.path.join(os.path.dirname(FORECASTD), "../lib/forecastd/plugins")
BROKEN = BUILD / "broken_plugins"
BRIEF = ("--runs", "2", "--series", "50")

OF_ALL = ["ns_a_point", "ns_a_single_point", "ns_a_point_in_turn", "ns_to_save", "ns_to_load", "ns_to_make_a_model",
          "bytes_saved", "bytes_a_series"]
OF_FORECASTERS = ["ns_a_forecast_of_1", "ns_a_forecast_of_10", "ns_a_forecast_of_100"]


def broken(name):
    return BROKEN / f"{name}/{name}.so"


class Bench(TestCase):
    def bench(self, file, *options, code=0, error=""):
        result = forecastd("bench", file, *BRIEF, "--json", *options)
        self.assertEqual((result.returncode, result.stderr.decode()), (code, error))
        return [json.loads(line) for line in result.stdout.splitlines()]

    def test_a_forecaster_beside_another(self):
        (line,) = self.bench(os.path.join(PLUGINS, "holt.so"))
        self.assertEqual((line["algorithm"], line["seed"], line["runs"], line["series"]), ("holt", 1, 2, 50))
        self.assertEqual(set(line["costs"]), {*OF_ALL, *OF_FORECASTERS})
        for name, cost in line["costs"].items():
            self.assertGreater(cost["least"], 0, name)
            self.assertGreaterEqual(cost["greatest"], cost["least"], name)
            beside = line["beside"]["costs"][name]
            self.assertAlmostEqual(cost["ratio"], cost["least"] / beside["least"])
        self.assertEqual(line["beside"]["algorithm"], "naive")
        self.assertIn("window", line["growth"])
        for values in line["growth"].values():
            self.assertIn(len(values), (2, 3))
            for value in values:
                self.assertGreater(min(value["ns_a_point"], value["ns_a_forecast"], value["bytes_a_series"]), 0)

    def test_a_detector_has_no_forecasts(self):
        (line,) = self.bench(os.path.join(PLUGINS, "novelty.so"))
        self.assertEqual(list(line["costs"]), OF_ALL)
        self.assertEqual(line["beside"]["algorithm"], "zscore")
        self.assertEqual(list(line["beside"]["costs"]), OF_ALL)

    def test_nothing_is_compared_with_itself_unless_it_is_asked_for(self):
        (line,) = self.bench(os.path.join(PLUGINS, "zscore.so"))
        self.assertNotIn("beside", line)
        (line,) = self.bench(os.path.join(PLUGINS, "zscore.so"), "--beside", "zscore")
        self.assertEqual(line["beside"]["algorithm"], "zscore")

    def test_what_a_person_reads(self):
        result = forecastd("bench", os.path.join(PLUGINS, "naive.so"), "seasonal-naive", *BRIEF, "--seed", "7")
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        lines = result.stdout.decode().splitlines()
        self.assertRegex(lines[0], r"^seasonal-naive \S+, seed 7, 2 runs$")
        self.assertEqual(lines[1].split(), ["least", "greatest", "times", "naive"])
        self.assertRegex(lines[2], r"^  a point, 32 a call +[\d.]+ ns +[\d.]+ ns +\d+\.\d\d$")
        self.assertTrue(lines[4].startswith("  a point of 50 series in turn "), lines[4])
        self.assertRegex(lines[12], r"^  a series +\d+ bytes +\d+\.\d\d$")
        self.assertEqual(lines[13], "  how they grow with the parameters: a point, a forecast of 10 steps, a series")
        self.assertRegex(lines[14], r"^    season_length 2: \d+ ns, \d+ ns, \d+ bytes; 24: .*; 1000000: ")

    def test_parameters_are_read_as_in_a_config(self):
        file = os.path.join(PLUGINS, "zscore.so")
        (usual,) = self.bench(file)
        (larger,) = self.bench(file, "--params", '{"window": "1000s"}')  # 100 steps of 10 s, a number each
        difference = larger["costs"]["bytes_a_series"]["least"] - usual["costs"]["bytes_a_series"]["least"]
        self.assertEqual(difference, 8 * 100)
        self.assertEqual([value["value"] for value in larger["growth"]["window"]], ["0", "16m40s", "100000"])

        for params, message in (
                ('{"windw": 3}', "--params: windw: there is no such key, did you mean 'window'?"),
                ('{"window": -1}', "--params: window: found -1, expected "),
                ('{"window": "15s"}', '--params: window: found "15s", expected a multiple of the pipeline\'s interval, which is "10s"'),
                ('{"window": 3', "--params: column 13: found the end of the file, expected ',' or '}'"),
                ("[]", "--params: found [], expected an object")):
            with self.subTest(params):
                result = forecastd("bench", file, "--params", params)
                self.assertEqual((result.returncode, result.stdout), (2, b""))
                self.assertIn("E! forecastd bench: " + message, result.stderr.decode())

    def test_parameters_belong_to_one_algorithm(self):
        result = forecastd("bench", os.path.join(PLUGINS, "naive.so"), "--params", "{}")
        self.assertEqual(result.returncode, 2)
        self.assertIn(b"--params goes with one algorithm, and '", result.stderr)
        self.assertIn(b"' has 2; name one of them behind the file\n", result.stderr)

    def test_a_reference_that_there_is_not(self):
        result = forecastd("bench", os.path.join(PLUGINS, "zscore.so"), *BRIEF, "--beside", "zscor")
        self.assertEqual(result.returncode, 0)
        self.assertTrue(result.stderr.startswith(b"W! forecastd bench: nothing is compared: there is no algorithm 'zscor', did you "
                                                 b"mean 'zscore'?"), result.stderr)
        self.assertNotIn(b"times", result.stdout)

    def test_values_that_are_not_measured_say_why(self):
        (line,) = self.bench(broken("grows"))
        least, _, greatest = line["growth"]["window"]
        self.assertIn("one value has no spread", least["why"])
        self.assertIn("bytes, and more than 67108864 are not measured", greatest["why"])

    def test_a_window_that_is_not_full_is_told(self):
        result = forecastd("bench", os.path.join(PLUGINS, "novelty.so"), *BRIEF)
        # Of so many steps, only the first 200,000 are learned, or fewer if they take too long.
        self.assertRegex(result.stdout.decode(), r"\n    false_alarms 100: \d+ ns, \d+ bytes; .*; "
                                                 r"1000000000000: \d+ ns, \d+ bytes \(after \d+ points\)")

    def test_what_crashes_hangs_or_is_too_large(self):
        (line,) = self.bench(broken("crashes"), code=1)
        how = "it ended the process" if is_sanitized() else "it crashed ("  # a sanitizer ends it in its own way
        self.assertTrue(line["costs"]["ns_a_point"]["why"].startswith(how), line)
        self.assertGreater(line["costs"]["bytes_a_series"]["least"], 0)

        result = forecastd("bench", broken("hangs"), *BRIEF, "--deadline", "1")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout.decode(), r"\n  a point, 32 a call +not measured, since it did not end within 1000 ms\n")

        result = forecastd("bench", broken("huge"), "--runs", "1", "--series", "1000")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout.decode(), r"\n  a point of 1000 series in turn +not measured, since 1000 series of \d+ bytes "
                                                 r"take more than the 1GiB that there is for them; take fewer\n")

    def test_defaults_that_are_refused(self):
        result = forecastd("bench", broken("refuses"), *BRIEF)
        self.assertEqual((result.returncode, result.stdout), (1, b""))
        self.assertEqual(result.stderr.decode(), "E! forecastd bench: 'broken.refuses': no model can be made: plugin 'broken.refuses': "
                                                 "these parameters do not go together\n")

    def test_what_cannot_be_asked(self):
        file = os.path.join(PLUGINS, "holt.so")
        for options, code, message in (
                (["--runs", "0"], 2, "--runs: expected a number from 1 to 1000"),
                (["--series", "-1"], 2, "--series: expected a number from 1 to 10000000"),
                (["--deadline", "0"], 2, "--deadline: expected a number from 1 to 86400"),
                (["hotl"], 1, "did you mean 'holt'?")):
            result = forecastd("bench", file, *options)
            self.assertEqual((result.returncode, result.stdout), (code, b""), options)
            self.assertIn(message, result.stderr.decode())
        result = forecastd("bench", broken("no_symbol"))
        self.assertEqual(result.returncode, 1)
        self.assertIn("exports no forecastd_library_v1", result.stderr.decode())


if __name__ == "__main__":
    main()
