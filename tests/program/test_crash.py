"""A plugin that crashes, hangs or ends the process: the program begins again in the same process, without the series that
it was called for or without the plugin, and no point is lost."""

import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import time

from forecastd_test import BUILD, FORECASTD, TestCase, emulator_cannot, forecastd, main

GOOD = {"name": "good", "interval": "1s", "detect": {"plugin": "zscore"}}
BAD = {"name": "bad", "interval": "1s", "forecast": {"plugin": "broken.crashes"}}


def config(*pipelines, plugins=("crashes",)):
    return {"plugin_dirs": [str(BUILD / "broken_plugins" / name) for name in plugins], "pipelines": list(pipelines)}


def points(count, series=1):
    return b"".join(b"m,s=%d v=%d %d000000000\n" % (n, i % 5, i) for i in range(1, count + 1) for n in range(series))


def reports(stderr):
    """The messages about crashes."""
    return [line for line in stderr.decode().splitlines() if "no point is lost" in line]


def originals(out):
    return b"".join(line for line in out.splitlines(keepends=True) if line.startswith(b"m,"))


class Crash(TestCase):
    def assert_outlived(self, result, data, plugin="broken.crashes", how=r"crashed \(.+\)"):
        """The last crash was one with the last series of the data."""
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(originals(result.stdout), data)
        errors = reports(result.stderr)
        self.assertTrue(errors, result.stderr)
        self.assertRegex(errors[-1], rf"^E! plugin '{plugin}.*' {how}, at pipeline '.+', series 'm,s=\d', field 'v'.*; this "
                                     "series is set aside until forecastd is started again; no point is lost, and the "
                                     "other series go on$")

    def assert_judged_as_alone(self, result, data):
        """The good pipeline has judged every point, as if it had been alone."""
        alone = forecastd("run", self.config({"pipelines": [GOOD]}, "alone.json"), stdin=data)
        self.assertEqual([line for line in result.stdout.splitlines() if line.startswith(b"m_anomaly")],
                         [line for line in alone.stdout.splitlines() if line.startswith(b"m_anomaly")])

    def outlives(self, name, how, *, data=None, **more):
        """Runs a good pipeline beside a broken plugin; what came out."""
        data = data or points(100)
        bad = {**BAD, "forecast": {"plugin": f"broken.{name}"}}
        result = forecastd("run", self.config({**config(GOOD, bad, plugins=(name,)), **more}), stdin=data)
        self.assert_outlived(result, data, plugin=f"broken.{name}", how=how)
        self.assertEqual(len(reports(result.stderr)), 1, "reported once")
        self.assert_judged_as_alone(result, data)
        return result

    def test_in_bulk(self):
        data = points(20_000, series=3)
        result = forecastd("run", self.config(config(GOOD, BAD)), stdin=data)
        self.assertEqual((result.returncode, originals(result.stdout)), (0, data))
        self.assert_judged_as_alone(result, data)
        errors = reports(result.stderr)
        self.assertEqual(len(errors), 3, "the third sets the plugin aside")
        self.assertRegex(errors[0], r"^E! plugin 'broken\.crashes' crashed \(Segmentation fault\); the call was for several "
                                    "points, so from now on it gets one point a call, and a further crash tells which "
                                    "series it is about; no point is lost, and the other series go on$")
        self.assertRegex(errors[1], "series 'm,s=0', field 'v'; this series is set aside until forecastd is started again; ")
        self.assertRegex(errors[2], "series 'm,s=1', field 'v'; the plugin is set aside until forecastd is started again; ")

    def test_the_other_series_go_on(self):
        """The plugin crashes at the tenth point of a series, which just one of them has."""
        longer = points(100)
        others = [b"m,s=%d v=1 %d000000000\n" % (n, 101 + i) for i in range(9) for n in (1, 2)]
        data = longer + b"".join(others)
        result = forecastd("run", self.config(config(GOOD, BAD)), stdin=data)
        self.assert_outlived(result, data)
        self.assertEqual(len(reports(result.stderr)), 1)
        self.assertIn("series 'm,s=0'", reports(result.stderr)[0])
        self.assertEqual(sorted(re.findall(rb"^m_forecast,field=v,s=(\d) ", result.stdout, re.MULTILINE)),
                         [b"1"] * 9 + [b"2"] * 9)

    def test_the_other_series_go_on_while_intervals_are_learned(self):
        data = points(100) + b"".join(b"m,s=1 v=1 %d000000000\n" % (101 + i) for i in range(9))
        bad = {key: value for key, value in BAD.items() if key != "interval"}
        result = forecastd("run", self.config(config(GOOD, bad)), stdin=data)
        self.assert_outlived(result, data)
        self.assertEqual(len(reports(result.stderr)), 1)
        self.assertIn(b"m_forecast,field=v,s=1", result.stdout)
        self.assertNotIn(b"m_forecast,field=v,s=0", result.stdout)

    def test_a_plugin_that_crashes_with_many_series_is_set_aside(self):
        data = points(100, series=8)
        result = forecastd("run", self.config({**config(GOOD, BAD), "metrics": {"every": "1h"}}), stdin=data)
        self.assertEqual((result.returncode, originals(result.stdout)), (0, data))
        errors = reports(result.stderr)
        self.assertEqual([re.search(r"series 'm,s=(\d)'", line)[1] for line in errors[1:]], list("01"))
        self.assertTrue(errors[-1].endswith("; the plugin is set aside until forecastd is started again; no point is lost, and the "
                                            "other series go on"), errors[-1])
        self.assertIn(b"algorithm 'broken.crashes' is set aside", result.stderr)
        self.assertIn(b"plugin_crashes=3i", result.stdout)
        self.assert_judged_as_alone(result, data)

    def test_a_crash_outside_of_a_series_sets_the_plugin_aside(self):
        bad = {**BAD, "forecast": {"plugin": "broken.crashes_at_once"}}
        data = points(100)
        result = forecastd("run", self.config(config(GOOD, bad, plugins=("crashes_at_once",))), stdin=data)
        self.assertEqual((result.returncode, originals(result.stdout)), (0, data))
        (error,) = reports(result.stderr)
        self.assertRegex(error, r"^E! plugin 'broken\.crashes_at_once' crashed \(Segmentation fault\); the plugin is set aside")

    def test_a_last_line_without_its_end(self):
        data = points(30)
        result = forecastd("run", self.config(config(GOOD, BAD)), stdin=data[:-1])
        self.assert_outlived(result, data)

    @emulator_cannot("the process executes qemu, as others see it")
    def test_line_by_line(self):
        """Each line is answered before the next one is sent; the process stays the same."""
        with subprocess.Popen([FORECASTD, "run", str(self.config(config(BAD)))], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            for line in points(30).splitlines(keepends=True):
                process.stdin.write(line)
                process.stdin.flush()
                while (answer := process.stdout.readline()).startswith(b"m_forecast"):
                    pass
                self.assertEqual(answer, line)
            self.assertEqual(os.readlink(f"/proc/{process.pid}/exe"), os.path.realpath(FORECASTD))
            process.stdin.close()
            self.assertEqual(process.wait(timeout=10), 0)
            (error,) = reports(process.stderr.read())  # a call for one point tells at once
            self.assertIn("series 'm,s=0', field 'v'; this series is set aside", error)

    def test_a_chunk_that_ends_within_a_line(self):
        with subprocess.Popen([FORECASTD, "run", str(self.config(config(BAD)))], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            data = points(30)
            process.stdin.write(data[:len(data) - 10])  # crashes, with the last line cut
            process.stdin.flush()
            while not (line := process.stdout.readline()).endswith(b" 29000000000\n"):
                self.assertTrue(line)
            process.stdin.write(data[len(data) - 10:])
            process.stdin.close()
            self.assertEqual(process.stdout.readline(), data.splitlines(keepends=True)[-1])

    def test_two_plugins_one_after_the_other(self):
        second = {**BAD, "name": "second", "forecast": {"plugin": "broken.crashes_at_once"}}
        data = points(100)
        both = config(GOOD, BAD, second, plugins=("crashes", "crashes_at_once"))
        result = forecastd("run", self.config(both), stdin=data)
        self.assert_outlived(result, data)
        self.assertEqual(result.stderr.count(b" crashed ("), 2, "each crash is reported once")
        self.assert_judged_as_alone(result, data)

    def test_a_file_that_crashes_when_it_is_opened(self):
        data = points(100)
        bad = {**BAD, "forecast": {"plugin": "acme.crashes_on_load"}}
        result = forecastd("run", self.config(config(GOOD, bad, plugins=("crashes_on_load",))), stdin=data)
        self.assertEqual((result.returncode, originals(result.stdout)), (0, data))
        self.assertIn(b"crashes_on_load.so: crashed while it was loaded (Aborted)", result.stderr)
        self.assert_judged_as_alone(result, data)

    def test_a_crash_that_is_no_plugins_is_one(self):
        """A signal from outside ends the process as ever."""
        with subprocess.Popen([FORECASTD, "run", str(self.config(config(GOOD)))], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            process.stdin.write(b"m v=1 1\n")
            process.stdin.flush()
            process.stdout.readline()
            process.send_signal(signal.SIGSEGV)
            self.assertEqual(process.wait(timeout=10), -signal.SIGSEGV)

    def test_every_signal_that_means_a_crash(self):
        self.outlives("aborts", r"crashed \(Aborted\)")
        self.outlives("traps", r"crashed \(Trace/breakpoint trap\)")
        self.outlives("bad_call", r"crashed \(Bad system call\)")

    def test_a_call_that_never_returns(self):
        for name in ("hangs", "hangs_deaf"):
            self.outlives(name, "did not return from a call within 2000 ms", plugins={"deadline": "2s"})

    def test_a_plugin_that_ends_the_process(self):
        self.outlives("exits", "ended the process with exit code 3")
        self.outlives("exits_at_once", "ended the process with exit code 4")
        self.outlives("exits_quickly", "ended the process with exit code 0")

    def test_a_plugin_that_hangs_or_crashes_when_its_model_is_freed(self):
        data = points(20)
        for name in ("hangs_at_end", "crashes_at_end"):
            bad = {**BAD, "forecast": {"plugin": f"broken.{name}"}}
            value = {**config(bad, plugins=(name,)), "plugins": {"deadline": "2s"}}
            result = forecastd("run", self.config(value), stdin=data)
            self.assertEqual((result.returncode, originals(result.stdout)), (0, data))
            self.assertEqual(result.stdout.count(b"m_forecast"), 20)

    def test_a_plugin_that_changes_directory_before_it_crashes(self):
        self.config({**config(GOOD, {**BAD, "forecast": {"plugin": "broken.wanders"}}, plugins=("wanders",))})
        data = points(100)
        result = subprocess.run([FORECASTD, "run", "config.json"], cwd=self.folder, input=data, capture_output=True,
                                timeout=60, check=False)
        self.assert_outlived(result, data, plugin="broken.wanders")
        self.assert_judged_as_alone(result, data)

    def test_a_plugin_that_changes_signals(self):
        self.outlives("takes_signals", r"crashed \(Segmentation fault\)")
        # SIGTERM is obeyed although the plugin has blocked it.
        bad = {**BAD, "forecast": {"plugin": "broken.takes_signals"}}
        with subprocess.Popen([FORECASTD, "run", str(self.config(config(bad, plugins=("takes_signals",))))],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdin.write(points(1))
            process.stdin.flush()
            process.stdout.readline(), process.stdout.readline()
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(timeout=20), 0)
            self.assertIn(b"the handler of the signal 'Segmentation fault' was replaced", process.stderr.read())

    def test_a_crash_outside_of_any_call(self):
        bad = {**BAD, "forecast": {"plugin": "broken.crashes_later"}}
        with subprocess.Popen([FORECASTD, "run", str(self.config(config(bad, plugins=("crashes_later",))))],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            data = points(30)
            process.stdin.write(data[:-5])
            process.stdin.flush()
            message = process.stderr.readline().decode()
            out, _ = process.communicate(data[-5:], timeout=20)
        self.assertRegex(message, r"^E! the program crashed \(Segmentation fault\) outside of any call, after a call to "
                                  r"plugin 'broken\.crashes_later'.*; the plugin is set aside until forecastd is started again")
        self.assertEqual((process.returncode, originals(out)), (0, data))

    def test_standard_streams_are_out_of_reach(self):
        data = points(100)
        bad = {**BAD, "forecast": {"plugin": "broken.prints"}}
        result = forecastd("run", self.config(config(bad, plugins=("prints",))), stdin=data)
        self.assertEqual((result.returncode, originals(result.stdout)), (0, data))
        self.assertEqual(result.stdout.count(b"m_forecast"), 100)
        self.assertNotIn(b"plugin", result.stdout)
        self.assertIn(b"printed,by=plugin v=1 1\nwritten,by=plugin v=1 1\n", result.stderr)

    def test_a_signal_to_stop_is_obeyed_during_a_call_that_hangs(self):
        bad = {**BAD, "forecast": {"plugin": "broken.hangs"}}
        with subprocess.Popen([FORECASTD, "run", str(self.config({**config(bad, plugins=("hangs",)),
                                                                  "plugins": {"deadline": "1h"}}))],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            data = points(30)
            process.stdin.write(data)
            process.stdin.flush()
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)
            out, messages = process.communicate(timeout=30)  # the input stays open until it has stopped
        self.assertEqual((process.returncode, out), (0, data))
        (error,) = reports(messages)  # there is no time for a second one
        self.assertIn("did not return from a call within 1000 ms, at pipeline 'bad', ", error)
        self.assertIn("; the plugin is set aside until", error)

    def test_a_rest_of_a_bad_line_stays_one(self):
        """The next life knows that it is within a line that was rejected."""
        with subprocess.Popen([FORECASTD, "run", str(self.config({**config(BAD), "limits": {"max_line_bytes": 1000}}))],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            data = points(30)
            process.stdin.write(data + b"x" * 2000)
            process.stdin.flush()
            while process.stdout.readline() != data.splitlines(keepends=True)[-1]:
                pass
            out, messages = process.communicate(b",a=b v=1 1\nm,s=9 v=2 2\n", timeout=20)
        self.assertEqual(originals(out), b"m,s=9 v=2 2\n")
        self.assertIn(b"line 31", messages)

    def test_counters_count_over_lives(self):
        data = points(1000)
        result = forecastd("run", self.config({**config(GOOD, BAD), "metrics": {"every": "1h"}}), stdin=data)
        fields = dict(re.findall(r"(\w+)=(\d+)i", result.stdout.decode().split("\nforecastd ")[1].split("\n")[0]))
        self.assertEqual(fields["plugin_crashes"], "1")
        for name in ("points", "lines_in"):
            self.assertEqual(fields[name], "1000", name)
        self.assertEqual(fields["bytes_in"], str(len(data)))
        self.assertEqual(int(fields["judgements"]), 1000)

    def test_many_crashes(self):
        """One after the other; how long the list can be is tested in unit/process."""
        binary = (BUILD / "broken_plugins/crashes/crashes.so").read_bytes()
        folder = self.folder / "plugins"
        folder.mkdir(mode=0o755)
        pipelines = [GOOD]
        for i in range(20):
            file = folder / f"crash{i:02}.so"
            file.write_bytes(binary.replace(b"broken.crashes\0", b"broken.crash%02d\0" % i))
            file.chmod(0o644)
            pipelines.append({"name": f"{i}", "interval": "1s", "forecast": {"plugin": f"broken.crash{i:02}"}})
        data = points(100)
        result = forecastd("run", self.config({"plugin_dirs": [str(folder)], "pipelines": pipelines}), stdin=data)
        self.assert_outlived(result, data, plugin="broken.crash")
        self.assertEqual(len(reports(result.stderr)), 20)
        self.assert_judged_as_alone(result, data)

    def test_a_file_that_is_written_over_while_it_is_loaded(self):
        folder = self.folder / "plugins"
        folder.mkdir(mode=0o755)
        file = folder / "throws_late.so"
        shutil.copy(BUILD / "broken_plugins/throws_late/throws_late.so", file)
        file.chmod(0o644)
        bad = {**BAD, "forecast": {"plugin": "broken.throws_late"}}
        value = {"plugin_dirs": [str(folder)], "pipelines": [bad]}
        with subprocess.Popen([FORECASTD, "run", str(self.config(value))], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            data = points(5)
            process.stdin.write(data)
            process.stdin.flush()
            for _ in range(10):
                self.assertTrue(process.stdout.readline())
            with open(file, "r+b") as over:  # the same file, as cp does it
                over.write(b"\0" * file.stat().st_size)
            out, messages = process.communicate(points(30)[len(data):], timeout=20)
        self.assertEqual(process.returncode, 0, messages)
        self.assertEqual(originals(out), points(30)[len(data):])
        self.assertEqual(messages.count(b"the model broke down at point 10"), 1, messages)
        self.assertNotIn(b"crashed", messages)

    def test_a_core_file_if_it_is_wanted(self):
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        pattern = pathlib.Path("/proc/sys/kernel/core_pattern").read_text().strip()
        data = points(30)
        value = {**config(BAD), "plugins": {"core": True}}
        result = subprocess.run([FORECASTD, "run", str(self.config(value))], cwd=self.folder, input=data,
                                capture_output=True, timeout=60, check=False)
        self.assert_outlived(result, data)
        if hard != 0 and pattern == "core":
            self.assertRegex(result.stderr.decode(), r"\(Segmentation fault\), .*, and left a core file of process \d+")
            self.assertTrue(list(self.folder.glob("core*")))
        elif hard == 0:
            self.assertNotIn(b"core file", result.stderr)

    def test_other_commands(self):
        second = {**BAD, "forecast": {"plugin": "broken.crashes_at_once"}}
        file = self.config(config(GOOD, second, plugins=("crashes_at_once",)))
        result = forecastd("check", file)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout.count(b"pipeline 'good'"), 1)
        self.assertIn(b"E! plugin 'broken.crashes_at_once' crashed (Segmentation fault); it is left out of what follows\n",
                      result.stderr)
        result = forecastd("plugins", "broken.crashes_at_once", "--plugin-dir", BUILD / "broken_plugins/crashes_at_once")
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"E! plugin 'broken.crashes_at_once' crashed (Segmentation fault)", result.stderr)
        result = forecastd("telegraf-conf", file)
        self.assertEqual((result.returncode, result.stdout), (1, b""))
        self.assertIn(b"crashed (Segmentation fault)", result.stderr)


if __name__ == "__main__":
    main()
