"""Holt and Holt-Winters: statsmodels' fits, and the least sum of squares that a search of another kind finds.

The recursions, with base = l + phi b (additive trend), l b^phi (multiplicative) or l (none), s one season back:

    fit      f  = base + s              (additive season)     base * s            (multiplicative)
    level    l' = alpha (y - s) + (1 - alpha) base            alpha (y / s) + (1 - alpha) base
    trend    b' = beta (l' - l) + (1 - beta) phi b            beta (l' / l) + (1 - beta) b^phi
    season   s' = gamma (y - base) + (1 - gamma) s            gamma (y / base) + (1 - gamma) s

The box is statsmodels': 0 <= alpha <= 1, 0 <= beta <= alpha, 0 <= gamma <= 1 - alpha, 0.8 <= phi <= 0.995.
"""

import math
import warnings

import numpy
import scipy.optimize
from statsmodels.tsa.api import ExponentialSmoothing, Holt, SimpleExpSmoothing

# name: trend, damped, season
HOLT = {"ses": (None, False, None), "linear": ("add", False, None), "damped": ("add", True, None),
        "exponential": ("mul", False, None), "damped_exponential": ("mul", True, None)}
SEASONAL = {"add_add": ("add", False, "add"), "add_mul": ("add", False, "mul"), "damped_add": ("add", True, "add"),
            "damped_mul": ("add", True, "mul"), "none_add": (None, False, "add")}


def run(y, form, m, parameters, states, steps=0):
    """Residuals from the first value on, final states and the forecast. States: level, [trend], m seasons. The states
    may be arrays: for additive forms everything is linear in them."""
    trend, _, seasonal = form
    alpha, beta, gamma, phi = parameters
    level, slope, seasons = states[0], states[1] if trend else 0.0, list(states[1 + bool(trend):])
    residuals = []
    for t, value in enumerate(y):
        base = level if not trend else level + phi * slope if trend == "add" else level * slope**phi
        s = seasons[t % m] if seasonal else None
        if seasonal == "mul":
            fitted, own, rest = base * s, value / s, value / base
        elif seasonal == "add":
            fitted, own, rest = base + s, value - s, value - base
        else:
            fitted, own = base, value
        residuals.append(value - fitted)
        last, level = level, alpha * own + (1 - alpha) * base
        if trend == "add":
            slope = beta * (level - last) + (1 - beta) * phi * slope
        elif trend == "mul":
            slope = beta * (level / last) + (1 - beta) * slope**phi
        if seasonal:
            seasons[t % m] = gamma * rest + (1 - gamma) * s
    forecast, damp, power = [], 0.0, 1.0
    for h in range(steps):
        power *= phi
        damp += power
        base = level if not trend else level + damp * slope if trend == "add" else level * slope**damp
        s = seasons[(len(y) + h) % m] if seasonal else None
        forecast.append(base * s if seasonal == "mul" else base + s if seasonal == "add" else base)
    ordered = [seasons[(len(y) + k) % m] for k in range(m)] if seasonal else []
    return residuals, [level] + ([slope] if trend else []) + ordered, forecast


def sum_of_squares(residuals):
    return math.fsum(float(r) ** 2 for r in residuals)


def unbox(u, form):
    """A point of the unit cube as alpha, beta, gamma, phi."""
    trend, damped, seasonal = form
    u = [min(max(float(v), 0.0), 1.0) for v in u]
    alpha = u.pop(0)
    beta = alpha * u.pop(0) if trend else 0.0
    gamma = (1 - alpha) * u.pop(0) if seasonal else 0.0
    phi = 0.8 + 0.195 * u.pop(0) if damped else 1.0
    return alpha, beta, gamma, phi


def starts(form):
    trend, damped, seasonal = form
    grid = [[a] for a in ((0.05, 0.4, 0.9) if seasonal else (0.03, 0.3, 0.7, 0.98))]
    if trend:
        grid = [g + [v] for g in grid for v in ((0.02, 0.5) if seasonal else (0.01, 0.3, 0.95))]
    if seasonal:
        grid = [g + [v] for g in grid for v in (0.03, 0.5)]
    if damped:
        grid = [g + [v] for g in grid for v in ((0.9,) if seasonal else (0.1, 0.95))]
    return grid


def solve_states(y, form, m, parameters):
    """The residuals at the best initial states, by linear least squares (additive forms)."""
    count = 1 + bool(form[0]) + (m if form[2] else 0)
    units = [numpy.zeros(count + 1) for _ in range(count)]
    for k, unit in enumerate(units):
        unit[k] = 1.0
    ones = numpy.zeros(count + 1)
    ones[count] = 1.0
    rows = numpy.array(run([v * ones for v in y], form, m, parameters, units)[0])
    states = numpy.linalg.lstsq(-rows[:, :count], rows[:, count], rcond=None)[0]
    return rows[:, count] + rows[:, :count] @ states, states


def polish(residuals, start, lower, upper):
    """Least squares, then the simplex, which does not mind kinks and bounds."""
    def clipped(x):
        return numpy.minimum(numpy.maximum(x, lower), upper)

    def safe(x):
        with numpy.errstate(all="ignore"):
            try:
                r = numpy.array(residuals(clipped(x)), dtype=float)
            except (OverflowError, ZeroDivisionError):
                return numpy.full(1, 1e150)
        return r if numpy.all(numpy.isfinite(r)) and numpy.max(numpy.abs(r)) < 1e150 else numpy.full(len(r), 1e150)
    inside = clipped(numpy.array(start, dtype=float))
    width = numpy.where(numpy.isfinite(upper) & numpy.isfinite(lower), upper - lower, 0)
    inside = numpy.minimum(numpy.maximum(inside, lower + 1e-9 * width), upper - 1e-9 * width)
    try:
        inside = scipy.optimize.least_squares(safe, inside, bounds=(lower, upper), x_scale="jac", max_nfev=40).x
    except ValueError:
        pass
    return inside, lambda x: sum_of_squares(safe(x))


