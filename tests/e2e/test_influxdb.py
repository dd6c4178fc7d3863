"""Telegraf, forecastd and an InfluxDB: each original, forecast and anomaly is there once, where it should be."""

import unittest

from telegraf_test import TelegrafTest, figure, forecastd, main, toml

import reference_parser  # noqa: E402  (found through telegraf_test)
from influxdb_server import INFLUXD, InfluxDB  # noqa: E402

POINTS = 2_000
HORIZON = 40
STEP_NS = 1_000_000_000
CONFIG = {
    "pipelines": [{
        "name": "fermentation", "namepass": ["temperature"], "interval": "1s",
        "forecast": {"plugin": "holt", "horizon": HORIZON}, "detect": {"plugin": "zscore"},
    }]
}
FAR_AHEAD = "time < '2100-01-01T00:00:00Z'"  # a query without a bound ends now; forecasts may lie behind that


@unittest.skipUnless(INFLUXD, "there is no influxd: './dev e2e' installs the distribution's package 'influxdb'")
class Database(TelegrafTest):
    def setUp(self):
        super().setUp()
        self.database = InfluxDB(self.folder)
        self.addCleanup(self.database.stop)
        self.into_database = f"""
[[outputs.influxdb]]
  urls = {toml([self.database.url])}
  database = "telegraf"
  influx_uint_support = false
"""

    def rows(self, measurement):
        return self.database.query(f'SELECT * FROM "{measurement}" WHERE {FAR_AHEAD}')

    def test_each_is_there_once(self):
        data = forecastd("simulate", "--points", POINTS, "--labels", self.folder / "labels.csv").stdout
        inputs = reference_parser.parse(data)
        _, log = self.run_telegraf(self.from_file(data), self.execd(CONFIG), self.into_database)
        self.assert_no_errors(log)
        points = self.points()  # what came out of Telegraf: to a file as well
        written = points["temperature_forecast"]

        # Every original, with its value.
        wanted = {point["time"]: point["fields"]["temperature"]["value"] for point in inputs}
        originals = self.rows("temperature")
        self.assertEqual({row["time"]: row["temperature"] for row in originals}, wanted)
        self.assertEqual(len(originals), len(wanted))

        # A verdict at the time of every original, with what Telegraf was given.
        verdicts = self.rows("temperature_anomaly")
        self.assertEqual({row["time"]: row["y"] for row in verdicts}, wanted)
        self.assertEqual(len(verdicts), len(wanted))
        anomalies = {point["time"] for point in points["temperature_anomaly"] if point["fields"]["is_anomaly"]["value"]}
        self.assertTrue(anomalies)
        self.assertEqual({row["time"] for row in verdicts if row["is_anomaly"]}, anomalies)
        self.assertEqual({row["field"] for row in verdicts}, {"temperature"})

        # A forecast for a time is that of its last origin, and there is one: earlier ones were overwritten.
        last = {}
        for point in sorted(written, key=lambda point: -point["fields"]["lead_s"]["value"]):
            last[point["time"]] = point["fields"]
        forecasts = self.rows("temperature_forecast")
        self.assertGreater(len(written), 30 * len(last))
        self.assertEqual(len(forecasts), len(last))
        for row in forecasts:
            for field in ("yhat", "yhat_lower", "yhat_upper", "lead_s"):
                expected = last[row["time"]].get(field, {}).get("value")
                self.assertEqual(row[field], expected, (row, field))
        counted, = self.database.query(f"SELECT COUNT(yhat) FROM temperature_forecast WHERE {FAR_AHEAD}")
        self.assertEqual(counted["count"], len(last))
        self.assertEqual(max(last), inputs[-1]["time"] + HORIZON * STEP_NS)
        figure(f"InfluxDB {self.database.version}: {len(originals)} originals; {len(written)} forecasts written, "
               f"{len(forecasts)} there: one for each time; {len(verdicts)} verdicts, {len(anomalies)} anomalies")

        # What a person asks: the band around what came, and how many points left it.
        for_originals = [row for row in forecasts if row["time"] in wanted and row["yhat_lower"] is not None]
        inside = sum(row["yhat_lower"] <= wanted[row["time"]] <= row["yhat_upper"] for row in for_originals)
        self.assertGreater(inside / len(for_originals), 0.8)


if __name__ == "__main__":
    main()
