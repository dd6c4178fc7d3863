"""`forecastd check --against`: what the pipelines of a config would watch of recorded points."""

import gzip

from forecastd_test import TestCase, forecastd, main

CPU = {"name": "cpu", "namepass": ["cpu"], "fieldpass": ["usage*"], "interval": "10s", "forecast": {"plugin": "naive"}}
ALL_MEM = {"name": "mem", "namepass": ["mem"], "detect": {"plugin": "zscore"}}


def points(seconds, interval=10, hosts="ab"):
    """cpu of some hosts, with a number, a string and an integer; mem of one."""
    text = ""
    for second in range(0, seconds, interval):
        time = (1_700_000_000 + second) * 10**9
        for host in hosts:
            text += f'cpu,host={host} usage_idle=9{second % 7},state="on",count={second}i {time}\n'
        text += f"mem free={second}i {time + 5 * 10**8}\n"
    return text


class Against(TestCase):
    def check(self, config, data, *options, code=0):
        """What `check` prints behind the description of the config, and its warnings."""
        file = self.folder / "points.lp"
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        done = forecastd("check", self.config(config), "--against", file, *options)
        self.assertEqual(done.returncode, code, done.stderr)
        text = done.stdout.decode()
        return text[text.find("against "):], done.stderr.decode()

    def test_what_matches(self):
        found, warnings = self.check({"pipelines": [CPU, ALL_MEM]}, points(200) + "disk used=1 1\ndisk used=2 2\nnet bytes=1 3\n")
        self.assertEqual(found, """\
against 63 recorded points:
pipeline 'cpu' takes 40 values
  series    2: cpu 2
  interval  10s (2 series)
  left out  cpu.count (not selected), cpu.state (not a number)
pipeline 'mem' takes 20 values
  series    1: mem 1
  interval  10s (1 series)
  warm-up   at 10s: first score at point 31 (after 5m), first alarm at point 31 (after 5m)
no pipeline takes disk (2 points), net (1 point)
the config is valid
""")
        self.assertEqual(warnings, "")

    def test_another_interval(self):
        _, warnings = self.check({"pipelines": [CPU]}, points(2000, interval=60))
        self.assertIn("W! pipeline 'cpu': its interval is 10s, but 2 of 2 series have a point each 1m: most of their steps are "
                      'empty; set "interval" to what they have, or leave it out\n', warnings)
        _, warnings = self.check({"pipelines": [CPU]}, points(60, interval=1))
        self.assertIn("have a point each 1s: several points fall on one step", warnings)

    def test_few_points(self):
        found, warnings = self.check({"pipelines": [CPU]}, points(50))
        self.assertIn("\n  interval  not known from so few points (2 series)\n", found)
        self.assertEqual(warnings, "")

    def test_nothing_matches(self):
        found, warnings = self.check({"pipelines": [{**CPU, "namepass": ["cpus"]}]}, points(50))
        self.assertIn("pipeline 'cpu' takes 0 values\nno pipeline takes cpu (10 points), mem (5 points)\n", found)
        self.assertEqual(warnings, "W! pipeline 'cpu': no value of these points is for it; look at its namepass, tagpass and "
                                   "fieldpass\n")

    def test_tags_that_are_ignored(self):
        found, _ = self.check({"identity": {"ignore_tags": ["host"]}, "pipelines": [CPU]}, points(200))
        self.assertIn("\n  series    1: cpu 1\n  interval  10s (1 series)\n", found)

    def test_points_without_a_time(self):
        _, warnings = self.check({"pipelines": [CPU]}, "cpu usage=1\n")
        self.assertIn("W! 1 point has no time; in a running forecastd they get the time at which they come\n", warnings)

    def test_gzip_and_several_files(self):
        (self.folder / "more.lp.gz").write_bytes(gzip.compress(points(100).encode()))
        found, _ = self.check({"pipelines": [CPU]}, points(50, hosts="c"), "--against", self.folder / "more.lp.gz")
        self.assertIn("\n  series    3: cpu 3\n", found)

    def test_what_cannot_be_read(self):
        _, errors = self.check({"pipelines": [CPU]}, "cpu usage\n" + points(50), code=1)
        self.assertIn("E! forecastd check: ", errors)
        self.assertIn("points.lp', line 1, column 10: expected '=' and a value", errors)
        done = forecastd("check", self.config({"pipelines": [CPU]}), "--against", self.folder / "nowhere")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"nowhere", done.stderr)

    def test_standard_input(self):
        text = points(50)
        found, _ = self.check({"pipelines": [CPU]}, text)
        for stdin in (text.encode(), gzip.compress(text.encode())):
            done = forecastd("check", self.config({"pipelines": [CPU]}), "--against", "-", stdin=stdin)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertTrue(done.stdout.decode().endswith(found), done.stdout)

    def test_many_measurements_are_cut_short(self):
        found, _ = self.check({"pipelines": [CPU]}, points(20) + "".join(f"m{i:03} v=1 1\n" for i in range(50)))
        self.assertIn(", and 31 more\n", found)


    def values(self, pipeline, value, count=100, seconds=lambda i: 10 * i):
        data = "".join(f"m v={value(i)} {(1_700_000_000 + seconds(i)) * 10**9}\n" for i in range(count))
        return self.check({"pipelines": [{"name": "p", **pipeline}]}, data, "--quick")

    DETECT = {"interval": "10s", "detect": {"plugin": "zscore"}}

    def test_a_counter_without_a_rate(self):
        warning = ("W! pipeline 'p': m.v only rise, as counters do: what is judged is then the total; with \"rate\": true it is "
                   "the growth a second\n")
        self.assertEqual(self.values(self.DETECT, lambda i: f"{7 * i}i")[1], warning)
        self.assertEqual(self.values({**self.DETECT, "rate": True}, lambda i: f"{7 * i}i")[1], "")
        self.assertEqual(self.values(self.DETECT, lambda i: i * 0.3 + i % 3)[1], "")
        self.assertEqual(self.values({"interval": "10s", "forecast": {"plugin": "holt", "max_horizon": "1h",
                                      "thresholds": [{"name": "full", "value": 900}]}}, lambda i: f"{7 * i}i")[1], "")

    def test_a_rate_of_what_is_no_counter(self):
        self.assertEqual(self.values({**self.DETECT, "rate": True}, lambda i: i % 7 * 1.5)[1],
                         "W! pipeline 'p': m.v fall too often to be counters: with \"rate\": true, each fall counts as a new "
                         "beginning and is lost; leave \"rate\" out, or take these fields out\n")

    def test_a_constant(self):
        self.assertIn("\n  constant  m.v (1 series)\n", self.values(self.DETECT, lambda i: 3.5)[0])

    def test_codes(self):
        code = lambda i: "404i" if i % 9 == 4 else "200i"
        found, warnings = self.values(self.DETECT, code)
        self.assertIn("\n  few       m.v (200, 404)\n", found)
        self.assertEqual(warnings, "W! pipeline 'p': m.v have a few whole values, as codes do: their mean says nothing about "
                         "codes; if they are, name those that are right in \"data_range\"\n")
        self.assertEqual(self.values({"interval": "10s", "detect": {"plugin": "zscore", "data_range": [200, 299]}}, code)[1], "")

    def test_no_regular_distance(self):
        odd = lambda i: i * i * 7 % 4001 + i * 400
        _, warnings = self.values({"forecast": {"plugin": "ses"}}, lambda i: i * 0.3 + i % 3, seconds=odd)
        self.assertEqual(warnings, "W! pipeline 'p': 1 of 1 series have their points at no regular distance, so the grid of their "
                         "forecast is a guess; set \"interval\" to the distance of steps that you want\n")


if __name__ == "__main__":
    main()
