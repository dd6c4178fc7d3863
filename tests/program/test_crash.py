"""A plugin that crashes: the program begins anew in the same process, without it, and no point is lost."""

import os
import signal
import subprocess

from forecastd_test import BUILD, FORECASTD, TestCase, forecastd, main

GOOD = {"name": "good", "interval": "1s", "detect": {"plugin": "zscore"}}
BAD = {"name": "bad", "interval": "1s", "forecast": {"plugin": "broken.crashes"}}


def config(*pipelines, plugins=("crashes",)):
    return {"plugin_dirs": [str(BUILD / "broken_plugins" / name) for name in plugins], "pipelines": list(pipelines)}


def points(count, series=1):
    return b"".join(b"m,s=%d v=%d %d000000000\n" % (n, i % 5, i) for i in range(1, count + 1) for n in range(series))


def originals(out):
    return b"".join(line for line in out.splitlines(keepends=True) if line.startswith(b"m,"))


class Crash(TestCase):
    def assert_outlived(self, result, data, plugin="broken.crashes"):
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(originals(result.stdout), data)
        errors = [line for line in result.stderr.decode().splitlines() if "crashed" in line]
        self.assertTrue(errors, result.stderr)
        self.assertRegex(errors[-1], rf"^E! plugin '.*{plugin}.*' crashed \(.+\) and is set aside until forecastd is "
                                     "started again; no point is lost, and every series begins anew$")

    def test_in_bulk(self):
        data = points(20_000, series=3)
        result = forecastd("run", self.config(config(GOOD, BAD)), stdin=data)
        self.assert_outlived(result, data)
        self.assertEqual(result.stdout.count(b"m_anomaly"), 60_000)
        self.assertNotIn(b"m_forecast", result.stdout)
        self.assertIn(b"algorithm 'broken.crashes' is set aside until forecastd is started again", result.stderr)

    def test_a_last_line_without_its_end(self):
        data = points(30)
        result = forecastd("run", self.config(config(GOOD, BAD)), stdin=data[:-1])
        self.assert_outlived(result, data)

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
            process.stderr.close()

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
        self.assertEqual(result.stderr.count(b" crashed ("), 3, "one after the first crash, both after the second")
        self.assertEqual(result.stdout.count(b"m_anomaly"), 100)

    def test_a_file_that_crashes_when_it_is_opened(self):
        data = points(100)
        result = forecastd("run", self.config(config(GOOD, plugins=("crashes_on_load",))), stdin=data)
        self.assert_outlived(result, data, plugin="crashes_on_load.so")
        self.assertEqual(result.stdout.count(b"m_anomaly"), 100)

    def test_a_crash_that_is_no_plugins_is_one(self):
        """A signal from outside ends the process as ever."""
        with subprocess.Popen([FORECASTD, "run", str(self.config(config(GOOD)))], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            process.stdin.write(b"m v=1 1\n")
            process.stdin.flush()
            process.stdout.readline()
            process.send_signal(signal.SIGSEGV)
            self.assertEqual(process.wait(timeout=10), -signal.SIGSEGV)


if __name__ == "__main__":
    main()
