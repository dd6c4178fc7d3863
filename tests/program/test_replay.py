"""forecastd replay: each point at its own time. Asserts lower bounds and order alone: machines stall."""

import gzip
import os
import pty
import signal
import subprocess
import time

from forecastd_test import FORECASTD, TestCase, forecastd, main

STEP = 50_000_000  # ns
COUNT = 5
PAST = 1_700_000_000_000_000_000


class Replay(TestCase):
    def file(self, first_ns, count=COUNT, step=STEP, name="recorded.lp"):
        path = self.folder / name
        path.write_text("".join(f"m f={i} {first_ns + i * step}\n" for i in range(count)))
        return path

    def start(self, *arguments, **options):
        process = subprocess.Popen([FORECASTD, "replay", *map(str, arguments)], bufsize=0,
                                   **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options})
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                self.addCleanup(stream.close)
        return process

    def ends(self, process, code=0):
        """It ends by itself; what it had yet to say."""
        out, err = process.stdout.read(), process.stderr.read()
        self.assertEqual((process.wait(timeout=30), err), (code, b""))
        return out

    def test_never_before_its_time(self):
        process = self.start(self.file(time.time_ns() + 3 * STEP))
        for _ in range(COUNT):
            line = process.stdout.readline()
            self.assertGreaterEqual(time.time_ns(), int(line.split()[-1]))
        process.stdin.close()
        self.assertEqual(self.ends(process), b"")

    def test_the_past_comes_at_once_and_then_it_waits_for_the_end_of_its_input(self):
        path = self.file(PAST)
        process = self.start(path)
        self.assertEqual(b"".join(process.stdout.readline() for _ in range(COUNT)), path.read_bytes())
        process.stdin.write(b"what comes in means nothing\n")
        time.sleep(0.2)
        self.assertIsNone(process.poll())
        process.stdin.close()
        self.assertEqual(self.ends(process), b"")

    def test_it_ends_when_its_input_is_closed_in_the_middle(self):
        process = self.start(self.file(PAST, count=2, step=10**18))
        self.assertEqual(process.stdout.readline(), b"m f=0 %d\n" % PAST)
        process.stdin.close()
        self.assertEqual(self.ends(process), b"")

    def test_signals_end_it(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            process = self.start(self.file(PAST, count=2, step=10**18))
            process.stdout.readline()
            process.send_signal(number)
            self.assertEqual(self.ends(process), b"")

    def test_a_reader_that_leaves_ends_it(self):
        process = self.start(self.file(PAST, count=2, step=10**18))
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual((process.stderr.read(), process.wait(timeout=30)), (b"", 0))

    def test_speed(self):
        path = self.file(PAST, step=10 * STEP)  # long ago, so that the timestamps cannot be what it waits for
        begin = time.monotonic_ns()
        process = self.start("--speed", 10, path)
        for i in range(COUNT):
            self.assertEqual(process.stdout.readline(), b"m f=%d %d\n" % (i, PAST + i * 10 * STEP))
            self.assertGreaterEqual(time.monotonic_ns() - begin, i * STEP)
        process.stdin.close()
        self.assertEqual(self.ends(process), b"")

    def test_speed_in_the_future(self):
        process = self.start("--speed", 1, self.file(4 * 10**18, count=2))  # the first one now, not in the year 2096
        self.assertTrue(process.stdout.readline().startswith(b"m f=0 "))
        self.assertTrue(process.stdout.readline().startswith(b"m f=1 "))

    def test_loop(self):
        process = self.start("--loop", "--speed", 100, self.file(PAST, count=3))
        for i in range(12):
            self.assertEqual(process.stdout.readline(), b"m f=%d %d\n" % (i % 3, PAST + i * STEP))
        process.stdin.close()
        process.stdout.read()
        self.assertEqual(process.wait(timeout=30), 0)

    def test_loop_over_two_files_reports_a_bad_line_once(self):
        (self.folder / "bad.lp").write_text(f"nonsense\nm f=3 {PAST + 3 * STEP}\nn f=4\n")
        process = self.start("--loop", "--speed", 100, self.file(PAST, count=3), self.folder / "bad.lp")
        for _ in range(3):
            for i in range(4):
                self.assertTrue(process.stdout.readline().startswith(b"m f=%d " % i))
            self.assertEqual(process.stdout.readline(), b"n f=4\n")
        process.stdin.close()
        process.stdout.read()
        self.assertEqual(process.stderr.read().count(b"E! "), 1)
        self.assertEqual(process.wait(timeout=30), 1)

    def test_a_loop_ends_when_its_files_are_gone(self):
        path = self.file(PAST, count=3)
        process = self.start("--loop", "--speed", 1, path)
        process.stdout.readline()
        path.unlink()
        self.assertEqual(process.stdout.read().count(b"\n"), 2)
        self.assertEqual(process.wait(timeout=30), 1)
        self.assertIn(b"the files hold no points any more", process.stderr.read())

    def test_loops_that_cannot_be(self):
        (self.folder / "timeless.lp").write_text("m f=1\n")
        done = forecastd("replay", "--loop", self.folder / "timeless.lp")
        self.assertEqual((done.returncode, done.stdout), (1, b"m f=1\n"))
        self.assertIn(b"there is no point with a timestamp", done.stderr)
        done = forecastd("replay", "--loop", "-")
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"--loop needs files", done.stderr)
        for speed in ("0", "-1", "nan", "inf", "fast"):
            done = forecastd("replay", "--speed", speed, "-")
            self.assertEqual((done.returncode, done.stdout), (2, b""))
            self.assertIn(b"speed", done.stderr)

    def test_points_from_standard_input(self):
        text = b'm f="two\nlines" 5\nm f=1\nm f=2 6\n'
        for stdin in (text, gzip.compress(text)):
            done = forecastd("replay", stdin=stdin)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, text, b""))
        process = self.start("-")
        for i in range(3):  # each at once, while the input is open
            process.stdin.write(b"m f=%d 5\n" % i)
            self.assertEqual(process.stdout.readline(), b"m f=%d 5\n" % i)
        process.stdin.close()
        self.assertEqual(self.ends(process), b"")

    def test_dev_null_is_no_input_that_was_closed(self):
        path = self.file(time.time_ns() + STEP)
        done = subprocess.run([FORECASTD, "replay", path], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, path.read_bytes(), b""))

    def test_what_restamp_writes(self):
        restamped = forecastd("restamp", "--interval", "50ms", "--start-offset", "100ms", self.file(PAST)).stdout
        process = self.start("-")
        process.stdin.write(restamped)
        process.stdin.close()
        for line in restamped.splitlines(keepends=True):
            self.assertEqual(process.stdout.readline(), line)
            self.assertGreaterEqual(time.time_ns(), int(line.split()[-1]))

    def test_a_bad_line(self):
        done = forecastd("replay", stdin="m f=1 1\nnonsense\nm f=2 2\n")
        self.assertEqual((done.returncode, done.stdout), (1, b"m f=1 1\nm f=2 2\n"))
        self.assertTrue(done.stderr.startswith(b"E! forecastd replay: standard input, line 2, column 9: expected "), done.stderr)

    def test_progress_on_a_terminal(self):
        primary, secondary = pty.openpty()
        process = self.start(self.file(PAST), stderr=secondary)
        os.close(secondary)
        process.stdin.close()
        process.stdout.read()
        self.assertEqual(process.wait(timeout=30), 0)
        self.assertIn(b"5 points", os.read(primary, 4096))
        os.close(primary)


if __name__ == "__main__":
    main()
