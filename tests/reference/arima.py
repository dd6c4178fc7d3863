"""ARIMA: statsmodels' and R's fits, and the exact likelihood and forecasts at their parameters by another route.

(1 - ar1 B - ...)(1 - sar1 B^s - ...)(w - mean) = (1 + ma1 B + ...)(1 + sma1 B^s + ...) e, where w is y differenced
d times at lag 1 and D times at lag s. The likelihood is the density of a normal vector whose covariances are those of the
process (Brockwell & Davis, Time Series: Theory and Methods, 1991, section 3.3, third method): no filter is needed.
With missing values the vector is what is known of w: the values themselves (d = 0), or the sums of w from one value to the
next (d = 1), whose density is the diffuse likelihood.
"""

import math
import warnings

import numpy
import scipy.linalg
import scipy.optimize
from statsmodels.tsa.arima.model import ARIMA

ORDERS = {"100": ((1, 0, 0), None), "200": ((2, 0, 0), None), "011": ((0, 1, 1), None), "111": ((1, 1, 1), None),
          "212": ((2, 1, 2), None), "011_011": ((0, 1, 1), (0, 1, 1, 12)), "100_100": ((1, 0, 0), (1, 0, 0, 4))}
STEPS = 12


def product(short, seasonal, s):
    """The coefficients 1, c1, c2, ... of a polynomial in B times one in B^s."""
    long = numpy.zeros(1 + s * len(seasonal))
    long[0] = 1
    long[s::s] = seasonal
    return numpy.convolve(numpy.concatenate([[1.0], short]), long)


def covariances(ar, ma, count):
    """Of the process with 1, -ar1, ... and 1, ma1, ..., for an e of variance 1, at the lags 0 to count - 1."""
    p, q = len(ar) - 1, len(ma) - 1
    psi = numpy.zeros(q + 1)
    for j in range(q + 1):
        psi[j] = ma[j] - sum(ar[i] * psi[j - i] for i in range(1, min(j, p) + 1))
    right = [float(ma[k:] @ psi[:q + 1 - k]) if k <= q else 0.0 for k in range(max(p + 1, count))]
    system = numpy.zeros((p + 1, p + 1))
    for k in range(p + 1):
        for j in range(p + 1):
            system[k, abs(k - j)] += ar[j]
    gamma = numpy.zeros(max(p + 1, count))
    gamma[:p + 1] = numpy.linalg.solve(system, right[:p + 1])
    for k in range(p + 1, len(gamma)):
        gamma[k] = right[k] - ar[1:] @ gamma[k - 1:k - p - 1 if k > p + 1 else None:-1][:p]
    return gamma[:count]


class Problem:
    """A series and an order: what is known of w is `known` = contrasts @ w."""

    def __init__(self, values, order, seasonal):
        self.order, self.seasonal = order, seasonal or (0, 0, 0, 1)
        self.p, self.d, self.q = order
        self.P, self.D, self.Q, self.s = self.seasonal
        there = [t for t, v in enumerate(values) if v is not None]
        y = numpy.array([math.nan if v is None else v for v in values])
        self.y = y
        if self.d + self.D == 0:
            self.known = y[there]
            self.contrasts = None if len(there) == len(y) else numpy.eye(len(y))[there]
        elif len(there) == len(y):
            w = numpy.diff(y, self.d)
            for _ in range(self.D):
                w = w[self.s:] - w[:-self.s]
            self.known, self.contrasts = w, None
        else:
            self.known = numpy.diff(y[there])
            self.contrasts = numpy.zeros((len(there) - 1, len(y) - 1))
            for row, (a, b) in enumerate(zip(there, there[1:])):
                self.contrasts[row, a:b] = 1
        self.count = len(self.known) if self.contrasts is None else self.contrasts.shape[1]

    def split(self, c):
        a, b, g = self.p, self.p + self.q, self.p + self.q + self.P
        return product(-numpy.array(c[:a]), -numpy.array(c[b:g]), self.s), product(c[a:b], c[g:], self.s)

    def covariance(self, c):
        sigma = scipy.linalg.toeplitz(covariances(*self.split(c), self.count))
        return sigma if self.contrasts is None else self.contrasts @ sigma @ self.contrasts.T

    def loglik(self, c, mean=None, sigma2=None):
        """Exact, with coefficients ar, ma, sar, sma; without a mean and a variance at the best ones."""
        factor, lower = scipy.linalg.cho_factor(self.covariance(c), lower=True, check_finite=False)
        ones = numpy.ones(self.count)
        ones = ones if self.contrasts is None else self.contrasts @ ones
        if self.d + self.D:
            mean = 0.0
        elif mean is None:
            weights = scipy.linalg.cho_solve((factor, lower), ones)
            mean = weights @ self.known / (weights @ ones)
        z = scipy.linalg.solve_triangular(factor, self.known - mean * ones, lower=True, check_finite=False)
        n, square = len(z), float(z @ z)
        sigma2 = square / n if sigma2 is None else sigma2
        return float(-0.5 * (n * math.log(2 * math.pi * sigma2) + square / sigma2) - numpy.log(numpy.diag(factor)).sum())

    def stationary(self, c):
        ar = self.split(c)[0]
        return len(ar) == 1 or numpy.max(numpy.abs(numpy.roots(ar))) < 1 - 1e-9

    def best(self, points):
        """The highest likelihood that the simplex finds from several starts."""
        def cost(c):
            if not self.stationary(c):
                return 1e10
            try:
                value = -self.loglik(c)
            except (numpy.linalg.LinAlgError, ValueError):
                return 1e10
            return value if math.isfinite(value) else 1e10
        size = self.p + self.q + self.P + self.Q
        points = [list(p) for p in points if len(p) == size]
        points += [[0.1] * size, [0.5 * (-1) ** k for k in range(size)], [-0.5 * (-1) ** k for k in range(size)]]
        found = []
        for point in points:
            r = scipy.optimize.minimize(cost, point, method="Nelder-Mead", options={"maxiter": 300, "fatol": 1e-7, "xatol": 1e-7})
            found.append((r.fun, list(r.x)))
        least, start = min(found)
        return -min(least, scipy.optimize.minimize(cost, start, method="Nelder-Mead", options={"fatol": 1e-10}).fun)

    def forecast(self, c, mean, sigma2):
        """Mean and deviation of the steps ahead, given what is known."""
        total = self.count + STEPS
        sigma = scipy.linalg.toeplitz(covariances(*self.split(c), total))
        known = numpy.eye(self.count) if self.contrasts is None else self.contrasts
        known = numpy.hstack([known, numpy.zeros((len(known), STEPS))])
        ahead = numpy.hstack([numpy.zeros((STEPS, self.count)), numpy.eye(STEPS)])
        gain = scipy.linalg.solve(known @ sigma @ known.T, known @ sigma @ ahead.T, assume_a="pos").T
        ones = numpy.ones(total)
        w = mean * numpy.ones(STEPS) + gain @ (self.known - mean * (known @ ones))
        spread = sigma2 * (ahead @ sigma @ ahead.T - gain @ known @ sigma @ ahead.T)
        undo = numpy.eye(STEPS)
        base = numpy.zeros(STEPS)
        if self.d + self.D:
            difference = numpy.array([1.0])
            for lag in [1] * self.d + [self.s] * self.D:
                difference = numpy.convolve(difference, numpy.array([1.0] + [0.0] * (lag - 1) + [-1.0]))
            undo = numpy.zeros((STEPS, STEPS))
            history = list(self.y[-(len(difference) - 1):])
            for k in range(STEPS):
                undo[k, k] = 1
                for j in range(1, len(difference)):
                    if k - j >= 0:
                        undo[k] -= difference[j] * undo[k - j]
                history.append(-sum(difference[j] * history[-j] for j in range(1, len(difference))))
            base = numpy.array(history[-STEPS:])
        return base + undo @ w, numpy.sqrt(numpy.maximum(numpy.diag(undo @ spread @ undo.T), 0))


