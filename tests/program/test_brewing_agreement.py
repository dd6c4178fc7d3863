"""Forecasts through the program, by the configs of configs/brewing, against those of statsmodels on the same values.

Where both reach the same sum of squared errors (within 1e-7 of it), forecasts must agree: the parameters that two searches
stop at differ by the root of that, so the tolerance is wider than the sum's. Where statsmodels stops early, ours must be
the better sum; how far the forecasts then lie apart is printed.

The references: the project's own series (tests/reference, 20 steps), and, if FORECASTD_SHARED is set, windows of the
brewing example's recording and some made up ones (data/reference/statsmodels_holt.json, 40 steps)."""

import collections
import json
import os
import pathlib
import re
import unittest

from forecastd_test import ROOT, TestCase, forecastd, main

SHARED = os.environ.get("FORECASTD_SHARED")
CONFIGS = {"damped": "forecasting.json", "linear": "forecasting2.json", "damped_exponential": "exponential.json",
           "exponential": "exponential.json"}
SAME_SUM = 1e-7
TOLERANCE = 0.002  # of the spread of the values, or of 1 if they spread less (degrees, in the example)

Case = collections.namedtuple("Case", "id values forecast sse")


def config_for(form, lengths):
    """The config for a form: a pipeline for each length of a window, which is fitted once, at its last value."""
    text = re.sub(r"//.*", "", (ROOT / "configs/brewing" / CONFIGS[form]).read_text())
    pipelines = []
    for length in lengths:
        pipeline = json.loads(text)["pipelines"][0]
        pipeline |= {"name": f"of {length}", "tagpass": {"length": [str(length)]}}
        pipeline["forecast"]["diagnostics_every"] = "1s"
        pipeline["forecast"]["params"]["min_samples"] = pipeline["forecast"]["min_samples"] = length
        pipeline["forecast"]["params"]["damped_trend"] = form.startswith("damped")
        pipelines.append(pipeline)
    return {"pipelines": pipelines}


class Agreement(TestCase):
    def forecasts(self, form, cases):
        """The forecast and the sum of squared errors of each case, by its number."""
        config = self.config(config_for(form, sorted({len(case.values) for case in cases})))
        lines = [f"temperature,brew={number},length={len(case.values)} temperature={value!r} {1_000_000_000 * second}\n"
                 for number, case in enumerate(cases) for second, value in enumerate(case.values)]
        result = forecastd("run", config, stdin="".join(lines), timeout=600)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        found, sums = collections.defaultdict(list), {}
        for line in result.stdout.decode().splitlines():
            number = int(re.search(r"brew=(\d+)", line)[1])
            if line.startswith("fcast"):
                found[number].append(float(re.search(r"temperature=(\S+)", line)[1]))
            elif line.startswith("temperature_model") and "sse=" in line:
                sums[number] = float(re.search(r"sse=([^, ]+)", line)[1])
        return found, sums

    def compare(self, form, cases):
        """Every case is compared, and most of them have the same sum. Returns how far apart the rest is."""
        found, sums = self.forecasts(form, cases)
        same, better = [], []
        for number, case in enumerate(cases):
            with self.subTest(form, case=case.id):
                self.assertEqual(len(found[number]), 40)
                spread = max(1, max(case.values) - min(case.values))
                apart = max(abs(a - b) for a, b in zip(found[number], case.forecast)) / spread
                floor = 1e-12 * sum(value * value for value in case.values)
                self.assertLessEqual(sums[number], case.sse * (1 + SAME_SUM) + floor)
                # Below the floor sums are rounding errors: which of two is less means nothing.
                if sums[number] >= case.sse * (1 - SAME_SUM) or case.sse <= floor:
                    same.append(apart)
                    self.assertLessEqual(apart, TOLERANCE)
                else:
                    better.append(apart)
        same.sort()
        better.sort()
        text = f"\n{form}: {len(same)} with the sum of statsmodels, forecasts apart by a median of " \
               f"{same[len(same) // 2]:.1e} and at most {same[-1]:.1e} of the spread"
        if better:
            text += f"; {len(better)} with a better sum, apart by a median of {better[len(better) // 2]:.1e} and at " \
                    f"most {better[-1]:.1e}"
        print(text)
        self.assertGreater(len(same), len(cases) / 2)

    def test_series_of_our_own(self):
        reference = ROOT / "tests/reference"
        series = {one["id"]: one["values"] for one in json.loads((reference / "series.json").read_text())["series"]}
        fits = json.loads((reference / "holt.json").read_text())["fits"]
        for form in CONFIGS:
            cases = [Case(fit["id"], series[fit["id"]], fit["forecast"], fit["sse"]) for fit in fits
                     if fit["form"] == form and len(series[fit["id"]]) <= 120 and None not in series[fit["id"]]
                     and ("exp" not in form or min(series[fit["id"]]) > 0)]
            self.assertGreater(len(cases), 10)
            self.compare(form, cases)

    @unittest.skipUnless(SHARED, "FORECASTD_SHARED is not set: it names the folder with data/reference")
    def test_windows_of_the_example(self):
        file = pathlib.Path(SHARED) / "data/reference/statsmodels_holt.json"
        windows = json.loads(file.read_text())["windows"]
        for form in CONFIGS:
            cases = [Case(one["id"], one["values"], one["fits"][form]["forecast"], one["fits"][form]["sse"])
                     for one in windows if "forecast" in one["fits"][form]]
            self.assertGreater(len(cases), 200)
            self.compare(form, cases)


if __name__ == "__main__":
    main()
