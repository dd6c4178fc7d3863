"""The host's own metrics, through the running program."""

import os
import random
import re
import select
import statistics
import subprocess

import reference_parser
from forecastd_test import FORECASTD, TestCase, forecastd, main

EVERY_HOUR = {"every": "1h"}  # so they come once, at the end


def config(metrics, plugin="naive", **forecast):
    return {"pipelines": [{"name": "beer", "interval": "1s", "forecast": {"plugin": plugin, "level": [80, 95], **forecast},
                           "detect": {"plugin": "zscore", "params": {"min_samples": 10}}}], "metrics": metrics}


def beer(count=200):
    noise = random.Random(5)
    for i in range(count):
        yield f"temperature,brew=ipa temperature={20 + noise.gauss(0, 0.1):.3f} {1700000000000000000 + i * 1000000000}\n"


def metrics_in(output):
    """The fields of each metrics line, the last where there are several, by measurement and role."""
    return {(point["measurement"], point["tags"].get("role", "")): {name: field["value"] for name, field in point["fields"].items()}
            for point in reference_parser.parse(output) if point["measurement"].startswith("forecastd")}


class Metrics(TestCase):
    def line_by_line(self, path, text):
        process = subprocess.Popen([FORECASTD, "run", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with process:
            output = b""
            for line in text.splitlines(keepends=True):
                process.stdin.write(line.encode())
                process.stdin.flush()
                answer = b""
                while answer.count(b"\n") < 3:
                    self.assertTrue(select.select([process.stdout], [], [], 10)[0], "a point is answered at once")
                    answer += os.read(process.stdout.fileno(), 1 << 16)
                output += answer
            process.stdin.close()
            return output + process.stdout.read()

    def test_accuracy_and_counters_are_the_same_in_bulk_and_line_by_line(self):
        path = self.config(config(EVERY_HOUR, plugin="holt"))
        text = "".join(beer())
        bulk = metrics_in(forecastd("run", path, stdin=text).stdout)
        single = metrics_in(self.line_by_line(path, text))
        accuracy = bulk["forecastd_accuracy", ""]
        self.assertEqual(set(accuracy), {"points", "mae", "mase", "bias", "coverage_80", "coverage_95", "width_80", "width_95"})
        self.assertEqual(accuracy, single["forecastd_accuracy", ""])
        for numbers in (bulk, single):
            del numbers["forecastd", ""]["resident_bytes"]
        self.assertEqual(bulk["forecastd", ""], single["forecastd", ""])

    def test_accuracy_is_what_the_lines_say(self):
        output = forecastd("run", self.config(config(EVERY_HOUR, plugin="holt")), stdin="".join(beer())).stdout
        accuracy = metrics_in(output)["forecastd_accuracy", ""]
        rows = [{name: field["value"] for name, field in point["fields"].items()}
                for point in reference_parser.parse(output) if point["measurement"] == "temperature_anomaly"]
        judged = [(abs(row["residual"]), abs(row["y"] - before["y"])) for before, row in zip(rows, rows[1:]) if "yhat" in row]
        self.assertEqual(accuracy["points"], len(judged))
        mae, naive = (statistics.fmean(column) for column in zip(*judged))
        self.assertAlmostEqual(accuracy["mae"], mae, places=9)
        self.assertAlmostEqual(accuracy["mase"], mae / naive, places=9)
        self.assertLess(accuracy["mase"], 1, "noise around a level: holt averages it away, naive repeats it")
        for level in (80, 95):
            self.assertAlmostEqual(accuracy[f"coverage_{level}"], level / 100, delta=0.08)

    def test_the_naive_forecast_is_as_good_as_itself(self):
        accuracy = metrics_in(forecastd("run", self.config(config(EVERY_HOUR)), stdin="".join(beer())).stdout)["forecastd_accuracy", ""]
        self.assertEqual(accuracy["mase"], 1)

    def test_what_goes_in_and_out_is_counted(self):
        text = "# a comment\n\nbad\n" + "".join(beer(20))
        output = forecastd("run", self.config(config(EVERY_HOUR)), stdin=text).stdout
        own = metrics_in(output)["forecastd", ""]
        derived = b"".join(line for line in output.splitlines(keepends=True) if not line.startswith(b"forecastd"))
        self.assertEqual((own["bytes_in"], own["lines_in"], own["bad_points"]), (len(text), 23, 1))
        self.assertEqual((own["bytes_out"], own["lines_out"]), (len(derived), derived.count(b"\n")))
        self.assertGreater(own["resident_bytes"], own["memory_bytes"])

    def test_tags_of_the_config_are_on_each_line(self):
        output = forecastd("run", self.config(config({**EVERY_HOUR, "tags": {"zone": "a", "my host": "web, 1"}})),
                           stdin="".join(beer(20))).stdout
        own = [point for point in reference_parser.parse(output) if point["measurement"].startswith("forecastd")]
        self.assertEqual({point["measurement"] for point in own},
                         {"forecastd", "forecastd_state", "forecastd_plugin", "forecastd_accuracy"})
        for point in own:
            self.assertEqual((point["tags"]["zone"], point["tags"]["my host"]), ("a", "web, 1"))

    def test_metrics_change_nothing_else(self):
        text = "".join(beer())
        on = forecastd("run", self.config(config({"every": "1ms"})), stdin=text).stdout
        off = forecastd("run", self.config(config({"every": "0s"})), stdin=text).stdout
        self.assertEqual(re.sub(rb"(?m)^forecastd.*\n", b"", on), off)

    def test_every_field_is_on_the_page(self):
        output = forecastd("run", self.config(config(EVERY_HOUR, plugin="holt")), stdin="".join(beer(20))).stdout
        page = forecastd("schema", "--metrics").stdout.decode()
        for (measurement, _), fields in metrics_in(output).items():
            if measurement == "forecastd_model":
                continue  # the diagnostics of the plugin, which docs/config.md has
            section = page.split(f"\n## `{measurement}`\n")[1].split("\n## ")[0]
            declared = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
            for name in fields:
                self.assertIn(re.sub(r"^(coverage|width)_\d+$", r"\1_95", name), declared)


if __name__ == "__main__":
    main()
