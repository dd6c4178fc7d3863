"""forecastd schema: the JSON schema agrees with check, and the reference page with the docs.

Needs the Python package jsonschema (Debian: python3-jsonschema); without it, the tests of the schema are skipped."""

import copy
import json
import re
import subprocess
import sys
import unittest

from forecastd_test import TestCase, forecastd, main, our_configs

try:
    import jsonschema
except ImportError:
    jsonschema = None

BASE = {"pipelines": [{"forecast": {"plugin": "holt"}, "detect": {"plugin": "zscore"}}]}

# Paths of keys, and what to put there.
GOOD = [
    ("include", []),
    ("pipelines.0.per_field", {"y*": {"detect": {"params": {"z_threshold": 5}}, "rate": True, "alarm": {"raise": 3}}}),
    ("pipelines.0.per_field", {"y": {"forecast": None}, "z": {"detect": [{"plugin": "zscore"}]}}),
    ("pipelines.0.interval", "${N:-10}s"),
    ("pipelines.0.forecast.horizon", "${H:-12}"),
    ("pipelines.0.forecast.level", ["${L:-90}"]),
    ("pipelines.0.forecast.plugin", "${P:-holt}"),
    ("pipelines.0.forecast.params", {"alpha": "${A:-0.5}", "damped": "${D:-false}"}),
    ("pipelines.0.output.passthrough", "${P:-true}"),
    ("pipelines.0.name", "p-${HOME}"),
    ("limits.max_series", "${N:-7}"),
    ("$schema", "./forecastd.schema.json"),
    ("pipelines.0.interval", "1m30s"),
    ("pipelines.0.interval", "auto"),
    ("pipelines.0.tagpass", {"host": ["a*"]}),
    ("pipelines.0.forecast.horizon", 12),
    ("pipelines.0.forecast.horizon", "1h"),
    ("pipelines.0.forecast.forecast_at", [1, "1d"]),
    ("pipelines.0.forecast.params", {"smoothing_level": 0.5, "damped": False}),
    ("pipelines.0.forecast", {"plugin": "holt-winters", "params": {"season_length": "1d"}}),
    ("pipelines.0.detect.data_range", [0, None]),
    ("pipelines.0.forecast.data_range", [None, 100]),
    ("pipelines.0.detect", [{"plugin": "zscore"}]),
    ("pipelines.0", {"detect": [{"plugin": "zscore"}, {"plugin": "zscore", "params": {"z_threshold": 4}}], "combine": "all"}),
    ("pipelines.0", {"detect": [{"plugin": "zscore"}, {"plugin": "zscore"}], "combine": {"min": 2}}),
    ("pipelines.0.output.state", "{measurement}_state"),
    ("pipelines.0.output.forecast", "f_{measurement}"),
    ("limits.max_memory", "1.5GB"),
    ("limits.max_memory", "1MB500KB20"),
    ("pipelines.0.name", "a b,c=#\\d"),
    ("pipelines.0.output.forecast", "f #{measurement}\\x"),
    ("limits.max_memory", 2000000),
    ("limits.max_series", 10.0),
    ("metrics.every", "0"),
    ("state", {"dir": "/x"}),
]
BAD = [
    ("include", "more.json"),
    ("pipelines.0.per_field", ["y"]),
    ("pipelines.0.per_field", {"y": {"detekt": {}}}),
    ("pipelines.0.per_field", {"y": {"detect": {"emit": "some"}}}),
    ("pipelines.0.per_field", {"y": {"forecast": {"params": {"alpha": 0.5}, "horizonn": 3}}}),
    ("pipelines.0.interval", "{N:-10}s"),
    ("limits.max_series", "$N"),
    ("pipelines", []),
    ("pipelines.0", {}),
    ("pipelnes", []),
    ("pipelines.0.interval", "ten seconds"),
    ("pipelines.0.interval", 10),
    ("pipelines.0.tagpass", ["host"]),
    ("pipelines.0.forecast.plugin", "zscore"),
    ("pipelines.0.forecast.plugin", "none such"),
    ("pipelines.0.forecast.horizon", 0),
    ("pipelines.0.forecast.level", [100]),
    ("pipelines.0.forecast.level", []),
    ("pipelines.0.forecast.stamp", "now"),
    ("pipelines.0.forecast.params", {"alpha": 2}),
    ("pipelines.0.forecast.params", {"alhpa": 0.5}),
    ("pipelines.0.forecast.params", {"alpha": 0.5, "smoothing_level": 0.5}),
    ("pipelines.0.forecast", {"plugin": "holt-winters"}),
    ("pipelines.0.forecast", {"plugin": "holt-winters", "params": {}}),
    ("pipelines.0.forecast", {"plugin": "holt-winters", "params": {"season_length": 24.5}}),
    ("pipelines.0.detect.params", {"z_threshold": "4"}),
    ("pipelines.0.detect.data_range", [0]),
    ("pipelines.0.detect", []),
    ("pipelines.0.detect", 3),
    ("pipelines.0.detect", [{"plugin": "zscore"}, {"plugin": "zscore", "params": {"z_threshold": "4"}}]),
    ("pipelines.0.detect", 9 * [{"plugin": "zscore"}]),
    ("pipelines.0", {"detect": 2 * [{"plugin": "zscore"}], "combine": "most"}),
    ("pipelines.0", {"detect": 2 * [{"plugin": "zscore"}], "combine": {"min": 0}}),
    ("pipelines.0.forecast.data_range", 100),
    ("pipelines.0.output.forecast", "{measurement}"),
    ("pipelines.0.output.forecast", "{measurement}_{host}"),
    ("pipelines.0.output.passthrough", "yes"),
    ("limits.max_memory", "2XB"),
    ("limits.max_memory", "20 1MB"),
    ("pipelines.0.name", "a\\"),
    ("pipelines.0.name", "a\n"),
    ("pipelines.0.name", ""),
    ("pipelines.0.output.forecast", "#{measurement}"),
    ("pipelines.0.output.forecast", "{measurement}\\"),
    ("pipelines.0.output.forecast", "a\tb{measurement}"),
    ("pipelines.0.output.forecast_fields", {"yhat": "{field}\n"}),
    ("pipelines.0.forecast.thresholds", [{"name": "a\\", "value": 1}]),
    ("limits.max_series", 0),
    ("state", {}),
    ("log.level", "loud"),
]


