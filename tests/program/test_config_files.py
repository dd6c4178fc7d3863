"""A config of several files: directories and includes; and variables of the environment in it."""

import json
import signal

from forecastd_test import FORECASTD, TestCase, forecastd, main
from running import Running


def pipeline(name, **keys):
    return {"name": name, "namepass": [name], "interval": "10s", "detect": {"plugin": "zscore", "emit": "all"}, **keys}


def points(*names, count=3):
    return "".join(f"{name} v={i} {i}0000000000\n" for i in range(1, count + 1) for name in names)


class ConfigFiles(TestCase):
    def write(self, name, value):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return path

    def check(self, path, code=0, **env):
        done = forecastd("check", "--quick", path, env=env)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout.decode(), done.stderr.decode().replace(str(self.folder) + "/", "")

    def judged(self, path, *names, **env):
        """The measurements of which `run` writes verdicts."""
        out = forecastd("run", path, stdin=points(*names), env=env).stdout.decode()
        return sorted({line.split("_anomaly")[0] for line in out.splitlines() if "_anomaly," in line})

    def test_a_directory(self):
        self.write("conf/10-cpu.json", {"pipelines": [pipeline("cpu")]})
        self.write("conf/20-mem.jsonc", '// memory\n{"pipelines": [' + json.dumps(pipeline("mem")) + ',],}')
        self.write("conf/00-limits.json", {"limits": {"max_series": 77}})
        self.write("conf/.hidden.json", "{")
        self.write("conf/README.md", "# no config")
        self.write("conf/more.json/x.json", "{")
        out, err = self.check(self.folder / "conf")
        self.assertEqual(err, "")
        folder = self.folder / "conf"
        self.assertEqual([line for line in out.splitlines() if line.startswith(("pipeline", "limits", "files", "     "))],
                         ["pipeline 'cpu'", "pipeline 'mem'",
                          "limits      77 series, 2GiB of memory, 1MiB a line; series are kept for ever",
                          f"files       {folder}/00-limits.json", f"            {folder}/10-cpu.json",
                          f"            {folder}/20-mem.jsonc"])
        self.assertEqual(self.judged(folder, "cpu", "mem", "net"), ["cpu", "mem"])
        conf = forecastd("telegraf-conf", folder).stdout.decode()
        self.assertIn(f'"run", "{folder}"]', conf)
        self.assertIn('namepass = ["cpu", "mem"]', conf)

    def test_a_directory_without_a_config(self):
        (self.folder / "conf").mkdir()
        _, err = self.check(self.folder / "conf", code=1)
        self.assertEqual(err, "E! the directory 'conf' has no config, expected at least one file *.json or *.jsonc\n")
        self.assertEqual(forecastd("run", self.folder / "conf", stdin="m v=1 1\n").stdout, b"m v=1 1\n")

    def test_includes_are_relative_to_their_file(self):
        main_file = self.write("main.json", {"include": ["pipelines.d/*.json"], "pipelines": [pipeline("cpu")]})
        self.write("pipelines.d/net.json", {"include": ["../deep/disk.jsonc"], "pipelines": [pipeline("net")]})
        self.write("deep/disk.jsonc", {"plugin_dirs": ["mine"], "pipelines": [pipeline("disk", forecast={"plugin": "hotl"})]})
        _, err = self.check(main_file, code=1)
        self.assertTrue(err.startswith("E! pipelines.d/../deep/disk.jsonc:1:"), err)
        self.assertIn("pipelines[0].forecast.plugin of pipeline 'disk': there is no algorithm 'hotl'", err)
        self.assertIn("deep/mine", err)
        self.assertEqual(self.judged(main_file, "cpu", "net", "disk"), ["cpu", "net"])
        self.write("pipelines.d/broken.json", "{")
        self.assertEqual(self.judged(main_file, "cpu", "net"), ["cpu", "net"])

    def test_a_key_that_two_files_give(self):
        self.write("conf/a.json", {"limits": {"ttl": "1d"}, "pipelines": [pipeline("cpu")]})
        self.write("conf/b.json", {"limits": {"ttl": "2d"}})
        _, err = self.check(self.folder / "conf", code=1)
        self.assertEqual(err, f"E! conf/b.json:1:2: limits: the key is given in '{self.folder}/conf/a.json' already, expected in "
                              "one of the files\n".replace(f"{self.folder}/", ""))

    def test_the_files_beside_a_file_that_is_included(self):
        """A calendar, and recorded points."""
        main_file = self.write("main.json", {"include": ["sub/*.json"]})
        self.write("sub/holidays.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\nEND:VEVENT\nEND:VCALENDAR\n")
        self.write("sub/past.lp", points("cpu", count=200))
        self.write("sub/a.json", {"state": {"dir": str(self.folder / "state"), "history": ["past.lp"]}, "pipelines": [
            pipeline("cpu"),
            pipeline("net", interval="1h", forecast={"plugin": "seasonal-naive", "params": {"season_length": "7d"}},
                     calendar={"ics": "holidays.ics"})]})
        out, _ = self.check(main_file)
        self.assertIn("calendar  1 holiday, as a sunday", out)
        done = forecastd("run", main_file, stdin="cpu v=5 2010000000000\n")
        self.assertNotIn(b"warmup", done.stdout, "it has learned from the recorded points")

    def test_a_reload_reads_them_all_again(self):
        for watch in (False, True):
            with self.subTest(watch=watch):
                folder = self.folder / f"conf-{watch}"
                top = {"log": {"level": "info"}, **({"watch": "100ms"} if watch else {})}
                self.write(folder / "a.json", {"pipelines": [pipeline("cpu")], "include": ["more/*.json"], **top})
                (folder / "more").mkdir()
                running = Running(FORECASTD, "run", folder)
                self.addCleanup(running.process.kill)
                running.feed(points("cpu", count=50).encode())
                running.answers(b"cpu v=50 50")
                self.write(folder / "b.new", {"pipelines": [pipeline("mem")]})
                (folder / "b.new").rename(folder / "b.json")
                if not watch:
                    running.process.send_signal(signal.SIGHUP)
                running.says(b"pipeline 'mem' runs")
                self.write(folder / "c.new", {"pipelines": [pipeline("net")]})
                (folder / "c.new").rename(folder / "more/c.json")
                if not watch:
                    running.process.send_signal(signal.SIGHUP)
                running.says(b"pipeline 'net' runs")
                self.assertEqual(running.end(), 0)

    def test_a_file_that_was_mended_is_looked_at(self):
        """What a config names that was not valid is watched, too."""
        path = self.write("a.json", {"pipelines": [pipeline("cpu")], "watch": "100ms", "log": {"level": "info"}})
        running = Running(FORECASTD, "run", path)
        self.addCleanup(running.process.kill)
        running.feed(b"cpu v=1 1\n")
        running.answers(b"cpu v=1 1")
        self.write("elsewhere/b.json", "{")
        new = self.write("new", {"pipelines": [pipeline("cpu")], "watch": "100ms", "include": ["elsewhere/b.json"],
                                 "log": {"level": "info"}})
        new.rename(path)
        running.says(b"everything goes on as it was")
        self.write("elsewhere/b.json", {"pipelines": [pipeline("mem")]})
        running.says(b"pipeline 'mem' runs")
        self.assertEqual(running.end(), 0)


