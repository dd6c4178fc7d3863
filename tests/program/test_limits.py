"""Limits: what they leave out passes on, is counted and reported once, and the memory of the process stays bounded."""

import re
import resource
import subprocess
import tempfile
import unittest

from forecastd_test import FORECASTD, TestCase, emulator_cannot, forecastd, is_sanitized, main

BOTH = {"name": "p", "interval": "10s", "forecast": {"plugin": "holt"}, "detect": {"plugin": "zscore"}}
MIB = 1 << 20


def metric(output, name):
    """The last value of one of the host's own counters."""
    return int(re.findall(rb"(?m)^forecastd .*?\b" + name.encode() + rb"=(\d+)i", output)[-1])


class Limits(TestCase):
    def run_bounded(self, config, text, address_space=0):
        """Runs it with files for input and output, as both are large. Returns exit code, output and stderr."""
        with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
            stdin.write(text.encode())
            stdin.seek(0)

            def bound():
                if address_space:
                    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))

            result = subprocess.run([FORECASTD, "run", self.config(config)], stdin=stdin, stdout=stdout, stderr=stderr,
                                    preexec_fn=bound, timeout=120, check=False)
            for file in (stdout, stderr):
                file.seek(0)
            return result.returncode, stdout.read(), stderr.read().decode()

    def assert_passed(self, output, text):
        self.assertTrue(self.originals(output) == text.split("\n")[:-1], "not every point passed, unchanged and in order")

    def originals(self, output, measurement="m"):
        return [line for line in output.decode().split("\n") if re.match(measurement + r"[, ]", line)]

    @unittest.skipIf(is_sanitized(), "a sanitizer takes memory of its own")
    def test_what_one_line_gives_is_written_in_parts(self):
        fields = ",".join(f"field{i}={i}" for i in range(2000))
        text = "".join(f"m,tag={'x' * 8000} {fields} {10 * i}000000000\n" for i in range(1, 5))
        code, output, stderr = self.run_bounded({"pipelines": [BOTH], "metrics": {"every": "1h"}}, text)
        self.assertEqual((code, stderr), (0, ""))
        self.assert_passed(output, text)
        self.assertGreater(len(output), 100 * MIB)
        self.assertLess(metric(output, "resident_bytes"), 40 * MIB)

    def test_a_long_key_and_many_fields_pass(self):
        fields = ",".join(f"field{i}={i}" for i in range(10_000))
        lines = [f"m,tag={'x' * 100_000} {fields} 10000000000", f"m {fields} 10000000000", "m v=1 10000000000"]
        config = {"pipelines": [BOTH], "metrics": {"every": "1h"}}
        result = forecastd("run", self.config(config), stdin="\n".join(lines) + "\n")
        self.assertEqual(self.originals(result.stdout), lines)
        self.assertEqual(metric(result.stdout, "long_keys"), 1)
        self.assertEqual(metric(result.stdout, "excess_fields"), 8000)
        self.assertEqual(metric(result.stdout, "series"), 2001)
        errors = result.stderr.decode().splitlines()
        self.assertEqual(len(errors), 2, errors)
        self.assertIn("more than limits.max_key_bytes (8192)", errors[0])
        self.assertIn("8000 watched fields more than limits.max_fields (2000)", errors[1])

    @unittest.skipIf(is_sanitized(), "a sanitizer takes memory of its own")
    @emulator_cannot("qemu takes memory of its own")
    def test_memory_stays_within_the_limit_whatever_fills_it(self):
        limit, base = 20_000_000, 16 * MIB
        n = 60_000
        cases = {
            "keys": "".join(f"m,host=server{i},rack=r{i % 100} v=1 10000000000\n" for i in range(n)),
            "names": "".join(f"m " + ",".join(f"name_of_a_field_{i}_{j}=1" for j in range(100)) + " 10000000000\n"
                             for i in range(n // 50)),
            "fields of a key": "".join(f"m,i={i} " + ",".join(f"f{j}=1" for j in range(50)) + " 10000000000\n"
                                       for i in range(n // 20)),
            "spellings": "".join(f"m,b={i},a={i} v=1 10000000000\nm,a={i},b={i} v=1 10000000000\n" for i in range(n)),
            "names that cannot be written": "".join(f"m,field=x,i={i}\x01 v=1 10000000000\n" for i in range(n)),
            "unselected keys": "".join(f"m,drop=1,i={i} v=1 10000000000\n" for i in range(3 * n)),
        }
        for interval in ("10s", "auto"):
            for name, text in cases.items():
                with self.subTest(name, interval=interval):
                    pipeline = {**BOTH, "interval": interval, "tagdrop": {"drop": ["*"]}}
                    config = {"pipelines": [pipeline], "limits": {"max_memory": limit}, "metrics": {"every": "1h"}}
                    code, output, stderr = self.run_bounded(config, text)
                    self.assertEqual(code, 0)
                    self.assert_passed(output, text)
                    self.assertLessEqual(metric(output, "memory_bytes"), limit)
                    self.assertLess(metric(output, "resident_bytes"), limit * 1.1 + base)
                    self.assertLessEqual(len(stderr.splitlines()), 2)

    def test_refused_series_are_counted_as_series(self):
        text = "".join(f"m,i={i} v={t} {t}0000000000\n" for t in range(1, 6) for i in range(30))
        config = {"pipelines": [BOTH], "limits": {"max_series": 10}, "metrics": {"every": "1h"}}
        result = forecastd("run", self.config(config), stdin=text)
        self.assertEqual(metric(result.stdout, "series"), 10)
        self.assertEqual(metric(result.stdout, "refused_series"), 20)

    @unittest.skipIf(is_sanitized(), "a sanitizer takes memory of its own")
    @emulator_cannot("qemu takes memory of its own")
    def test_when_the_system_gives_no_more_memory_all_points_pass(self):
        text = "".join(f"m,host=server{i} v=1 10000000000\n" for i in range(300_000))
        code, output, stderr = self.run_bounded({"pipelines": [BOTH]}, text, address_space=150 * MIB)
        self.assertEqual(code, 0, stderr)
        self.assert_passed(output, text)
        self.assertEqual(len([line for line in stderr.splitlines() if "the system gives no more memory" in line]), 1, stderr)

    def test_a_limit_never_lets_through_what_is_held_back(self):
        text = "".join(f"m,i={i} v=1 10000000000\n" for i in range(50_000))
        config = {"pipelines": [{**BOTH, "output": {"passthrough": False}}], "limits": {"max_memory": 1_000_000}}
        result = forecastd("run", self.config(config), stdin=text)
        self.assertEqual(self.originals(result.stdout), [])

    def test_the_output_does_not_depend_on_the_seed(self):
        text = "".join(f"m,b={i % 700},a=x v{i % 7}={i},w={i} {i // 700 * 10}000000000\n" for i in range(7000))
        config = self.config({"pipelines": [BOTH], "limits": {"ttl": "30s", "max_memory": 1_000_000},
                              "metrics": {"every": "1h"}})
        def lines(): return [line for line in forecastd("run", config, stdin=text).stdout.splitlines()
                             if not line.startswith(b"forecastd")]
        first = lines()
        for _ in range(3):
            self.assertEqual(lines(), first)

    def test_a_pipeline_whose_values_are_mostly_not_used_says_so_once(self):
        cases = {
            "seconds taken for nanoseconds": "".join(f"m v={i} {1700000000 + 10 * i}\n" for i in range(60)),
            "two hosts in one series": "".join(f"m v=1 {10 * i}000000000\nm v=2 {10 * i + 1}000000000\n"
                                               f"m v=3 {10 * i + 2}000000000\n" for i in range(60)),
        }
        for name, text in cases.items():
            with self.subTest(name):
                result = forecastd("run", self.config({"pipelines": [BOTH]}), stdin=text)
                warnings = result.stderr.decode().splitlines()
                self.assertEqual(len(warnings), 1, warnings)
                self.assertTrue(warnings[0].startswith("W! pipeline 'p': most of its values are not used"), warnings)


if __name__ == "__main__":
    main()
