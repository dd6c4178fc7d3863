"""What the alert rules of all languages must fire for, and what not. A test of a language makes a class of it with a store.

The rules are read from the files that are shipped, their queries asked of a real store, and compared as Grafana does: the last
value of each series with the limit. Prometheus compares by itself.
"""

import pathlib
import tempfile
import time
from unittest import SkipTest

import yaml

from forecastd_test import ROOT
from grafana import View
from presets_run import Line, run_presets

MINUTE, HOUR, DAY = 60, 3600, 86400
EVERY_RULE = {"Event open", "Limit within a day", "Limit within a week", "Series silent", "Process silent", "Plugin failed",
              "Series failing"}


def of_itself(at, host, failures, crashes, silent, failing):
    yield Line(at, f"forecastd,host={host} points={at % DAY}i,bytes_out={at % DAY}i,plugin_failures={failures}i,"
                   f"plugin_crashes={crashes}i {at}000000000")
    yield Line(at, f"forecastd_state,host={host},pipeline=p series=3i,watched=2i,silent={silent}i,failing={failing}i {at}000000000")


def event(at, state, start, measurement="m"):
    # An event because of no data has no score.
    return Line(at, f'{measurement}_event,field=f,host=a state="{state}",start={start}000000000i,duration_s=0,reason="r" {at}000000000')


def limit(at, name, expected, upper=None):
    more = f",time_to_threshold_s_upper={upper}" if upper else ""
    return Line(at, f"m_threshold,field=f,host=a,threshold={name} time_to_threshold_s={expected}{more},threshold_value=1 {at}000000000")


def quiet(now):
    """An incident that is over; limits that are far, or not sure; a counter of failures that began again at 0."""
    lines = [event(now - HOUR, "open", now - HOUR), event(now - HOUR // 2, "closed", now - HOUR)]
    for at in range(now - 2 * HOUR, now, MINUTE):
        lines += of_itself(at, "a", 5 if at < now - HOUR // 2 else 0, 0, 0, 0)
    for at in range(now - 2 * HOUR, now, 5 * MINUTE):
        lines += [limit(at, "far", 20 * DAY, 25 * DAY), limit(at, "unsure", HOUR)]
    return lines


def bad(now):
    """Everything at once; the process of host b ended half an hour ago."""
    lines = [event(now - HOUR, "open", now - HOUR), event(now - HOUR // 2, "update", now - HOUR)]
    for at in range(now - 2 * HOUR, now, MINUTE):
        later = at > now - HOUR // 3
        lines += of_itself(at, "a", 2 * later, 1 * later, 1 * later, 2 * later)
        if at < now - HOUR // 2:
            lines += of_itself(at, "b", 0, 0, 0, 0)
    return lines + [limit(at, "full", HOUR // 2, HOUR) for at in range(now - 2 * HOUR, now, 5 * MINUTE)]


def grafana_rules(language):
    """name: the query, the comparison, its limit, and what no data means."""
    group, = yaml.safe_load((ROOT / f"configs/alerts/grafana-{language}.yaml").read_text())["groups"]
    for rule in group["rules"]:
        query, reduced, compared = rule["data"]
        assert (reduced["model"]["expression"], compared["model"]["expression"], rule["condition"]) == ("A", "B", "C")
        evaluator = compared["model"]["conditions"][0]["evaluator"]
        yield rule["title"].removeprefix("forecastd: "), query["model"], evaluator["type"], evaluator["params"][0], rule["noDataState"]


class AlertsTest:
    """language: that of the rules. make_store(folder): a store without data."""

    def store_with(self, lines):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        store = self.make_store(pathlib.Path(folder.name))
        self.addCleanup(store.stop)
        if lines:
            store.write(sorted(lines, key=lambda line: line.arrived))
        return store

    def fired(self, lines):
        """{rule: the labels of the series that it fires for}"""
        store = self.store_with(lines)
        now = int(time.time())
        fired = {}
        for name, model, kind, wanted, no_data in grafana_rules(self.language):
            frames = store.frames(model, View(now - 7 * DAY, now, 60))
            # A table has no series that could fire.
            self.assertTrue(all(frame.points for frame in frames), (name, frames))
            values = [(frame.labels, frame.points[-1][1]) for frame in frames]
            found = [labels for labels, value in values if (value > wanted if kind == "gt" else value < wanted)]
            if found or (not values and no_data == "Alerting"):
                fired[name] = found
        return fired

    def test_all_fire(self):
        fired = self.fired(bad(int(time.time())))
        self.assertEqual(set(fired), EVERY_RULE)
        self.assertEqual([labels["host"] for labels in fired["Process silent"]], ["b"])
        self.assertEqual([labels["host"] for labels in fired["Plugin failed"]], ["a"])
        self.assertEqual([labels["pipeline"] for labels in fired["Series failing"]], ["p"])
        self.assertEqual([labels["threshold"] for labels in fired["Limit within a day"]], ["full"])

    def test_none_fires(self):
        self.assertEqual(self.fired(quiet(int(time.time()))), {})

    def test_a_store_that_hears_nothing(self):
        self.assertEqual(set(self.fired([])), {"Process silent"})

    def test_the_presets(self):
        lines, _ = run_presets()
        fired = self.fired(lines)
        self.assertEqual(set(fired), {"Event open", "Limit within a day", "Limit within a week", "Series silent"})
        self.assertEqual(sorted((labels["field"], labels.get("sensor") or labels["host"]) for labels in fired["Event open"]),
                         [("result_code", "web1"), ("temperature", "garage"), ("temperature", "kitchen"), ("usage_user", "web2"),
                          ("used_percent", "web1")])
        self.assertEqual(sorted(labels["threshold"] for labels in fired["Limit within a week"]),
                         ["90 percent", "95 percent", "frost", "full"])
        self.assertEqual([labels["pipeline"] for labels in fired["Series silent"]], ["alarm"])


class PrometheusAlertsTest(AlertsTest):
    def fired(self, lines):
        if not lines:
            raise SkipTest("promtool's test has it")
        store = self.store_with(lines)
        group, = yaml.safe_load((ROOT / "configs/alerts/prometheus.yaml").read_text())["groups"]
        fired = {}
        for rule in group["rules"]:
            found = store.get("query", query=rule["expr"], time=store.now)["result"]
            if found:
                name = rule["alert"].removeprefix("Forecastd")
                fired["".join(f" {c.lower()}" if c.isupper() and i else c for i, c in enumerate(name))] = [
                    one["metric"] for one in found]
        return fired
