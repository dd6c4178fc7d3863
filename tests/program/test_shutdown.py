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