def by_name(names, values, keys):
    """The coefficients whose names begin with one of the keys, ordered by key."""
    return [float(v) for key in keys for n, v in zip(names, values) if n.startswith(key)]


def described(problem, c, mean, sigma2):
    a, b, g = problem.p, problem.p + problem.q, problem.p + problem.q + problem.P
    names = {"ar": c[:a], "ma": c[a:b], "sar": c[b:g], "sma": c[g:], "mean": mean, "sigma2": sigma2}
    record = {k: v for k, v in names.items() if v != []}
    try:
        record["loglik_exact"] = problem.loglik(c, mean, sigma2)
    except (numpy.linalg.LinAlgError, ValueError):  # on the edge of what is stationary
        record["loglik_exact"] = math.nan
    return record


def fit(values, name, r):
    order, seasonal = ORDERS[name]
    problem = Problem(values, order, seasonal)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = ARIMA(problem.y, order=order, seasonal_order=seasonal or (0, 0, 0, 0),
                      trend="n" if problem.d + problem.D else "c")
        result = model.fit()
        ahead = result.get_forecast(STEPS)
    names = model.param_names
    c = by_name(names, result.params, ["ar.L", "ma.L", "ar.S", "ma.S"])
    mean = float(result.params[names.index("const")]) if "const" in names else None
    sigma2 = float(result.params[names.index("sigma2")])
    record = {"order": [*order], "seasonal_order": [*problem.seasonal], **described(problem, c, mean, sigma2)}
    exact, deviation = problem.forecast(c, mean or 0.0, sigma2)
    record.update(loglik=float(result.llf), aicc=float(result.aicc), forecast=ahead.predicted_mean.tolist(),
                  se=ahead.se_mean.tolist(), forecast_exact=exact.tolist(), se_exact=deviation.tolist())
    points = [c]
    if r:
        rc = by_name(r["coefficients"], r["coefficients"].values(), ["ar", "ma", "sar", "sma"])
        points.append(rc)
        record["r"] = {**described(problem, rc, r["coefficients"].get("intercept"), r["sigma2"]), "loglik": r["loglik"],
                       "forecast": r["forecast"], "se": r["se"]}
    best = [problem.best(points), record["loglik_exact"], record.get("r", record)["loglik_exact"]]
    record["best_loglik_exact"] = max(v for v in best if math.isfinite(v))
    return record


def fits(work):
    """All orders of one series; `work` is the series and R's fits of it, by order."""
    series, by_r = work
    if len(set(series["values"])) == 1:
        return []
    made = []
    for name, (_, seasonal) in ORDERS.items():
        if seasonal and (series["season_length"] != seasonal[3] or len(series["values"]) < 3 * seasonal[3]):
            continue
        made.append({"id": series["id"], **fit(series["values"], name, by_r.get(name))})
    return made
