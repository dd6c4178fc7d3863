#!/usr/bin/env python3
"""How good the detectors are: labelled, quiet and faulty series go through forecastd, and its alarms are scored.

    detection.py [--build DIR] [--shared DIR] [--part nab|kpi|quiet|fleet ...] [--days N] [--seeds N] [--params JSON] [--json OUT]
    detection.py --check [--build DIR]

--shared (or FORECASTD_SHARED) names a folder with data/detection (nab, kpi: inputs and labels) and tools/ (det_score.py,
quiet.py, fleet.py). One table is printed, with an aim beside each figure; one config is used for nab, kpi and quiet. quiet.py
and fleet.py need numpy. Events are judged where this forecastd knows the section alarm, else points. --params are those of the
detector `novelty`. --check asserts what must be so of small made-up series, without any other folder.
"""

import argparse
import gzip
import json
import math
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
ALARM = {"raise": 1, "silence": 100}

# Of fleet.py: the part, its days of warm-up, the config, and the greatest number of false events (a seed) and least share found.
DAILY = {"plugin": "holt-winters", "params": {"season_length": "1d", "fit": "online"}}
FLEET = {
    "cpu": (4, {"forecast": DAILY, "detect": {"plugin": "zscore", "detection_direction": "above_expected",
                                              "min_dev_from_expected": 10}}, 8, 0.99),
    "net": (4, {"rate": True, "forecast": DAILY, "detect": {"plugin": "zscore", "detection_direction": "above_expected",
                                                            "min_dev_from_expected": 10}}, 5, 0.99),
}


class Host:
    def __init__(self, build, folder, params):
        self.forecastd, self.folder = str(build / "bin/forecastd"), folder
        self.params = params
        self.has_alarm = self.accepts(self.config({"detect": {"plugin": "novelty"}, "alarm": ALARM}))

    def config(self, pipeline):
        return {"pipelines": [{"interval": "auto", "output": {"passthrough": False}, **pipeline}], "limits": {"max_memory": "4GB"}}

    def accepts(self, config):
        path = self.folder / "try.json"
        path.write_text(json.dumps(config))
        return subprocess.run([self.forecastd, "check", str(path)], capture_output=True, check=False).returncode == 0

    def detector(self, plugin="novelty", **more):
        detect = {"plugin": plugin, "emit": "all", **more}
        if plugin == "novelty" and self.params:
            detect["params"] = self.params
        return detect

    def run(self, pipeline, lines, out):
        """lines: a path, gz or not, or text."""
        path = self.folder / "config.json"
        path.write_text(json.dumps(self.config({**pipeline, **({"alarm": ALARM} if self.has_alarm else {})})))
        with open(out, "wb") as stdout:
            process = subprocess.Popen([self.forecastd, "run", str(path)], stdin=subprocess.PIPE, stdout=stdout,
                                       stderr=subprocess.PIPE)
            if isinstance(lines, str):
                trouble = process.communicate(lines.encode())[1]
            else:
                with (gzip.open(lines) if lines.suffix == ".gz" else open(lines, "rb")) as source:
                    shutil.copyfileobj(source, process.stdin)
                process.stdin.close()
                trouble = process.stderr.read()
                process.wait()
        if process.returncode:
            raise SystemExit(f"detection.py: {self.forecastd} ended with {process.returncode}: {trouble.decode().strip()}")


class Table:
    def __init__(self):
        self.rows = []

    def add(self, part, what, value, aim, at_most=False):
        reached = value <= aim if at_most else value >= aim
        self.rows.append((part, what, value, f"{'<=' if at_most else '>='} {aim:g}", "reached" if reached else "missed"))

    def __str__(self):
        lines = ["| | | found | aim | |", "|---|---|---:|---:|---|"]
        return "\n".join(lines + [f"| {a} | {b} | {c:.3g} | {d} | {e} |" for a, b, c, d, e in self.rows])


def labelled(host, shared, name, table):
    data, out = shared / "data/detection" / name, host.folder / f"{name}.out"
    host.run({"detect": host.detector()}, data / f"{name}.lp.gz", out)
    result = json.loads(subprocess.run(
        [sys.executable, str(shared / "tools/det_score.py"), "--json", "--input", str(data / f"{name}.lp.gz"), "--labels",
         str(data / "labels.json"), str(out)], capture_output=True, text=True, check=True).stdout)
    if name == "nab":
        silent = result["nab_best_with_silence"]
        table.add("NAB", "own level, standard", result["nab_own"]["standard"], 58)
        table.add("NAB", "best threshold with silence, standard", silent["standard"], 74)
        table.add("NAB", "best threshold with silence, low FP", silent["reward_low_FP"], 66)
    else:
        table.add("KPI", "best event F1", result["events_best"]["f1"], 0.65)
        table.add("KPI", "recall at 0.2 false alarms a day", result["recall_at_false_per_day"]["0.2"], 0.66)
        table.add("KPI", "own level, event F1", result["events_own"]["f1"], 0.61)


