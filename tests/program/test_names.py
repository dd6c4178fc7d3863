"""Names of data and of the config, however odd, become lines that can be read back, under the names that they should
have."""

import json
import random
import re

from forecastd_test import TestCase, forecastd, main, read_back

PIECES = ["a", "Z", "9", "_", "é", "\u2713", "#", '"', "'", ",", " ", "=", "\\", "\\,", "\\\\", "\\ ", "\\=", '\\"', "\n",
          "\r", "\t", "\x01", "\x7f", "threshold", "field", "forecastd_", "{", "}"]
# What a measurement, tag or field of the input may have; a line cannot hold line ends or a backslash at the end.
IN_DATA = [piece for piece in PIECES if piece not in ("\n", "\r", "\t")]
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def cleaned(name):
    return CONTROL.sub("\ufffd", name.rstrip("\\"))


def escaped(name):
    """As a field key, tag key or value, by the rules of Telegraf: beside a separator, a quote that follows a backslash
    gets a second one."""
    if not re.search("[, =]", name):
        return name
    return re.sub(r"([, =])", r"\\\1", name.replace('\\"', '\\\\"'))


def is_paired(name):
    """Whether it can be a measurement or field key, in which backslashes before a separator are taken in pairs."""
    return not re.search(r"(?<!\\)(\\\\)*\\[, ={]", name)


def escaped_measurement(name):
    return re.sub(r"([, ])", r"\\\1", name)


class Names(TestCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(8)

    def name(self, pieces):
        return "".join(self.random.choices(pieces, k=self.random.randint(1, 5)))

    def data_name(self):
        while True:
            name = self.name(IN_DATA)
            if not name.endswith("\\") and name.lstrip(" "):
                return name

    def points(self, text):
        points = [json.loads(line) for line in forecastd("inspect", stdin=text).stdout.splitlines()]
        self.assertFalse([point for point in points if "error" in point])
        return points

    def run_config(self, output, thresholds, text, name="p"):
        config = {"metrics": {"every": "1h"}, "pipelines": [{
            "name": name, "interval": "10s", "output": {"change": "{measurement}_change", **output},
            "forecast": {"plugin": "holt", "horizon": 1, "diagnostics_every": "1s", "min_samples": 1,
                         "thresholds": [{"name": each, "value": -1e9, "direction": "above"} for each in thresholds],
                         **({"max_horizon": 2} if thresholds else {})},
            "detect": {"plugin": "zscore"}}]}
        return forecastd("run", self.config(config), stdin=text)

    def test_names_of_data(self):
        keys, lines = [], []
        for _ in range(300):
            measurement = self.data_name()
            while measurement.startswith("#") or not is_paired(measurement):
                measurement = self.data_name()
            tags = {self.data_name(): self.data_name() for _ in range(self.random.randint(0, 3))}
            field = self.data_name()
            while not is_paired(field):
                field = self.data_name()
            keys.append((measurement, tags, field))
            head = ",".join([escaped_measurement(measurement)] + [f"{escaped(k)}={escaped(v)}" for k, v in tags.items()])
            lines.append(f"{head} {escaped(field)}=1.5 1700000000000000000\n")
        text = "".join(lines).encode()
        self.assertEqual([(p["measurement"], p["tags"], list(p["fields"])) for p in self.points(text)],
                         [(m, dict(t), [f]) for m, t, f in keys])

        done = self.run_config({}, ["t h,r=e\\s"], text)
        self.assertEqual(done.stderr, b"")
        found = {}
        for point in self.points(done.stdout):
            found.setdefault(point["measurement"], []).append(point)
        for measurement, tags, field in keys:
            name = cleaned(measurement)
            own = "forecastd_field" if "field" in tags else "field"
            expected = {cleaned(k): cleaned(v) for k, v in sorted(tags.items()) if cleaned(v) and k != own}
            expected = {**expected, own: cleaned(field)}
            threshold = "threshold"
            while threshold in expected:
                threshold = "forecastd_" + threshold
            for suffix, more in (("_anomaly", {}), ("_forecast", {}), ("_change", {}), ("_threshold", {threshold: "t h,r=e\\s"})):
                with self.subTest(measurement=measurement, tags=tags, field=field, suffix=suffix):
                    self.assertIn({**expected, **more}, [point["tags"] for point in found.get(name + suffix, [])])

    def test_a_threshold_beside_a_value_that_ends_in_a_backslash_and_a_comma(self):
        done = self.run_config({}, ["t"], b"m,a=x\\\\\\,,z=1 v=1 1700000000000000000\n")
        self.assertIn(b"m_threshold,a=x\\\\\\,,field=v,threshold=t,z=1 ", done.stdout)

    def test_names_of_the_config(self):
        """Either 'check' says what is wrong with a name and what it would be written as, or it is written as it is."""
        text = b"m v=1 1700000000000000000\nm v=2 1700000010000000000\n"
        refused = 0
        for _ in range(60):
            name = self.name(PIECES)
            placeholder = self.random.choice(["{measurement}", ""])
            output = {"forecast": name + placeholder + "x", "anomaly": "x" + placeholder + name,
                      "forecast_fields": {"yhat": name}}
            config = {"pipelines": [{"name": name, "namepass": ["m"], "fieldpass": ["v"], "interval": "10s", "output": output,
                                     "metrics": None, "forecast": {"plugin": "naive", "horizon": 1, "max_horizon": 2, "thresholds": [
                                         {"name": name, "value": 1.5}]}, "detect": {"plugin": "zscore"}}],
                      "metrics": {"every": "1h"}}
            del config["pipelines"][0]["metrics"]
            path = self.config(config)
            errors = forecastd("check", path).stderr.decode()
            done = forecastd("run", path, stdin=text)
            with self.subTest(name=name, output=output):
                needs_cleaning = cleaned(name) != name
                if errors:
                    refused += 1
                    self.assertRegex(errors, "^E! ")
                    self.assertTrue("it would be written as" in errors or "may occur in it once" in errors
                                    or "begins with '#'" in errors or "before a separator" in errors, errors)
                    if needs_cleaning:
                        self.assertIn("it would be written as", errors)
                    continue
                self.assertFalse(needs_cleaning)
                original = "m" if placeholder else ""
                points = self.points(done.stdout)
                names = {point["measurement"] for point in points}
                self.assertIn(name + original + "x", names)
                self.assertIn("x" + original + name, names)
                self.assertIn(name, {field for point in points for field in point["fields"]})
                self.assertIn(name, {point["tags"].get("pipeline") for point in points})
        self.assertTrue(10 < refused < 55, refused)

    def test_the_helper_finds_what_is_no_line_protocol(self):
        for bad in (b"m v=\n", b"m,a= v=1\n", b"# nothing\n", b"m\\ v=1\n"):
            with self.assertRaises(AssertionError):
                read_back(bad)
        read_back(b"m v=1\n")


if __name__ == "__main__":
    main()
