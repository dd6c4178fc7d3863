"""The series that the references are made from: (id, kind, season length, values; None is a missing point).

Only the standard library, one seed a series and rounding to 7 digits: they are the same on every machine.
"""

import math
import random


class Noise:
    """Standard normal numbers by Box and Muller, from random.random(), whose sequence Python guarantees."""

    def __init__(self, seed):
        self.uniform = random.Random(seed).random

    def __call__(self):
        return math.sqrt(-2 * math.log(1 - self.uniform())) * math.cos(2 * math.pi * self.uniform())


def rounded(values):
    return [None if v is None else float("%.7g" % v) for v in values]


def arma(noise, n, ar=(), ma=(), mean=0.0, scale=1.0):
    """y[t] - mean = sum ar[i] (y[t-1-i] - mean) + e[t] + sum ma[i] e[t-1-i], after 200 points of running in."""
    y, e = [], []
    for t in range(n + 200):
        e.append(scale * noise())
        y.append(e[t] + sum(c * y[t - 1 - i] for i, c in enumerate(ar) if t > i)
                 + sum(c * e[t - 1 - i] for i, c in enumerate(ma) if t > i))
    return [mean + v for v in y[200:]]


def summed(values, start=0.0, lag=1):
    """The inverse of differencing at a lag."""
    out = [start] * lag
    for v in values:
        out.append(out[-lag] + v)
    return out[lag:]


def line(noise, n, level, slope, scale, damping=1.0):
    out = []
    for _ in range(n):
        out.append(level + scale * noise())
        level += slope
        slope *= damping
    return out


def growth(noise, n, level, rate, scale):
    return [level * rate**t * math.exp(scale * noise()) for t in range(n)]


def season(m, amplitude, sharp=0.4):
    return [amplitude * (math.sin(2 * math.pi * k / m) + sharp * math.cos(4 * math.pi * k / m)) for k in range(m)]


def add_season(noise, n, m, amplitude, level, slope, scale, damping=1.0):
    s = season(m, amplitude)
    return [v + s[t % m] for t, v in enumerate(line(noise, n, level, slope, scale, damping))]


def mul_season(noise, n, m, amplitude, level, rate, scale):
    s = season(m, amplitude)
    return [v * (1 + s[t % m]) for t, v in enumerate(growth(noise, n, level, rate, scale))]


def airline(noise, n, m, theta, seasonal_theta, level):
    """ARIMA(0,1,1)(0,1,1)m."""
    ma = [0.0] * (m + 1)
    ma[0], ma[m - 1], ma[m] = theta, seasonal_theta, theta * seasonal_theta
    pattern = [level + v for v in season(m, 8.0)]
    w, out = arma(noise, n, ma=ma), []
    for t in range(n):
        if t < m:
            out.append(pattern[t] + (summed(w[:t + 1])[-1]))
        else:
            out.append(out[t - m] + (out[t - 1] - out[t - 1 - m] if t > m else 0.0) + w[t])
    return out


def with_spike(values, at, by):
    return [v + by if t == at else v for t, v in enumerate(values)]


def with_shift(values, at, by):
    return [v + by if t >= at else v for t, v in enumerate(values)]


def without(values, missing):
    return [None if t in missing else v for t, v in enumerate(values)]


