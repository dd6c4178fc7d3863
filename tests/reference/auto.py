#!/usr/bin/env python3
"""What the plugin `auto` should forecast, from the formulas in plugins/auto/*.hpp alone, in plain numpy.

    auto.py        prints the tables of tests/unit/plugins/test_auto.cpp

It keeps all values and every forecast, and computes in double; the plugin keeps floats, so they agree to some six digits.
"""

import math

import numpy

SEASONS, HORIZON, COUNT = (7, 28), 14, 230
LOST = {60, 61, 62, 150}
LEADS = sorted({min(max(step, 1), HORIZON) for step in (1, HORIZON // 12, HORIZON // 5, HORIZON // 3, 2 * HORIZON // 3 + 1,
                                                          HORIZON - 1)})
LAGS = [1, 2, 3, 6, 7, 8, 14, 27, 28, 29]
RING = max(LAGS[-1], 32)  # values that the units are taken from
NAMES = ["naive", "ses_slow", "ses_middle", "ses_fast", "holt_slow", "holt_fast", "last_values", "last_changes", "drift",
         "season_lags", "repeat_first", "profile_first", "level", "slow_level", "repeat_second", "profile_second"]
NEEDS = [1, 1, 1, 1, 1, 1, 14, 14, 14, 40, 7, 7, 14, 14, 28, 28]


