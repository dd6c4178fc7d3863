"""Forecasts of statsforecast, run by its own Python: tasks come in as JSON on standard input, forecasts go out on standard output.

    {"models": [name], "seconds": s, "tasks": [{"id", "values", "seasons", "h"}]}  ->
    {name: {"cpu_s": seconds, "forecasts": {id: [[mean, lo80, hi80, lo95, hi95], ...]}, "failed": {id: sentence}}}

Each model is given `seconds` of processor time; tasks that are left then are missing. What numba compiles is not counted.
"""

import json
import sys
import time
import warnings

import numpy
from statsforecast import models

LEVELS = [80, 95]
MAKE = {
    "AutoETS": lambda seasons: models.AutoETS(season_length=seasons[0]),
    "AutoARIMA": lambda seasons: models.AutoARIMA(season_length=seasons[0]),
    "AutoTheta": lambda seasons: models.AutoTheta(season_length=seasons[0]),
    "AutoCES": lambda seasons: models.AutoCES(season_length=seasons[0]),
    "MSTL": lambda seasons: models.MSTL(season_length=seasons),
}


def forecast(name, task):
    values = numpy.array(task["values"], dtype=float)
    found = MAKE[name](task["seasons"]).forecast(y=values, h=task["h"], level=LEVELS)
    keys = ["mean", *(f"{side}-{level}" for level in LEVELS for side in ("lo", "hi"))]
    columns = [found[key] for key in keys if key in found]
    rows = [[float(column[k]) for column in columns] for k in range(task["h"])]
    if not numpy.isfinite(rows).all():
        raise ValueError("a forecast is not finite")
    return rows


def main():
    warnings.filterwarnings("ignore")
    given = json.load(sys.stdin)
    result = {}
    for name in given["models"]:
        small = {"values": list(numpy.sin(numpy.arange(60.0)) + numpy.arange(60.0) % 7 + 9), "seasons": [7], "h": 3}
        one = {"cpu_s": 0.0, "forecasts": {}, "failed": {}}
        result[name] = one
        try:
            forecast(name, small)
        except Exception as error:  # whatever it is, the others can still run
            one["failed"] = {task["id"]: str(error) for task in given["tasks"]}
            continue
        for task in given["tasks"]:
            if one["cpu_s"] > given["seconds"]:
                break
            begun = time.process_time()
            try:
                one["forecasts"][task["id"]] = forecast(name, task)
            except Exception as error:
                one["failed"][task["id"]] = f"{type(error).__name__}: {error}"
            one["cpu_s"] += time.process_time() - begun
        print(f"{name}: {len(one['forecasts'])} of {len(given['tasks'])}, {one['cpu_s']:.1f} s", file=sys.stderr, flush=True)
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
