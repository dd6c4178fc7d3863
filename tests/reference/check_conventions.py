#!/usr/bin/env python3
"""The committed references mean what README.md says: series.json is what series.py makes, every record is of one of its series,
and R's `ets` results follow from its recursion. Standard library only, so that it runs everywhere."""

import json
import math
import pathlib

import series

HERE = pathlib.Path(__file__).resolve().parent


def near(a, b, what, tolerance=1e-9):
    if b is not None and not math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance):
        raise SystemExit(f"{what}: {a}, expected {b}")


def run_ets(fit, values, m):
    """(sum of squared errors, sum of log |mu|, raw squares, final states, forecast) of the recursion in README.md."""
    relative, damped_or_not, seasonal = fit["model"][0] == "M", fit["model"][1:-1], fit["model"][-1]
    p, initial = fit["parameters"], fit["initial"]
    alpha, beta, gamma, phi = p["alpha"], p.get("beta", 0.0), p.get("gamma", 0.0), p.get("phi", 1.0)
    level, trend = initial["l"], initial.get("b", 0.0)
    seasons = [initial[f"s{k}"] for k in range(m, 0, -1)] if seasonal != "N" else []
    squares = logs = raw = 0.0

    def mean(base, t):
        return base * seasons[t % m] if seasonal == "M" else base + seasons[t % m] if seasonal == "A" else base
    for t, y in enumerate(values):
        base = level + phi * trend
        mu = mean(base, t)
        error = y - mu
        raw += error**2
        if relative:
            error /= mu
            logs += math.log(abs(mu))
            level, trend = base * (1 + alpha * error), phi * trend + beta * base * error
            if seasonal == "M":
                seasons[t % m] *= 1 + gamma * error
        else:
            level, trend = base + alpha * error, phi * trend + beta * error
            if seasonal == "A":
                seasons[t % m] += gamma * error
        squares += error**2
    forecast, n, damp = [], len(values), 0.0
    for h in range(len(fit["forecast"])):
        damp += phi ** (h + 1)
        forecast.append(mean(level + damp * trend, n + h))
    newest_first = [seasons[(n - 1 - k) % m] for k in range(m)] if seasons else []
    return squares, logs, raw, [level] + ([trend] if damped_or_not.startswith("A") else []) + newest_first, forecast


def check_ets(fit, values, m):
    what = f"{fit['id']} {fit['model']}"
    squares, logs, raw, final, forecast = run_ets(fit, values, m)
    n, free = len(values), len(fit["parameters"]) + len(fit["initial"]) - (fit["model"][-1] != "N")
    loglik = -n / 2 * math.log(squares) - logs
    near(loglik, fit["loglik"], f"{what}: loglik")
    near(-2 * loglik + 2 * (free + 1) * n / (n - free - 2), fit["aicc"], f"{what}: aicc")
    near(raw / n, fit["mse"], f"{what}: mse")
    near(squares / (n - free), fit["sigma2"], f"{what}: sigma2")
    # With a multiplicative season R forecasts the expectation, which is a little off the recursion.
    compared = [("final", final, fit["final"])]
    if fit["model"][-1] != "M":
        compared.append(("forecast", forecast, fit["forecast"]))
    for name, ours, theirs in compared:
        if len(ours) != len(theirs):
            raise SystemExit(f"{what}: {len(theirs)} values of {name}, expected {len(ours)}")
        for a, b in zip(ours, theirs):
            near(a, b, f"{what}: {name}", 1e-7)


def main():
    made = {s["id"]: s for s in series.make()}
    counts = {}
    for path in sorted(HERE.glob("*.json")):
        for record in (line.rstrip(",\n") for line in open(path)):
            if not record.startswith('{"id"'):
                continue
            record = json.loads(record)
            counts[path.stem] = counts.get(path.stem, 0) + 1
            if record["id"] not in made:
                raise SystemExit(f"{path.name}: there is no series '{record['id']}'")
            own = made[record["id"]]
            if path.stem == "series" and record != own:
                raise SystemExit(f"series.py makes another series '{record['id']}'")
            if path.stem == "ets" and record["model"] != "auto" and record["loglik"] is not None:
                check_ets(record, own["values"], own["season_length"])
    if set(counts) != {"series", "holt", "seasonal", "arima", "ets", "auto_arima", "theta"}:
        raise SystemExit(f"files are missing: there are {sorted(counts)}")
    print(counts)


if __name__ == "__main__":
    main()