class Variables(TestCase):
    CONFIG = {"pipelines": [pipeline("${NAME:-cpu}", tagpass={"host": ["${HOST}"]}), pipeline("mem")],
              "limits": {"max_series": "${SERIES:-100}"}}

    def test_they_are_those_of_the_environment(self):
        done = forecastd("check", "--quick", self.config(self.CONFIG), env={"HOST": "db1", "SERIES": "7", "NAME": "net"})
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        out = done.stdout.decode()
        self.assertIn("pipeline 'net'\n  series    measurements net; all fields; tags host=db1\n", out)
        self.assertIn("limits      7 series", out)

    def test_one_that_is_not_set(self):
        path = self.config(self.CONFIG)
        sentence = (f"E! {path}:1:98: pipelines[0].tagpass.host[0] of pipeline '${{NAME:-cpu}}': the environment variable "
                    "'HOST' is not set; set it where forecastd is started, or write ${HOST:-default}\n")
        done = forecastd("check", "--quick", path)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.decode(), sentence.replace(":98:", ":" + str(path.read_text().index('"${HOST}"') + 1) + ":"))
        run = forecastd("run", path, stdin=points("cpu", "mem"))
        self.assertIn(b"mem_anomaly", run.stdout)
        self.assertNotIn(b"cpu_anomaly", run.stdout)


if __name__ == "__main__":
    main()
