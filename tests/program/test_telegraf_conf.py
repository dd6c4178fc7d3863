"""forecastd telegraf-conf: the section of Telegraf's config, read back as TOML, and by a Telegraf if TELEGRAF names one."""

import os
import subprocess
import tomllib
import unittest

from forecastd_test import FORECASTD, TestCase, forecastd, main, our_configs

HOLT = {"plugin": "holt"}
SILENT = {"passthrough": False}


def pipelines(*some, **keys):
    return {"pipelines": list(some), **keys}


class TelegrafConf(TestCase):
    def conf(self, config, *options, env=None, name="config.json"):
        """The tables that are printed, and their text."""
        path = self.config(config, name)
        done = forecastd("telegraf-conf", path, *options, env={"FORECASTD_PLUGIN_PATH": "", **(env or {})})
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        text = done.stdout.decode()
        return tomllib.loads(text)["processors"], text

    def test_pass_through_names_the_program_the_config_and_what_is_watched(self):
        found, _ = self.conf(pipelines({"namepass": ["cpu", "mem*"], "forecast": HOLT},
                                       {"namepass": ["disk", "cpu"], "forecast": HOLT}))
        self.assertEqual(found, {"execd": [{
            "order": 1, "namepass": ["cpu", "mem*", "disk"], "restart_delay": "10s",
            "command": [os.path.realpath(FORECASTD), "run", str(self.folder / "config.json")]}]})

    def test_a_pipeline_that_watches_everything_gets_everything(self):
        found, text = self.conf(pipelines({"namepass": ["cpu"], "forecast": HOLT}, {"forecast": HOLT}))
        self.assertNotIn("namepass", found["execd"][0])
        self.assertIn("Not every pipeline has a 'namepass'", text)
        found, _ = self.conf(pipelines({"namepass": [], "forecast": HOLT}))
        self.assertNotIn("namepass", found["execd"][0])  # an empty one would select everything in Telegraf

    def test_a_shadow_has_a_clone_before_it(self):
        config = pipelines({"namepass": ["cpu"], "forecast": HOLT, "output": SILENT})
        for options in ([], ["--wiring", "shadow"]):
            found, _ = self.conf(config, *options)
            self.assertEqual(found["clone"], [{"order": 1, "namepass": ["cpu"], "tags": {"copy": "forecastd"}}])
            self.assertEqual(found["execd"][0]["tagpass"], {"copy": ["forecastd"]})
            self.assertEqual(found["execd"][0]["order"], 2)
            self.assertNotIn("namepass", found["execd"][0])

    def test_a_shadow_must_not_pass_the_copies_on(self):
        path = self.config(pipelines({"name": "quiet", "forecast": HOLT, "output": SILENT},
                                     {"name": "loud", "forecast": HOLT}))
        done = forecastd("telegraf-conf", path, "--wiring", "shadow")
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertTrue(done.stderr.startswith(b"E! pipeline 'loud' passes on what it gets"))

    def test_in_the_line_a_silent_pipeline_is_pointed_out(self):
        found, text = self.conf(pipelines({"name": "quiet", "forecast": HOLT, "output": SILENT}),
                                "--wiring", "pass-through")
        self.assertNotIn("clone", found)
        self.assertIn("## Pipeline 'quiet' says \"passthrough\": false", text)

    def test_where_plugins_are_and_how_much_is_told(self):
        found, _ = self.conf(pipelines({"forecast": HOLT}, log={"level": "debug"}),
                             env={"FORECASTD_PLUGIN_PATH": "/opt/a:/opt/b"})
        self.assertEqual(found["execd"][0]["environment"], ["FORECASTD_PLUGIN_PATH=/opt/a:/opt/b"])
        self.assertEqual(found["execd"][0]["log_level"], "debug")

    def test_names_are_quoted(self):
        names = ['a"b', "c\\\\d", "é\t"]
        found, _ = self.conf(pipelines({"namepass": names, "forecast": HOLT}), name='a "b".json')
        self.assertEqual(found["execd"][0]["namepass"], names)
        self.assertTrue(found["execd"][0]["command"][2].endswith('/a "b".json'))

    def test_a_bad_config_is_told_as_check_does(self):
        path = self.config({"pipelines": [{"namepas": ["cpu"], "forecast": HOLT}]})
        done, checked = forecastd("telegraf-conf", path), forecastd("check", path)
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertEqual(done.stderr, checked.stderr)
        self.assertIn(b"pipelines[0].namepas: there is no such key", done.stderr)

    def test_a_wrong_wiring_is_a_mistake_in_the_command_line(self):
        done = forecastd("telegraf-conf", self.config(pipelines({"forecast": HOLT})), "--wiring", "through")
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"--wiring is 'through', expected 'pass-through' or 'shadow'", done.stderr)

    def test_every_config_of_ours_has_one(self):
        for config in our_configs():
            with self.subTest(config.name):
                done = forecastd("telegraf-conf", config)
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.assertEqual(tomllib.loads(done.stdout.decode())["processors"]["execd"][0]["command"][1:],
                                 ["run", str(config)])

    @unittest.skipUnless("TELEGRAF" in os.environ, "TELEGRAF names no Telegraf")
    def test_a_telegraf_takes_it(self):
        head = ("[agent]\n  skip_processors_after_aggregators = true\n"
                f"[[inputs.file]]\n  files = [\"{self.folder}/points\"]\n"
                "[[outputs.file]]\n  files = [\"stdout\"]\n")
        (self.folder / "points").write_text("room t=20 1700000000000000000\ndoor open=1 1700000000000000000\n")
        for output, copies in (({}, ""), (SILENT, ",copy=forecastd")):
            _, text = self.conf(pipelines({"namepass": ["room"], "interval": "1s", "forecast": {"plugin": "naive"},
                                           "output": output}))
            (self.folder / "telegraf.conf").write_text(head + text)
            done = subprocess.run([os.environ["TELEGRAF"], "--config", self.folder / "telegraf.conf", "--once"],
                                  capture_output=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            lines = done.stdout.decode().splitlines()
            measurements = sorted(line.split(" ")[0].replace(",host=" + os.uname().nodename, "") for line in lines)
            self.assertEqual(measurements, sorted(["door", "room", f"room_forecast{copies},field=t"]), done.stderr)


if __name__ == "__main__":
    main()
