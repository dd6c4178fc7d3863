"""forecastd check: what would run, and every problem, in sentences."""

import os
import unittest

from forecastd_test import TestCase, forecastd, main, our_configs

GOOD = {"pipelines": [{"name": "tanks", "namepass": ["temperature"], "interval": "10s",
                       "forecast": {"plugin": "holt", "horizon": "1m"}, "detect": {"plugin": "zscore"}}]}


class Check(TestCase):

    def check(self, config):
        """Runs check; returns its exit code, and the lines of stdout and stderr."""
        done = forecastd("check", self.config(config))
        return done.returncode, done.stdout.decode().splitlines(), done.stderr.decode().splitlines()

    def test_every_config_of_ours_is_valid(self):
        for config in our_configs():
            with self.subTest(config.name):
                done = forecastd("check", config)
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.assertIn(b"the config is valid\n", done.stdout)

    def test_it_prints_what_would_run(self):
        code, out, err = self.check(GOOD)
        self.assertEqual((code, err), (0, []))
        self.assertEqual(out[:6], [
            "pipeline 'tanks'",
            "  series    measurements temperature; all fields",
            "  interval  10s",
            '  forecast  holt, horizon "1m"',
            "  detect    zscore",
            "  output    originals, {measurement}_forecast, {measurement}_anomaly",
        ])
        self.assertRegex(out[6], r"^  memory    [1-9][0-9]* bytes a series")
        self.assertEqual(out[7], "limits      1000000 series, 2GiB of memory, 1MiB a line; series are kept for ever")
        self.assertRegex(out[8], r"^plugins     [1-9][0-9]* algorithms; looked in: ")

    def test_memory_follows_the_parameters(self):
        def memory(interval, season):
            code, out, _ = self.check({"pipelines": [{
                "interval": interval,
                "forecast": {"plugin": "holt-winters", "params": {"season_length": season}}}]})
            self.assertEqual(code, 0)
            return next(line for line in out if line.startswith("  memory"))

        bytes_of = lambda line: int(line.split()[1])
        self.assertEqual(bytes_of(memory("1h", "1w")), bytes_of(memory("10s", 168)))
        self.assertEqual(bytes_of(memory("1h", "1w")) - bytes_of(memory("1h", "1d")), 8 * (168 - 24) + 8 * (4 * 168 - 120))  # season and window
        self.assertEqual(memory("auto", "1d"), "  memory    known once the interval is learned")

    def test_every_problem_is_told_at_once_and_the_rest_would_run(self):
        code, out, err = self.check({"pipelnes": [], "limits": {"ttl": 5}, "pipelines": [
            {"name": "bad", "detect": {"plugin": "zscore", "params": {"z_treshold": 3}}},
            {"name": "good", "detect": {"plugin": "zscore"}}]})
        self.assertEqual(code, 1)
        self.assertEqual(err, [
            "E! pipelnes: there is no such key, did you mean 'pipelines'?",
            "E! pipelines[0].detect.params.z_treshold: there is no such key, did you mean 'z_threshold'?",
            'E! limits.ttl: found 5, expected a duration such as "10s"'])
        self.assertEqual([line for line in out if line.startswith("pipeline")], ["pipeline 'good'"])
        self.assertNotIn("the config is valid", out)

    def test_a_missing_plugin_is_told_with_every_place_that_was_tried(self):
        code, _, err = self.check({"plugin_dirs": ["mine"], "pipelines": [{"forecast": {"plugin": "hotl"}}]})
        self.assertEqual(code, 1)
        self.assertEqual(len(err), 1)
        self.assertTrue(err[0].startswith("E! pipelines[0].forecast.plugin: there is no algorithm 'hotl', "
                                          "did you mean 'holt'?"), err[0])
        self.assertIn(str(self.folder / "mine"), err[0])

    def test_a_refused_plugin_is_a_warning(self):
        (self.folder / "plugins").mkdir()
        (self.folder / "plugins" / "zscore.so").write_text("not a plugin")
        (self.folder / "plugins" / "other.so").write_text("not a plugin, and not named after one in the config")
        code, _, err = self.check({**GOOD, "plugin_dirs": ["plugins"]})
        self.assertEqual(code, 0)
        self.assertEqual(len(err), 1)
        self.assertTrue(err[0].startswith("W! "), err[0])
        self.assertIn("zscore.so", err[0])

    def test_state_is_checked_and_ignored(self):
        code, _, err = self.check({**GOOD, "state": {"dir": "/var/lib/forecastd"}})
        self.assertEqual((code, err),
                         (0, ["W! state: this version does not save state; the section is checked and ignored"]))

    def test_what_is_no_config_is_a_sentence(self):
        for text, sentence in {
            "": 'E! the config is empty, expected a JSON object such as {"pipelines": [...]}',
            "{\n  'a': 1}": "E! this is not JSON: line 2, column 3: found a word that is neither a string in quotes, "
                            "a number, true, false nor null",
            "[" * 100000: "E! this is not JSON: the brackets stand more than 64 deep in each other; "
                          "a config needs less than ten",
        }.items():
            with self.subTest(text[:10]):
                code, _, err = self.check(text)
                self.assertEqual((code, err), (1, [sentence]))
        done = forecastd("check", self.folder / "none.json")
        self.assertEqual((done.returncode, done.stderr.decode()), (
            1, f"E! cannot read the config '{self.folder}/none.json': No such file or directory\n"))

    @unittest.skipIf(os.geteuid() == 0, "root may read every file")
    def test_a_file_that_may_not_be_read_is_a_sentence(self):
        path = self.config(GOOD)
        path.chmod(0)
        done = forecastd("check", path)
        self.assertEqual((done.returncode, done.stderr.decode()),
                         (1, f"E! cannot read the config '{path}': Permission denied\n"))


if __name__ == "__main__":
    main()
