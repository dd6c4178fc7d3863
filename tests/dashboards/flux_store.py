"""An InfluxDB 2 that is asked as Grafana asks it in Flux. INFLUXD2 names its influxd; build_influxdb2.py builds one."""

import csv
import datetime
import io
import json
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import build_influxdb2
from grafana import Frame
from telegraf_test import PATIENCE_S, free_port

INFLUXD2 = build_influxdb2.find()
TOKEN, ORGANISATION, BUCKET = "token-of-the-test", "test", "telegraf"


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def stamp(at):
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).isoformat().replace("+00:00", "Z")


class FluxStore:
    language = "flux"

    def __init__(self, folder):
        self.url = f"http://127.0.0.1:{free_port()}"
        self.log = folder / "influxd2.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [INFLUXD2, "--http-bind-address", self.url.removeprefix("http://"), "--bolt-path", folder / "influxd.bolt",
                 "--sqlite-path", folder / "influxd.sqlite", "--engine-path", folder / "engine", "--reporting-disabled"],
                stdout=log, stderr=log)
        end = time.monotonic() + PATIENCE_S
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise AssertionError(f"influxd does not answer:\n{self.log.read_text()}")
            time.sleep(0.1)
        self.post("/api/v2/setup", json.dumps({"username": "test", "password": "password", "org": ORGANISATION, "bucket": BUCKET,
                                               "token": TOKEN}).encode())

    def stop(self):
        self.process.kill()
        self.process.wait()

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=PATIENCE_S) as answer:
                return answer.status == 200
        except OSError:
            return False

    def post(self, path, body, kind="application/json", **parameters):
        request = urllib.request.Request(f"{self.url}{path}?{urllib.parse.urlencode(parameters)}", body,
                                         {"Authorization": f"Token {TOKEN}", "Content-Type": kind, "Accept": "application/csv"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{body[:2000].decode()}\n{error.read().decode()}") from error

    def write(self, lines):
        texts = [line.text for line in lines]
        for i in range(0, len(texts), 20_000):
            self.post("/api/v2/write", "\n".join(texts[i:i + 20_000]).encode(), "text/plain", org=ORGANISATION, bucket=BUCKET,
                      precision="ns")

    def tables(self, query):
        """Of each table: its group key, and its rows with values by their types."""
        answer = self.post("/api/v2/query", query.encode(), "application/vnd.flux", org=ORGANISATION)
        return [table for block in answer.replace("\r\n", "\n").split("\n\n") if block.strip() for table in self.block(block)]

    def block(self, text):
        lines = list(csv.reader(io.StringIO(text.strip("\n"))))
        if lines[0][:1] != ["#datatype"] and lines[0][1:2] == ["error"]:
            raise AssertionError(lines)
        # Columns without annotations are texts, in one table.
        names = next(line for line in lines if not line[0].startswith("#"))
        return self.rows_by_table(names, lines[lines.index(names) + 1:])

    @staticmethod
    def rows_by_table(names, lines):
        tables = {}
        for line in lines:
            row = {name: value for name, value in zip(names, line) if name and value != ""}
            tables.setdefault(row.pop("table", "0"), []).append({k: v for k, v in row.items() if k != "result"})
        return tables.values()

    def values(self, query):
        return [row["_value"] for table in self.tables(query) for row in table if "_value" in row]

    def frames(self, target, view):
        range_of = (f"{{timeRangeStart: {stamp(view.begin)}, timeRangeStop: {stamp(view.end)}, windowPeriod: {view.step}s}}")
        query = target["query"]
        imports = "".join(line + "\n" for line in query.splitlines() if line.startswith("import "))
        rest = "\n".join(line for line in query.splitlines() if not line.startswith("import "))
        found = []
        for table in self.tables(f"{imports}v = {range_of}\n{rest}"):
            if target["resultFormat"] == "table" or not any("_value" in row for row in table):
                found.append(Frame("table", {}, rows=table))
                continue
            labels = {name: value for name, value in table[0].items() if not name.startswith("_")}
            name = table[0].get("_field", "")
            points = [(seconds(row["_time"]), float(row["_value"]) if row["_value"] not in ("true", "false") else row["_value"])
                      for row in table if "_value" in row]
            found.append(Frame(name, labels, points))
        return [frame for frame in found if frame]
