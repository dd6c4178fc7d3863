"""The part fleet of detection.py: made-up hosts with labelled incidents, the events found, and those that are false."""

import dataclasses
import re

from detection_host import tool
from detection_presets import load

DAILY = {"plugin": "holt-winters", "params": {"season_length": "1d", "fit": "online"}}
WEEKLY = {"plugin": "holt-winters", "params": {"season_length": "7d", "fit": "online", "seasonal": "mul"}}
ABOVE = {"plugin": "zscore", "detection_direction": "above_expected", "min_dev_from_expected": 10}
RISING = {"plugin": "zscore", "params": {"half_life": "1d"}, "detection_direction": "rising"}


@dataclasses.dataclass
class Run:
    name: str
    part: str
    warm_days: int
    pipelines: list
    most_false: float  # a seed
    least_found: float  # of 1
    most_echoes: float = 2
    not_told: str = ""  # a part whose incidents must not be found


def fridge():
    """The alarm of the preset for thermometers, for a fridge: warmth alone matters."""
    alarm = next(one for one in load("temperature-mqtt") if one["name"] == "alarm")
    detect = {**alarm["detect"], "detection_direction": "above_expected"}
    return [{**alarm, "namepass": ["temp"], "fieldpass": ["c"], "detect": detect}]


def runs():
    alarm = {"raise": 2, "silence": 12}
    return [
        Run("cpu", "cpu", 4, [{"forecast": DAILY, "detect": ABOVE}], 8, 0.99),
        Run("net", "net", 4, [{"rate": True, "forecast": DAILY, "detect": ABOVE}], 5, 0.99),
        Run("cpu, an hour of silence", "cpu", 4, [{"forecast": DAILY, "detect": ABOVE, "alarm": {"silence": 12}}], 8, 0.99),
        Run("net, three to raise", "net", 4,
            [{"rate": True, "forecast": DAILY, "detect": ABOVE, "alarm": {"raise": 3}}], 5, 0.99),
        Run("presets/cpu.json", "cpu", 4, load("cpu"), 15, 0.99),
        Run("presets/net.json", "net", 4, load("net"), 5, 0.99),
        Run("web, a week", "web", 28, [{"forecast": WEEKLY, "detect": {"plugin": "zscore"}, "alarm": alarm}], 3, 0.8),
        Run("presets/temperature-mqtt.json, above", "temp", 3, fridge(), 0, 1, not_told="temp_below"),
        Run("temp, rising", "temp", 3, [{"detect": RISING, "alarm": {"raise": 3, "silence": 30}}], 0, 1,
            not_told="temp_below"),
    ]


def fleet(host, shared, table, seeds):
    all_runs = runs()
    totals = [[0.0] * 4 for _ in all_runs]
    for seed in range(1, seeds + 1):
        folder = host.folder / "fleet"
        folder.mkdir(exist_ok=True)
        tool(shared, "fleet.py", "make", "--seed", seed, "--out", folder)
        for place, one in enumerate(all_runs):
            out = host.folder / "fleet.out"
            host.run(one.pipelines, folder / f"{one.part}.lp", out)
            found, of, false, echoes = count(shared, folder, one, one.part, out)
            told = count(shared, folder, one, one.not_told, out)[0] if one.not_told else 0
            totals[place] = [a + b / seeds for a, b in zip(totals[place], (found / of, false, echoes, told))]
    for one, (found, false, echoes, told) in zip(all_runs, totals):
        table.add("fleet", f"{one.name}: incidents found", found, one.least_found)
        table.add("fleet", f"{one.name}: false events a seed", false, one.most_false, at_most=True)
        if one.not_told:
            table.add("fleet", f"{one.name}: dips told as warmings", told, 0, at_most=True)
        else:
            table.add("fleet", f"{one.name}: echoes among them", echoes, one.most_echoes, at_most=True)


def count(shared, folder, one, part, out):
    """found, of, false, echoes, as fleet.py counts them."""
    said = tool(shared, "fleet.py", "count", "--labels", folder / "labels.csv", "--part", part,
                "--warm-days", one.warm_days, out)
    return [int(number) for number in
            re.search(r"found (\d+) of (\d+); false events (\d+) \(echoes (\d+)\)", said).groups()]
