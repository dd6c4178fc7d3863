"""The part start of detection.py: many series that begin at once, and the events of their first hundred judged points beside
those of later hundreds. It makes its series itself."""

import collections
import math
import random
import re

SERIES, POINTS, MINUTE = 2000, 700, 60
START = 1_700_000_000
ONLINE = {"params": {"fit": "online"}, "emit_every": "1000d"}
RARE = {"false_alarms": "30d"}
WAYS = [  # the name, the section forecast, the section detect
    ("zscore", None, {"plugin": "zscore"}),
    ("holt, zscore", {"plugin": "holt", **ONLINE}, {"plugin": "zscore"}),
    ("ses, zscore, false_alarms 30d", {"plugin": "ses", **ONLINE}, {"plugin": "zscore", **RARE}),
    ("mad", None, {"plugin": "mad"}),
    ("mad, false_alarms 30d", None, {"plugin": "mad", **RARE}),
    ("quantile", None, {"plugin": "quantile"}),
    ("novelty", None, {"plugin": "novelty"}),
]


def series():
    """Generators of noise that never changes: normal, correlated, skewed, and with a heavy tail (Student's t, 4)."""
    def correlated(rng):
        level = 0.0
        while True:
            level = 0.8 * level + rng.gauss(0, 1)
            yield level

    def heavy(rng):
        while True:
            yield rng.gauss(0, 1) / math.sqrt(rng.gammavariate(2, 0.5))

    def independent(draw):
        while True:
            yield draw()

    for number in range(SERIES):
        rng = random.Random(number)
        yield [lambda r: independent(lambda: r.gauss(0, 1)), correlated, lambda r: independent(lambda: r.lognormvariate(0, 0.5)),
               heavy][number % 4](rng)


def lines():
    made = list(series())
    for i in range(POINTS):
        time = f"{START + MINUTE * i}000000000"
        yield "".join(f"m,s={number} v={50 + 3 * next(one):.4f} {time}\n" for number, one in enumerate(made))


def start(host, table):
    made = host.folder / "start.lp"
    with open(made, "w", encoding="utf-8") as file:
        file.writelines(lines())
    for name, forecast, detect in WAYS:
        out = host.folder / "start.out"
        pipeline = {"interval": "1m", "detect": {**detect, "emit": "all", "no_data_after": "off"}}
        if forecast:
            pipeline["forecast"] = forecast
        host.run(pipeline, made, out)
        hundreds = by_hundred(out)
        later = sum(hundreds[i] for i in range(2, 5)) / 3
        table.add("start", f"{name}: events of {SERIES} series in the first 100 judged points ({hundreds[0]}) as multiples of "
                           f"those in a later 100 ({later:.0f})", hundreds[0] / max(later, 1), 1.5, at_most=True)


def by_hundred(out):
    """The events that opened, by the hundreds of points since the first judged one of their series."""
    first, counts = {}, collections.Counter()
    with open(out, encoding="utf-8") as file:
        for line in file:
            if line.startswith("m_anomaly"):
                if "anomaly_score=" in line:
                    name = re.search(r"[,]s=(\d+)", line)[1]
                    if name not in first:
                        first[name] = int(line.rsplit(" ", 1)[1])
            elif line.startswith("m_event") and 'state="open"' in line:
                name, time = re.search(r"[,]s=(\d+)", line)[1], int(line.rsplit(" ", 1)[1])
                counts[(time - first.get(name, time)) // (100 * MINUTE * 10**9)] += 1
    return counts
