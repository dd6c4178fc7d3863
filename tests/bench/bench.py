#!/usr/bin/env python3
"""How fast the program is, as ratios taken in one run.

    bench.py [--runs N] [--build DIR]

Each comparison runs its two commands in turn, A B A B ..., over the same input, and shows the median of the ratios of
neighbours, with the least and the greatest. Beside the hand-fused loop both read a file and write to /dev/null, so that
nothing but the two programs is measured; beside cat both stand between two pipes. The inputs come from
`forecastd simulate`.
"""

import argparse
import json
import os
import pathlib
import re
import select
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]

HOLT_ZSCORE = {"pipelines": [{"name": "bench", "namepass": ["cpu"], "interval": "10s", "forecast": {"plugin": "holt", "params": {"alpha": 0.7, "beta": 0.03, "phi": 0.9}},
                              "detect": {"plugin": "zscore"}}],
               "limits": {"max_series": 2_000_000}}
NOTHING = {"pipelines": [{"name": "bench", "namepass": ["nothing"], "interval": "10s", "detect": {"plugin": "zscore"}}]}


class Bench:
    def __init__(self, build, folder, runs):
        self.forecastd = str(build / "bin/forecastd")
        self.fused = str(build / "bin/bench_fused")
        self.folder = folder
        self.runs = runs

    def config(self, name, value):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(value))
        return [self.forecastd, "run", str(path)]

    def input(self, series, points, *options):
        """Telemetry of a fleet; returns its path and the number of points."""
        path = self.folder / f"{series}x{points}.lp"
        with open(path, "wb") as out:
            subprocess.run([self.forecastd, "simulate", "--scenario", "fleet", "--series", str(series), "--points", str(points),
                            *options], stdout=out, check=True)
        return path, series * points

    def alone(self, command, path):
        """The time of `command <path >/dev/null`: its own, and nobody else's."""
        begin = time.perf_counter()
        with open(path, "rb") as lines:
            subprocess.run(command, stdin=lines, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - begin

    def between_pipes(self, command, path):
        """The time of `cat path | command | cat >/dev/null`."""
        begin = time.perf_counter()
        source = subprocess.Popen(["cat", str(path)], stdout=subprocess.PIPE)
        worker = subprocess.Popen(command, stdin=source.stdout, stdout=subprocess.PIPE)
        sink = subprocess.Popen(["cat"], stdin=worker.stdout, stdout=subprocess.DEVNULL)
        source.stdout.close()
        worker.stdout.close()
        if any(process.wait() for process in (source, worker, sink)):
            raise SystemExit(f"bench: {' '.join(command)} failed")
        return time.perf_counter() - begin

    def compare(self, title, seconds, ours, theirs, path, points, aim):
        for command in (ours, theirs):
            seconds(command, path)  # warm up
        pairs = [(seconds(ours, path), seconds(theirs, path)) for _ in range(self.runs)]
        ratios = sorted(b / a for a, b in pairs)
        rate = points / statistics.median(a for a, _ in pairs) / 1e6
        other = points / statistics.median(b for _, b in pairs) / 1e6
        print(f"| {title} | {rate:.2f} | {other:.2f} | {statistics.median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f}) "
              f"| {aim} |", flush=True)

    def resident(self, series):
        """The resident memory of a run over so many series, and the bytes of their keys' text."""
        path, _ = self.input(series, 3)
        with open(path, "rb") as lines:
            keys = sum(line.index(b" ") for line, _ in zip(lines, range(series)))
        command = self.config("memory", HOLT_ZSCORE)
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            feeder = subprocess.Popen(["cat", str(path)], stdout=process.stdin)
            answers = 0
            while answers < 3 * 3 * series:
                answers += os.read(process.stdout.fileno(), 1 << 20).count(b"\n")
            feeder.wait()
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            process.stdin.close()
        path.unlink()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024, keys

    def memory(self, series):
        """Beyond what the process takes with one series."""
        (one, _), (many, keys) = self.resident(1), self.resident(series)
        print(f"{series:,} series with holt and zscore: {(many - one - keys) / series:.0f} bytes a series of resident memory "
              f"beyond the {keys / series:.0f} of its key's text (aim: under 250)")

    def latency(self, count):
        """From the write of a point to its answer, through the running program."""
        path, _ = self.input(1, count)
        taken = []
        with subprocess.Popen(self.config("latency", HOLT_ZSCORE), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            out = process.stdout.fileno()
            for line in open(path, "rb"):
                begin = time.perf_counter_ns()
                os.write(process.stdin.fileno(), line)
                answer = b""
                while answer.count(b"\n") < 3:
                    select.select([out], [], [])
                    answer += os.read(out, 1 << 16)
                taken.append((time.perf_counter_ns() - begin) / 1e3)
            process.stdin.close()
        taken.sort()
        print(f"a single point, written, judged, forecast and read back: median {statistics.median(taken):.0f} us, "
              f"99th percentile {taken[len(taken) * 99 // 100]:.0f} us, of {count:,}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
        bench = Bench(arguments.build, pathlib.Path(folder), arguments.runs)
        run = bench.config("run", HOLT_ZSCORE)
        print("| one thread, holt + zscore, an anomaly and a forecast for each point | M points/s | the other | ratio | aim |")
        print("| --- | --- | --- | --- | --- |")
        path, points = bench.input(100, 20_000)
        bench.compare("100 series, beside the hand-fused loop", bench.alone, run, [bench.fused], path, points, "0.6")
        bench.compare("100 series with metrics, beside without", bench.alone, bench.config("metrics", {**HOLT_ZSCORE, "metrics": {"every": "1s"}}),
                      run, path, points, "0.97")
        bench.compare("pass-through alone, beside cat", bench.between_pipes, bench.config("nothing", NOTHING), ["cat"], path, points, "0.5")
        path, points = bench.input(200_000, 12, "--order", "shuffled")
        bench.compare("200,000 series in random order, beside the hand-fused loop", bench.alone, run, [bench.fused], path, points, "0.6")
        print()
        bench.latency(5_000)
        bench.memory(1_000_000)
        print(flush=True)
        subprocess.run([str(arguments.build / "bin/bench_points")], check=True)


if __name__ == "__main__":
    main()
