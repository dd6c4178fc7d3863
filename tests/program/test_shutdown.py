"""How a run ends: nothing that was answered is lost, and nothing hangs."""

import fcntl
import os
import signal
import subprocess
import threading
import time

from forecastd_test import FORECASTD, TestCase, main

CONFIG = {"pipelines": [{"interval": "1s", "forecast": {"plugin": "naive"}}]}


def points(count):
    return b"".join(b"m v=%d %d000000000\n" % (i % 9, i) for i in range(1, count + 1))


def originals(out):
    return b"".join(line for line in out.splitlines(keepends=True) if line.startswith(b"m "))


class Shutdown(TestCase):
    def start(self, **keys):
        return subprocess.Popen([FORECASTD, "run", str(self.config(CONFIG))], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **keys)

    def test_a_slow_reader_that_closes_when_the_child_exits_loses_nothing(self):
        # As in Telegraf: waiting for the child closes the read end, so what is then left in the pipe is lost.
        with self.start() as process:
            read = []

            def reader():
                while True:
                    time.sleep(0.02)
                    chunk = os.read(process.stdout.fileno(), 2000)
                    if not chunk:
                        return
                    read.append(chunk)

            thread = threading.Thread(target=reader)
            thread.start()
            process.stdin.write(points(1000))
            process.stdin.close()
            process.wait(timeout=10)
            lost = len(os.read(process.stdout.fileno(), 1 << 20))
            thread.join()
        self.assertEqual(process.returncode, 0)
        self.assertEqual(lost, 0, "bytes were left in the pipe at the exit")
        self.assertEqual(b"".join(read).count(b"\n"), 2000)

    def test_its_output_ends_before_it_does(self):
        # A Telegraf that sees the exit first closes the pipes under its own readers, who report an error.
        with self.start() as process:
            process.stdin.write(points(10))
            process.stdin.close()
            for stream in (process.stdout, process.stderr):
                stream.read()
                self.assertIsNone(process.poll(), "it had exited when its reader saw the end")
            self.assertEqual(process.wait(timeout=10), 0)

    def test_a_reader_that_never_reads_does_not_hold_it_for_ever(self):
        with self.start() as process:
            process.stdin.write(points(100))
            process.stdin.close()
            begin = time.monotonic()
            self.assertEqual(process.wait(timeout=10), 0)
            self.assertLess(time.monotonic() - begin, 4.9)

    def test_sigterm_answers_what_was_read(self):
        with self.start() as process:
            process.stdin.write(points(10))
            process.stdin.flush()
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=10)
        self.assertEqual((process.returncode, err), (0, b""))
        self.assertEqual(out.count(b"\n"), 20)

    def answered(self, process, lines):
        """Reads the answers to so many points: each is followed by its forecast."""
        out = b""
        while out.count(b"\n") < 2 * lines:
            chunk = os.read(process.stdout.fileno(), 1 << 16)
            self.assertTrue(chunk, "the output ended")
            out += chunk
        return out

    def test_half_a_line_is_no_point_after_a_signal(self):
        # Read as a point it would be one of 1970.
        for end_of_input in (False, True):
            for stop in (signal.SIGTERM, signal.SIGINT):
                with self.subTest(end_of_input=end_of_input, signal=stop), self.start() as process:
                    process.stdin.write(points(10) + b"m v=12.5 17000000")
                    process.stdin.flush()
                    out = self.answered(process, 10)
                    process.send_signal(stop)
                    if end_of_input:
                        process.stdin.close()
                    out += process.stdout.read()
                    err = process.stderr.read().decode()
                    self.assertEqual(process.wait(timeout=10), 0)
                    self.assertEqual(originals(out), points(10))
                    self.assertEqual(err, "W! the input stopped within line 11: its 17 bytes are dropped, since half a line may look "
                                          "like another point\n")

    def test_half_a_line_is_a_point_at_the_end_of_input(self):
        with self.start() as process:
            out, err = process.communicate(points(10)[:-4], timeout=10)
        self.assertEqual((originals(out), err), (points(10)[:-4] + b"\n", b""))

    def test_the_other_half_may_come_after_the_signal(self):
        with self.start() as process:
            process.stdin.write(points(10)[:-8])
            process.stdin.flush()
            out = self.answered(process, 9)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            process.stdin.write(points(10)[-8:])
            process.stdin.flush()
            more, err = process.communicate(timeout=10)
        self.assertEqual((process.returncode, err), (0, b""))
        self.assertEqual(originals(out + more), points(10))

    def test_dropped_bytes_are_counted(self):
        config = {**CONFIG, "metrics": {"every": "1h"}}
        with subprocess.Popen([FORECASTD, "run", str(self.config(config))], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            process.stdin.write(points(10) + b"bad\n" + b"m v=12.5 17000000")
            process.stdin.flush()
            out = self.answered(process, 10)
            process.send_signal(signal.SIGTERM)
            out += process.communicate(timeout=10)[0]
        own = next(line for line in out.splitlines() if line.startswith(b"forecastd "))
        self.assertIn(b"bad_points=2i,bad_bytes=21i,", own)

    def flood(self, process, seconds_after_signal, pause=0.0):
        """Sends lines, each whole, for a while before and after a signal; then ends the input. Returns what was sent and
        what came out."""
        read = []
        reader = threading.Thread(target=lambda: read.extend(iter(lambda: os.read(process.stdout.fileno(), 1 << 16), b"")))
        reader.start()
        sent, stop_at, number = [], None, 0
        begin = time.monotonic()
        while stop_at is None or time.monotonic() < stop_at + seconds_after_signal:
            if stop_at is None and time.monotonic() > begin + 0.5:
                process.send_signal(signal.SIGTERM)
                stop_at = time.monotonic()
            lines = b"".join(b"m v=%d %d000000000\n" % (i % 9, i) for i in range(number + 1, number + (2 if pause else 200)))
            number += lines.count(b"\n")
            process.stdin.write(lines)
            process.stdin.flush()
            sent.append(lines)
            time.sleep(pause)
        process.stdin.close()
        self.assertEqual(process.wait(timeout=15), 0)
        reader.join()
        return b"".join(sent), b"".join(read)

    def test_a_telegraf_that_is_stopped_with_it_loses_nothing(self):
        # Both get the signal; Telegraf goes on for a moment and then ends the input. In a flood, and line by line.
        for pause in (0.0, 0.01):
            with self.subTest(pause=pause), self.start() as process:
                sent, out = self.flood(process, 0.8, pause)
                self.assertEqual(originals(out), sent)
                self.assertEqual(process.stderr.read(), b"")

    def test_further_signals_lose_nothing(self):
        with self.start() as process:
            data = points(50_000)
            feeder = threading.Thread(target=lambda: (process.stdin.write(data), process.stdin.close()))
            feeder.start()
            out = b""
            sent_at = 0.0
            while chunk := os.read(process.stdout.fileno(), 1 << 15):
                out += chunk
                if time.monotonic() > sent_at + 0.02:
                    process.send_signal(signal.SIGTERM if out.count(b"\n") % 2 else signal.SIGINT)
                    sent_at = time.monotonic()
            feeder.join()
            self.assertEqual(process.wait(timeout=10), 0)
            self.assertEqual((originals(out), process.stderr.read()), (data, b""))

    def test_a_flood_that_does_not_end_is_left(self):
        with self.start(bufsize=0) as process:
            go_on = True

            def feed():
                try:
                    while go_on:
                        process.stdin.write(points(1000))
                except BrokenPipeError:
                    pass

            threads = [threading.Thread(target=feed)]
            read = []
            threads.append(threading.Thread(target=lambda: read.extend(iter(lambda: os.read(process.stdout.fileno(), 1 << 16), b""))))
            for thread in threads:
                thread.start()
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(timeout=15), 0)
            go_on = False
            for thread in threads:
                thread.join()
            out = b"".join(read)
            self.assertTrue(out.endswith(b"\n"))
            lines = set(points(1000).splitlines())
            self.assertFalse([line for line in originals(out).splitlines() if line not in lines])
            self.assertRegex(process.stderr.read().decode(), r"W! points still came after the signal to stop; at least \d+ bytes of "
                                                             r"them are left unread\. .*\n$")

    def test_sigterm_ends_a_write_that_blocks(self):
        with self.start() as process:
            fcntl.fcntl(process.stdout.fileno(), fcntl.F_SETPIPE_SZ, 4096)
            os.set_blocking(process.stdin.fileno(), False)
            data = points(200000)
            while data:
                try:
                    data = data[os.write(process.stdin.fileno(), data):]
                except BlockingIOError:
                    break
            time.sleep(0.3)
            process.send_signal(signal.SIGTERM)
            self.assertIn(process.wait(timeout=15), (0, 1))

    def test_a_closed_output_is_no_crash(self):
        with self.start() as process:
            process.stdout.close()
            try:
                process.stdin.write(points(100000))
                process.stdin.close()
            except BrokenPipeError:
                pass
            self.assertEqual(process.wait(timeout=10), 0)
            self.assertEqual(process.stderr.read().decode(),
                             "W! standard output was closed by its reader: nothing is left to do\n")


if __name__ == "__main__":
    main()
