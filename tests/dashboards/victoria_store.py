"""A VictoriaMetrics with what Prometheus would have scraped. VICTORIA_METRICS names the program."""

import os
import subprocess
import time
import urllib.request

from promql_store import PromqlStore, scrapes
from telegraf_test import PATIENCE_S, free_port

VICTORIA_METRICS = os.environ.get("VICTORIA_METRICS")


class VictoriaStore(PromqlStore):
    def write(self, lines):
        self.now = lines[-1].arrived
        self.start(self.folder / "data")
        samples = [f"{text.rstrip()}000\n" for text in scrapes(lines, self.now)]  # its times are milliseconds
        for i in range(0, len(samples), 50_000):
            self.send("".join(samples[i:i + 50_000]).encode())
        # What was sent can be asked for a second later.
        last = samples[-1].rsplit("} ", 1)[0] + "}"
        end = time.monotonic() + PATIENCE_S
        while not self.get("query", query=last, time=self.now)["result"]:
            assert time.monotonic() < end, f"there is no sign of {last}"
            time.sleep(0.2)

    def send(self, body):
        urllib.request.urlopen(f"{self.url}/api/v1/import/prometheus", body, timeout=PATIENCE_S).close()

    def start(self, data):
        self.url = f"http://127.0.0.1:{free_port()}"
        log = self.folder / "victoria-metrics.log"
        with open(log, "wb") as file:
            self.process = subprocess.Popen(
                [VICTORIA_METRICS, f"-storageDataPath={data}", f"-httpListenAddr={self.url.removeprefix('http://')}",
                 "-search.latencyOffset=0s"], stdout=file, stderr=file)
        end = time.monotonic() + PATIENCE_S
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"VictoriaMetrics does not answer:\n{log.read_text()}")
            time.sleep(0.1)

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=PATIENCE_S) as answer:
                return answer.status == 200
        except OSError:
            return False
