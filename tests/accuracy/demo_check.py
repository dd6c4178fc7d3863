"""What must be so of the made-up series, whatever the forecasters are: the harness itself is tested by it."""

import math

import faults


def naive(values, key, mode, begin):
    """The last value that was there before the point: by hand, from the series as it was made."""
    seen = [v for v in values[:begin if mode == "tasks" else key] if v is not None]
    return seen[-1]


def require(condition, what):
    if not condition:
        raise SystemExit(f"check failed: {what}")


def check(corpus, runs):
    for (name, mode), by_model in runs.items():
        require("naive" in by_model, f"{name} {mode}: naive ran")
        by_hand = {}
        for id_, values in corpus.values[name].items():
            training, truth, keys, _ = corpus.parts(name, id_, mode)
            by_hand[id_] = {k: [naive(values, k, mode, len(training))] for k, y in zip(keys, truth)
                            if mode == "tasks" or y is not None}
            given = {k: f[:1] for k, f in by_model["naive"].forecasts[id_].items() if k in by_hand[id_]}
            require(given == by_hand[id_], f"{name} {mode} {id_}: naive repeats the last value: {given} {by_hand[id_]}")
        scored, own = by_model["naive"].measures, corpus.score(name, mode, by_hand)
        for key in ("smape", "mase", "median_mase"):
            require(scored[key] == own[key], f"{name} {mode}: {key} of naive is {own[key]}, not {scored[key]}")
        check_leads(name, mode, by_model["naive"].by_lead)
        require(0 < scored["cov80"] < scored["cov95"] <= 1, f"{name} {mode}: wider intervals hold more points: {scored}")
    better("seasonal-naive", "naive", runs.get(("demo_season", "tasks")))
    better("lag", "seasonal-naive", runs.get(("demo_season", "tasks")))
    better("holt-default", "naive", runs.get(("demo_trend", "tasks")))


def check_leads(name, mode, by_lead, learns_all=True):
    """Of naive: where it learns all it is as good as the last value; more of its values are within the wider limits."""
    for lead, measures in by_lead.items():
        if mode == "streams" and learns_all:
            require(math.isclose(measures["rel"], 1) and measures["worse"] == 0, f"{name}, lead {lead}: naive is naive: {measures}")
        require(0 <= measures["cov80"] <= measures["cov95"] <= 1, f"{name} {mode}, lead {lead}: {measures}")
        require(measures["msis"] > 0, f"{name} {mode}, lead {lead}: {measures}")


def check_faults(corpus, runs):
    for (name, mode), by_model in runs.items():
        check_leads(name, mode, by_model["naive"].by_lead, learns_all=False)
        for id_, (seen, truth, _) in corpus.made[name].items():
            clean = corpus.corpus.values[name][id_]
            levels = [t - v for t, v in zip(truth, clean) if t is not None]
            shifts = sum(abs(a - b) > 1e-6 for a, b in zip(levels, levels[1:]))
            require(1 <= shifts <= faults.PARTS, f"{name} {id_}: {shifts} shifts of the level")
            require(all((a is None) == (b is None) for a, b in zip(seen, truth)), f"{name} {id_}: missing here and there")
            require(seen.count(None) >= faults.GAP + clean.count(None), f"{name} {id_}: {seen.count(None)} points are missing")
            require(faults.put_in(clean, f"{name} {id_}") == (seen, truth), f"{name} {id_}: the same faults each time")
    long, (seen, truth) = [0.0, 1.0] * 10000, faults.put_in([0.0, 1.0] * 10000, "long")
    outliers = sum(a != b for a, b in zip(seen, truth))
    require(60 < outliers < 140, f"{outliers} outliers of 20,000 points")
    require(360 < seen.count(None) < 560, f"{seen.count(None)} of {len(long)} points are missing")


def better(one, other, by_model):
    if by_model and one in by_model and other in by_model:
        a, b = by_model[one].measures["mase"], by_model[other].measures["mase"]
        require(a < b, f"{one} with a MASE of {a} beats {other} with {b}")
