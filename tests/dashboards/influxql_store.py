"""An InfluxDB 1.x that is asked as Grafana asks it in InfluxQL."""

import json
import re
import sys
import urllib.parse
import urllib.request

from forecastd_test import ROOT

sys.path.insert(0, str(ROOT / "tests/e2e"))

from influxdb_server import INFLUXD, InfluxDB  # noqa: E402, F401
from grafana import Frame  # noqa: E402


class InfluxqlStore:
    language = "influxql"

    def __init__(self, folder):
        self.server = InfluxDB(folder)
        self.stop = self.server.stop
        self.post("/query", q="CREATE DATABASE telegraf")

    def post(self, path, body=None, **parameters):
        address = f"{self.server.url}{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(address, body or b"", timeout=60) as answer:
            return answer.read()

    def write(self, lines):
        texts = [line.text for line in lines]
        for i in range(0, len(texts), 20_000):
            self.post("/write", "\n".join(texts[i:i + 20_000]).encode(), db="telegraf")

    def ask(self, query):
        result = json.loads(self.post("/query", db="telegraf", q=query, epoch="ms"))["results"][0]
        assert "error" not in result, (query, result)
        return result.get("series", [])

    def values(self, query):
        """A table of keys and values gives the values, another one its first column."""
        return [str(row[-1]) for series in self.ask(query) for row in series["values"]]

    def frames(self, target, view):
        query = target["query"].replace("$timeFilter", f"time >= {view.begin}000ms and time <= {view.end}000ms")
        series = self.ask(query.replace("$__interval", f"{view.step}s"))
        if target["resultFormat"] == "table":
            rows = [{**dict(zip(one["columns"], row)), **{k: v for k, v in one.get("tags", {}).items() if v}}
                    for one in series for row in one["values"]]
            return [Frame("table", {}, rows=rows)] if rows else []
        found = []
        for one in series:
            tags = one.get("tags", {})
            for i, column in enumerate(one["columns"][1:], 1):
                name = re.sub(r"\$(tag_)?(\w+)", lambda part, column=column: tags.get(part[2], part[0]) if part[1] else column,
                              target.get("alias", f"{one['name']}.{column}"))
                found.append(Frame(name, tags, [(row[0] / 1000, row[i]) for row in one["values"] if row[i] is not None]))
        return [frame for frame in found if frame]
