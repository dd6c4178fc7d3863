"""What goes in comes out: every type, escapes, newlines in strings, long lines, beside forecasts and anomalies."""

from telegraf_test import TelegrafTest, by_measurement, forecastd, main

import lp_generator  # noqa: E402  (found through telegraf_test)
import reference_parser  # noqa: E402

POINTS = 3_000
BEER = {
    "pipelines": [{
        "name": "fermentation", "namepass": ["temperature"], "interval": "1s",
        "forecast": {"plugin": "holt", "horizon": 1}, "detect": {"plugin": "zscore"},
    }]
}
EVERYTHING = {"pipelines": [{"name": "everything", "forecast": {"plugin": "naive"}, "detect": {"plugin": "zscore"}}]}

TYPES = r'''types float=-1.5,exponent=1e300,int=-9223372036854775808i,uint=18446744073709551615u,yes=true,no=false 1
types string="",quote="say \"so\"",backslash="C:\\temp\\",newlines="one
two
",comma="a,b=c d" 2
esc\,aped\ name,tag\ key=tag\,value,equals=a\=b field\=key=1,"quoted"="x" 3
unicode,straße=✓ größe=2i,text="🍺" 4
before1970 v=1 -1000000000
no_number text="only" 5
'''.encode()


class Points(TelegrafTest):
    def assert_originals(self, data, expected, config=None):
        """Runs data through forecastd; the originals must be as expected. Returns the rest of the output."""
        _, log = self.run_telegraf(self.from_file(data), self.execd(config or EVERYTHING))
        self.assert_no_errors(log)
        ours, originals = {}, []
        for name, points in self.points().items():
            if name.endswith(("_forecast", "_anomaly", "_event")):
                ours[name] = points
            else:
                originals += points
        self.assert_same_points(originals, expected)
        return ours

    def test_forecasts_and_anomalies_beside_the_originals(self):
        data = forecastd("simulate", "--points", POINTS, "--labels", self.folder / "labels.csv").stdout
        inputs = reference_parser.parse(data)
        ours = self.assert_originals(data, inputs, BEER)
        times = [point["time"] for point in inputs]
        anomalies, forecasts = ours.pop("temperature_anomaly"), ours.pop("temperature_forecast")
        self.assertGreater(len(ours.pop("temperature_event")), 0)
        self.assertEqual(ours, {})
        self.assertEqual(sorted(point["time"] for point in anomalies), times)
        self.assertTrue(any(point["fields"]["is_anomaly"]["value"] for point in anomalies))
        # A value that is stuck is judged and not learned, so no forecast follows it.
        learned = sorted(point["time"] for point in anomalies
                         if "stuck" not in point["fields"].get("reason", {}).get("value", ""))
        self.assertGreater(len(learned), 0.95 * POINTS)
        self.assertEqual(sorted(point["time"] for point in forecasts), [time + 1_000_000_000 for time in learned])
        for point in anomalies + forecasts:
            self.assertEqual(point["tags"], {"brew": "pale_ale", "field": "temperature"})

    def test_every_type_and_escape(self):
        expected = reference_parser.parse(TYPES)
        self.assertFalse([point for point in expected if "error" in point])
        ours = self.assert_originals(TYPES, expected)
        self.assertEqual({point["tags"]["field"] for point in ours["types_anomaly"]},
                         {"float", "exponent", "int", "uint"})

    def test_long_lines(self):
        text = b"a \\\"long\\\" text,\n" * 6_000
        data = b"".join(b'long,n=%d v=%d,text="%s" %d\n' % (n, n, text, n) for n in range(20))
        self.assertGreater(len(data), 20 * 100_000)
        ours = self.assert_originals(data, reference_parser.parse(data))
        self.assertEqual(len(ours["long_anomaly"]), 20)

    def test_random_points_come_out_as_they_do_of_cat(self):
        """Telegraf's own reading and writing may change a strange point; so cat as the child is the measure. It lingers,
        since Telegraf loses what is in the pipe when its child ends."""
        lines = []
        for text in lp_generator.texts(seed=4, count=8_000):
            parsed = reference_parser.parse(text, strict=True)
            if len(parsed) == 1 and parsed[0].get("time") is not None:
                lines.append(text if text.endswith(b"\n") else text + b"\n")
        self.assertGreater(len(lines), 400)
        data = b"".join(lines)
        self.run_telegraf(self.from_file(data), self.execd(command=["sh", "-c", "cat; sleep 1"]))
        expected = [point for points in self.points().values() for point in points]
        self.assertGreater(len(expected), 0.95 * len(lines))
        self.assert_originals(data, expected)


class ShortRuns(TelegrafTest):
    """`telegraf --test` and `--once` end soon after the first points."""

    DATA = b"".join(b"m v=%d %d000000000\n" % (n % 7, n) for n in range(1, 101))
    CONFIG = {"pipelines": [{"interval": "1s", "forecast": {"plugin": "naive"}, "detect": {"plugin": "zscore"}}]}

    def assert_all(self, points):
        self.assertEqual({name: len(list) for name, list in points.items()},
                         {"m": 100, "m_forecast": 100, "m_anomaly": 100})

    def test_once(self):
        _, log = self.run_telegraf(self.from_file(self.DATA), self.execd(self.CONFIG))
        self.assert_no_errors(log)
        self.assert_all(self.points())

    def test_test(self):
        out, log = self.run_telegraf(self.from_file(self.DATA), self.execd(self.CONFIG), mode="--test")
        self.assert_no_errors(log)
        self.assert_all(by_measurement(reference_parser.parse(out.replace(b"\n> ", b"\n").removeprefix(b"> "))))


if __name__ == "__main__":
    main()
