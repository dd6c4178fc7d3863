"""forecastd run, through its standard input and output."""

import os
import random
import re
import select
import subprocess
import time

from forecastd_test import FORECASTD, TestCase, forecastd, main

HOLT = {"plugin": "holt", "params": {"alpha": 0.5, "beta": 0.1, "damped_trend": False}}
ZSCORE = {"plugin": "zscore", "params": {"min_samples": 10}}


def pipeline(**keys):
    return {"pipelines": [{"interval": "1s", "forecast": HOLT, "detect": ZSCORE, **keys}]}


def beer(count=200, spike=None):
    """Points of a thermometer, a second apart; spike: the index of one that reads 9 degrees too much."""
    noise = random.Random(5)
    for i in range(count):
        value = 20 + noise.gauss(0, 0.05) + (9 if i == spike else 0)
        yield f"temperature,brew=ipa temperature={value:.2f} {1700000000000000000 + i * 1000000000}\n"


def lines(result, measurement):
    return [line for line in result.stdout.decode().splitlines() if re.match(measurement + r"[, ]", line)]


def field(line, name):
    return re.search(rf"[ ,]{name}=([^, ]+)", line).group(1)


class Run(TestCase):
    def run_config(self, value, stdin, **keys):
        return forecastd("run", self.config(value), stdin=stdin, **keys)

    def test_a_spike_is_found_and_nothing_else(self):
        text = "".join(beer(spike=150))
        result = self.run_config(pipeline(), text)
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stderr, b"")
        self.assertEqual("\n".join(lines(result, "temperature")) + "\n", text)
        anomalies = lines(result, "temperature_anomaly")
        self.assertEqual(len(anomalies), 200)
        alarms = [line for line in anomalies if "is_anomaly=true" in line]
        self.assertIn(f" {1700000000000000000 + 150 * 1000000000}", alarms[0])
        self.assertEqual(field(alarms[0], "direction"), '"above_expected"')
        self.assertGreater(float(field(alarms[0], "anomaly_score")), 5)
        self.assertLessEqual(len(alarms), 6, "the model is shaken by the spike for a few points at most")
        self.assertEqual(len(lines(result, "temperature_forecast")), 200)

    def test_warm_up_is_visible_and_raises_no_alarm(self):
        result = self.run_config(pipeline(), "".join(beer(count=12, spike=3)))
        anomalies = lines(result, "temperature_anomaly")
        self.assertEqual(len(anomalies), 12)
        for line in anomalies[:10]:
            self.assertIn("warmup=true", line)
            self.assertIn("is_anomaly=false", line)
            self.assertNotIn("anomaly_score", line)

    def test_bulk_and_single_lines_give_the_same_bytes(self):
        text = "".join(beer(spike=60)).encode()
        bulk = self.run_config(pipeline(), text).stdout
        process = subprocess.Popen([FORECASTD, "run", self.config(pipeline())], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with process:
            answers = b""
            for line in text.splitlines(keepends=True):
                process.stdin.write(line)
                process.stdin.flush()
                answer = b""
                while answer.count(b"\n") < 3:  # the point, its judgement, its forecast
                    self.assertTrue(select.select([process.stdout], [], [], 10)[0], "a point is answered at once")
                    answer += os.read(process.stdout.fileno(), 1 << 16)
                answers += answer
            process.stdin.close()
            answers += process.stdout.read()
        self.assertEqual(process.returncode, 0)
        self.assertEqual(answers, bulk)

    def test_chunks_that_end_anywhere_give_the_same_bytes(self):
        text = "".join(beer(count=60, spike=40)).encode() + b'temperature,brew=ipa temperature=20,note="a\nb" 1700000099000000000\n'
        bulk = self.run_config(pipeline(), text).stdout
        sizes = random.Random(1)
        process = subprocess.Popen([FORECASTD, "run", self.config(pipeline())], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with process:
            position = 0
            while position < len(text):
                size = sizes.randint(1, 150)
                process.stdin.write(text[position:position + size])
                process.stdin.flush()
                position += size
                time.sleep(0.001)
            process.stdin.close()
            answers = process.stdout.read()
        self.assertEqual(answers, bulk)

    def test_originals_pass_as_the_very_bytes(self):
        text = (b'a\\ b,t\\,1=x\\ y v=1.500,s="q\\"\n#x\\\\",i=5i,u=7u,ok=TRUE 1700000000000000000\n'
                b"m v=-0 5\nbad\nm\tv=01\t-7\nm v=1\r\n# comment\n\nm,b=\xff v=2 8\nm v=3")
        result = self.run_config({"pipelines": [{"namepass": ["nothing"], "detect": ZSCORE}]}, text)
        self.assertEqual(result.stdout,
                         b'a\\ b,t\\,1=x\\ y v=1.500,s="q\\"\n#x\\\\",i=5i,u=7u,ok=TRUE 1700000000000000000\n'
                         b"m v=-0 5\nm\tv=01\t-7\nm v=1\nm,b=\xff v=2 8\nm v=3\n")
        self.assertEqual(result.stderr.decode(),
                         "E! the input is wrong at line 4, column 4: expected a space and then fields, or a comma and then tags, "
                         "found the end of the line; the point is lost\n")

    def test_bad_lines_are_reported_at_a_bounded_rate(self):
        result = self.run_config(pipeline(), "bad\n" * 5000 + "".join(beer(count=3)))
        messages = result.stderr.decode().splitlines()
        self.assertEqual(len(messages), 11)
        self.assertEqual(messages[-1], "W! 5000 points were rejected in all, 20000 bytes")
        self.assertEqual(len(lines(result, "temperature")), 3)

    def test_a_missing_quote_costs_one_line(self):
        def originals(output): return b"".join(line for line in output.splitlines(keepends=True) if not line.startswith(b"forecastd"))
        def metrics(output): return next(line for line in output.splitlines() if line.startswith(b"forecastd "))

        config = {"limits": {"max_line_bytes": "1KB"}, "metrics": {"every": "1h"}, "pipelines": [{"namepass": ["nothing"], "detect": ZSCORE}]}
        points = [f"m v={i} {i}000000000\n" for i in range(1, 401)]
        open_string = 'm s="abc\n'
        closed_later = points[100:150] + ['m s="text" 7\n'] + points[150:200]
        for name, text, good in (
                ("not closed within the limit", points[:50] + [open_string] + points[50:], points),
                ("closed by a later line", points[:100] + [open_string] + closed_later, points[:100] + closed_later),
                ("not closed before the end", points[:50] + [open_string] + points[50:60], points[:60])):
            text, good = "".join(text).encode(), "".join(good).encode()
            with self.subTest(name):
                path = self.config(config)
                bulk = forecastd("run", path, stdin=text)
                self.assertEqual(originals(bulk.stdout), good)
                self.assertIn(b"bad_points=1i,bad_bytes=9i,", metrics(bulk.stdout))
                self.assertEqual(bulk.stderr.count(b"\n"), 1)
                with subprocess.Popen([FORECASTD, "run", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                    for line in text.splitlines(keepends=True):
                        process.stdin.write(line)
                        process.stdin.flush()
                    process.stdin.close()
                    single = process.stdout.read()
                    self.assertEqual(process.stderr.read(), bulk.stderr)
                self.assertEqual(originals(single), good)
                self.assertIn(b"bad_points=1i,bad_bytes=9i,", metrics(single))

    def test_tag_order_and_escapes_do_not_split_a_series(self):
        def text(keys):
            return "".join(f"{keys[i % len(keys)]} v={i} {i}000000000\n" for i in range(1, 30))

        spellings = ["m,a=1,b=x\\ y", "m,b=x\\ y,a=1"]
        mixed = lines(self.run_config(pipeline(), text(spellings)), "m_anomaly")
        plain = lines(self.run_config(pipeline(), text(spellings[:1])), "m_anomaly")
        self.assertEqual(mixed, plain)
        self.assertTrue(mixed[0].startswith("m_anomaly,a=1,b=x\\ y,field=v "))

    def test_own_outputs_pass_untouched(self):
        first = self.run_config({"metrics": {"every": "1h"}, **pipeline()}, "".join(beer(count=20)))
        self.assertEqual(len(lines(first, "forecastd")), 1)
        derived = "".join(line + "\n" for line in first.stdout.decode().splitlines() if not line.startswith("temperature,"))
        second = self.run_config(pipeline(), derived)
        self.assertEqual(second.stdout.decode(), derived)

    def test_late_and_duplicate_points_pass_and_are_not_fed(self):
        points = list(beer(count=50))
        clean = lines(self.run_config(pipeline(), "".join(points)), "temperature_anomaly")
        disturbed = points[:30] + [points[10].replace("temperature=", "temperature=9"), points[29]] + points[30:]
        result = self.run_config({"metrics": {"every": "1h"}, **pipeline()}, "".join(disturbed))
        self.assertEqual(lines(result, "temperature_anomaly"), clean)
        self.assertEqual(len(lines(result, "temperature")), 52)
        metrics = lines(result, "forecastd")[0]
        self.assertEqual((field(metrics, "late"), field(metrics, "duplicates")), ("1i", "1i"))

    def test_a_gap_widens_the_expectation(self):
        points = list(beer(count=100))
        result = self.run_config(pipeline(detect={**ZSCORE, "emit": "all"}), "".join(points[:60] + points[90:]))
        judged = lines(result, "temperature_anomaly")
        width = [float(field(line, "yhat_upper")) - float(field(line, "yhat_lower")) for line in (judged[59], judged[60])]
        self.assertGreater(width[1], 1.2 * width[0])

    def test_several_pipelines_and_fields(self):
        config = {"pipelines": [
            {"name": "a", "interval": "1s", "fieldpass": ["u*"], "forecast": HOLT},
            {"name": "b", "interval": "1s", "detect": {**ZSCORE, "emit": "anomalies"}, "fielddrop": ["idle"]}]}
        text = "".join(f"cpu user={i % 7},idle={i},note=\"x\",sys={i % 3}i {i}000000000\n" for i in range(1, 50))
        text += "cpu sys=900i,user=1 50000000000\n"
        result = self.run_config(config, text)
        forecasts = lines(result, "cpu_forecast")
        self.assertEqual(len(forecasts), 50)
        self.assertTrue(all(line.startswith("cpu_forecast,field=user ") for line in forecasts))
        alarms = lines(result, "cpu_anomaly")
        self.assertEqual(len(alarms), 1)
        self.assertTrue(alarms[0].startswith("cpu_anomaly,field=sys y=900,"))

    def test_forecast_levels_horizon_and_stamp(self):
        target = self.run_config(pipeline(forecast={**HOLT, "horizon": "3s", "level": [80, 95], "emit_every": "10s"}),
                                 "".join(beer(count=41)))
        forecasts = lines(target, "temperature_forecast")
        # Due at the first point of each 10 seconds: one at once, then four.
        self.assertEqual(len(forecasts), 3 * 5)
        last = forecasts[-1]
        self.assertEqual(field(last, "lead_s"), "3")
        self.assertLess(float(field(last, "yhat_lower")), float(field(last, "yhat_lower_80")))
        self.assertLess(float(field(last, "yhat_upper_80")), float(field(last, "yhat_upper")))
        self.assertTrue(last.endswith(f" {1700000000000000000 + 43 * 1000000000}"))

        origin = self.run_config(pipeline(forecast={**HOLT, "forecast_at": [1, "1m"], "stamp": "origin"}), "".join(beer(count=20)))
        last = lines(origin, "temperature_forecast")[-1]
        for name in ("yhat_1s", "yhat_lower_1s", "yhat_1m", "yhat_upper_1m"):
            field(last, name)
        self.assertTrue(last.endswith(f" {1700000000000000000 + 19 * 1000000000}"))

    def test_a_tag_says_how_far_ahead_a_forecast_looks(self):
        result = self.run_config(pipeline(forecast={**HOLT, "forecast_at": [1, "1m"], "lead_tag": True}),
                                 "".join(line.replace("temperature,", "temperature,lead=pb,") for line in beer(count=20)))
        near, far = lines(result, "temperature_forecast")[-2:]
        self.assertIn(",forecastd_lead=1s,", near)  # the original has a tag 'lead'
        self.assertIn(",forecastd_lead=1m,", far)
        result = self.run_config(pipeline(forecast={**HOLT, "forecast_at": [1, "1m"], "lead_tag": True}), "".join(beer(count=20)))
        self.assertEqual({re.search(",lead=([^, ]+)", line)[1] for line in lines(result, "temperature_forecast")}, {"1s", "1m"})
        refused = forecastd("check", self.config(pipeline(forecast={**HOLT, "stamp": "origin", "lead_tag": True})))
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn(b"pipelines[0].forecast.lead_tag: found true, but with 'stamp' at \"origin\"", refused.stderr)

    def test_the_interval_is_learned(self):
        points = list(beer(count=60))
        result = self.run_config(pipeline(interval="auto"), "".join(points))
        judged = lines(result, "temperature_anomaly")
        self.assertEqual(len(judged), 60)
        forecasts = lines(result, "temperature_forecast")
        self.assertEqual(len(forecasts), 52)  # none for the eight points that the interval is learned from
        self.assertEqual(field(forecasts[0], "lead_s"), "1")

    def test_passthrough_off_keeps_the_selected_originals_back(self):
        config = pipeline(namepass=["temperature"], output={"passthrough": False})
        result = self.run_config(config, "other v=1 1\n" + "".join(beer(count=3)))
        self.assertEqual(lines(result, "other"), ["other v=1 1"])
        self.assertEqual(lines(result, "temperature"), [])
        self.assertEqual(len(lines(result, "temperature_anomaly")), 3)

    def test_forecasts_are_clipped_to_data_range(self):
        config = pipeline(forecast={**HOLT, "horizon": 20, "data_range": [19.98, 20.02]}, detect=ZSCORE)
        forecasts = lines(self.run_config(config, "".join(beer(count=40))), "temperature_forecast")
        values = {name: [float(field(line, name)) for line in forecasts if name + "=" in line]
                  for name in ("yhat", "yhat_lower", "yhat_upper")}
        for each in values.values():
            self.assertTrue(all(19.98 <= value <= 20.02 for value in each))
        self.assertGreater(len(set(values["yhat"])), 2)
        self.assertEqual((min(values["yhat_lower"]), max(values["yhat_upper"])), (19.98, 20.02))

    def test_data_range_is_judged_and_never_learned(self):
        config = pipeline(detect={**ZSCORE, "data_range": [0, 40]})
        points = list(beer(count=60))
        clean = lines(self.run_config(config, "".join(points)), "temperature_anomaly")
        broken = points[:50] + ["temperature,brew=ipa temperature=-127 1700000049500000000\n"] + points[51:]
        broken[50] = "temperature,brew=ipa temperature=-127 1700000050000000000\n"
        judged = lines(self.run_config(config, "".join(broken)), "temperature_anomaly")
        self.assertEqual(judged[:50], clean[:50])
        self.assertIn("is_anomaly=true", judged[50])
        self.assertEqual(field(judged[50], "anomaly_score"), "1.01")
        self.assertIn("is_anomaly=false", judged[51])

    def test_limits_pass_originals_and_say_so_once(self):
        config = {"limits": {"max_series": 2}, **pipeline()}
        text = "".join(f"m,s={s} v={i} {i}000000000\n" for i in range(1, 4) for s in range(5))
        result = self.run_config(config, text)
        self.assertEqual(len(lines(result, "m")), 15)
        self.assertEqual(len(lines(result, "m_anomaly")), 6)
        messages = result.stderr.decode().splitlines()
        self.assertEqual(len(messages), 1)
        self.assertIn("limits.max_series (2) is reached", messages[0])

    def test_a_point_without_a_time_gets_the_clock_and_goes_out_as_it_came(self):
        result = self.run_config(pipeline(), "temperature v=1\n")
        self.assertEqual(lines(result, "temperature"), ["temperature v=1"])
        stamp = int(lines(result, "temperature_anomaly")[0].rsplit(" ", 1)[1])
        self.assertLess(abs(stamp / 1e9 - time.time()), 60)

    def test_an_empty_input_is_no_error(self):
        result = self.run_config(pipeline(), b"")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b"", b""))


if __name__ == "__main__":
    main()