def values():
    season, random, out = [0, 3, 5, 4, 1, -2, -3], 7, []
    for t in range(COUNT):
        random = (random * 1103515245 + 12345) % 2**31
        out.append(20 + season[t % 7] + 3 * (t // 7 % 4 == 1) + (random // 65536 % 1000) / 500)
    return out


def stride(steps):
    step = math.ceil(steps / 4)
    while step > 1 and any(math.gcd(step, season) > 1 for season in SEASONS):
        step += 1
    return step


class Regression:
    """Weights by the recursion, in units that may change: the whole matrix, in place of a triangle."""

    def __init__(self, width, one, constant):
        self.b, self.p, self.constant = numpy.zeros(width), 10 * numpy.eye(width), constant
        self.mean, self.count = 0.0, 0
        if one is not None:
            self.b[one] = 1

    def learn(self, x, error):
        if self.count >= 12:
            error = min(max(error, -4 * self.mean), 4 * self.mean)
        self.count += 1
        self.mean += max(1 / self.count, 0.01) * (abs(error) - self.mean)
        gain = self.p @ x / (0.9995 + x @ self.p @ x)
        self.b = self.b + gain * error
        self.p = (self.p - numpy.outer(gain, x @ self.p)) / 0.9995
        for i in range(len(x)):
            if self.p[i, i] > 10:
                by = math.sqrt(10 / self.p[i, i])
                self.p[i, :] *= by
                self.p[:, i] *= by

    def rescale(self, by, shift):
        factors = numpy.full(len(self.b), by)
        if self.constant:
            self.b[-1] = by * self.b[-1] + shift * (1 - self.b[:-1].sum())
            factors[-1] = 1
        self.p = self.p / numpy.outer(factors, factors)
        self.mean *= by


class Auto:
    def __init__(self):
        self.y, self.center, self.scale, self.low, self.high = [], 0.0, 0.0, math.inf, -math.inf
        self.own = [Regression(5, 0, True), Regression(4, None, False),
                    Regression(len(LAGS) + 1, LAGS.index(28), True)]
        self.ses, self.holt = [0.0] * 3, [[0.0, 0.0], [0.0, 0.0]]
        self.profile, self.deviations = [{}, {}], [[], []]
        self.level = self.slow = self.drift = None
        self.season, self.line = {}, []
        self.errors = {lead: numpy.zeros(16) for lead in LEADS}
        self.judged = dict.fromkeys(LEADS, 0.0)
        self.together = dict.fromkeys(LEADS, 0.0)
        self.waiting = {}  # (index, lead) -> what was forecast by each member
        self.mixtures = {}
        self.next = None

    def z(self, value):
        return (value - self.center) / self.scale if self.scale else 0.0

    def bounded(self, value):
        margin = (self.high - self.low) / 2
        return min(max(value, self.low - margin), self.high + margin)

    def inputs(self, i, y):
        t = len(y)
        if i == 1:
            return numpy.array([(y[t - k] - y[t - k - 1]) / (self.scale or 1) for k in (1, 2, 3, 4)])
        return numpy.array([self.z(y[t - k]) for k in (LAGS if i == 2 else (1, 2, 3, 4))] + [1.0])

    def learn(self, value):
        n, known = len(self.y), value is not None
        if not known:
            value = self.next
        if not self.scale and n == 0:
            self.center = value
        if not self.scale and value != self.center:
            self.scale = abs(value - self.center)
        for lead in LEADS:
            forecasts = self.waiting.pop((n, lead), None)
            if not known:
                self.mixtures.pop((n, lead), None)
            elif forecasts is not None:
                errors = 0.98 * self.errors[lead] + numpy.abs(forecasts - value) / self.scale
                ready = ~numpy.isnan(forecasts)
                errors[~ready] = 1.1 * errors[ready].min()
                self.errors[lead], self.judged[lead] = errors, 0.98 * self.judged[lead] + 1
                mixture = self.mixtures.pop((n, lead))
                self.together[lead] = 0.98 * self.together[lead] + abs(mixture - value) / self.scale
        if known:
            self.low, self.high = min(self.low, value), max(self.high, value)
            for i, need in enumerate((6, 6, LAGS[-1] + 1)):
                if n >= need:
                    x = self.inputs(i, self.y)
                    before = self.y[-1] if i == 1 else None
                    target = (value - before) / self.scale if i == 1 else self.z(value)
                    self.own[i].learn(x, target - self.own[i].b @ x)
        self.y.append(value)
        self.learn_levels(n + 1, n % 7, value)
        for i, (season, gain) in enumerate(zip(SEASONS, (0.1, 0.3))):
            phase, visit = n % season, n // season + 1
            if visit == 1:
                self.profile[i][phase] = value
                continue
            deviation = value - self.profile[i][phase]
            self.deviations[i].append(deviation)
            if known:
                self.profile[i][phase] += max(gain, 1 / visit) * deviation
        n += 1
        if n == RING or 8 <= n < RING and n & (n - 1) == 0:
            kept = numpy.array(self.y[-RING:])
            center, scale = kept.mean(), numpy.abs(kept - kept.mean()).mean()
            by, shift = self.scale / scale, (self.center - center) / scale
            for regression in self.own:
                regression.rescale(by, shift)
            for lead in LEADS:
                self.errors[lead] = self.errors[lead] * by
                self.together[lead] *= by
            self.center, self.scale = center, scale
        steps = self.steps(HORIZON)
        ready = numpy.array([n >= need for need in NEEDS])
        for lead in LEADS:
            if n % stride(lead) == 0:
                self.waiting[n + lead - 1, lead] = numpy.where(ready, steps[lead - 1], numpy.nan)
                self.mixtures[n + lead - 1, lead] = self.mixture(lead) @ steps[lead - 1]
        self.next = self.weights(1) @ steps[0]

    def learn_levels(self, n, phase, value):
        for i, alpha in enumerate((0.1, 0.3, 0.6)):
            self.ses[i] += max(alpha, 1 / n) * (value - self.ses[i])
        for i, (alpha, beta, phi) in enumerate(((0.5, 0.1, 0.9), (0.8, 0.3, 0.3))):
            level, trend = self.holt[i]
            error = value - level - phi * trend
            self.holt[i] = [level + phi * trend + alpha * error, phi * trend + alpha * beta * error] if n > 1 else [value, 0.0]
        if n <= 7:
            self.season[phase] = value
        if n == 7:
            self.level = self.slow = self.drift = sum(self.season.values()) / 7
            self.season = {k: v - self.level for k, v in self.season.items()}
        if n > 7:
            since, before = n - 7, self.season[phase]
            gain = max(0.1, min(0.5, 1 / since)) if since < 20 else 0.1
            error = value - self.level - before
            self.level += gain * error
            self.slow += max(0.02, 1 / (since + 1)) * (value - before - self.slow)
            self.season[phase] += max(0.1, 1 / ((n - 1) // 7 + 1)) * (1 - gain) * error
        if n >= 7:
            left = value - self.season[phase]
            self.line.append(left)
            if n > 7:
                self.drift += max(0.3, 1 / (n - 6)) * (left - self.drift)

    def slope(self):
        count = len(self.line)
        weights = 0.99 ** numpy.arange(count - 1, -1, -1.0)
        if not weights.sum() > 5:
            return 0.0
        time = numpy.arange(count) - numpy.average(numpy.arange(count), weights=weights)
        return (weights * time) @ numpy.array(self.line) / ((weights * time) @ time)

    def persistence(self, i):
        d = numpy.array([0.0] + self.deviations[i])
        weights = 0.999 ** numpy.arange(len(d) - 2, -1, -1.0)
        squares = weights @ d[:-1] ** 2
        return min(max(weights @ (d[1:] * d[:-1]) / squares, 0), 1) if squares > 0 else 0.0

    def steps(self, count):
        """What each member forecasts of the next steps."""
        n, out, last = len(self.y), [], self.y[-1]
        paths = [list(self.y) for _ in range(3)]
        slope, persistence = self.slope() if len(self.line) > 1 else 0.0, [self.persistence(i) for i in range(2)]
        for h in range(1, count + 1):
            row = [last] + [self.bounded(level) for level in self.ses]
            for (level, trend), phi in zip(self.holt, (0.9, 0.3)):
                row.append(self.bounded(level + sum(phi**k for k in range(1, h + 1)) * trend))
            own = []
            for i, need in enumerate((6, 6, LAGS[-1] + 1)):
                forecast = last
                if n >= need:
                    forecast = self.own[i].b @ self.inputs(i, paths[i])
                    forecast = self.bounded((paths[1][-1] if i == 1 else self.center) + self.scale * forecast)
                paths[i].append(forecast)
                own.append(forecast)
            index = n + h - 1
            seasonal = self.season.get(index % 7, 0.0) if self.level is not None else 0.0
            row += own[:2] + [self.bounded((self.drift or 0.0) + slope / 2 * h + seasonal), own[2]]
            for i, season in enumerate(SEASONS):
                back = index - math.ceil(h / season) * season
                row.append(self.y[back] if back >= 0 else last)
                deviation = self.deviations[i][-1] if self.deviations[i] else 0.0
                row.append(self.bounded(self.profile[i].get(index % season, 0.0) + persistence[i]**h * deviation))
                if i == 0:
                    row += [self.bounded((self.level or 0.0) + seasonal), self.bounded((self.slow or 0.0) + seasonal)]
            out.append(row)
        return numpy.array(out)

    def weights(self, lead):
        lost = sum(self.judged[q] * (1 - self.errors[q][0] / self.together[q]) for q in LEADS if self.together[q] > 0)
        if lost > 0 and self.together[lead] > self.errors[lead][0]:
            return numpy.eye(16)[0]
        return self.mixture(lead)

    def mixture(self, lead):
        judged, errors = self.judged[lead], self.errors[lead]
        result = numpy.zeros(16)
        if not judged:
            result[0] = 1
            return result
        relative = sum(self.judged[q] * self.errors[q] / self.errors[q].min() for q in LEADS if self.errors[q].min() > 0)
        relative = relative / sum(self.judged.values())
        total = errors + 20 * errors.min() / judged * relative
        total = total + errors[0] / judged * numpy.array([1.0] + [1.1] * 15)
        total[[len(self.y) < need for need in NEEDS]] = math.inf
        result = numpy.where(total <= 2 * total.min(), (total.min() / total) ** 10, 0)
        return result / result.sum()

    def forecast(self, count):
        steps = self.steps(count)
        nearest = [min(LEADS, key=lambda lead: abs(lead - h)) for h in range(1, count + 1)]
        return [float(self.weights(lead) @ row) for lead, row in zip(nearest, steps)]


def table(name, numbers):
    print(f"{name}: " + ", ".join("%.10g" % number for number in numbers))


def main():
    series = Auto()
    for t, value in enumerate(values()):
        series.learn(None if t in LOST else value)
        if t in (6, 29, 99, COUNT - 1):
            table(f"forecast after {t + 1}", series.forecast(HORIZON + 2))
    steps = series.steps(HORIZON)
    for h in (1, 10):
        print(f"members, {h} ahead")
        for name, value in zip(NAMES, steps[h - 1]):
            print(f"    {value:.10g},  // {name}")
    for lead in LEADS:
        table(f"weights at {lead}", series.weights(lead))


if __name__ == "__main__":
    main()
