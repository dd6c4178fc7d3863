"""Where series come from, and how their forecasts are scored.

A corpus has sets of two modes: "tasks" (the training part of a series comes in, its next h steps are forecast) and "streams"
(each point after a warm-up is forecast from those before it). A corpus gives

    sets(mode)                          the names of its sets
    prepare(set, mode, folder)          a file of line protocol, and a list of Series
    score(set, mode, forecasts, only)   measures: the averages; forecasts: {series id: {step or index: [mean, lo80, ...]}};
                                        only: the ids to average over, or all
    items(set, mode)                    {series id: (training part or warm-up, what is true behind it, m of MASE)}

`Faulty` is a corpus of streams, those of another one with faults put in.
"""

import csv
import dataclasses
import importlib
import json
import math
import pathlib
import random
import re
import subprocess
import sys

import faults
import score

SECOND = 1_000_000_000


@dataclasses.dataclass(frozen=True)
class Series:
    id: str
    interval_s: int
    season_length: int  # of the shortest season; 1: none
    horizon: int
    points: int  # that come in, before the warm-up's end in a stream
    steps: int   # from the first of them to the last
    last_ns: int       # the time of the last point that comes in...
    last_slot_ns: int  # ... and of the last step, of which the point may be missing
    last_index: int = 0  # streams: the index of that step
    leads: tuple = ()    # streams: the distances from one point to the next
    second_season_length: int = 0  # 0: none


def distances(values, begin):
    """From one point that is there to the next, of those from `begin` on."""
    there = [i for i, v in enumerate(values) if v is not None]
    return tuple(sorted({b - a for a, b in zip(there, there[1:]) if b >= begin}))


class Shared:
    """A folder of series.csv, tasks.csv, streams.csv and anchors.json, with the tools that read and score it."""

    def __init__(self, shared):
        self.data, self.tools = shared / "data/forecast/dev", shared / "tools"
        sys.path.insert(0, str(self.tools))
        self.scorer = importlib.import_module("fc_score")
        self.corpus = self.scorer.Corpus(str(self.data))
        self.anchors = json.loads((self.data / "anchors.json").read_text())["dev"]

    def sets(self, mode):
        return list(dict.fromkeys(t["set"] for t in self._items(mode)))

    def _items(self, mode):
        return self.corpus.tasks if mode == "tasks" else self.corpus.streams

    def prepare(self, name, mode, folder):
        lines, schedule = folder / f"{name}.{mode}.lp", folder / f"{name}.{mode}.csv"
        subprocess.run([sys.executable, str(self.tools / "fc_to_lp.py"), "--data", str(self.data), "--set", name, "--mode", mode,
                        "--out", str(lines), "--schedule", str(schedule)], check=True)
        by_id = {t["task" if mode == "tasks" else "stream"]: t for t in self._items(mode)}
        with open(schedule, newline="") as rows:
            return lines, [self._series(row, by_id[row["series"]], mode) for row in csv.DictReader(rows)]

    def _series(self, row, item, mode):
        step_s, points, leads = int(row["step_s"]), int(row["points"]), ()
        steps = (int(row["last"]) - int(row["first"])) // (step_s * SECOND) + 1
        if mode == "streams":
            values = self.corpus.values(item["set"], item["series"])[:int(item["end"])]
            warmup = int(item["warmup"])
            points = sum(v is not None for v in values[:warmup])
            steps, leads = warmup, distances(values, warmup)
        # The seasons that one would look for; "m" is that of the measures, which has no year of weeks.
        periods = [int(period) for period in row["periods"].split(";") if period]
        return Series(row["series"], step_s, periods[0] if periods else int(row["m"]), int(row["h"]), points, steps,
                      int(row["last"]), int(row["last_slot"]), int(item.get("end", 0)) - 1, leads, *periods[1:2])

    def items(self, name, mode):
        if mode == "streams":
            split = {t["stream"]: (int(t["warmup"]), self.corpus.values(name, t["series"])[:int(t["end"])])
                     for t in self._items(mode) if t["set"] == name}
            return {id_: (values[:warmup], values[warmup:], 1) for id_, (warmup, values) in split.items()}
        return {t["task"]: (*self.corpus.split(t), self.corpus.m(name, t["series"])) for t in self._items(mode) if t["set"] == name}

    def score(self, name, mode, forecasts, only=None):
        function = self.scorer.score_tasks if mode == "tasks" else self.scorer.score_streams
        result = function(self.corpus, forecasts, set_=name, pick=only)[0][name]
        if mode == "tasks" and not result["filled"]:
            self._check(name, forecasts, only, result)
        return result

    def _check(self, name, forecasts, only, result):
        """Two scorers, one result."""
        rows = []
        for t in self.corpus.tasks:
            if t["set"] == name and (only is None or t["task"] in only):
                training, truth = self.corpus.split(t)
                given = [forecasts[t["task"]].get(k) for k in range(1, len(truth) + 1)]
                if None not in given:
                    rows.append(score.task(training, truth, given, self.corpus.m(name, t["series"])))
        for key, value in score.average([r for r in rows if r]).items():
            if value is not None and not math.isclose(value, result[key], rel_tol=1e-9):
                raise SystemExit(f"{name}: fc_score.py says {key} is {result[key]}, score.py says {value}")


