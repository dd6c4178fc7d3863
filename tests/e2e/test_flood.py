"""Telegraf reading a file as fast as it can, with forecastd as the child and with cat: the time and the CPU time.

inputs.file parses the whole file before the first point flows; what is timed is the flow, from the arrival of a mark
at the output to that of another one, so many points behind it. More points follow, since Telegraf loses what cat has
left in the pipe when it ends. The environment variable FLOOD_POINTS sets the number of points.
"""

import os
import statistics
import subprocess
import time

from telegraf_test import FORECASTD, TELEGRAF, TelegrafTest, children, cpu_seconds, figure, forecastd, main, toml

POINTS = int(os.environ.get("FLOOD_POINTS", "200000"))
BEHIND = 10_000
PAIRS = 3
SERIES = 100

FORECAST = {"plugin": "holt", "horizon": 1}
QUIET = {"pipelines": [{"interval": "10s", "forecast": {**FORECAST, "emit_every": "1h"},
                        "detect": {"plugin": "zscore", "emit": "anomalies"}}]}
ALL_LINES = {"pipelines": [{"interval": "10s", "forecast": FORECAST, "detect": {"plugin": "zscore"}}]}


class Flood(TelegrafTest):
    def setUp(self):
        super().setUp()
        self.input = self.folder / "input.lp"
        self.marks = self.folder / "marks.lp"
        lines = forecastd("simulate", "--scenario", "fleet", "--series", SERIES,
                          "--points", (POINTS + BEHIND) // SERIES).stdout.splitlines(keepends=True)
        self.input.write_bytes(b"".join([b"mark n=1i 1\n", *lines[:POINTS], b"mark n=2i 2\n", *lines[POINTS:]]))

    def flow(self, command):
        """One run. Returns the seconds of the flow, and the CPU seconds of Telegraf and of its child."""
        config = self.folder / "telegraf.toml"
        config.write_text(f"""
[agent]
  omit_hostname = true
  precision = "1ns"
  metric_buffer_limit = 100000
  skip_processors_after_aggregators = true
[[inputs.file]]
  files = [{toml(self.input)}]
  data_format = "influx"
[[processors.execd]]
  command = {toml(command)}
[[outputs.discard]]
  namedrop = ["mark"]
[[outputs.file]]
  namepass = ["mark"]
  files = [{toml(self.marks)}]
  metric_batch_size = 1
""")
        self.marks.unlink(missing_ok=True)
        seen, child, child_cpu = [], None, 0
        process = subprocess.Popen([TELEGRAF, "--config", config, "--once"], stderr=subprocess.DEVNULL)
        while True:
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
            lines = self.marks.read_bytes().count(b"\n") if self.marks.exists() else 0
            seen += [time.monotonic()] * (lines - len(seen))
            if ended:
                break
            child = child or next(iter(children(process.pid)), None)
            child_cpu = max(child_cpu, cpu_seconds(child) if child else 0)
            time.sleep(0.01)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual((process.returncode, len(seen)), (0, 2))
        # What Telegraf has waited for is counted with it.
        return seen[1] - seen[0], used.ru_utime + used.ru_stime - child_cpu, child_cpu

    def compare(self, config, what):
        """Runs cat and forecastd in turn, and tells the medians. Returns those of the CPU time, beside cat's and Telegraf's."""
        ours = [FORECASTD, "run", self.config(config)]
        self.flow(["cat"])  # warm up
        pairs = [(self.flow(["cat"]), self.flow(ours)) for _ in range(PAIRS)]
        times, works, shares, cat_shares = [], [], [], []
        for with_cat, with_us in pairs:
            times.append(with_us[0] / with_cat[0])
            works.append(sum(with_us[1:]) / sum(with_cat[1:]))
            shares.append(with_us[2] / with_us[1])
            cat_shares.append(with_cat[2] / with_cat[1])
        rate = POINTS / statistics.median(with_us[0] for _, with_us in pairs)
        median = statistics.median
        figure(f"flood, {POINTS} points, {what}: {median(times):.2f} of the time with cat ({min(times):.2f}-{max(times):.2f}), "
               f"{rate:,.0f} points/s; {median(works):.2f} of the CPU time of both; the child's is {median(shares):.2f} of "
               f"Telegraf's (cat's {median(cat_shares):.2f})")
        return median(works), median(shares)

    # The time itself is not asserted: on a busy machine it is another's.

    def test_anomalies_alone(self):
        """The fair comparison: Telegraf reads back hardly more than it does from cat."""
        work, share = self.compare(QUIET, "anomalies alone")
        self.assertLess(work, 1.5)
        self.assertLess(share, 0.5)

    def test_a_forecast_and_a_verdict_for_every_point(self):
        """Telegraf reads back three lines for each that it wrote."""
        work, _ = self.compare(ALL_LINES, "every forecast and verdict written")
        self.assertLess(work, 6)


if __name__ == "__main__":
    main()
