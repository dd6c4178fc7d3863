"""forecastd check: what would run, and every problem, in sentences."""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

from forecastd_test import FORECASTD, TestCase, forecastd, main, our_configs

GOOD = {"pipelines": [{"name": "tanks", "namepass": ["temperature"], "interval": "10s",
                       "forecast": {"plugin": "holt", "horizon": "1m"}, "detect": {"plugin": "zscore"}}]}


class Check(TestCase):

    def check(self, config):
        """Runs check; returns its exit code, and the lines of stdout and stderr."""
        path = self.config(config)
        done = forecastd("check", path)
        return (done.returncode, done.stdout.decode().splitlines(),
                [line.replace(f"{path}:", "FILE:", 1) for line in done.stderr.decode().splitlines()])

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
            "  output    originals, {measurement}_forecast, {measurement}_anomaly, {measurement}_event",
        ])
        self.assertRegex(out[6], r"^  memory    [1-9][0-9]* bytes a series")
        self.assertEqual(out[7], "  warm-up   first forecast at point 1 (after 0s), first score at point 32 (after 5m10s), "
                                 "first alarm at point 32 (after 5m10s)")
        self.assertEqual(out[8], "limits      1000000 series, 2GiB of memory, 1MiB a line; series are kept for ever")
        self.assertEqual(out[9], 'state       not kept: after a restart each series warms up again; "state": {"dir": ...} keeps it')
        self.assertRegex(out[10], r"^plugins     [1-9][0-9]* algorithms; looked in: ")

    def test_it_tells_whether_what_is_learned_is_kept(self):
        _, out, _ = self.check({**GOOD, "state": {"dir": "/var/lib/forecastd", "checkpoint_interval": "30s"}})
        self.assertIn("state       kept in /var/lib/forecastd, each 30s", out)

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

    def test_memory_for_a_number_of_series(self):
        done = forecastd("check", self.config(GOOD), "--for", "1000000")
        (line,) = [line for line in done.stdout.decode().splitlines() if line.startswith("  memory")]
        found = re.search(r"(\d+) of state, (\d+) to find it by; 1000000 series need about (\d+)MB$", line)
        self.assertTrue(found, line)
        self.assertEqual(int(found[3]), int(found[1]) + int(found[2]) + 64)

    def test_every_problem_is_told_at_once_and_the_rest_would_run(self):
        code, out, err = self.check({"pipelnes": [], "limits": {"ttl": 5}, "pipelines": [
            {"name": "bad", "detect": {"plugin": "zscore", "params": {"z_treshold": 3}}},
            {"name": "good", "detect": {"plugin": "zscore"}}]})
        self.assertEqual(code, 1)
        self.assertEqual(err, [
            "E! FILE:1:2: pipelnes: there is no such key, did you mean 'pipelines'?",
            "E! FILE:1:112: pipelines[0].detect.params.z_treshold of pipeline 'bad': there is no such key, did you mean "
            "'z_threshold'?",
            'E! FILE:1:29: limits.ttl: found 5, expected a duration such as "10s"'])
        self.assertEqual([line for line in out if line.startswith("pipeline")], ["pipeline 'good'"])
        self.assertNotIn("the config is valid", out)

    def test_a_missing_plugin_is_told_with_every_place_that_was_tried(self):
        code, _, err = self.check({"plugin_dirs": ["mine"], "pipelines": [{"forecast": {"plugin": "hotl"}}]})
        self.assertEqual(code, 1)
        self.assertEqual(len(err), 1)
        self.assertTrue(err[0].startswith("E! FILE:1:55: pipelines[0].forecast.plugin: there is no algorithm 'hotl', "
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

    def test_a_problem_has_the_line_that_it_is_in(self):
        """A key that does not exist, put on a line of its own behind each '{' of every config."""
        piece = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/|\{', re.DOTALL)
        for config in our_configs():
            text = config.read_text()
            for found in list(piece.finditer(text))[::3]:
                rest = text[found.end():].lstrip()
                if found[0] != "{" or rest.startswith("}"):
                    continue
                line = text.count("\n", 0, found.end()) + 2
                wrong = f'{text[:found.end()]}\n  "no_such_key": {{}},\n{text[found.end():]}'
                with self.subTest(config.name, line=line):
                    _, _, err = self.check(wrong)
                    self.assertTrue([each for each in err if each.startswith(f"E! FILE:{line}:3: ")
                                     and ("no_such_key" in each or "tagpass" in each)], err)

    def test_hints_are_warnings(self):
        config = {"pipelines": [{"name": "x", "namepass": ["^cpu.*$"], "interval": "10s",
                                 "forecast": {"plugin": "naive", "level": [0.95]}}]}
        code, out, err = self.check(config)
        self.assertEqual((code, len(err)), (0, 2), err)
        self.assertIn('W! FILE:1:43: pipelines[0].namepass[0] of pipeline \'x\': found "^cpu.*$": it looks like a regular', err[0])
        self.assertIn("found 0.95: levels are percentages", err[1])
        self.assertIn("the config is valid", out)
        path = self.config(config)
        self.assertIn(f'W! {path}:1:43: pipelines[0].namepass[0]', forecastd("run", path).stderr.decode())

    def test_a_season_for_a_plugin_without_one(self):
        for plugin, sibling in (("holt", "'holt-winters'"), ("naive", "'seasonal-naive'")):
            for forecast in ({"params": {"season_length": 24}}, {"season_length": 24}):
                code, _, err = self.check({"pipelines": [{"forecast": {"plugin": plugin, **forecast}}]})
                self.assertEqual(code, 1)
                self.assertTrue(err[0].endswith(f"season_length: the plugin '{plugin}' has no season, did you mean the "
                                                f"plugin {sibling}?"), err)
        _, _, err = self.check({"pipelines": [{"forecast": {"plugin": "ses", "params": {"seasonality": 24}}}]})
        self.assertRegex(err[0], "the plugin 'ses' has no season, did you mean the plugin '.*'seasonal-naive'")

    def test_two_seasons_are_a_list_or_two_parameters(self):
        def run(params):
            code, out, err = self.check({"pipelines": [{
                "interval": "1h", "forecast": {"plugin": "lag", "params": {"fit": "online", **params}}}]})
            return code, [line for line in out if line.startswith("  memory")], err

        both = run({"season_length": 24, "second_season_length": 168})
        self.assertEqual((both[0], both[2]), (0, []))
        for params in ({"season_length": [24, 168]}, {"season_length": ["1d", "7d"]}, {"seasonality": ["1d", 168]},
                       {"season_length": "1d", "second_season_length": "7d"}):
            self.assertEqual(run(params), both, params)
        self.assertEqual(run({"season_length": ["1d"]}), run({"season_length": 24}))
        self.assertNotEqual(run({"season_length": 24}), both)

        place = "pipelines[0].forecast.params."
        for params, sentence in (
                ({"season_length": [1, 2, 3]}, "season_length: found [1,2,3], expected an integer from 0 to 100000 (steps of the "
                                               'interval), or a duration such as "1h", or a list of one or two of these'),
                ({"season_length": []}, "season_length: found [], expected an integer"),
                ({"season_length": True}, "season_length: found true, expected an integer"),
                ({"season_length": [24, "x"]}, 'season_length[1]: found "x", expected an integer'),
                ({"season_length": [24, "90m"]}, 'second_season_length: found "1h30m", expected a multiple of the pipeline\'s'),
                ({"seasonality": [24, 168], "second_season_length": 0},
                 "second_season_length: found it beside a list of two in 'season_length', expected one of both")):
            with self.subTest(params=params):
                code, _, err = run(params)
                self.assertEqual(code, 1)
                self.assertIn(place + sentence, err[0])

    def test_what_a_second_season_of_holt_winters_does_not_go_with(self):
        def run(**params):
            code, _, err = self.check({"pipelines": [{
                "interval": "1h", "forecast": {"plugin": "holt-winters", "params": {"season_length": ["1d", "7d"], **params}}}]})
            return code, " ".join(err)

        for params in ({}, {"fit": "online"}, {"seasonal": "auto", "trend": "auto", "horizon": "2d"}):
            self.assertEqual(run(**params), (0, ""), params)
        self.assertRegex(run(seasonal="mul")[1], 'found a second season beside seasonal "mul", expected "add" or "auto"')
        self.assertRegex(run(loss="squares")[1], 'found a second season beside loss "squares", expected "leads"')

    def test_the_plugins_with_a_season_are_those_of_the_files(self):
        """An installation of some plugins alone: what is suggested is there."""
        program = self.folder / "bin/forecastd"
        plugins = self.folder / "lib/forecastd/plugins"
        for folder in (program.parent, plugins):
            folder.mkdir(mode=0o755, parents=True)
        shutil.copy2(FORECASTD, program)
        built = pathlib.Path(FORECASTD).resolve().parents[1] / "lib/forecastd/plugins"

        def hint(*names):
            for name in names:
                shutil.copy2(built / f"{name}.so", plugins)
            config = self.config({"pipelines": [{"forecast": {"plugin": "holt", "params": {"season": 24}}}]})
            done = subprocess.run([program, "check", config], capture_output=True, timeout=60, check=False)
            return done.stderr.decode().splitlines()[0].split("'holt' has no season, ")[1]

        self.assertEqual(hint("holt"), "and no other one that was found has")
        self.assertEqual(hint("naive"), "did you mean the plugin 'seasonal-naive'?")
        self.assertEqual(hint("arima"), "did you mean the plugin 'arima' or 'seasonal-naive'?")

    def test_a_parameter_beside_params(self):
        _, _, err = self.check({"pipelines": [{"detect": {"plugin": "zscore", "z_threshold": 3}}]})
        self.assertEqual(err, ["E! FILE:1:48: pipelines[0].detect.z_threshold: this is a parameter of the plugin "
                               "'zscore', expected it inside of 'params'"])

    def test_what_is_no_config_is_a_sentence(self):
        for text, sentence in {
            "": 'E! FILE: the config is empty, expected a JSON object such as {"pipelines": [...]}',
            "{\n  'a': 1}": "E! FILE:2:3: this is not JSON: found a word that is neither a string in quotes, "
                            "a number, true, false nor null",
            "[" * 100000: "E! FILE: this is not JSON: brackets are nested more than 64 deep; "
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