def best(y, form, m, known):
    """The least sum of squares found in the box; `known`: (parameters, states) to start from as well. Values are brought
    near 1 first: the search stops at absolute tolerances."""
    trend, damped, seasonal = form
    unit = max(abs(v) for v in y) or 1.0
    y = [v / unit for v in y]
    count = 1 + bool(trend) + bool(seasonal) + bool(damped)
    if trend != "mul" and seasonal != "mul":
        def residuals(u):
            return solve_states(y, form, m, unbox(u, form))[0]
        points, lower, upper = starts(form), numpy.zeros(count), numpy.ones(count)
    else:
        def residuals(x):
            return run(y, form, m, unbox(x[:count], form), [float(v) for v in x[count:]])[0]
        first = [y[0], sum(y[:m or 4]) / len(y[:m or 4])]
        slope = [1.0, (y[-1] / y[0]) ** (1 / len(y))] if trend == "mul" else [0.0, (y[-1] - y[0]) / len(y)]
        seasons = [v / first[1] for v in y[:m]] if seasonal else []
        points = [g + [l] + ([b] if trend else []) + seasons for g in starts(form) for l, b in zip(first, slope)]
        scaled = [True] + ([trend == "add"] if trend else []) + [seasonal == "add"] * len(seasons)
        points.append(cube(known[0], form) + [v / unit if by else v for v, by in zip(known[1], scaled)])
        states = len(scaled)
        lower = numpy.array([0.0] * count + [1e-12 if trend == "mul" or seasonal == "mul" else -numpy.inf] * states)
        if trend == "add":
            lower[count + 1] = -numpy.inf
        upper = numpy.array([1.0] * count + [100.0] * states)
    found = [polish(residuals, p, lower, upper) for p in points]
    ranked = sorted(((cost(x), i) for i, (x, cost) in enumerate(found)))
    least = ranked[0][0]
    for value, i in ranked[:3]:
        x, cost = found[i]
        least = min(least, scipy.optimize.minimize(cost, x, method="Nelder-Mead",
                                                   options={"maxiter": 200 * len(x), "xatol": 1e-10, "fatol": 1e-14 * value}).fun)
    return float(least) * unit**2


def cube(parameters, form):
    alpha, beta, gamma, phi = parameters
    u = [alpha]
    if form[0]:
        u.append(beta / alpha if alpha > 0 else 0.0)
    if form[2]:
        u.append(gamma / (1 - alpha) if alpha < 1 else 0.0)
    if form[1]:
        u.append((phi - 0.8) / 0.195)
    return u


def statsmodels_fit(y, name, form, m):
    trend, damped, seasonal = form
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if seasonal:
            return ExponentialSmoothing(y, trend=trend, damped_trend=damped, seasonal=seasonal, seasonal_periods=m,
                                        initialization_method="estimated").fit()
        if name == "ses":
            return SimpleExpSmoothing(y, initialization_method="estimated").fit()
        return Holt(y, exponential=trend == "mul", damped_trend=damped, initialization_method="estimated").fit()


def fit(y, name, form, m):
    """One record, or None where the form does not apply."""
    trend, damped, seasonal = form
    if "mul" in (trend, seasonal) and min(y) <= 0 or seasonal and len(y) < 2 * m:
        return None
    result = statsmodels_fit(numpy.array(y), name, form, m)
    given = result.params
    phi = float(given["damping_trend"]) if damped else 1.0
    parameters = (float(given["smoothing_level"]), float(given["smoothing_trend"]) if trend else 0.0,
                  float(given["smoothing_seasonal"]) if seasonal else 0.0, phi)
    slope = float(given["initial_trend"]) if trend else 0.0
    if trend == "mul" and damped:
        slope = (slope * phi) ** (1 / phi)  # statsmodels reports b^phi / phi
    states = [float(given["initial_level"])] + ([slope] if trend else [])
    states += [float(v) for v in given["initial_seasons"]] if seasonal else []
    steps = 2 * m if seasonal else 20
    residuals, final, forecast = run(y, form, m, parameters, states, steps)
    own = sum_of_squares(residuals)
    if abs(own - result.sse) > 1e-7 * result.sse + 1e-12 * sum(v * v for v in y):
        raise SystemExit(f"{name}: the recursion gives {own}, statsmodels says {result.sse}")
    names = [n for n, there in zip(("alpha", "beta", "gamma", "phi"), (True, trend, seasonal, damped)) if there]
    values = dict(zip(("alpha", "beta", "gamma", "phi"), parameters))
    least = min(best(y, form, m, (parameters, states)), own)
    return {"form": name, **{n: values[n] for n in names}, "initial": states, "final": final, "sse": own, "best": least,
            "forecast": forecast}


def records(series, forms):
    """All that apply to one series."""
    if None in series["values"]:
        return []
    made = [fit(series["values"], name, form, series["season_length"] if form[2] else 0) for name, form in forms.items()]
    return [{"id": series["id"], **record} for record in made if record]


def holt(series):
    return records(series, HOLT)


def seasonal(series):
    return records(series, SEASONAL) if series["season_length"] > 1 else []
