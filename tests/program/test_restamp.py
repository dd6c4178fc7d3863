"""forecastd restamp: new timestamps, and nothing else of a point changes."""

import gzip
import os
import subprocess
import time

from forecastd_test import FORECASTD, TestCase, forecastd, main

SECOND = 1_000_000_000

# Points whose every byte but the timestamp must stay; {} is where the new one stands.
KEPT = [('cpu,host=a usage=1.50 {}', "cpu,host=a usage=1.50 1"),
        ('cpu usage=1i {}', "cpu usage=1i"),
        ('log text="two\nlines 12",n=1u {}', 'log text="two\nlines 12",n=1u -12'),
        ('log text="ends in digits 12" {}', 'log text="ends in digits 12"'),
        ('a\\ b,c\\,d=\\= x\\ y=t,z="\\"\\\\" \t{}  ', 'a\\ b,c\\,d=\\= x\\ y=t,z="\\"\\\\" \t5  '),
        ('grad\u00fc f=1e3 {}', "grad\u00fc f=1e3 1700000000000000000")]


class Restamp(TestCase):
    def times(self, output):
        return [int(line.split(b" ")[-1]) for line in output.splitlines()]

    def restamp(self, *arguments, stdin=b""):
        done = forecastd("restamp", *arguments, stdin=stdin)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def test_an_interval_between_points_from_now_on(self):
        for options, offset, interval in (
                ([], 0, SECOND), (["--start-offset", "-1h", "--interval", "50ms"], -3600 * SECOND, SECOND // 20),
                (["--start-offset", "+1m30s", "--interval", "0s"], 90 * SECOND, 0)):
            before = time.time_ns()
            times = self.times(self.restamp(*options, "-", stdin="m f=1 5\nm f=2\nm f=3 4\n"))
            after = time.time_ns()
            self.assertTrue(before <= times[0] - offset <= after, times)
            self.assertEqual([t - times[0] for t in times], [0, interval, 2 * interval])

    def test_distances_are_kept(self):
        before = time.time_ns()
        out = self.restamp("--keep-spacing", stdin="a f=1 100\nb f=1 100\na f=2 70\nb f=2 350\n")
        times = self.times(out)
        self.assertTrue(before <= times[0] <= time.time_ns())
        self.assertEqual([t - times[0] for t in times], [0, 0, -30, 250])
        done = forecastd("restamp", "--keep-spacing", stdin="a f=1\na f=2 5\n")
        self.assertEqual((done.returncode, done.stdout.count(b"\n")), (1, 1))
        self.assertIn(b"standard input, line 1: expected a timestamp", done.stderr)

    def test_all_else_stays(self):
        for expected, point in KEPT:
            for end in ("\n", "\r\n", ""):
                with self.subTest(point=point, end=end):
                    out = self.restamp(stdin=point + end).decode()
                    head, tail = expected.split("{}")
                    self.assertTrue(out.startswith(head) and out.endswith(tail + "\n"), out)
                    self.assertGreater(int(out[len(head):len(out) - len(tail) - 1]), 10**18)

    def test_several_files_and_gzip(self):
        plain = self.file("a.lp", "m f=1 1\n# comment\n\nm f=2 2")  # no newline at the end
        packed = self.file("b.lp.gz", gzip.compress(b"m f=3 3\nm f=") + gzip.compress(b"4 4\n") + b"\0" * 20)
        out = self.restamp(plain, packed, "-", stdin=gzip.compress(b"m f=5\n"))
        self.assertEqual([line.split(b" ")[1] for line in out.splitlines()], [b"f=%d" % i for i in range(1, 6)])
        times = self.times(out)
        self.assertEqual([t - times[0] for t in times], [i * SECOND for i in range(5)])

    def test_large_gzip_one_byte_at_a_time(self):
        text = b"".join(b"m,t=%d f=%d %d\n" % (i % 7, i * i, i) for i in range(50_000))
        packed = gzip.compress(text)
        self.assertEqual(self.restamp(stdin=packed).count(b"\n"), 50_000)
        with subprocess.Popen([FORECASTD, "restamp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, bufsize=0) as process:
            for i in range(20):
                process.stdin.write(packed[i:i + 1])
            process.stdin.write(packed[20:1000])
            process.stdin.close()
            self.assertGreater(process.stdout.read().count(b"\n"), 20)
            self.assertIn(b"standard input ends in the middle of its gzip data", process.stderr.read())
            self.assertEqual(process.wait(), 1)

    def test_damaged_gzip(self):
        packed = gzip.compress(b"".join(b"m f=%d 5\n" % (i * i) for i in range(20_000)))
        whole = self.restamp(stdin=packed)
        damaged = packed[:20_000] + bytes(64) + packed[20_064:]
        for content, sentence in ((packed[:len(packed) // 2], b"ends in the middle of its gzip data"),
                                  (damaged, b"holds damaged gzip data"), (packed + b"m f=1\n", b"holds damaged gzip data")):
            bad, good = self.file("bad.gz", content), self.file("good.lp", "good f=1\n")
            done = forecastd("restamp", bad, good)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"E! forecastd restamp: '%s' %s" % (os.fsencode(bad), sentence), done.stderr)
            lines = done.stdout.splitlines()
            self.assertTrue(lines[-1].startswith(b"good f=1 "))
            if content is damaged:
                continue  # what is unpacked until the damage shows may be anything
            fields = [line.rsplit(b" ", 1)[0] for line in lines[:-1]]
            self.assertEqual(fields, [line.rsplit(b" ", 1)[0] for line in whole.splitlines()][:len(fields)])

    def test_bad_lines_are_named_and_left_out(self):
        path = self.file("x.lp", "m f=1 1\nnonsense\nm f=2 2\nm f= 3\nm f=3 3\n")
        done = forecastd("restamp", path)
        self.assertEqual(done.returncode, 1)
        self.assertEqual([line.split(b" ")[1] for line in done.stdout.splitlines()], [b"f=1", b"f=2", b"f=3"])
        errors = done.stderr.decode().splitlines()
        self.assertEqual(len(errors), 2)
        self.assertTrue(errors[0].startswith(f"E! forecastd restamp: '{path}', line 2, column 9: expected "), errors[0])
        self.assertTrue(errors[1].startswith(f"E! forecastd restamp: '{path}', line 4, column 5: expected "), errors[1])
        times = self.times(done.stdout)
        self.assertEqual([t - times[0] for t in times], [0, SECOND, 2 * SECOND])

    def test_many_bad_lines_are_counted(self):
        done = forecastd("restamp", stdin="bad\n" * 1000 + "m f=1\n")
        self.assertEqual((done.returncode, done.stdout.count(b"\n")), (1, 1))
        self.assertEqual(done.stderr.count(b"\n"), 21)
        self.assertIn(b"standard input: 1000 points were left out in all", done.stderr)

    def test_files_that_cannot_be_read(self):
        done = forecastd("restamp", self.folder / "none.lp", self.folder, self.file("a.lp", "m f=1\n"))
        self.assertEqual((done.returncode, done.stdout.count(b"\n")), (1, 1))
        self.assertIn(b"none.lp' cannot be opened: No such file or directory", done.stderr)
        self.assertIn(b"cannot be read: Is a directory", done.stderr)

    def test_each_point_is_answered_at_once(self):
        with subprocess.Popen([FORECASTD, "restamp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
            for i in range(3):
                process.stdin.write(b"m f=%d 1\n" % i)
                self.assertTrue(process.stdout.readline().startswith(b"m f=%d " % i))
            process.stdin.close()
            self.assertEqual((process.stdout.read(), process.wait()), (b"", 0))

    def test_refusals(self):
        for options, sentence in (
                (["--interval", "-1s"], b"--interval '-1s'"), (["--start-offset", "soon"], b"--start-offset 'soon'"),
                (["--interval", "1s", "--keep-spacing"], b"exclude each other"), (["--speed", "1"], b"speed")):
            done = forecastd("restamp", *options)
            self.assertEqual((done.returncode, done.stdout), (2, b""))
            self.assertTrue(done.stderr.startswith(b"E! forecastd restamp: "), done.stderr)
            self.assertIn(sentence, done.stderr)

    def test_a_time_that_64_bits_do_not_hold(self):
        done = forecastd("restamp", "--interval", "1000000h", stdin="m f=1\n" * 5)
        self.assertEqual((done.returncode, done.stdout.count(b"\n")), (1, 3))
        self.assertIn(b"line 4: its new time would lie outside", done.stderr)


if __name__ == "__main__":
    main()