def tool(shared, name, *arguments, stdout=subprocess.PIPE):
    done = subprocess.run([sys.executable, str(shared / "tools" / name), *map(str, arguments)], stdout=stdout,
                          stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise SystemExit(f"detection.py: {name} failed with {sys.executable}: {done.stderr.decode().strip().splitlines()[-1]}")
    return (done.stdout or b"").decode()


def quiet(host, shared, table, days, seeds):
    sums = {}
    for seed in range(1, seeds + 1):
        made, out = host.folder / "quiet.lp", host.folder / "quiet.out"
        with open(made, "wb") as file:
            tool(shared, "quiet.py", "make", "--days", days, "--series", 3, "--seed", seed, stdout=file)
        host.run({"detect": host.detector()}, made, out)
        for line in tool(shared, "quiet.py", "count", "--days", days, "--series", 3, out).splitlines():
            words = line.split()
            if words[0] != "greatest":
                sums[words[0]] = sums.get(words[0], 0) + float(words[4]) / seeds
    for kind, events in sorted(sums.items(), key=lambda item: -item[1]):
        table.add("quiet", kind + ", events a day and series", events, 0.2, at_most=True)


def fleet(host, shared, table, seeds):
    totals = {part: [0, 0, 0] for part in FLEET}
    for seed in range(1, seeds + 1):
        folder = host.folder / "fleet"
        folder.mkdir(exist_ok=True)
        tool(shared, "fleet.py", "make", "--seed", seed, "--out", folder)
        for part, (warm_days, pipeline, _, _) in FLEET.items():
            out = host.folder / f"{part}.out"
            host.run(pipeline, folder / f"{part}.lp", out)
            said = tool(shared, "fleet.py", "count", "--labels", folder / "labels.csv", "--part", part, "--warm-days", warm_days, out)
            found, of, false, echoes = map(int, re.search(r"found (\d+) of (\d+); false events (\d+) \(echoes (\d+)\)", said).groups())
            totals[part] = [a + b / seeds for a, b in zip(totals[part], (found / of, false, echoes))]
    for part, (_, _, most_false, least_found) in FLEET.items():
        found, false, echoes = totals[part]
        table.add("fleet", f"{part}, incidents found", found, least_found)
        table.add("fleet", f"{part}, false events a seed", false, most_false, at_most=True)
        table.add("fleet", f"{part}, echoes among them", echoes, 2, at_most=True)


def made_up():
    """{series: (values, the points of its incident)}: noise with a day in it, by minutes."""
    rng = random.Random(4)
    result = {}
    for name, change in {"spike": lambda i, x: x + 40 if i == 6000 else x, "shift": lambda i, x: x + 25 if 6000 <= i < 6200 else x,
                         "still": lambda i, x: 30.0 if 6000 <= i < 6060 else x, "quiet": lambda i, x: x}.items():
        wander, values = 0.0, []
        for i in range(4 * 1440 + 1440):
            wander = 0.9 * wander + rng.gauss(0, 0.8)
            values.append(change(i, 40 + 10 * math.sin(2 * math.pi * i / 1440) + wander + rng.gauss(0, 1)))
        result[name] = (values, range(6000, 6100))
    return result


def check(host):
    """A spike, a shift and a quiet series, for each detector; and the form of what comes out."""
    series = made_up()
    lines = "".join(f"made,series={name} value={values[i]!r} {1_700_006_400 + 60 * i}000000000\n"
                    for i in range(7200) for name, (values, _) in series.items())
    for plugin, params, found in (("novelty", {}, {"spike", "shift"}), ("novelty", {"form": "lean"}, {"spike", "shift"}),
                                  ("mad", {}, {"spike"}), ("quantile", {}, {"spike"})):
        out = host.folder / "check.out"
        host.run({"detect": {"plugin": plugin, "params": params, "emit": "all"}}, lines, out)
        alarms = {name: [] for name in series}
        for line in out.read_text().splitlines():
            if "is_anomaly=true" in line:
                name = line.split("series=")[1].split(" ")[0]
                alarms[name].append(int(line.rsplit(" ", 1)[1]) // 60_000_000_000 - 1_700_006_400 // 60)
                if plugin == "novelty" and 'reason="' not in line:
                    raise SystemExit(f"check failed: an alarm of novelty without its reason: {line}")
        for name, (_, incident) in series.items():
            inside = [i for i in alarms[name] if i in incident]
            outside = [i for i in alarms[name] if not 6000 <= i < 6330]
            if name in found and not inside:
                raise SystemExit(f"check failed: {plugin} {params} does not find the {name}; its alarms: {alarms[name]}")
            if len(outside) > 5:
                raise SystemExit(f"check failed: {plugin} {params} gives {len(outside)} false alarms on {name}: {outside[:20]}")
        print(f"{plugin} {params}: found {sorted(found)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--shared", type=pathlib.Path, default=os.environ.get("FORECASTD_SHARED"))
    parser.add_argument("--part", nargs="+", choices=["nab", "kpi", "quiet", "fleet"], default=["nab", "kpi", "quiet", "fleet"])
    parser.add_argument("--days", type=int, default=14, help="of quiet telemetry")
    parser.add_argument("--seeds", type=int, default=3, help="of quiet.py and fleet.py")
    parser.add_argument("--params", type=json.loads, default={}, help="of novelty, as JSON")
    parser.add_argument("--json", type=pathlib.Path, help="write the table there, too")
    parser.add_argument("--check", action="store_true", help="assert what must be so of made-up series")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="forecastd-detection-") as folder:
        host = Host(options.build.resolve(), pathlib.Path(folder), options.params)
        if options.check:
            check(host)
            return
        if not options.shared or not (options.shared / "data/detection").is_dir():
            raise SystemExit("detection.py: there are no labelled series: set FORECASTD_SHARED, or give --shared, a folder with "
                             "data/detection and tools; '--check' needs none")
        table = Table()
        for part in options.part:
            print(f"{part} ...", file=sys.stderr, flush=True)
            if part in ("nab", "kpi"):
                labelled(host, options.shared, part, table)
            elif part == "quiet":
                quiet(host, options.shared, table, options.days, options.seeds)
            else:
                fleet(host, options.shared, table, options.seeds)
        print(f"Judged by {'events' if host.has_alarm else 'points: this forecastd has no section alarm'}.\n\n{table}")
        if options.json:
            options.json.write_text(json.dumps(table.rows, indent=1))


if __name__ == "__main__":
    main()
