"""With any aggregator in its config, Telegraf runs every processor twice, unless it is told not to."""

from telegraf_test import TelegrafTest, main, numbers

RATE = 200
PIPELINE = {"name": "watch", "namepass": ["seq"], "interval": "5ms",
            "forecast": {"plugin": "holt", "horizon": 1}, "detect": {"plugin": "zscore"}}
EVERY_S = 1


def aggregator(options=""):
    return f"""
[[aggregators.basicstats]]
  period = "{EVERY_S}s"
  stats = ["mean"]
  {options}
"""


class Aggregators(TelegrafTest):
    def run_a_while(self, pipeline, skip, options='namepass = ["seq"]'):
        """Runs until some aggregates came out. Returns the number of forecastd's processes, and the points."""
        running = self.start_telegraf(
            self.from_generator(rate=RATE, time="now"),
            self.execd({"pipelines": [pipeline], "metrics": {"every": "200ms"}}), aggregator(options),
            agent=f"skip_processors_after_aggregators = {'true' if skip else 'false'}")
        running.wait_for(lambda: self.output_bytes().count(b"value_mean=") >= 3, "aggregates")
        children = len(running.children())
        running.stop()
        self.assert_no_errors(running.log())
        return children, self.points()

    def assert_each_once(self, points):
        """The originals are there once, and what was derived from them as well."""
        originals = [point for point in points["seq"] if "n" in point["fields"]]
        self.assertEqual(sorted(numbers(originals)), list(range(len(originals))))
        times = sorted(point["time"] for point in originals)
        anomalies = [point for point in points["seq_anomaly"] if point["tags"]["field"] == "value"]
        self.assertEqual(sorted(point["time"] for point in anomalies), times)
        forecasts = [point for point in points["seq_forecast"] if point["tags"]["field"] == "value"]
        self.assertEqual(len({point["time"] for point in forecasts}), len(forecasts))
        self.assertEqual(len(forecasts), len(times))

    def fields_judged(self, points):
        return {point["tags"]["field"] for point in points["seq_anomaly"]}

    def test_skipped_after_aggregators(self):
        children, points = self.run_a_while(PIPELINE, skip=True)
        self.assertEqual(children, 1)
        self.assert_each_once(points)
        self.assertEqual(self.fields_judged(points), {"value", "n"})

    def test_twice_with_fieldpass(self):
        """Both live; the second one is given the aggregates alone, and the pipeline selects none of their fields."""
        children, points = self.run_a_while({**PIPELINE, "fieldpass": ["value"]}, skip=False)
        self.assertEqual(children, 2)
        self.assert_each_once(points)
        self.assertEqual(self.fields_judged(points), {"value"})
        # Each reports itself: what one of them has counted is no part of what the other has.
        counted = {point["fields"]["points"]["value"] for point in points["forecastd"]}
        originals = sum("n" in point["fields"] for point in points["seq"])
        aggregates = sum("value_mean" in point["fields"] for point in points["seq"])
        self.assertIn(aggregates, counted)
        self.assertEqual(max(counted), originals)

    def test_twice_without_fieldpass_judges_the_aggregates_too(self):
        children, points = self.run_a_while(PIPELINE, skip=False)
        self.assertEqual(children, 2)
        self.assert_each_once(points)
        self.assertEqual(self.fields_judged(points), {"value", "n", "value_mean", "n_mean"})

    def test_an_aggregator_without_namepass_aggregates_our_outputs_too(self):
        """They are passed on untouched."""
        children, points = self.run_a_while({**PIPELINE, "fieldpass": ["value"]}, skip=False, options="")
        self.assertEqual(children, 2)
        means = [point for point in points["seq_forecast"] if "yhat_mean" in point["fields"]]
        self.assertTrue(means)
        self.assertEqual({name for name in points if name.count("_") > 1}, set())


if __name__ == "__main__":
    main()
