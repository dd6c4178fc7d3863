"""The parts quiet and defaults of detection.py: telemetry in which nothing is wrong, and the events that it raises.

quiet      'novelty' with its defaults, each kind
defaults   every other detector, alone and behind each forecaster, all with their defaults, and with false_alarms: the
           worst kind of each pair
"""

import collections

from detection_host import opened, tool

DAY_AT_5M = {"season_length": "1d"}
# The name, the interval, and the section forecast: those with a season need its length, and a coarse interval.
FORECASTERS = [
    ("none", "auto", None),
    ("naive", "auto", {"plugin": "naive"}),
    ("ses", "auto", {"plugin": "ses"}),
    ("ses, online", "auto", {"plugin": "ses", "params": {"fit": "online"}}),
    ("holt", "auto", {"plugin": "holt"}),
    ("theta", "auto", {"plugin": "theta"}),
    ("arima", "5m", {"plugin": "arima"}),
    ("seasonal-naive, 1d", "5m", {"plugin": "seasonal-naive", "params": DAY_AT_5M}),
    ("holt-winters, 1d", "5m", {"plugin": "holt-winters", "params": DAY_AT_5M}),
    ("holt-winters, 1d, online", "5m", {"plugin": "holt-winters", "params": {**DAY_AT_5M, "fit": "online"}}),
]
DETECTORS = ["zscore", "mad", "quantile"]
DEFAULTS = [{}, {"false_alarms": "30d"}]  # the section detect, beyond the plugin


def make(host, shared, days, series, seed):
    made = host.folder / "quiet.lp"
    with open(made, "wb") as file:
        tool(shared, "quiet.py", "make", "--days", days, "--series", series, "--seed", seed, stdout=file)
    return made


def quiet(host, shared, table, days, seeds):
    sums = collections.Counter()
    for seed in range(1, seeds + 1):
        out, made = host.folder / "quiet.out", make(host, shared, days, 3, seed)
        host.run({"detect": host.detector(emit="anomalies")}, made, out)
        sums += opened(out, "kind=([^, ]+)")
        with open(made, encoding="utf-8") as file:
            sums.update({file.readline().split("kind=")[1].split(",")[0]: 0 for _ in range(3 * 21)})
    for kind, events in sorted(sums.items(), key=lambda item: -item[1]):
        table.add("quiet", f"{kind}, events a day and series", events / days / 3 / seeds, 0.2, at_most=True)


def defaults(host, shared, table, days, seeds):
    counts = collections.defaultdict(collections.Counter)
    for seed in range(1, seeds + 1):
        made, out = make(host, shared, days, 1, seed), host.folder / "quiet.out"
        for name, interval, forecast in FORECASTERS:
            for detector in DETECTORS:
                for more in DEFAULTS:
                    pipeline = {"interval": interval, "detect": {"plugin": detector, "emit": "anomalies", **more}}
                    if forecast:
                        pipeline["forecast"] = {**forecast, "emit_every": "1000d"}
                    host.run(pipeline, made, out)
                    counts[detector, name, "".join(more.values())] += opened(out, "kind=([^, ]+)")
    for (detector, name, more), found in sorted(counts.items()):
        text, worst = worst_of({kind: events / days / seeds for kind, events in found.items()})
        name = f"{detector}{more and ', false_alarms ' + more}, forecaster: {name}; {text}"
        table.add("defaults", name, worst, 1, at_most=True)


def worst_of(rates):
    """A text that names the worst kind and all above one event a day, and the rate of the worst."""
    ranked = sorted(rates.items(), key=lambda item: -item[1]) or [("no kind", 0.0)]
    above = [f"{kind} {rate:.1f}" for kind, rate in ranked[1:] if rate > 1]
    return f"worst: {ranked[0][0]}" + (f"; also {', '.join(above)}" if above else ""), ranked[0][1]
