#!/usr/bin/env python3
"""How fast models are fitted, beside statsmodels fitting the same windows in the same run.

    estimation.py [--windows-out DIR] [--build DIR] [--windows N]

It makes up windows and writes them to DIR/holt.csv (120 points, as of a temperature), DIR/next.csv (the same, each one point
after the one before) and DIR/arima.csv (200 points), one window a line. statsmodels fits each; then `bench_refit DIR/holt.csv
DIR/next.csv DIR/arima.csv`, if it is built, prints a line `NAME MICROSECONDS` for each name below. It needs the distribution's python3-statsmodels.
"""

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")  # one thread, as ours

# ruff: noqa: E402
import argparse
import pathlib
import random
import subprocess
import tempfile
import time
import warnings

import numpy
from statsmodels.tsa.api import Holt
from statsmodels.tsa.arima.model import ARIMA

ROOT = pathlib.Path(__file__).resolve().parents[2]


def fit_holt(window):
    Holt(window, damped_trend=True, initialization_method="estimated").fit()


def fit_arima(order):
    return lambda window: ARIMA(window, order=order).fit()


# Name in bench_refit (with -first and -refit): what is fitted, its windows, statsmodels' fit, how many times faster a refit is
# to be.
FITS = {"holt-damped": ("Holt, damped trend, 120 points, windows far apart", "holt", fit_holt, 1000),
        "holt-damped-next": ("the same, windows one point apart", "next", fit_holt, 1000),
        "arima-111": ("ARIMA(1,1,1), 200 points", "arima", fit_arima((1, 1, 1)), 200),
        "arima-212": ("ARIMA(2,1,2), 200 points", "arima", fit_arima((2, 1, 2)), 200)}


def temperature(count):
    """A sensor beside a heater that goes on and off: it creeps to a target, with noise, in steps of 0.01."""
    noise = random.Random("holt windows").gauss
    value, out = 19.0, []
    for t in range(count):
        target = 24.0 if t // 90 % 2 else 18.0
        value += 0.03 * (target - value) + noise(0, 0.02)
        out.append(round(value + noise(0, 0.05), 2))
    return out


def load(count):
    """ARIMA(2,1,2): a level that wanders, with a memory of two steps."""
    noise = random.Random("arima windows").gauss
    y, w, e = 50.0, [0.0, 0.0], [0.0, 0.0]
    out = []
    for _ in range(count):
        e.append(noise(0, 1))
        w.append(0.5 * w[-1] - 0.3 * w[-2] + e[-1] + 0.4 * e[-2] + 0.2 * e[-3])
        y += w[-1]
        out.append(round(y, 4))
    return out


def windows(values, length, count):
    stride = (len(values) - length) // (count - 1) if count > 1 else 1
    return [values[k * stride:k * stride + length] for k in range(count)]


def write(path, rows):
    path.write_text("".join(",".join(map(repr, row)) + "\n" for row in rows))


def microseconds(fit, rows):
    """Of one fit, on average."""
    arrays = [numpy.array(row) for row in rows]
    fit(arrays[0])  # what is loaded once is not counted
    begin = time.perf_counter()
    for array in arrays:
        fit(array)
    return 1e6 * (time.perf_counter() - begin) / len(arrays)


def ours(build, folder):
    """{name: microseconds} as bench_refit prints them; empty if it is not built."""
    program = build / "bin/bench_refit"
    if not program.exists():
        return {}
    files = [folder / f"{data}.csv" for data in ("holt", "next", "arima")]
    run = subprocess.run([program, *files], stdout=subprocess.PIPE, text=True, check=True)
    return {name: float(us) for name, us in (line.split() for line in run.stdout.splitlines())}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--windows-out", type=pathlib.Path, metavar="DIR")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--windows", type=int, default=30, metavar="N")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # statsmodels tells of each fit that did not converge
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.windows_out or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        values = temperature(1500)
        rows = {"holt": windows(values, 120, options.windows),
                "next": windows(values[:120 + options.windows - 1], 120, options.windows),
                "arima": windows(load(2000), 200, options.windows)}
        for name, data in rows.items():
            write(folder / f"{name}.csv", data)
        own = ours(options.build, folder)
        print("| one fit | statsmodels, us | forecastd from scratch, us | times faster | forecastd refit, us | times faster | aim |\n"
              "|---|---:|---:|---:|---:|---:|---:|")
        for name, (what, data, fit, aim) in FITS.items():
            theirs = microseconds(fit, rows[data])
            cells = [f"{theirs:.0f}"]
            for kind in ("first", "refit"):
                us = own.get(f"{name}-{kind}")
                cells += ["", ""] if us is None else [f"{us:.2f}", f"{theirs / us:.0f}"]
            print(f"| {what} | {' | '.join(cells)} | {aim} |", flush=True)


if __name__ == "__main__":
    main()
