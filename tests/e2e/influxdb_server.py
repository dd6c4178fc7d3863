"""An InfluxDB of its own for a test: the distribution's influxd 1.x, on loopback, in a temporary folder."""

import json
import os
import pathlib
import shutil
import subprocess
import time
import urllib.parse
import urllib.request

from telegraf_test import PATIENCE_S, free_port, toml

INFLUXD = os.environ.get("INFLUXD") or shutil.which("influxd")


class InfluxDB:
    """Runs until stop(). What it says goes to a file."""

    def __init__(self, folder):
        self.url = f"http://127.0.0.1:{free_port()}"
        self.log = pathlib.Path(folder) / "influxd.log"
        config = pathlib.Path(folder) / "influxd.toml"
        config.write_text(f"""
reporting-disabled = true
bind-address = "127.0.0.1:{free_port()}"
[meta]
  dir = {toml(folder / "influxdb/meta")}
[data]
  dir = {toml(folder / "influxdb/data")}
  wal-dir = {toml(folder / "influxdb/wal")}
[http]
  bind-address = {toml(self.url.removeprefix("http://"))}
  log-enabled = false
[monitor]
  store-enabled = false
""")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([INFLUXD, "-config", config], stdout=log, stderr=log)
        end = time.monotonic() + PATIENCE_S
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise AssertionError(f"influxd does not answer:\n{self.log.read_text()}")
            time.sleep(0.05)

    def get(self, path, **parameters):
        query = urllib.parse.urlencode(parameters)
        with urllib.request.urlopen(f"{self.url}{path}?{query}", timeout=PATIENCE_S) as response:
            return response.headers, response.read()

    def answers(self):
        try:
            headers, _ = self.get("/ping")
        except OSError:
            return False
        self.version = headers["X-Influxdb-Version"]
        return True

    def query(self, influxql, database="telegraf"):
        """The rows of all series, each a dict of its columns and tags. Times are nanoseconds."""
        _, body = self.get("/query", db=database, q=influxql, epoch="ns")
        result = json.loads(body)["results"][0]
        assert "error" not in result, result
        return [{**dict(zip(series["columns"], values)), **series.get("tags", {})}
                for series in result.get("series", []) for values in series["values"]]

    def stop(self):
        self.process.kill()
        self.process.wait()
