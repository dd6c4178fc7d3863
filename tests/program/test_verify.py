"""What `forecastd verify` says of plugins: those that come with forecastd pass every check, and of those that are broken, each fails
the check that it should and no other."""

import json
import os

from forecastd_test import BUILD, FORECASTD, ROOT, TestCase, forecastd, is_sanitized, main

PLUGINS = os.path.join(os.path.dirname(FORECASTD), "../lib/forecastd/plugins")

# Plugin of tests/broken_plugins -> the check that it fails, or the two; "": none, as what is wrong with it does not show in a
# check.
FAILS = {
    "throws": "points", "throws_late": "points", "throws_in_new": "defaults", "crashes": "points", "crashes_at_once": "defaults",
    "refuses": "defaults", "nan": "numbers", "infinite": "numbers", "negative": "numbers", "hangs": "points",
    "crashes_at_end": "points", "hangs_at_end": "points", "exits": "points", "exits_at_once": "points", "exits_quickly": "points",
    "aborts": "points", "traps": "points", "bad_call": "points", "prints": "output descriptors", "rounds": "surroundings",
    "wanders": "points", "moves": "directory", "takes_signals": "signals", "writes_too_far": "bounds", "talks": "", "huge": "",
    "never_scores": "scores", "detector_crashes": "hard_series", "detector_throws": "points", "does_more": "points",
    "crashes_on_value": "", "changes_by_asking": "forecasting", "learns_by_judging": "judging", "ignores_limit": "learn_limit",
    "leans_on_batch": "batches", "leans_on_horizon": "horizon", "rolls_dice": "repeats", "saves_half": "state", "believes": "foreign_state",
    "leaks": "leaks", "opens": "descriptors", "threads": "threads", "bad_version": "tables", "breaks_at_least": "parameters",
    "divides": "hard_series", "never_forecasts": "forecasts", "leans_on_utc": "local_time", "descends": "quantiles",
    "leans_on_thread": "moves", "migrates_nothing": "", "grows": "",
}


