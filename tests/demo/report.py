#!/usr/bin/env python3
"""What forecastd found, against what was put in: a readable report on a run over made-up data.

    forecastd simulate --labels labels.csv > input.lp
    forecastd run CONFIG < input.lp > output.lp
    report.py labels.csv input.lp output.lp

It reads the labels of one series, its points, and the lines that the run added to them: MEASUREMENT_forecast and
MEASUREMENT_anomaly, with 95 % as the greatest level, as when the config does not say otherwise.
"""

import argparse
import bisect
import csv
import dataclasses
import datetime
import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "program"))

import reference_parser  # noqa: E402  (found through the path above)

AFTERMATH_POINTS = 120  # so long after an anomaly its alarms are still its own: the forecaster finds its way back

# What a score of the residual can be expected to do with each kind.
EXPLANATIONS = {
    "drop_out": "no points to judge: only the first one after it can raise an alarm",
}


@dataclasses.dataclass
class Label:
    kind: str
    first: int
    last: int
    size: str

    def window(self, aftermath_ns):
        """The times whose alarms are this anomaly's."""
        # A shift is news when it comes; what stays is the new level.
        end = self.first if self.kind == "level_shift" else self.last
        return self.first, end + aftermath_ns


@dataclasses.dataclass
class Run:
    """One series: its points, and what the run said of them, by time."""

    values: dict  # of the input
    passed_on: int  # originals in the output
    forecasts: dict  # of the shortest lead: the fields by target time
    forecast_count: int
    lead_s: float
    alarms: list  # times, ascending
    judged: int  # points with a score

    @property
    def spacing_ns(self):
        times = list(self.values)
        return statistics.median(b - a for a, b in zip(times, times[1:]))


def read_points(path):
    points = reference_parser.parse(pathlib.Path(path).read_bytes())
    errors = [point for point in points if "error" in point]
    if errors:
        sys.exit(f"{path}, line {errors[0]['line']}: {errors[0]['error']}; is this line protocol?")
    return points


def fields_of(point):
    return {name: field["value"] for name, field in point["fields"].items()}


def read_labels(path):
    with open(path, newline="") as stream:
        rows = list(csv.DictReader(stream))
    if len({row["series"] for row in rows}) != 1:
        sys.exit(f"{path}: expected the labels of one series; 'forecastd simulate --labels' writes them")
    labels = [Label(row["kind"], int(row["first_time_ns"]), int(row["last_time_ns"]), row["size"]) for row in rows]
    return rows[0]["series"].split(",")[0], labels


def read_run(measurement, input_path, output_path):
    values = {point["time"]: next(iter(fields_of(point).values()))
              for point in read_points(input_path) if point["measurement"] == measurement}
    if len(values) < 2:
        sys.exit(f"{input_path}: expected two points of '{measurement}' or more, found {len(values)}")
    output = read_points(output_path)
    forecasts = [point for point in output if point["measurement"] == f"{measurement}_forecast"]
    anomalies = [(point["time"], fields_of(point)) for point in output
                 if point["measurement"] == f"{measurement}_anomaly"]
    lead_s = min((fields_of(point)["lead_s"] for point in forecasts), default=0)
    shortest = {point["time"]: fields_of(point) for point in forecasts if fields_of(point)["lead_s"] == lead_s}
    return Run(values, sum(point["measurement"] == measurement for point in output), shortest, len(forecasts), lead_s,
               sorted(time for time, fields in anomalies if fields["is_anomaly"]),
               sum("anomaly_score" in fields for _, fields in anomalies))


def events(alarms, run):
    """Alarms at neighbouring points as one: lists of times."""
    order = {time: place for place, time in enumerate(run.values)}
    merged = []
    for alarm in alarms:
        if merged and order[alarm] == order[merged[-1][-1]] + 1:
            merged[-1].append(alarm)
        else:
            merged.append([alarm])
    return merged


def inside(time, windows):
    return any(first <= time <= last for first, last in windows)


