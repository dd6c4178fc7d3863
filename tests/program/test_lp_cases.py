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

# Telegraf rejects these; we take them: a backslash before a plain byte in a string, and a bare CR at the end.
LENIENT = {"string-07", "string-08", "string-09", "string-10", "line-end-07"}


@unittest.skipUnless(SHARED, "FORECASTD_SHARED is not set: it names the folder with data/reference/lp_cases.json")
class Cases(TestCase):
    def test_every_case(self):
        cases = json.loads((pathlib.Path(SHARED) / "data/reference/lp_cases.json").read_text())["cases"]
        self.assertLessEqual(LENIENT, {case["id"] for case in cases})
        for case in cases:
            done = forecastd("inspect", stdin=case["text"].encode("utf-8", "surrogateescape"))
            results = [json.loads(line) for line in done.stdout.splitlines()]
            found = [{"error": True} if "error" in result else result for result in results]
            with self.subTest(id=case["id"], text=case["text"]):
                if case["id"] in LENIENT:
                    self.assertEqual([result for result in found if "error" in result], [])
                else:
                    self.assertEqual(found, case["telegraf"])


if __name__ == "__main__":
    main()
