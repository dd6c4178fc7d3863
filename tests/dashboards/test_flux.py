"""The dashboard and the alert rules in Flux, before a real InfluxDB 2 with the presets' data."""

import unittest

import paths  # noqa: F401
from alerts_test import AlertsTest
from board_test import BoardTest
from flux_store import BUCKET, INFLUXD2, FluxStore


@unittest.skipUnless(INFLUXD2, "there is no InfluxDB 2: INFLUXD2 names one, and './dev dashboards --all' builds one")
class Flux(BoardTest, unittest.TestCase):
    language = "flux"
    make_store = FluxStore
    chosen = {"bucket": BUCKET}


@unittest.skipUnless(INFLUXD2, "there is no InfluxDB 2: INFLUXD2 names one, and './dev dashboards --all' builds one")
class FluxAlerts(AlertsTest, unittest.TestCase):
    language = "flux"
    make_store = FluxStore


if __name__ == "__main__":
    unittest.main()
