"""Idle series give way when a limit is reached, return from disk, also after a restart; and tags that do not tell series
apart, or have a new value."""

import pathlib
import re
import shutil

from forecastd_test import TestCase, forecastd, main

PIPELINE = {"name": "p", "interval": "10s", "forecast": {"plugin": "holt"}, "detect": {"plugin": "zscore"}}


def lines(hosts, begin, end, tags=""):
    return b"".join(b"m,host=h%d%s v=%d %d000000000\n" % (host, tags.encode(), (i * (7 + host)) % 40, 10 * i)
                    for i in range(begin, end) for host in hosts)


def metric(output, name):
    return int(re.findall(rb"(?m)^forecastd .*?\b" + name.encode() + rb"=(\d+)i", output)[-1])


class Saving(TestCase):
    def setUp(self):
        super().setUp()
        self.directory = pathlib.Path(self.folder) / "state"

    def run_on(self, data, limits=None, state=True, **more):
        value = {"log": {"level": "info"}, "metrics": {"every": "1h"}, "pipelines": [PIPELINE], **more}
        if limits:
            value["limits"] = limits
        if state:
            value["state"] = {"dir": str(self.directory)}
        result = forecastd("run", self.config(value), stdin=data)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def derived(self, out):
        # Without events: a series that gives way has none of its own silence left.
        return [line for line in out.splitlines() if line.startswith((b"m_anomaly", b"m_forecast"))]


class Evict(Saving):
    def test_series_return_from_disk(self):
        first, second = range(10), range(10, 20)
        data = lines(first, 0, 60) + lines(second, 100, 160) + lines(first, 200, 230)
        result = self.run_on(data, {"max_series": 10})
        self.assertEqual(metric(result.stdout, "evicted_series"), 20)
        self.assertEqual(metric(result.stdout, "returned_series"), 10)
        self.assertEqual(metric(result.stdout, "series"), 10)
        self.assertEqual(result.stderr.count(b"give way to new ones"), 1)
        self.assertEqual(self.derived(result.stdout), self.derived(self.run_on(data, state=False).stdout))

    def test_they_return_after_a_restart_too(self):
        first, second = range(10), range(10, 20)
        parts = [lines(first, 0, 60) + lines(second, 100, 160), lines(first, 200, 230) + lines(second, 300, 310)]
        out = [self.run_on(part, {"max_series": 10}).stdout for part in parts]
        self.assertEqual(metric(out[1], "returned_series"), 20)
        self.assertNotIn(b"warmup=true", out[1])
        self.assertEqual(self.derived(b"".join(out)), self.derived(self.run_on(b"".join(parts), state=False).stdout))

    def test_without_a_directory_they_begin_again(self):
        data = lines(range(10), 0, 60) + lines(range(10, 20), 100, 160) + lines(range(10), 200, 201)
        result = self.run_on(data, {"max_series": 10}, state=False)
        self.assertEqual(metric(result.stdout, "returned_series"), 0)
        self.assertRegex(result.stdout, rb"(?m)^m_anomaly.*warmup=true 2000000000000$")

    def test_none_gives_way_if_the_config_says_so(self):
        data = lines(range(10), 0, 60) + lines(range(10, 20), 100, 160)
        result = self.run_on(data, {"max_series": 10, "evict": "none"})
        self.assertEqual(metric(result.stdout, "evicted_series"), 0)
        self.assertEqual(metric(result.stdout, "refused_series"), 10)
        self.assertIn(b'or let idle series give way with "evict": "lru"', result.stderr)

    def test_a_damaged_file_costs_what_is_damaged(self):
        self.run_on(lines(range(10), 0, 60) + lines(range(10, 20), 100, 160), {"max_series": 10})
        file = self.directory / "evicted"
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
        result = self.run_on(lines(range(10), 200, 210), {"max_series": 10})
        self.assertEqual(result.stdout.count(b"\nm,") + result.stdout.startswith(b"m,"), 100)
        shutil.copy("/dev/null", file)
        self.run_on(lines(range(10), 220, 230), {"max_series": 10})


class Identity(Saving):
    def test_a_tag_that_is_ignored_makes_no_new_series(self):
        identity = {"ignore_tags": ["pod"]}
        data = b"".join(lines(range(3), i, i + 1, f",pod=p{i // 5}") for i in range(100))
        plain = lines(range(3), 0, 100)
        result = self.run_on(data, state=False, identity=identity)
        self.assertEqual(metric(result.stdout, "series"), 3)
        self.assertEqual(self.derived(result.stdout), self.derived(self.run_on(plain, state=False).stdout))
        self.assertEqual(b"".join(line + b"\n" for line in result.stdout.splitlines() if line.startswith(b"m,")), data)

    def test_saved_series_go_on_under_it(self):
        self.run_on(lines(range(3), 0, 100, ",pod=a"))
        result = self.run_on(lines(range(3), 100, 110, ",pod=b"), identity={"ignore_tags": ["pod"]})
        self.assertIn(b"3 series go on", result.stderr)
        self.assertNotIn(b"warmup=true", result.stdout)

    def test_a_filter_by_such_a_tag_is_an_error(self):
        for key, value in (("tagpass", {"pod": ["a"]}), ("tagdrop", {"pod": ["a"]}), ("group_by", ["pod"])):
            config = self.config({"pipelines": [{**PIPELINE, key: value}], "identity": {"ignore_tags": ["pod"]}})
            result = forecastd("check", config)
            self.assertEqual(result.returncode, 1)
            self.assertIn(f'pipelines[0].{key} of pipeline \'p\': found the tag "pod", which identity.ignore_tags leaves out of '
                          "every key, expected another tag", result.stderr.decode())

    def test_a_host_with_a_new_name(self):
        self.run_on(lines(range(3), 0, 100))
        rename = [{"tag": "host", "from": "h1", "to": "new name"}]
        data = lines([1], 100, 110).replace(b"host=h1", b"host=new\\ name") + lines([0, 2], 100, 110)
        result = self.run_on(data, identity={"rename": rename})
        self.assertIn(b"3 series go on", result.stderr)
        self.assertNotIn(b"warmup=true", result.stdout)
        # The rule may stay: what is saved under the new name goes on.
        again = self.run_on(data.replace(b"0000000000\n", b"1000000000\n"), identity={"rename": rename})
        self.assertIn(b"3 series go on", again.stderr)


if __name__ == "__main__":
    main()