def without_comments(text):
    """JSON without // and /* */ comments, which may look like strings and strings like them."""
    piece = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
    return piece.sub(lambda found: found[0] if found[0].startswith('"') else " ", text)


def changed(path, value):
    """BASE with one value put at a path."""
    config = copy.deepcopy(BASE)
    place = config
    *way, last = path.split(".")
    for key in way:
        place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
    place[int(last) if isinstance(place, list) else last] = value
    return config


@unittest.skipUnless(jsonschema, "the Python package jsonschema is not installed")
class Schema(TestCase):

    @classmethod
    def setUpClass(cls):
        done = forecastd("schema")
        assert done.returncode == 0 and done.stderr == b"", done.stderr
        schema = json.loads(done.stdout)
        jsonschema.Draft7Validator.check_schema(schema)
        cls.validator = jsonschema.Draft7Validator(schema)

    def test_every_config_of_ours_is_valid(self):
        for config in our_configs():
            with self.subTest(config.name):
                self.validator.validate(json.loads(without_comments(config.read_text())))

    def agree(self, cases, valid):
        for path, value in cases:
            with self.subTest(path, value=value):
                config = changed(path, value)
                self.assertEqual(self.validator.is_valid(config), valid, "the schema")
                self.assertEqual(forecastd("check", self.config(config)).returncode == 0, valid, "check")

    def test_every_pattern_takes_time_in_proportion_to_the_text(self):
        """A text that nearly matches must not be tried in ever more ways: 10,000 bytes in less than 5 s of CPU time,
        which an exponential pattern takes for 30."""
        patterns = set()

        def walk(schema):
            if isinstance(schema, dict):
                if isinstance(schema.get("pattern"), str):
                    patterns.add(schema["pattern"])
                for each in schema.values():
                    walk(each)
            elif isinstance(schema, list):
                for each in schema:
                    walk(each)

        walk(self.validator.schema)
        self.assertTrue([pattern for pattern in patterns if "KiB" in pattern])
        script = ("import re, resource, sys; resource.setrlimit(resource.RLIMIT_CPU, (5, 5));"
                  "[re.search(sys.argv[1], piece * (10000 // len(piece)) + end) for piece in"
                  " ('1', '11', '1B', '1.1', '1KB', '1m', '1ms', 'a', '{field}', '{measurement}', 'a{field}', '\\\\', ' ')"
                  " for end in ('x', '!', '\\n', '{', 'KX', '\\\\', '')]")
        for pattern in sorted(patterns):
            with self.subTest(pattern):
                done = subprocess.run([sys.executable, "-c", script, pattern], capture_output=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_schema_and_check_allow_the_same(self):
        self.agree(GOOD, True)

    def test_schema_and_check_refuse_the_same(self):
        self.agree(BAD, False)

    def test_a_file_of_several_may_have_no_pipelines(self):
        self.assertTrue(self.validator.is_valid({"limits": {"max_series": 5}}))
        self.assertFalse(self.validator.is_valid({"pipelines": []}))

    def test_every_default_meets_its_own_schema(self):
        def walk(schema):
            if not isinstance(schema, dict):
                return
            for name, key in schema.get("properties", {}).items():
                self.assertTrue(key["description"].endswith("."), name)
                if "default" in key:
                    self.assertTrue(jsonschema.Draft7Validator(key).is_valid(key["default"]), name)
                walk(key)
            walk(schema.get("items"))
            for condition in schema.get("allOf", []):
                walk({"properties": condition.get("then", {}).get("properties", {}).get("params", {})
                      .get("properties", {})})

        walk(self.validator.schema)


class Reference(TestCase):

    def test_the_page_names_every_algorithm_and_its_parameters(self):
        page = forecastd("schema", "--markdown").stdout.decode()
        for algorithm in ("holt", "holt-winters", "lag", "naive", "seasonal-naive", "zscore"):
            self.assertIn(f"### `{algorithm}`\n", page)
        self.assertIn("| `season_length`", page)
        for line in page.splitlines():
            if line.startswith("|"):
                self.assertEqual(len(re.findall(r"(?<!\\)\|", line)), 5, line)

    def test_plugins_of_a_directory_are_added(self):
        (self.folder / "broken.so").write_text("not a plugin")
        done = forecastd("schema", "--plugin-dir", self.folder)
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"broken.so", done.stderr)


if __name__ == "__main__":
    main()
