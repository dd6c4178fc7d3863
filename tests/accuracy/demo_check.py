"""What must be so of the made-up series, whatever the forecasters are: the harness itself is tested by it."""


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
        require(0 < scored["cov80"] < scored["cov95"] <= 1, f"{name} {mode}: wider intervals hold more points: {scored}")
    better("seasonal-naive", "naive", runs.get(("demo_season", "tasks")))
    better("lag", "seasonal-naive", runs.get(("demo_season", "tasks")))
    better("holt-default", "naive", runs.get(("demo_trend", "tasks")))


def better(one, other, by_model):
    if by_model and one in by_model and other in by_model:
        a, b = by_model[one].measures["mase"], by_model[other].measures["mase"]
        require(a < b, f"{one} with a MASE of {a} beats {other} with {b}")