class Verify(TestCase):
    def verify(self, file, *options, code=0):
        result = forecastd("verify", file, "--json", *options)
        self.assertEqual(result.returncode, code, (file, result.stderr, result.stdout))
        return [json.loads(line) for line in result.stdout.splitlines()]

    def checks(self):
        return [check["name"] for check in self.verify(os.path.join(PLUGINS, "naive.so"), "naive")[0]["checks"]]

    def test_what_comes_with_forecastd(self):
        files = sorted(os.listdir(PLUGINS))
        self.assertGreater(len(files), 10)
        options = ["--deadline", "120"]
        if is_sanitized():  # costs say nothing then, and take half of the time; those of the examples are taken anyway
            options += [option for check in self.checks() for option in ("--only", check)]
        for file in files:
            with self.subTest(file):
                for algorithm in self.verify(os.path.join(PLUGINS, file), *options):
                    self.assertTrue(algorithm["passes"], algorithm)
                    if not is_sanitized():
                        self.assertGreater(algorithm["costs"]["ns_a_point"], 0)

    def test_examples(self):
        files = sorted((BUILD / "examples").glob("*.so"))
        self.assertGreater(len(files), 3)
        for file in files:
            with self.subTest(file.name):
                (algorithm,) = self.verify(file)
                self.assertTrue(algorithm["passes"], algorithm)

    def test_broken_plugins(self):
        self.assertEqual(set(self.checks()) - set(" ".join(FAILS.values()).split()), set(), "checks that no broken plugin fails")
        for name, wanted in FAILS.items():
            if is_sanitized() and wanted in ("bounds", "leaks"):  # which the sanitizer finds first, or in its own way
                continue
            with self.subTest(name):
                deadline = "2" if name.startswith("hangs") else "60"
                (algorithm,) = self.verify(BUILD / f"broken_plugins/{name}/{name}.so", "--deadline", deadline,
                                           code=1 if wanted else 0)
                failed = {check["name"]: check["why"] for check in algorithm["checks"] if check["outcome"] == "fail"}
                self.assertEqual(list(failed), wanted.split(), failed)

    def test_the_page_for_authors_has_every_check(self):
        page = (ROOT / "docs/authors.md").read_text()
        for check in self.checks():
            self.assertTrue(f"| `{check}` | " in page, f"docs/authors.md has no row for {check}")

    def test_what_a_person_reads(self):
        result = forecastd("verify", BUILD / "broken_plugins/nan/nan.so")
        self.assertEqual(result.returncode, 1)
        text = result.stdout.decode()
        self.assertTrue(text.startswith("broken.nan 1.0.0, seed 1\n"), text)
        self.assertIn("\n  FAIL  numbers ", text)
        self.assertIn("\n        found: a forecast has a mean that is not finite on a usual series\n", text)
        self.assertIn("\n        mend:  Write NaN where a number is unknown.\n", text)
        self.assertRegex(text, r"\n  \d+ of \d+ checks passed\n$")

    def test_how_costs_grow_with_the_parameters(self):
        (algorithm,) = self.verify(BUILD / "broken_plugins/grows/grows.so")
        self.assertEqual(list(algorithm["costs"]), ["ns_a_point", "ns_a_forecast", "bytes_a_series", "points_learned", "growth"])
        least, usual, greatest = algorithm["costs"]["growth"]["window"]
        self.assertEqual(least, {"value": "1", "why": "it is refused: window is 1, and one value has no spread; give 2 or more"})
        self.assertEqual((usual["value"], usual["bytes_a_series"]), ("20", algorithm["costs"]["bytes_a_series"]))
        self.assertGreater(min(usual["ns_a_point"], usual["ns_a_forecast"]), 0)
        self.assertEqual(greatest["value"], "50000000")
        self.assertRegex(greatest["why"], r"^a series takes 4\d{8} bytes, and more than 67108864 are not measured$")

        text = forecastd("verify", BUILD / "broken_plugins/grows/grows.so").stdout.decode()
        self.assertRegex(text, r"\n  \d+ ns, \d+ ns, \d+ bytes: a point, a forecast of 10 steps, a series\n"
                               r"  how they grow with the parameters:\n"
                               r"    window 1: not measured, since it is refused: .*; 20: \d+ ns, \d+ ns, \d+ bytes; "
                               r"50000000: not measured, since a series takes .*\n$")

    def test_one_check(self):
        (algorithm,) = self.verify(os.path.join(PLUGINS, "holt.so"), "--only", "batches", "--seed", "7")
        self.assertEqual([check["name"] for check in algorithm["checks"]], ["batches"])
        result = forecastd("verify", os.path.join(PLUGINS, "holt.so"), "--only", "baches")
        self.assertEqual(result.returncode, 2)
        self.assertIn(b"--only: there is no check 'baches', expected one of tables, defaults, ", result.stderr)

    def test_in_process_a_crash_is_one(self):
        result = forecastd("verify", BUILD / "broken_plugins/crashes/crashes.so", "--in-process", "--only", "points")
        self.assertNotEqual(result.returncode, 0)
        self.assertNotIn(b"checks passed", result.stdout)

    def test_what_is_no_plugin(self):
        for name, message in (("no_symbol", "exports no forecastd_library_v1"), ("crashes_on_load", "crashed while it was loaded"),
                              ("bad_default", "its default 5 is outside its range"), ("nowhere", "'")):
            result = forecastd("verify", BUILD / f"broken_plugins/{name}/{name}.so")
            self.assertEqual(result.returncode, 1)
            self.assertIn(message, result.stderr.decode())
        result = forecastd("verify", os.path.join(PLUGINS, "holt.so"), "hotl")
        self.assertIn(b"did you mean 'holt'?", result.stderr)


if __name__ == "__main__":
    main()
