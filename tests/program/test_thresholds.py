"""Times until thresholds are crossed, and counters, through the whole program."""

import subprocess

from forecastd_test import FORECASTD, TestCase, forecastd, main

# 50 at 0 s and 0.5 more every 10 s is 100 at 1000 s. Holt's method with all weights at 1 goes on as the last two points
# did, so from the second point on it knows.
LINE = [f"disk,path=/ used={50 + 0.5 * i} {10 * i}000000000\n" for i in range(30)]
STRAIGHT = {"damped_trend": False, "alpha": 1, "beta": 1}
FULL = {"name": "full", "value": 100}


def config(thresholds, **forecast):
    return {"pipelines": [{"name": "p", "interval": "10s",
                           "forecast": {"plugin": "holt", "params": STRAIGHT, "forecast_at": [1],
                                        "emit_every": "0s", "thresholds": thresholds, **forecast}}]}


class Thresholds(TestCase):
    def crossings(self, value, lines):
        """{(threshold, time in s): fields} of what came out; and all lines."""
        done = forecastd("run", self.config(value), stdin="".join(lines))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        out = done.stdout.decode().splitlines()
        found = {}
        for line in out:
            if line.startswith("disk_threshold,"):
                key, fields, time = line.split(" ")
                self.assertTrue(key.startswith("disk_threshold,field=used,path=/,threshold="), line)
                found[key.rsplit("=", 1)[1], int(time) // 10**9] = {
                    name: float(text) for name, text in (field.split("=") for field in fields.split(","))}
        return found, out

    def test_a_straight_line_is_known_to_the_second(self):
        found, _ = self.crossings(config([FULL, {"name": "half", "value": 60}], max_horizon="1h"), LINE)
        for time in (10, 100, 150, 290):
            self.assertAlmostEqual(found["full", time]["time_to_threshold_s"], 1000 - time, delta=1e-6)
            self.assertEqual(found["full", time]["threshold_value"], 100)
        self.assertAlmostEqual(found["half", 100]["time_to_threshold_s"], 100, delta=1e-6)
        self.assertEqual(found["half", 200]["time_to_threshold_s"], 0)  # 60 is reached
        self.assertEqual(found["half", 290]["time_to_threshold_s_upper"], 0)

    def test_beyond_max_horizon_nothing_is_said(self):
        found, _ = self.crossings(config([FULL], max_horizon="800s"), LINE)
        self.assertNotIn(("full", 190), found)  # 810 s to go
        self.assertIn(("full", 210), found)     # 790 s
        found, _ = self.crossings(config([FULL], forecast_at=[2]), LINE)
        self.assertEqual(found, {})             # no further than forecasts reach

    def test_the_other_direction_is_never_reached(self):
        found, _ = self.crossings(config([{"name": "empty", "value": 0, "direction": "below"}], max_horizon="1d"), LINE)
        self.assertEqual(found, {})

    def test_bounds_enclose_the_time_and_are_wider_where_the_series_is_noisier(self):
        def earliest(noise):
            lines = [f"disk,path=/ used={50 + 0.5 * i + (-1) ** i * noise} {10 * i}000000000\n" for i in range(60)]
            found, _ = self.crossings(config([FULL], params={"damped_trend": False}, max_horizon="1h"), lines)
            fields = found["full", 590]
            self.assertLess(fields["time_to_threshold_s_lower"], fields["time_to_threshold_s"])
            self.assertLess(fields["time_to_threshold_s"], fields.get("time_to_threshold_s_upper", 1e9))
            self.assertAlmostEqual(fields["time_to_threshold_s"], 410, delta=60)
            return fields["time_to_threshold_s_lower"]
        self.assertLess(earliest(0.6), earliest(0.2))

    def test_a_line_at_a_time_is_the_same(self):
        path = self.config(config([FULL], max_horizon="1h", emit_every="30s"))
        whole = forecastd("run", path, stdin="".join(LINE)).stdout
        with subprocess.Popen([FORECASTD, "run", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            for line in LINE:
                child.stdin.write(line.encode())
                child.stdin.flush()
            self.assertEqual(child.communicate(timeout=60)[0], whole)
        self.assertEqual(whole.count(b"disk_threshold"), 9)  # at 30 s, 60 s ... 270 s; nothing is known at 0 s

    def test_they_pass_untouched_when_they_come_back(self):
        value = config([FULL], max_horizon="1h")
        _, out = self.crossings(value, LINE)
        ours = [line for line in out if line.startswith("disk_threshold")]
        _, again = self.crossings(value, [line + "\n" for line in ours])
        self.assertTrue(ours)
        self.assertEqual(again, ours)

    def test_check_tells_what_is_looked_for(self):
        done = forecastd("check", self.config(config([FULL], max_horizon="30m")))
        self.assertIn('thresholds [{"name":"full","value":100}], max_horizon "30m"', done.stdout.decode())
        self.assertIn("  output    originals, {measurement}_forecast, {measurement}_threshold\n", done.stdout.decode())

    def test_the_rate_of_a_counter(self):
        value = {"pipelines": [{"interval": "10s", "rate": True, "forecast": {"plugin": "naive"},
                                "detect": {"plugin": "zscore", "params": {"min_samples": 2}}}]}
        readings = [100, 200, 320, 420, 5, 105, 1305]  # begun again after 420
        lines = [f"net,interface=eth0 bytes={reading}i {10 * i}000000000\n" for i, reading in enumerate(readings)]
        done = forecastd("run", self.config(value), stdin="".join(lines))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        out = done.stdout.decode().splitlines()
        self.assertEqual([line + "\n" for line in out if line.startswith("net,")], lines)
        rates = {int(line.split(" ")[2]) // 10**9: line.split("y=")[1].split(",")[0] for line in out if "_anomaly" in line}
        self.assertEqual(rates, {10: "10", 20: "12", 30: "10", 50: "10", 60: "120"})
        self.assertIn("is_anomaly=true", next(line for line in out if line.endswith(" 60000000000") and "_anomaly" in line))
        checked = forecastd("check", self.config(value)).stdout.decode()
        self.assertIn("  interval  10s; counters, of which the growth a second is watched\n", checked)


if __name__ == "__main__":
    main()
