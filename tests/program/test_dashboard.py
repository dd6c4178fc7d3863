"""configs/grafana/forecastd.json: what it asks for is what the program writes.

Each query is taken apart, with the dashboard's variables filled in, and compared with the lines of a run with metrics.
With INFLUXDB, the address of an InfluxDB 1.x such as http://127.0.0.1:8086, those lines are written to a database of
their own there, and each query must find something in it.
"""

import json
import os
import re
import time
import unittest
import urllib.parse
import urllib.request

import reference_parser
from forecastd_test import ROOT, TestCase, forecastd, main

CONFIG = {"pipelines": [{"name": "fermentation", "namepass": ["temperature"], "interval": "1s",
                         "forecast": {"plugin": "holt", "level": [80, 95], "horizon": 5},
                         "detect": {"plugin": "zscore", "params": {"min_samples": 10}}}],
          "metrics": {"every": "200ms"}}
VARIABLES = {"measurement": "temperature", "field": "celsius", "tag": "brew", "value": ".*", "pipeline": "fermentation"}
# In Grafana they come from the view.
BUILT_IN = {"timeFilter": "time > now() - 1h AND time < now() + 1h", "__interval": "10s"}
VARIABLE = re.compile(r"\$\{(\w+)(?::regex)?\}|\$(\w+)")


def filled(query):
    values = {**VARIABLES, **BUILT_IN}
    return VARIABLE.sub(lambda found: values[found[1] or found[2]], query)


def dashboard():
    return json.loads((ROOT / "configs/grafana/forecastd.json").read_text())


def panels(board):
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def queries(board):
    return [target["query"] for panel in panels(board) for target in panel["targets"]]


def lines(count=120):
    """A series with one anomaly, which ends now, as Grafana's view does."""
    now = time.time_ns() // 10**9 * 10**9
    return "".join(f"temperature,brew=ipa celsius={20 + 0.1 * (i * 7 % 5) + (9 if i == 100 else 0):.2f} "
                   f"{now + (i - count) * 10**9}\n" for i in range(count))


class Dashboard(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.board = dashboard()

    def output(self):
        done = forecastd("run", self.config(CONFIG), stdin=lines())
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout

    def test_panels(self):
        self.assertEqual(self.board["schemaVersion"], 39)
        ids = [panel["id"] for panel in self.board["panels"]]
        self.assertEqual(len(ids), len(set(ids)))
        places = set()
        for panel in panels(self.board):
            with self.subTest(panel["title"]):
                self.assertTrue(panel["description"].endswith("."))
                grid = panel["gridPos"]
                taken = {(x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])}
                self.assertLessEqual(grid["x"] + grid["w"], 24)
                self.assertFalse(taken & places, "it lies on another one")
                places |= taken
                references = [target["refId"] for target in panel["targets"]]
                self.assertEqual(len(references), len(set(references)))
                self.assertTrue(all(target["datasource"]["uid"] == "${datasource}" for target in panel["targets"]))

    def test_variables(self):
        declared = {variable["name"] for variable in self.board["templating"]["list"]}
        self.assertEqual(declared, {*VARIABLES, "datasource"})
        used = {a or b for a, b in VARIABLE.findall(" ".join(queries(self.board)))}
        self.assertEqual(used - set(BUILT_IN), set(VARIABLES))

    def test_every_name_in_a_query_is_written(self):
        fields, tags = {}, {}
        for point in reference_parser.parse(self.output()):
            fields.setdefault(point["measurement"], set()).update(point["fields"])
            tags.setdefault(point["measurement"], set()).update(point["tags"])
        self.assertGreater(len(queries(self.board)), 25)
        for query in map(filled, queries(self.board)):
            with self.subTest(query):
                selected, measurement, rest = re.fullmatch(r'SELECT (.+) FROM "([^"]+)" (WHERE .+)', query).groups()
                self.assertIn(measurement, fields)
                names = set(re.findall(r'"([^"]+)"', selected))
                for pattern in re.findall(r"/([^/]+)/", selected):
                    names |= {name for name in fields[measurement] if re.search(pattern, name)}
                self.assertTrue(names)
                self.assertLessEqual(names, fields[measurement])
                self.assertLessEqual(set(re.findall(r'"([^"]+)"', rest)), tags[measurement] | fields[measurement])

    def test_every_metric_of_the_host_is_shown(self):
        page = forecastd("schema", "--metrics").stdout.decode()
        own = page.split("\n## `forecastd_plugin`")[0]
        shown = " ".join(queries(self.board))
        for name in re.findall(r"^\| `(\w+)`", own, re.MULTILINE):
            if name not in ("own_outputs", "values", "anomalies"):  # the first are of no use here, anomalies are shown themselves
                self.assertIn(f'"{name}"', shown)

    @unittest.skipUnless("INFLUXDB" in os.environ, "INFLUXDB is not set")
    def test_every_query_finds_something_in_a_real_influxdb(self):
        address, database = os.environ["INFLUXDB"], f"forecastd_dashboard_{os.getpid()}"

        def ask(query):
            body = urllib.parse.urlencode({"q": query, "db": database}).encode()
            with urllib.request.urlopen(f"{address}/query", body, timeout=30) as answer:
                return json.load(answer)["results"][0]

        ask(f"CREATE DATABASE {database}")
        self.addCleanup(ask, f"DROP DATABASE {database}")
        # Metrics at two times, for the rates.
        first = self.output()
        time.sleep(0.01)
        for output in (first, re.sub(rb"(?m)^(forecastd .*) (\d+)$", lambda m: b"%b %d" % (m[1], int(m[2]) - 20 * 10**9), first)):
            urllib.request.urlopen(f"{address}/write?db={database}", output, timeout=30).close()
        variables = [variable["query"] for variable in self.board["templating"]["list"] if variable["type"] == "query"]
        for query in map(filled, queries(self.board) + variables):
            with self.subTest(query):
                answer = ask(query)
                self.assertNotIn("error", answer)
                self.assertTrue(any(value is not None for series in answer.get("series", []) for row in series["values"]
                                    for value in row[1 if len(row) > 1 else 0:]), answer)


if __name__ == "__main__":
    main()
