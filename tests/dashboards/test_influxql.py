"""The dashboard and the alert rules in InfluxQL, before a real InfluxDB 1.x with the presets' data."""

import unittest

import paths  # noqa: F401
from alerts_test import AlertsTest
from board_test import BoardTest
from influxql_store import INFLUXD, InfluxqlStore


@unittest.skipUnless(INFLUXD, "there is no influxd: './dev dashboards' installs the distribution's package 'influxdb'")
class Influxql(BoardTest, unittest.TestCase):
    language = "influxql"
    make_store = InfluxqlStore


@unittest.skipUnless(INFLUXD, "there is no influxd: './dev dashboards' installs the distribution's package 'influxdb'")
class InfluxqlAlerts(AlertsTest, unittest.TestCase):
    language = "influxql"
    make_store = InfluxqlStore


if __name__ == "__main__":
    unittest.main()
