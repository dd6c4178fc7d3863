#!/usr/bin/env python3
"""Writes the reference results of this folder again; README.md tells what they hold.

    make_references.py [--out DIRECTORY] [NAME ...]        NAME: holt seasonal arima ets auto_arima theta

It needs the distribution's python3-statsmodels, r-base-core and r-cran-forecast. A second run on the same versions
writes the same bytes.
"""

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")  # sums in one order

# ruff: noqa: E402
import argparse
import json
import math
import multiprocessing
import pathlib
import platform
import subprocess
import sys

import numpy
import scipy
import statsmodels

import arima
import series
import smoothing

HERE = pathlib.Path(__file__).resolve().parent


def finite(value):
    """JSON knows no NaN and no infinity: null."""
    if isinstance(value, dict):
        return {k: finite(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(v) for v in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def r_records(what, all_series):
    """What forecast_package.R prints, one JSON object a line."""
    lines = "".join("%s %d %s\n" % (s["id"], s["season_length"], " ".join("NA" if v is None else repr(v) for v in s["values"]))
                    for s in all_series)
    run = subprocess.run(["Rscript", "--vanilla", str(HERE / "forecast_package.R"), what], input=lines, text=True,
                         stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def python_records(function, all_series):
    with multiprocessing.Pool(2) as pool:
        for done, records in enumerate(pool.imap(function, all_series), 1):
            print(f"\r{function.__name__} {done}/{len(all_series)} ", end="", file=sys.stderr, flush=True)
            yield from records
    print(file=sys.stderr)


def arima_records(all_series):
    by_r = {(r["id"], r["order"]): r for r in r_records("arima", all_series)}
    work = [(s, {order: r for (name, order), r in by_r.items() if name == s["id"]}) for s in all_series]
    return python_records(arima.fits, work)


RECORDS = {
    "holt": lambda all_series: python_records(smoothing.holt, all_series),
    "seasonal": lambda all_series: python_records(smoothing.seasonal, all_series),
    "arima": arima_records,
    "ets": lambda all_series: r_records("ets", all_series),
    "auto_arima": lambda all_series: r_records("auto_arima", all_series),
    "theta": lambda all_series: r_records("theta", all_series),
}


def versions():
    r = subprocess.run(["Rscript", "--vanilla", "-e", 'cat(as.character(getRversion()), as.character(packageVersion("forecast")))'],
                       text=True, stdout=subprocess.PIPE, check=True).stdout.split()
    return {"python": platform.python_version(), "statsmodels": statsmodels.__version__, "scipy": scipy.__version__,
            "numpy": numpy.__version__, "r": r[0], "forecast": r[1]}


def write(path, key, about, records):
    with open(path, "w") as out:
        out.write('{"versions": %s,\n"%s": [\n' % (json.dumps(about), key))
        out.write(",\n".join(json.dumps(finite(r), allow_nan=False, separators=(",", ":")) for r in records))
        out.write("\n]}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=HERE)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[[], *RECORDS])
    options = parser.parse_args()
    all_series, about = series.make(), versions()
    write(options.out / "series.json", "series", about, all_series)
    for name in options.names or RECORDS:
        write(options.out / f"{name}.json", "fits", about, list(RECORDS[name](all_series)))
        print(f"wrote {name}.json", file=sys.stderr)


if __name__ == "__main__":
    main()
