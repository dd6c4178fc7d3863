"""The part choices of detection.py: what each way to detect finds on the fleet, and what it raises falsely: the table of
docs/choosing.md. All have the same alarm, which keeps quiet for an hour behind an event."""

import collections

from detection_fleet import Run, count
from detection_host import opened, tool
from detection_quiet import make

ABOVE = {"detection_direction": "above_expected"}
SEASONS = {"cpu": "1d", "net": "1d", "web": "7d", "temp": "1d"}
WARM_DAYS = {"cpu": 4, "net": 4, "web": 28, "temp": 3}


def ways(part):
    """{name: what a pipeline has}"""
    season = {"plugin": "holt-winters", "params": {"season_length": SEASONS[part], "fit": "online"}}
    rare = {"false_alarms": "30d"}
    return {
        "novelty": {"detect": {"plugin": "novelty", **rare}},
        "novelty, lean": {"detect": {"plugin": "novelty", "params": {"form": "lean"}, **rare}},
        "zscore": {"detect": {"plugin": "zscore"}},
        "zscore, 30d": {"detect": {"plugin": "zscore", **rare}},
        "mad, 30d": {"detect": {"plugin": "mad", **rare}},
        "quantile, 30d": {"detect": {"plugin": "quantile", **rare}},
        "holt, zscore": {"forecast": {"plugin": "holt"}, "detect": {"plugin": "zscore"}},
        "holt, zscore, 30d": {"forecast": {"plugin": "holt"}, "detect": {"plugin": "zscore", **rare}},
        "holt-winters, zscore": {"forecast": season, "detect": {"plugin": "zscore"}},
        "holt-winters, zscore, 30d": {"forecast": season, "detect": {"plugin": "zscore", **rare}},
        "holt-winters, zscore, 3d": {"forecast": season, "detect": {"plugin": "zscore", "false_alarms": "3d"}},
    }


def pipeline(part, way):
    one = {**way, "interval": "5m", "detect": {**way["detect"], **ABOVE, "emit": "anomalies"},
           "alarm": {"silence": 12}, "rate": part == "net"}
    if "forecast" in way:
        one["forecast"] = {**way["forecast"], "emit_every": "1000d"}
    return [one]


def choices(host, shared, days, seeds):
    cells = collections.defaultdict(lambda: collections.defaultdict(lambda: [0, 0, 0]))
    quiet = collections.defaultdict(collections.Counter)
    out = host.folder / "choices.out"
    for seed in range(1, seeds + 1):
        folder, made = host.folder / "fleet", make(host, shared, days, 1, seed)
        folder.mkdir(exist_ok=True)
        tool(shared, "fleet.py", "make", "--seed", seed, "--out", folder)
        for part, warm_days in WARM_DAYS.items():
            for name, way in ways(part).items():
                one = Run(name, part, warm_days, pipeline(part, way), 0, 0)
                host.run(one.pipelines, folder / f"{part}.lp", out)
                found, of, false, _ = count(shared, folder, one, part, out)
                cells[name][part] = [a + b for a, b in zip(cells[name][part], (found, of, false))]
        for name, way in ways("cpu").items():
            host.run([{**pipeline("cpu", way)[0], "detect": way["detect"]}], made, out)
            quiet[name] += opened(out, "kind=([^, ]+)")
    print("| | " + " | ".join(f"{part}: found, false" for part in WARM_DAYS) + " | worst quiet kind, events a day |")
    print("|---" * (len(WARM_DAYS) + 2) + "|")
    for name, parts in cells.items():
        kind, events = max(quiet[name].items(), key=lambda item: item[1], default=("none", 0))
        print(f"| {name} | " + " | ".join(f"{found} of {of}, {false}" for found, of, false in parts.values())
              + f" | {events / days / seeds:.1f}, {kind} |")
