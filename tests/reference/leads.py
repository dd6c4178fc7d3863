#!/usr/bin/env python3
"""The loss over several leads and the initial second season, from the formulas in plugins/smoothing/leads_loss.hpp and
second_season.hpp alone, in plain numpy: each forecast is made step by step from the states as they were.

    leads.py        prints the numbers of tests/unit/plugins/test_leads_loss.cpp
"""

import math

import numpy

COUNT, SEASON, SECOND = 120, 6, 18
LOST = {17, 40, 41, 42}
OUTLIERS = {30: 60.0, 75: -45.0}
SHIFT_AT, SHIFT = 95, 80.0
PATIENCE, LIMIT, MOST, FORGETTING = 4, 5, 8, 0.02


def values():
    random, out = 3, []
    for t in range(COUNT):
        random = (random * 1103515245 + 12345) % 2**31
        value = 50 + 4 * math.sin(2 * math.pi * t / SEASON) + 3 * (t // SEASON % 3 == 1) + (random // 65536 % 1000) / 250
        value += OUTLIERS.get(t, 0) + (SHIFT if t >= SHIFT_AT else 0)
        out.append(math.nan if t in LOST else value)
    return out


def leads(horizon):
    return sorted({step for step in (1, horizon // 8, horizon // 3, 2 * horizon // 3, horizon) if step >= 1})


class State:
    def __init__(self, form, weights, level, trend, season, second):
        self.form, self.w = form, weights
        self.level, self.trend, self.season, self.second = level, trend, list(season), list(second)

    def ahead(self, t, steps):
        """The forecast of step t + steps - 1, where t is the next one."""
        level, trend = self.level, self.trend
        for _ in range(steps):
            trend *= self.w["phi"]
            level += trend
        at = t + steps - 1
        season = self.season[at % len(self.season)] if self.season else 0
        forecast = level * season if self.form == "mul" else level + season
        return forecast + (self.second[at % len(self.second)] if self.second else 0)

    def learn(self, t, error, shifted):
        w, base, trend = self.w, self.level + self.w["phi"] * self.trend, self.w["phi"] * self.trend
        place = t % len(self.season) if self.season else 0
        rest, change = error, error
        if self.form == "mul":
            rest, change = error / self.season[place], error / base
        if shifted:
            self.level, self.trend = base + rest, trend
            return
        self.level, self.trend = base + w["alpha"] * rest, trend + w["alpha"] * w["beta"] * rest
        if self.season:
            self.season[place] += w["gamma"] * change
        if self.second:
            self.second[t % len(self.second)] += w["second_gamma"] * error


def run(y, make, horizon, variance):
    """The loss, and the one-step errors. variance: before the first value; infinite: no limit."""
    state, errors, run_length, below = make(), [], 0, False
    by_lead = {lead: [] for lead in leads(horizon)}
    for t, value in enumerate(y):
        error = value - state.ahead(t, 1)
        errors.append(error)
        taught, shifted = error, False
        if math.isnan(error):
            taught = 0
        elif not math.isinf(variance):
            limit = LIMIT * math.sqrt(variance)
            if abs(error) <= limit:
                run_length = 0
            else:
                run_length = run_length + 1 if run_length and below == (error < 0) else 1
                below = error < 0
                if run_length >= PATIENCE:
                    shifted = True
                else:
                    taught = math.copysign(limit, error)
            if run_length < 2:
                variance += FORGETTING * (min(error**2, MOST**2 * variance) - variance)
        state.learn(t, taught, shifted)
        for lead, of in by_lead.items():
            if t + lead < len(y) and not math.isnan(y[t + lead]):
                of.append(abs(y[t + lead] - state.ahead(t + 1, lead)))
    return sum(numpy.mean(of) for of in by_lead.values()), errors


def loss(form, weights, level, trend, season, second, horizon):
    y = values()

    def make():
        return State(form, weights, level, trend, season, second)

    errors = numpy.array(run(y, make, horizon, math.inf)[1])
    sizes = numpy.sort(numpy.abs(errors[~numpy.isnan(errors)]))
    deviation = 1.4826 * max(sizes[len(sizes) // 2], sizes.mean() / 2)
    return run(y, make, horizon, deviation**2)[0]


def second_season(y):
    n, m, level, begin = len(y), SECOND, [], 0
    for t in range(n):
        if t > begin + m // 2 and begin + m < n:
            begin += 1
        level.append(numpy.nanmean(y[begin:begin + m]))
    d = numpy.array(y) - level
    first = [numpy.nanmean(d[j::SEASON]) for j in range(SEASON)]
    d -= [first[t % SEASON] for t in range(n)]
    means = numpy.array([numpy.nanmean(d[j::m]) for j in range(m)])
    counts = numpy.array([numpy.sum(~numpy.isnan(d[j::m])) for j in range(m)])
    noise = numpy.nansum((d - [means[t % m] for t in range(n)])**2) / numpy.sum(counts - 1)
    return means * max(0, 1 - numpy.sum(noise / counts) / numpy.sum(means**2))


if __name__ == "__main__":
    season, second = [0, 3, 3, 0, -3, -3], [0.0] * 6 + [2.0] * 6 + [-1.0] * 6
    weights = {"alpha": 0.3, "beta": 0.1, "gamma": 0.2, "phi": 0.9, "second_gamma": 0.15}
    print("level, trend      %.10f" % loss("add", {**weights, "gamma": 0}, 52, 0.1, [], [], 7))
    print("season            %.10f" % loss("add", weights, 52, 0.1, season, [], 20))
    print("ratios            %.10f" % loss("mul", weights, 52, 0.1, [1 + s / 50 for s in season], [], 20))
    print("two seasons       %.10f" % loss("add", weights, 52, 0.1, season, second, 40))
    print("second season    ", ", ".join("%.8f" % value for value in second_season(values())))