class Demo:
    """Made-up series, the same on every machine: a season, a trend, and random walks, some with missing points."""

    LENGTH, HORIZON, SEASON, INTERVAL_S, END_S = 120, 12, 12, 3600, 1_735_689_600

    def __init__(self):
        self.anchors = {}
        self.values = {name: {f"{name}{k}": self._make(name, k) for k in range(8)}
                       for name in ("demo_season", "demo_trend", "demo_walk")}

    def _make(self, name, k):
        uniform = random.Random(f"{name} {k}").random
        level, out = 50.0, []
        for t in range(self.LENGTH + self.HORIZON):
            noise = sum(uniform() for _ in range(12)) - 6
            level += {"demo_season": 0.05, "demo_trend": 0.8, "demo_walk": noise}[name]
            season = 10 * math.sin(2 * math.pi * t / self.SEASON) if name == "demo_season" else 0
            out.append(round(level + season + (noise if name != "demo_walk" else 0), 4))
        for t in ([40, 41, 42, 90] if k % 2 else []) + ([self.LENGTH - 1] if k == 3 else []):
            out[t] = None
        return out

    def sets(self, mode):
        return list(self.values)

    def season_length(self, name):
        return self.SEASON if name == "demo_season" else 1

    def _count(self, mode):
        return self.LENGTH if mode == "tasks" else self.LENGTH + self.HORIZON

    def time_ns(self, index):
        return (self.END_S + (index - self.LENGTH + 1) * self.INTERVAL_S) * SECOND

    def prepare(self, name, mode, folder):
        series, lines = [], []
        for id_, values in self.values[name].items():
            there = [i for i, v in enumerate(values[:self._count(mode)]) if v is not None]
            lines += [(i, f"demo,series={id_} value={values[i]} {self.time_ns(i)}\n") for i in there]
            warmup = self.LENGTH // 2
            series.append(Series(id_, self.INTERVAL_S, self.season_length(name), self.HORIZON if mode == "tasks" else 1,
                                 len(there) if mode == "tasks" else sum(i < warmup for i in there),
                                 there[-1] + 1 if mode == "tasks" else warmup, self.time_ns(there[-1]),
                                 self.time_ns(self._count(mode) - 1), self._count(mode) - 1,
                                 distances(values, warmup) if mode == "streams" else ()))
        path = folder / f"{name}.{mode}.lp"
        pathlib.Path(path).write_text("".join(line for _, line in sorted(lines, key=lambda pair: pair[0])))
        return path, series

    def parts(self, name, id_, mode):
        """Training part, truth, the keys of the forecasts, and the season length in MASE."""
        values, begin = self.values[name][id_], self.LENGTH if mode == "tasks" else self.LENGTH // 2
        keys = range(1, self.HORIZON + 1) if mode == "tasks" else range(begin, len(values))
        return values[:begin], values[begin:], keys, self.season_length(name) if mode == "tasks" else 1

    def items(self, name, mode):
        parts = {id_: self.parts(name, id_, mode) for id_ in self.values[name]}
        return {id_: (training, truth, m) for id_, (training, truth, _, m) in parts.items()}

    def score(self, name, mode, forecasts, only=None):
        rows = []
        for id_ in self.values[name]:
            training, truth, keys, m = self.parts(name, id_, mode)
            given = [forecasts.get(id_, {}).get(k) for k in keys]
            lacking = [k for k, y, f in zip(keys, truth, given) if f is None and y is not None]
            if lacking:
                raise SystemExit(f"{name}: no forecast of {id_} for {lacking}")
            rows.append(score.task(training, truth, given, m))
        return score.average([r for r in rows if r])


class Faulty:
    """The streams of a corpus with faults put in. They are scored by lead alone: what is true differs from what comes in."""

    def __init__(self, corpus):
        self.corpus, self.anchors, self.made = corpus, {}, {}

    def sets(self, mode):
        return self.corpus.sets(mode)

    def prepare(self, name, mode, folder):
        _, clean = self.corpus.prepare(name, mode, folder)
        lines, series, self.made[name] = [], [], {}
        for s in clean:
            before, after, _ = self.corpus.items(name, mode)[s.id]
            seen, truth = faults.put_in(before + after, f"{name} {s.id}")
            self.made[name][s.id] = (seen, truth, len(before))
            times = {i: s.last_slot_ns + (i - s.last_index) * s.interval_s * SECOND for i, v in enumerate(seen) if v is not None}
            lines += [(time, f"faulty,series={escape(s.id)} value={seen[i]!r} {time}\n") for i, time in times.items()]
            series.append(dataclasses.replace(s, points=sum(v is not None for v in seen[:len(before)]), leads=(),
                                              last_ns=max(times.values())))
        path = folder / f"{name}.faulty.lp"
        path.write_text("".join(line for _, line in sorted(lines)))
        return path, series

    def score(self, name, mode, forecasts, only=None):
        return {}


def escape(tag_value):
    return re.sub(r"([\\, =])", r"\\\1", tag_value)



def streams(corpus, name):
    """{series id: (what comes in, what is true, where scoring begins)}"""
    if isinstance(corpus, Faulty):
        return corpus.made[name]
    return {id_: (before + after, before + after, len(before)) for id_, (before, after, _) in corpus.items(name, "streams").items()}
