"""A new installation that is warm from its first point: recorded points come out of a real InfluxDB by the config of Telegraf
that `forecastd history` prints; and a Telegraf that is started again, whose series go on."""

import subprocess
import unittest

from telegraf_test import FORECASTD, TELEGRAF, TelegrafTest, figure, forecastd, main, toml

import reference_parser  # noqa: E402  (found through telegraf_test)
from influxdb_server import INFLUXD, InfluxDB  # noqa: E402

PIPELINE = {"name": "p", "namepass": ["temperature", "odd*"], "interval": "10s", "forecast": {"plugin": "holt"},
            "detect": {"plugin": "zscore"}}


def lines(begin, end):
    text = []
    for step in range(begin, end):
        time = 2_000_000_000 + 10_000_000_000 * step
        text.append(f"temperature,brew=pale\\ ale,room=1 celsius={20 + step % 7 / 4},fill={step % 5}i {time}\n")
        text.append(f"odd\\ one,brew=stout celsius={18 + step % 3} {time}\n")
        text.append(f"unasked v={step} {time}\n")
    return "".join(text).encode()


class History(TelegrafTest):
    @unittest.skipUnless(INFLUXD, "there is no influxd: './dev e2e' installs the distribution's package 'influxdb'")
    def test_from_influxdb(self):
        database = InfluxDB(self.folder)
        self.addCleanup(database.stop)
        into = f"""
[[outputs.influxdb]]
  urls = {toml([database.url])}
  database = "telegraf"
"""
        past, then = lines(0, 200), lines(200, 220)
        self.run_telegraf(self.from_file(past), into)
        config = self.config({"pipelines": [PIPELINE]})
        history = self.folder / "history.lp"
        telegraf = forecastd("history", config, "--url", database.url, "--output", history, "--since", "36500d")
        self.assertEqual((telegraf.returncode, telegraf.stderr), (0, b""))
        conf = self.folder / "history.toml"
        conf.write_bytes(telegraf.stdout)
        done = subprocess.run([TELEGRAF, "--once", "--config", conf], capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn(b" E! ", done.stderr)
        recorded = reference_parser.parse(history.read_bytes())
        asked = [point for point in reference_parser.parse(past) if point["measurement"] != "unasked"]

        def plain(points):  # a whole number may come as an integer
            return sorted((point["time"], point["measurement"], sorted(point["tags"].items() if isinstance(point["tags"], dict)
                                                                       else map(tuple, point["tags"])),
                           sorted((name, float(field["value"])) for name, field in point["fields"].items()))
                          for point in points)
        self.assertEqual(plain(recorded), plain(asked))
        warm = forecastd("run", config, "--history", history, stdin=then)
        self.assertEqual(warm.returncode, 0, warm.stderr)
        self.assertNotIn(b"warmup=true", warm.stdout)
        cold = forecastd("run", config, stdin=then)
        self.assertIn(b"warmup=true", cold.stdout)
        figure(f"history from InfluxDB {database.version}: {len(recorded)} points, no warm-up")

    def test_telegraf_is_started_again(self):
        """Each start of Telegraf starts forecastd; what comes out is what one run would have written."""
        config = {"pipelines": [PIPELINE], "state": {"dir": str(self.folder / "state")}}
        whole = forecastd("run", self.config({"pipelines": [PIPELINE]}, "whole.json"), stdin=lines(0, 300)).stdout
        expected = [point for point in reference_parser.parse(whole) if "_" in point["measurement"]]
        found = []
        for begin in range(0, 300, 100):
            _, log = self.run_telegraf(self.from_file(lines(begin, begin + 100)), self.execd(config))
            self.assert_no_errors(log)
            found += [point for points in self.points().values() for point in points if "_" in point["measurement"]]
        self.assert_same_points(found, expected)
        figure(f"Telegraf started three times: {len(found)} forecasts and verdicts, as of one run")


if __name__ == "__main__":
    main()