RECIPES = [
    ("level-10", 1, lambda z: line(z, 10, 20, 0, 1)),
    ("level-40", 1, lambda z: line(z, 40, 20, 0, 1)),
    ("level-120", 1, lambda z: line(z, 120, 20, 0, 1)),
    ("trend-12", 1, lambda z: line(z, 12, 5, 0.6, 1)),
    ("trend-40", 1, lambda z: line(z, 40, 5, 0.6, 1)),
    ("trend-120", 1, lambda z: line(z, 120, 50, -0.2, 2)),
    ("damped-60", 1, lambda z: line(z, 60, 10, 2, 0.5, 0.92)),
    ("growth-40", 1, lambda z: growth(z, 40, 10, 1.05, 0.05)),
    ("growth-120", 1, lambda z: growth(z, 120, 10, 1.02, 0.08)),
    ("ar1-60", 1, lambda z: arma(z, 60, ar=[0.7], mean=10)),
    ("ar1-150", 1, lambda z: arma(z, 150, ar=[-0.5], mean=30)),
    ("ar2-150", 1, lambda z: arma(z, 150, ar=[1.2, -0.5], mean=50)),
    ("ma1-100", 1, lambda z: arma(z, 100, ma=[0.6], mean=15)),
    ("arma21-200", 1, lambda z: arma(z, 200, ar=[0.5, 0.3], ma=[0.4], mean=25)),
    ("walk-50", 1, lambda z: summed(arma(z, 50), 40)),
    ("walk-200", 1, lambda z: summed(arma(z, 200), 100)),
    ("drift-100", 1, lambda z: summed(arma(z, 100, mean=0.4), 20)),
    ("arima111-120", 1, lambda z: summed(arma(z, 120, ar=[0.6], ma=[-0.3]), 80)),
    ("arima212-160", 1, lambda z: summed(arma(z, 160, ar=[0.9, -0.5], ma=[-0.4, 0.3]), 80)),
    ("constant-30", 1, lambda z: [7.25] * 30),
    ("near-constant-60", 1, lambda z: [21.5 + 0.1 * (z.uniform() < 0.1) for _ in range(60)]),
    ("quantised-120", 1, lambda z: [round(4 * v) / 4 for v in summed(arma(z, 120, scale=0.1), 19)]),
    ("spike-60", 1, lambda z: with_spike(line(z, 60, 20, 0, 0.3), 37, 25)),
    ("shift-80", 1, lambda z: with_shift(line(z, 80, 20, 0, 0.5), 50, 12)),
    ("huge-60", 1, lambda z: [1e9 * v for v in summed(arma(z, 60), 300)]),
    ("tiny-60", 1, lambda z: [1e-7 * v for v in line(z, 60, 30, 0.2, 1)]),
    ("negative-60", 1, lambda z: line(z, 60, -8, 0.25, 1)),
    ("counts-80", 1, lambda z: [float(max(0, round(1.5 * z()))) for _ in range(80)]),
    ("missing-ar1-120", 1, lambda z: without(arma(z, 120, ar=[0.8], mean=12), {5, 40, 41, 42, 43, 90})),
    ("missing-walk-100", 1, lambda z: without(summed(arma(z, 100, ma=[0.3]), 30), {17, 18, 60, 61, 62, 63, 64, 65})),
    ("quarter-add-24", 4, lambda z: add_season(z, 24, 4, 4, 30, 0.3, 1)),
    ("quarter-mul-60", 4, lambda z: mul_season(z, 60, 4, 0.2, 30, 1.01, 0.04)),
    ("quarter-ar-100", 4, lambda z: arma(z, 100, ar=[0.4, 0, 0, 0.5, -0.2], mean=20)),
    ("week-add-70", 7, lambda z: add_season(z, 70, 7, 6, 40, 0, 1.5)),
    ("week-mul-105", 7, lambda z: mul_season(z, 105, 7, 0.3, 200, 1.003, 0.05)),
    ("week-negative-84", 7, lambda z: add_season(z, 84, 7, 5, 0, 0.05, 1)),
    ("year-short-20", 12, lambda z: add_season(z, 20, 12, 5, 30, 0.1, 1)),
    ("year-add-60", 12, lambda z: add_season(z, 60, 12, 5, 30, 0.1, 1)),
    ("year-damped-96", 12, lambda z: add_season(z, 96, 12, 5, 30, 1, 1, 0.95)),
    ("year-mul-72", 12, lambda z: mul_season(z, 72, 12, 0.2, 50, 1.01, 0.05)),
    ("year-mul-144", 12, lambda z: mul_season(z, 144, 12, 0.25, 100, 1.008, 0.04)),
    ("airline-120", 12, lambda z: airline(z, 120, 12, -0.4, -0.6, 100)),
    ("airline-180", 12, lambda z: airline(z, 180, 12, 0.2, -0.5, 100)),
]


def make():
    return [{"id": name, "season_length": m, "values": rounded(recipe(Noise(f"forecastd {name}")))}
            for name, m, recipe in RECIPES]
