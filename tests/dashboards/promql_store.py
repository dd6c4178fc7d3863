"""A Prometheus that has scraped the presets' output from Telegraf, and is asked as Grafana asks it.

Telegraf itself is left out here: exported() names and keeps series as its outputs.prometheus_client does
(test_prometheus_client.py compares them), and promtool writes them into Prometheus, as if it had scraped each two minutes.
"""

import json
import re
import shutil
import subprocess
import time
import urllib.parse
import urllib.request

import reference_parser
from grafana import Frame
from telegraf_test import PATIENCE_S, free_port

PROMETHEUS, PROMTOOL = shutil.which("prometheus"), shutil.which("promtool")
SCRAPE = 120
KEPT = 7200  # what docs/dashboards.md sets expiration_interval to
HOURS = 16
STATES = {"open": 1, "update": 1, "closed": 0, "warming": 0, "watched": 1, "paused": 2, "skipped": 3, "failing": 4}


def label_name(name):
    return re.sub(r"[^a-zA-Z0-9_]", "_", name)


def numbers(fields):
    for name, field in fields.items():
        if isinstance(field["value"], bool):
            yield name, int(field["value"])
        elif not isinstance(field["value"], str):
            yield name, field["value"]


def exported(point):
    """Of a point: {name and labels: number}, with what the processors of docs/dashboards.md make of texts."""
    fields = dict(numbers(point["fields"]))
    state = point["fields"].get("state", {}).get("value")
    if isinstance(state, str):
        fields["open" if point["measurement"].endswith("_event") else "code"] = STATES[state]
    labels = ",".join(f'{label_name(name)}={json.dumps(value)}' for name, value in sorted(point["tags"].items()))
    measurement = label_name(point["measurement"])
    return {f"{measurement if name == 'value' else f'{measurement}_{label_name(name)}'}{{{labels}}}": value
            for name, value in fields.items()}


def scrapes(lines, end):
    """Texts of samples, in the order of time."""
    lines = [line for line in lines if line.arrived >= end - HOURS * 3600 - KEPT]
    points = reference_parser.parse("".join(f"{line.text}\n" for line in lines).encode())
    assert len(points) == len(lines)
    kept, i = {}, 0
    for at in range(end - HOURS * 3600, end + 1, SCRAPE):
        while i < len(lines) and lines[i].arrived <= at:
            for key, value in exported(points[i]).items():
                kept[key] = (lines[i].arrived, value)
            i += 1
        for key, (arrived, value) in list(kept.items()):
            if at - arrived > KEPT:
                del kept[key]
            else:
                yield f"{key} {value} {at}\n"


class PromqlStore:
    language = "promql"

    def __init__(self, folder):
        self.folder, self.process = folder, None

    def write(self, lines):
        samples, data = self.folder / "samples.txt", self.folder / "data"
        end = lines[-1].arrived
        with open(samples, "w", encoding="utf-8") as file:
            file.writelines(scrapes(lines, end))
            file.write("# EOF\n")
        subprocess.run([PROMTOOL, "tsdb", "create-blocks-from", "openmetrics", "--quiet", samples, data], check=True,
                       capture_output=True)
        self.now = end
        self.start(data)

    def start(self, data):
        self.url = f"http://127.0.0.1:{free_port()}"
        config, log = self.folder / "prometheus.yml", self.folder / "prometheus.log"
        config.write_text("{}")
        with open(log, "wb") as file:
            self.process = subprocess.Popen([PROMETHEUS, f"--config.file={config}", f"--storage.tsdb.path={data}",
                                             f"--web.listen-address={self.url.removeprefix('http://')}"], stdout=file, stderr=file)
        limit = time.monotonic() + PATIENCE_S
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > limit:
                raise AssertionError(f"Prometheus does not answer:\n{log.read_text()}")
            time.sleep(0.1)

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=PATIENCE_S) as answer:
                return answer.status == 200
        except OSError:
            return False

    def get(self, path, **parameters):
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}", timeout=PATIENCE_S) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{parameters}\n{error.read().decode()}") from error

    def values(self, query):
        """Of Grafana's functions for variables: label_values(selector, label) and query_result(query)."""
        kind, inner = re.fullmatch(r"(\w+)\((.*)\)", query, re.DOTALL).groups()
        if kind == "query_result":
            return [self.as_text(one["metric"]) for one in self.get("query", query=inner, time=self.now)["result"]]
        selector, label = inner.rsplit(", ", 1)
        found = self.get("series", **{"match[]": selector, "start": self.now - 12 * 3600, "end": self.now})
        return [one[label] for one in found if label in one]

    @staticmethod
    def as_text(metric):
        labels = ",".join(f'{name}="{value}"' for name, value in metric.items() if name != "__name__")
        return f"{metric.get('__name__', '')}{{{labels}}} 1 1"

    def frames(self, target, view):
        query = target["expr"].replace("$__rate_interval", f"{4 * view.step}s").replace("$__interval", f"{view.step}s")
        if target.get("instant"):
            rows = [{**one["metric"], "Value": float(one["value"][1])}
                    for one in self.get("query", query=query, time=view.end)["result"]]
            return [Frame("table", {}, rows=rows)] if rows else []
        found = []
        for one in self.get("query_range", query=query, start=view.begin, end=view.end, step=view.step)["result"]:
            labels = one["metric"]
            name = re.sub(r"\{\{(\w+)\}\}", lambda part, labels=labels: labels.get(part[1], ""), target.get("legendFormat", ""))
            found.append(Frame(name, labels, [(float(at), float(value)) for at, value in one["values"] if value != "NaN"]))
        return [frame for frame in found if frame]
