#!/usr/bin/env python3
"""Draws the plugins at work: `./dev pictures [PLUGIN...]`. Needs python3-matplotlib and a built release.

Each picture is made by the program itself: a made-up series goes through `forecastd run`, and what it forecasts behind the
last point is drawn over what came then, which it did not see. The same program writes the same bytes.
"""

import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[1]
FORECASTD = ROOT / "build/release/bin/forecastd"
POINTS, SHOWN, HORIZON, DAY = 168, 96, 36, 24
START = 1_700_006_400  # midnight


def wandering(rng, noise, drift=0.0):
    """A level that moves by steps of size 1, seen through noise."""
    level = 50
    while True:
        level += drift + rng.gauss(0, 1)
        yield level + rng.gauss(0, noise)


def trend(rng):
    """A slope that changes now and then."""
    level, slope = 20, 0.5
    for t in range(10_000):
        slope = 0.2 if t == 60 else 0.7 if t == 110 else slope
        level += slope + rng.gauss(0, 0.3)
        yield level + rng.gauss(0, 1.5)


def daily(rng, growth):
    """A day's wave that grows with its level."""
    for t in range(10_000):
        phase = 2 * math.pi * (t % DAY) / DAY
        shape = 1 + 0.35 * math.sin(phase) + 0.15 * math.cos(2 * phase)
        yield (40 + growth * t) * shape * (1 + rng.gauss(0, 0.04))


def swinging(rng):
    """What swings back after each push: autoregressive of order 2."""
    before, last = 0.0, 0.0
    while True:
        before, last = last, 1.5 * last - 0.75 * before + rng.gauss(0, 1)
        yield 50 + last


# plugin: folder, series, parameters
PICTURES = {
    "auto": ("auto", lambda rng: daily(rng, 0), {"season_length": DAY, "horizon": HORIZON}),
    "naive": ("naive", lambda rng: wandering(rng, 0), {}),
    "ses": ("ses", lambda rng: wandering(rng, 4), {}),
    "holt": ("holt", trend, {"fit": "window"}),
    "holt-winters": ("holt_winters", lambda rng: daily(rng, 0.1), {"season_length": DAY, "seasonal": "mul"}),
    "theta": ("theta", lambda rng: daily(rng, 0.2), {"season_length": DAY}),
    "lag": ("lag", lambda rng: daily(rng, 0), {"season_length": DAY}),
    "trend": ("trend", lambda rng: daily(rng, 0.05), {"season_length": DAY}),
    "arima": ("arima", swinging, {"order": [2, 0, 0]}),
}


def fields_of(line):
    """The numbers of a forecast line, without the tags and the time."""
    return {name: float(value) for name, value in (field.split("=") for field in line.split(" ")[1].split(","))}


def forecasts(plugin, params, values):
    """The forecasts behind the last of the values, the nearest first."""
    config = {"pipelines": [{"interval": "1h", "forecast": {
        "plugin": plugin, "params": params, "horizon": HORIZON, "emit_every": "0s", "level": [80, 95]}}]}
    lines = [f"made_up value={value!r} {START + t * 3600}000000000\n" for t, value in enumerate(values)]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(config, file)
        file.flush()
        run = subprocess.run([FORECASTD, "run", file.name], input="".join(lines), capture_output=True, text=True, check=True)
    if run.stderr:
        sys.exit(run.stderr)
    return [fields_of(line) for line in run.stdout.splitlines() if line.startswith("made_up_forecast,")][-HORIZON:]


def draw(plugin):
    folder, series, params = PICTURES[plugin]
    source = series(random.Random(7))
    values = [round(next(source), 2) for _ in range(POINTS + HORIZON)]
    ahead = forecasts(plugin, params, values[:POINTS])
    past, future = range(POINTS - SHOWN, POINTS), range(POINTS, POINTS + HORIZON)

    figure, axes = pyplot.subplots(figsize=(7, 2.6), layout="constrained")
    for level, suffix, colour in ((95, "", "#d6e4f5"), (80, "_80", "#a9c8ea")):
        axes.fill_between(future, [step[f"yhat_lower{suffix}"] for step in ahead], [step[f"yhat_upper{suffix}"] for step in ahead],
                          color=colour, linewidth=0, label=f"{level} %")
    axes.plot(past, values[POINTS - SHOWN:POINTS], color="#222222", linewidth=1, label="seen")
    axes.plot(future, values[POINTS:], color="#888888", linewidth=1, linestyle=(0, (2, 2)), label="what came")
    axes.plot(future, [step["yhat"] for step in ahead], color="#1f5fa8", linewidth=1.6, label="forecast")
    axes.axvline(POINTS - 0.5, color="#bbbbbb", linewidth=0.6)
    axes.set_title(" ".join([plugin, *(f"{key}={json.dumps(value)}" for key, value in params.items())]), fontsize=9, loc="left")
    axes.margins(x=0.01)
    axes.tick_params(labelsize=8)
    axes.set_xlabel("steps", fontsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.legend(loc="upper left", fontsize=7, ncols=5, frameon=False)
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.15 * (high - low))  # room for the legend
    figure.savefig(ROOT / "plugins" / folder / f"{folder}.svg", metadata={"Date": None})
    pyplot.close(figure)


def main():
    # Text stays text, and ids follow from the content: small files, the same bytes each time.
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "forecastd", "font.family": "sans-serif", "path.simplify": False})
    for plugin in sys.argv[1:] or PICTURES:
        draw(plugin)


if __name__ == "__main__":
    main()
