"""Faults that telemetry has, put into a stream: outliers, missing points, gaps, level shifts. The same ones each time.

    outliers   one point in 200 lies 4 to 10 scales away, up or down
    missing    one point in 50 at random, and a gap of 20 points in each third of the stream
    shifts     in each third of the stream the level moves by 2 to 4 scales, up or down, and stays there

The scale is half the distance from the 16th to the 84th percentile of the values: the standard deviation of normal ones.

A shift is a fact: from it on, the shifted values are the truth. An outlier is none: where a point itself is one, forecasts are
scored against the value that it would have had. Points that are missing are not scored.
"""

import random

OUTLIERS, MISSING, GAP, PARTS = 1 / 200, 1 / 50, 20, 3


def scale_of(values):
    ordered = sorted(v for v in values if v is not None)
    half = (ordered[int(0.84 * (len(ordered) - 1))] - ordered[int(0.16 * (len(ordered) - 1))]) / 2
    return half or (ordered[-1] - ordered[0]) / 2 or 1.0


def put_in(values, seed):
    """(what comes in, what is true), both with None where there is no point. seed: any text."""
    chance, scale = random.Random(f"faults {seed}"), scale_of(values)

    def jump(least, most):
        return chance.choice((-1, 1)) * chance.uniform(least, most) * scale

    def place(part):  # in a third, not in its first tenth
        return int((part + chance.uniform(0.1, 1)) * len(values) / PARTS)

    shifts = {place(part): jump(2, 4) for part in range(PARTS)}
    gaps = [place(part) for part in range(PARTS)]
    level, seen, truth = 0.0, [], []
    for i, value in enumerate(values):
        level += shifts.get(i, 0.0)
        outlier = jump(4, 10) if chance.random() < OUTLIERS else 0.0
        missing = chance.random() < MISSING or any(gap <= i < gap + GAP for gap in gaps) or value is None
        truth.append(None if missing else value + level)
        seen.append(None if missing else value + level + outlier)
    return seen, truth
