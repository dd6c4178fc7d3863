"""Every choice that a message or a help text names is one that is accepted."""

import json
import re

from forecastd_test import ROOT, TestCase, forecastd, main

LITERAL = re.compile(r'"((?:\\.|[^"\\\n])*)"')
JOINT = re.compile(r'"\s*\n\s*"')
# What a message quotes that is no choice: examples of free text, and words of the input.
FREE = re.compile(r"pipelines\.d/\*\.json|usage_\*|usage_idle|\d+(ns|us|ms|s|m|h|d|w|[KMGT]i?B)|cpu\*|web\*|web1|host|beer|mean|x|pipeline 1|\d+/\d+|forecastd_control|Europe/Berlin|2026-12-25|Christmas|; expected an interval that divides a day, such as |\{(measurement|field)\}(_\w+)?|")


class Choices(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(forecastd("schema").stdout)
        cls.known = set()

        def walk(schema):
            if isinstance(schema, list):
                for each in schema:
                    walk(each)
            elif isinstance(schema, dict):
                cls.known |= {each for each in [*schema.get("enum", ()), schema.get("const")] if isinstance(each, str)}
                cls.known |= set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
                for each in schema.values():
                    walk(each)

        walk(cls.schema)

    def quoted(self, file):
        """The words in double quotes that the string literals of a source file have."""
        text = re.sub(r"//[^\n]*|#include[^\n]*", "", file.read_text())
        for literal in LITERAL.findall(JOINT.sub("", text)):
            yield from re.findall(r'\\"([^"\\]*)\\"', literal)

    def test_the_sources_name_no_other(self):
        found = 0
        for folder in ("plugins", "host/config"):
            for file in sorted((ROOT / folder).rglob("*.cpp")):
                for word in self.quoted(file):
                    found += 1
                    with self.subTest(file.name, word=word):
                        self.assertTrue(word in self.known or FREE.fullmatch(word), f"{word!r} is accepted nowhere")
        self.assertGreater(found, 10)

    def test_a_near_plugin_can_do_what_is_asked(self):
        for section, names in (("forecast", ("zscor", "hotl", "seasonal_naive")), ("detect", ("hotl", "zscor", "arimaa"))):
            for name in names:
                errors = forecastd("check", self.config({"pipelines": [{section: {"plugin": name}}]})).stderr.decode()
                for hint in re.findall("did you mean '(.*?)'", errors):
                    again = forecastd("check", self.config({"pipelines": [{section: {"plugin": hint}}]})).stderr.decode()
                    self.assertNotIn("does not", again)

    def test_options_of_the_commands(self):
        """The values that a command says it expects are taken."""
        valid = self.config({"pipelines": [{"interval": "10s", "output": {"passthrough": False},
                                            "detect": {"plugin": "zscore"}}]})
        for command, option, more in (("telegraf-conf", "--wiring", [valid]), ("simulate", "--scenario", ["--points", "9000"]),
                                      ("simulate", "--order", ["--scenario", "fleet", "--points", "1"])):
            errors = forecastd(command, option, "nothing", *more).stderr.decode()
            names = re.findall("'([a-z-]+)'", errors.split("expected", 1)[1].split(";")[0])
            self.assertEqual(len(names), 2, errors)
            for name in names:
                with self.subTest(command, option=option, name=name):
                    self.assertEqual(forecastd(command, option, name, *more).stderr, b"")


if __name__ == "__main__":
    main()
