"""The dashboard and the alert rules in PromQL, before a real VictoriaMetrics, which is a store like Prometheus."""

import unittest

import paths  # noqa: F401
import test_promql
from victoria_store import VICTORIA_METRICS, VictoriaStore

SKIPPED = unittest.skipUnless(VICTORIA_METRICS, "VICTORIA_METRICS names no program: './dev dashboards --all' does")


@SKIPPED
class Victoria(test_promql.Promql):
    make_store = VictoriaStore


@SKIPPED
class VictoriaAlerts(test_promql.PromqlAlerts):
    make_store = VictoriaStore


if __name__ == "__main__":
    unittest.main()
