"""A config, a plugin or the program itself that changes while it runs: it is checked, and taken between two points; no
point is lost, and the series go on."""

import json
import os
import pathlib
import shutil
import signal
import threading
import time

from forecastd_test import BUILD, FORECASTD, TestCase, emulator_cannot, forecastd, main
from running import Running

PIPELINE = {"name": "p", "interval": "10s", "forecast": {"plugin": "holt"}, "detect": {"plugin": "zscore"}}
OTHER = {"name": "q", "interval": "10s", "forecast": {"plugin": "ses"}}


def points(begin, end):
    return b"".join(b"m,host=h%d v=%d %d000000000\n" % (host, (i * (7 + host)) % 40 + (200 if i % 50 == 0 else 0), 10 * i)
                    for i in range(begin, end) for host in range(3))


class Reload(TestCase):
    def write(self, *pipelines, **more):
        return self.config({"log": {"level": "info"}, "pipelines": list(pipelines), **more})

    def start(self, *pipelines, program=FORECASTD, **more):
        running = Running(program, "run", self.write(*pipelines, **more))
        self.addCleanup(running.process.kill)
        return running

    def ask(self, running, times=1, by=signal.SIGHUP):
        running.process.send_signal(by)
        running.says(b"series go on", times)

    def undisturbed(self, *pipelines, data):
        return forecastd("run", self.config({"pipelines": list(pipelines)}, "undisturbed.json"), stdin=data).stdout

    def test_a_config_that_did_not_change_is_seen_in_no_output(self):
        for by in (signal.SIGHUP, signal.SIGUSR2):
            running = self.start(PIPELINE)
            running.feed(points(1, 100))
            running.answers(points(99, 100))
            self.ask(running, by=by)
            self.assertIn(b"3 series go on", running.messages)
            running.feed(points(100, 200))
            self.assertEqual(running.end(), 0)
            self.assertEqual(running.out, self.undisturbed(PIPELINE, data=points(1, 200)))

    def test_under_load_no_point_is_lost_and_none_comes_twice(self):
        running = self.start(PIPELINE)
        data = points(1, 4000)
        halt = threading.Event()

        def disturb():
            while not halt.is_set():
                running.process.send_signal(signal.SIGHUP)
                halt.wait(0.1)
        running.feed(data[:100])
        running.answers(data[:data.index(b"\n") + 1])
        thread = threading.Thread(target=disturb, daemon=True)
        thread.start()
        for at in range(100, len(data), 997):  # mostly within a line
            running.feed(data[at:at + 997])
            time.sleep(0.005)
            if at <= len(data) // 2 < at + 997:
                running.says(b"series go on")
        running.says(b"series go on", times=2)
        halt.set()
        thread.join()
        self.assertEqual(running.end(), 0)
        self.assertEqual(running.out, self.undisturbed(PIPELINE, data=data))

    def test_what_did_not_change_goes_on(self):
        """Of two pipelines one is changed, and a third is new."""
        running = self.start(PIPELINE, OTHER)
        running.feed(points(1, 100))
        running.answers(points(99, 100))
        changed = {**OTHER, "forecast": {"plugin": "ses", "params": {"alpha": 0.5}}}
        self.write(PIPELINE, changed, {**OTHER, "name": "new"})
        self.ask(running)
        running.says(b"3 saved series are not taken over: plugin 'ses': the state was saved with other parameters")
        self.assertIn(b"state: 3 series go on", running.messages)
        before = len(running.out)
        running.feed(points(100, 101))
        self.assertEqual(running.end(), 0)
        judged = [line for line in running.out[before:].splitlines() if line.startswith(b"m_anomaly")]
        self.assertEqual(len(judged), 3)
        self.assertNotIn(b"warmup=true", b"".join(judged))

    def test_a_pipeline_that_was_renamed(self):
        running = self.start(PIPELINE)
        running.feed(points(1, 100))
        running.answers(points(99, 100))
        self.write({**PIPELINE, "name": "better", "was": "p"})
        self.ask(running)
        running.feed(points(100, 200))
        self.assertEqual(running.end(), 0)
        self.assertEqual(running.out, self.undisturbed(PIPELINE, data=points(1, 200)))

    def test_a_bad_config_changes_nothing(self):
        running = self.start(PIPELINE)
        running.feed(points(1, 100))
        running.answers(points(99, 100))
        path = self.write({**PIPELINE, "forecast": {"plugin": "holtt"}})
        running.process.send_signal(signal.SIGHUP)
        running.says(b"is not loaded: 'forecastd check' ended with exit code 1; everything goes on as it was")
        self.assertIn(b"holtt", running.messages)
        path.write_text("{")
        running.process.send_signal(signal.SIGHUP)
        running.says(b"everything goes on as it was", 2)
        running.feed(points(100, 200))
        self.assertEqual(running.end(), 0)
        self.assertEqual(running.out, self.undisturbed(PIPELINE, data=points(1, 200)))

    def test_a_file_that_is_watched(self):
        running = self.start(PIPELINE, watch="100ms")
        running.feed(points(1, 100))
        running.answers(points(99, 100))
        path = pathlib.Path(self.folder) / "new.json"
        path.write_text(json.dumps({"log": {"level": "info"}, "watch": "100ms", "pipelines": [PIPELINE, OTHER]}))
        path.rename(pathlib.Path(self.folder) / "config.json")
        running.says(b"is checked, since a file has changed")
        running.says(b"3 series go on")
        running.says(b"pipeline 'q' runs")
        running.feed(points(100, 101))
        self.assertEqual(running.end(), 0)
        self.assertEqual(running.messages.count(b"series go on"), 1, "once for a change")

    def test_a_plugin_that_was_replaced(self):
        """The file is another one, renamed over the old one; its series carry on."""
        folder = self.folder / "plugins"
        folder.mkdir(mode=0o755)
        binary = (BUILD / "lib/forecastd/plugins/zscore.so").read_bytes()
        file = folder / "copied.so"
        file.write_bytes(binary.replace(b"zscore\0", b"copied\0"))
        file.chmod(0o644)
        pipeline = {"name": "p", "interval": "10s", "detect": {"plugin": "copied"}}
        more = {"plugin_dirs": [str(folder)]}
        running = self.start(pipeline, watch="100ms", **more)
        running.feed(points(1, 100))
        running.answers(points(99, 100))
        mapped = pathlib.Path(f"/proc/{running.process.pid}/maps").read_text()
        new = folder / "copied.so.new"
        new.write_bytes(file.read_bytes())
        new.chmod(0o644)
        new.rename(file)
        running.says(b"3 series go on")
        running.feed(points(100, 101))
        running.answers(points(100, 101))
        self.assertNotEqual(mapped, pathlib.Path(f"/proc/{running.process.pid}/maps").read_text())
        self.assertEqual(running.end(), 0)
        judged = [line for line in running.out.splitlines() if line.startswith(b"m_anomaly")][-3:]
        self.assertNotIn(b"warmup=true", b"".join(judged))

    @emulator_cannot("the process executes qemu, as others see it")
    def test_a_program_that_was_replaced(self):
        """An upgrade: another file at the same path, with the old one still running."""
        tree = self.folder / "installed"
        (tree / "bin").mkdir(parents=True)
        (tree / "lib").mkdir()
        (tree / "lib/forecastd").symlink_to(BUILD / "lib/forecastd")
        program = tree / "bin/forecastd"
        shutil.copy(FORECASTD, program)
        running = self.start(PIPELINE, program=program)
        running.feed(points(1, 100))
        running.answers(points(99, 100))
        shutil.copy(FORECASTD, tree / "bin/new")
        (tree / "bin/new").rename(program)
        self.assertIn("(deleted)", os.readlink(f"/proc/{running.process.pid}/exe"))
        self.ask(running, by=signal.SIGUSR2)
        self.assertEqual(os.readlink(f"/proc/{running.process.pid}/exe"), str(program.resolve()))
        running.feed(points(100, 200))
        # One that does not run is not executed.
        (tree / "bin/new").write_text("#!/bin/sh\necho 'E! no' >&2\nexit 3\n")
        (tree / "bin/new").chmod(0o755)
        (tree / "bin/new").rename(program)
        running.process.send_signal(signal.SIGUSR2)
        running.says(b"ended with exit code 3; everything goes on as it was")
        running.feed(points(200, 300))
        self.assertEqual(running.end(), 0)
        self.assertEqual(running.out, self.undisturbed(PIPELINE, data=points(1, 300)))


if __name__ == "__main__":
    main()
