"""`forecastd inspect` against a collection of texts with what Telegraf's reader makes of each.

The collection is not part of this repository: FORECASTD_SHARED names the folder that holds
data/reference/lp_cases.json.
"""

import json
import os
import pathlib
import unittest

from forecastd_test import TestCase, forecastd, main

SHARED = os.environ.get("FORECASTD_SHARED")

# Telegraf rejects these; forecastd takes them: a backslash before a plain byte in a string, and a bare CR at the end.
LENIENT = {"string-07", "string-08", "string-09", "string-10", "line-end-07"}
# A quote is missing. Telegraf skips every line up to the error behind the next quote; forecastd skips one line.
MISSING_QUOTE = {"string-23": 2, "string-24": 3}  # the points that are read


@unittest.skipUnless(SHARED, "FORECASTD_SHARED is not set: it names the folder with data/reference/lp_cases.json")
class Cases(TestCase):
    def test_every_case(self):
        cases = json.loads((pathlib.Path(SHARED) / "data/reference/lp_cases.json").read_text())["cases"]
        self.assertLessEqual(LENIENT | MISSING_QUOTE.keys(), {case["id"] for case in cases})
        for case in cases:
            done = forecastd("inspect", stdin=case["text"].encode("utf-8", "surrogateescape"))
            results = [json.loads(line) for line in done.stdout.splitlines()]
            found = [{"error": True} if "error" in result else result for result in results]
            with self.subTest(id=case["id"], text=case["text"]):
                if case["id"] in LENIENT:
                    self.assertEqual([result for result in found if "error" in result], [])
                elif case["id"] in MISSING_QUOTE:
                    self.assertEqual(["error" in result for result in found], [True] + MISSING_QUOTE[case["id"]] * [False])
                    self.assertEqual([result for result in case["telegraf"] if result not in found], [])
                else:
                    self.assertEqual(found, case["telegraf"])


if __name__ == "__main__":
    main()