def print_accuracy(run, windows):
    """Of the calm points alone: what a forecaster makes of an anomaly says nothing about it."""
    lead_ns = round(run.lead_s * 1e9)
    errors, naive_errors, covered = [], [], []
    for time, forecast in run.forecasts.items():
        if time not in run.values or time - lead_ns not in run.values or inside(time, windows):
            continue
        value = run.values[time]
        errors.append(abs(value - forecast["yhat"]))
        naive_errors.append(abs(value - run.values[time - lead_ns]))
        if "yhat_lower" in forecast:
            covered.append(forecast["yhat_lower"] <= value <= forecast["yhat_upper"])
    if not errors:
        print("forecasts        none that a calm point could be compared with")
        return
    error, naive = statistics.fmean(errors), statistics.fmean(naive_errors)
    ratio = f" ({error / naive:.2f} of it)" if naive > 0 else ""
    print(f"forecast error   {error:.4f} on average, {run.lead_s:g} s ahead, at {len(errors)} calm points; "
          f"the last value as the forecast: {naive:.4f}{ratio}")
    if covered:
        print(f"intervals        {100 * statistics.fmean(covered):.1f} % of these points lie in the 95 % interval")


def duration(ns):
    return f"{ns / 1e9:g} s"


def clock(ns):
    return datetime.datetime.fromtimestamp(ns / 1e9, datetime.timezone.utc).strftime("%H:%M:%S")


def finding(label, alarms, run):
    """What the run made of one anomaly, in words; alarms are those of its window."""
    during = [alarm for alarm in alarms if alarm <= label.last]
    if label.kind == "drop_out":
        times = list(run.values)
        after = bisect.bisect_right(times, label.last)
        first_after = "came back in without an alarm"
        if after < len(times) and times[after] in alarms:
            first_after = "raised an alarm"
        return f"the first point after it {first_after}"
    if not during:
        return "not found"
    points = "1 point" if len(alarms) == 1 else f"{len(alarms)} points"
    delay = "at once" if during[0] == label.first else f"after {duration(during[0] - label.first)}"
    return f"found {delay}, at {clock(during[0])}; {points} alarmed"


def print_findings(labels, run, aftermath_ns):
    print(f"\n{'put in':12} {'from':9} {'lasts':>8} {'size':>6}  found")
    for label in labels:
        first, last = label.window(aftermath_ns)
        alarms = [alarm for alarm in run.alarms if first <= alarm <= last]
        lasts = duration(label.last - label.first + run.spacing_ns)
        print(f"{label.kind.replace('_', '-'):12} {clock(label.first):9} {lasts:>8} {label.size or '-':>6}  "
              f"{finding(label, alarms, run)}")
        if label.kind in EXPLANATIONS:
            print(f"{'':39}({EXPLANATIONS[label.kind]})")


def print_false_alarms(run, windows):
    false_alarms = events([alarm for alarm in run.alarms if not inside(alarm, windows)], run)
    points = sum(map(len, false_alarms))
    rate = f", {100 * points / run.judged:.3f} % of the {run.judged} judged points" if run.judged else ""
    where = ": " + ", ".join(clock(event[0]) for event in false_alarms[:10]) if false_alarms else ""
    print(f"\nfalse alarms     {len(false_alarms)} ({points} points{rate}){where}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labels", help="the CSV that 'forecastd simulate --labels' wrote")
    parser.add_argument("input", help="the line protocol that the run read")
    parser.add_argument("output", help="the line protocol that it wrote")
    arguments = parser.parse_args()

    measurement, labels = read_labels(arguments.labels)
    run = read_run(measurement, arguments.input, arguments.output)
    aftermath_ns = AFTERMATH_POINTS * run.spacing_ns
    windows = [label.window(aftermath_ns) for label in labels]

    lost = len(run.values) - run.passed_on
    print(f"points           {len(run.values)} in, {'all' if lost == 0 else run.passed_on} passed on; "
          f"{run.forecast_count} forecasts, {run.judged} points judged")
    print_accuracy(run, windows)
    print_findings(labels, run, aftermath_ns)
    print_false_alarms(run, windows)
    print(f"output           {arguments.output}")


if __name__ == "__main__":
    main()
