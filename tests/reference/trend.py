#!/usr/bin/env python3
"""What the plugin `trend` should find, from the formulas in plugins/trend/line_fit.hpp alone, in plain numpy.

    trend.py        prints the numbers of tests/unit/plugins/test_trend.cpp
"""

import numpy

SEASON, COUNT = 7, 70


def values():
    """A climb with a season, noise, a block without a point, and an outlier; the same on every machine."""
    season, random, out = [0, 3, 5, 4, 1, -2, -3], 7, []
    for t in range(COUNT):
        random = (random * 1103515245 + 12345) % 2**31
        out.append(20 + 0.15 * t + season[t % 7] + (random // 65536 % 1000) / 500 + (30 if t == 40 else 0))
    out[33] = numpy.nan
    return numpy.array(out)


def theil(y, lag):
    steps = (y[lag:] - y[:-lag]) / lag
    return numpy.median(steps[~numpy.isnan(steps)])


def weights_of(y, time, level, slope):
    sizes = numpy.abs(y - level - slope * time)
    limit = 1.345 * 1.4826 * numpy.nanmedian(sizes)
    return numpy.where(numpy.isnan(sizes), 0, numpy.minimum(1, limit / numpy.maximum(sizes, 1e-300)))


def regress(y, time, level, slope):
    for _ in range(3):
        weights = weights_of(y, time, level, slope)
        known = weights > 0
        slope, level = numpy.polyfit(time[known], y[known], 1, w=numpy.sqrt(weights[known]))
    return level, slope, weights


def profile_of(rest):
    profile = numpy.array([numpy.nanmedian(rest[phase::SEASON]) for phase in range(SEASON)])
    return profile - profile.mean()


def variogram(rest, weights, lags):
    sums = weight = 0
    for lag in lags:
        pair = (weights[lag:] * weights[:-lag]) ** 2
        sums += numpy.nansum(pair * (rest[lag:] - rest[:-lag]) ** 2)
        weight += pair[pair > 0].sum()
    return sums / weight


def walk_of(rest, weights, taken):
    n = len(rest)
    furthest = max(2, n // 6)
    nearest = (furthest + 1) // 2
    lags = range(nearest, furthest + 1, max(1, (furthest - nearest) // 4))
    near, far = (taken * variogram(rest, weights, of) for of in ([1], lags))
    lag = (nearest + furthest) / 2
    walk = max(0, (far - near) / (lag * (1 - 1.2 * lag / n) - 1))
    return walk, max(0, (near - walk) / 2)


def show(name, y, level, slope, weights, taken):
    time = numpy.arange(1 - len(y), 1.0)
    walk, noise = walk_of(y - level - slope * time, weights, taken)
    variance = 12 * noise / len(y) ** 3 + 1.2 * walk / len(y)
    print(f"{name}: level {level:.12g}, slope {slope:.12g}, walk {walk:.12g}, noise {noise:.12g}, slope variance {variance:.12g}")


def main():
    y = values()
    n, time = len(y), numpy.arange(1 - COUNT, 1.0)
    cycles = n / SEASON
    slope = theil(y, SEASON * int(cycles / 2))
    level = numpy.nanmedian(y - slope * time)
    for _ in range(3):
        profile = profile_of(y - level - slope * time)
        rest = y - numpy.tile(profile, n // SEASON)
        level, slope, weights = regress(rest, time, level, slope)
    show("season", rest, level, slope, weights, cycles / (cycles - 1))
    print("profile", ", ".join(f"{value:.12g}" for value in profile))

    walk = numpy.cumsum(values() - numpy.nanmean(values()))[:30] / 10  # a series that walks
    walk_slope = theil(walk, 15)
    time = numpy.arange(-29, 1.0)
    level, slope, weights = regress(walk, time, numpy.median(walk - walk_slope * time), walk_slope)
    show("walk", walk, level, slope, weights, 30 / 28)


if __name__ == "__main__":
    main()
