"""The dashboard and the alert rules in PromQL, before a real Prometheus with the presets' data."""

import pathlib
import subprocess
import unittest

import paths
from alerts_test import PrometheusAlertsTest
from board_test import HOUR, LONGEST, BoardTest
from promql_store import PROMETHEUS, PROMTOOL, PromqlStore


@unittest.skipUnless(PROMETHEUS and PROMTOOL, "there is no Prometheus: './dev dashboards' installs the distribution's")
class Promql(BoardTest, unittest.TestCase):
    language = "promql"
    make_store = PromqlStore
    inside_of_disk = 0.2  # its forecasts are made each hour, so what is scraped is up to an hour old
    step_of_itself = HOUR
    longest = {**LONGEST, "disk": ("6h", 6 * HOUR)}  # less than a day is in the store


@unittest.skipUnless(PROMETHEUS and PROMTOOL, "there is no Prometheus: './dev dashboards' installs the distribution's")
class PromqlAlerts(PrometheusAlertsTest, unittest.TestCase):
    language = "promql"
    make_store = PromqlStore

    def promtool(self, *arguments):
        done = subprocess.run([PROMTOOL, *arguments], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_promtool_finds_the_rules_right(self):
        self.promtool("check", "rules", paths.ROOT / "configs/alerts/prometheus.yaml")
        self.promtool("test", "rules", pathlib.Path(__file__).with_name("prometheus_rules_test.yaml"))


if __name__ == "__main__":
    unittest.main()
