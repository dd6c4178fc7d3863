"""The wirings of docs/operators.md: pass-through and shadow."""

from telegraf_test import TelegrafTest, main

import reference_parser  # noqa: E402  (found through telegraf_test)

POINTS = 3_000
PIPELINE = {"name": "watch", "namepass": ["seq"], "fieldpass": ["value"], "interval": "1s",
            "forecast": {"plugin": "holt", "horizon": 1}, "detect": {"plugin": "zscore"}, "output": {"event": None}}
DATA = b"".join(b"seq,source=file value=%d.5,n=%di %d000000000\n" % (n % 60, n, n) for n in range(1, POINTS + 1))


class Wirings(TelegrafTest):
    def assert_derived(self, points, measurement):
        self.assertEqual(len(points[f"{measurement}_anomaly"]), POINTS)
        self.assertEqual(len(points[f"{measurement}_forecast"]), POINTS)

    def test_pass_through(self):
        _, log = self.run_telegraf(self.from_file(DATA), self.execd({"pipelines": [PIPELINE]}))
        self.assert_no_errors(log)
        points = self.points()
        self.assertEqual(points.keys(), {"seq", "seq_forecast", "seq_anomaly"})
        self.assert_same_points(points["seq"], reference_parser.parse(DATA))
        self.assert_derived(points, "seq")

    def test_pass_through_of_what_namepass_lets_in(self):
        other = b"other value=1 1\n" * 100
        everything = {key: value for key, value in PIPELINE.items() if key != "namepass"}
        _, log = self.run_telegraf(self.from_file(DATA + other),
                                   self.execd({"pipelines": [everything]}, 'namepass = ["seq"]'))
        self.assert_no_errors(log)
        points = self.points()
        self.assertEqual(points.keys(), {"seq", "seq_forecast", "seq_anomaly", "other"})
        self.assertEqual(len(points["other"]), 100)

    def test_shadow_by_name(self):
        """The originals never touch forecastd: it is given a copy of another name, and passes on only what it adds."""
        pipeline = {**PIPELINE, "namepass": ["shadow_seq"], "output": {"passthrough": False, "event": None}}
        _, log = self.run_telegraf(self.from_file(DATA), self.clone("shadow_seq"),
                                   self.execd({"pipelines": [pipeline]}, 'namepass = ["shadow_seq"]'))
        self.assert_no_errors(log)
        points = self.points()
        self.assertEqual(points.keys(), {"seq", "shadow_seq_forecast", "shadow_seq_anomaly"})
        self.assert_same_points(points["seq"], reference_parser.parse(DATA))
        self.assert_derived(points, "shadow_seq")

    def test_shadow_by_tag(self):
        """As in README.md: the copy keeps its name, and a tag routes it."""
        pipeline = {**PIPELINE, "output": {"passthrough": False, "event": None}}
        clone = """
[[processors.clone]]
  order = 1
  [processors.clone.tags]
    copy = "forecastd"
"""
        _, log = self.run_telegraf(self.from_file(DATA), clone,
                                   self.execd({"pipelines": [pipeline]},
                                              '[processors.execd.tagpass]\n    copy = ["forecastd"]'))
        self.assert_no_errors(log)
        points = self.points()
        self.assertEqual(points.keys(), {"seq", "seq_forecast", "seq_anomaly"})
        self.assert_same_points(points["seq"], reference_parser.parse(DATA))
        self.assert_derived(points, "seq")
        self.assertEqual({point["tags"].get("copy") for point in points["seq_anomaly"]}, {"forecastd"})


if __name__ == "__main__":
    main()
