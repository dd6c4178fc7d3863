"""The dashboards in configs/grafana and the alert rules in configs/alerts, as they are shipped: whole, and about what the program
writes. tests/dashboards asks their queries of real databases, and CI makes them again.
"""

import json
import re

from forecastd_test import ROOT, TestCase, forecastd, main

LANGUAGES = ("flux", "influxql", "promql")
# Grafana and its data sources fill these in.
MACROS = {"__interval", "__rate_interval", "timeFilter", "datasource"}
VARIABLE = re.compile(r"\$\{(\w+)(?::\w+)?\}|\$(\w+)")
# Those that the panels show without a name of their own.
NOT_SHOWN = {"own_outputs"}


def load(language):
    return json.loads((ROOT / f"configs/grafana/{language}.json").read_text())


def panels(board):
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def text_of(target):
    return target.get("query") or target["expr"]


def query_of(variable):
    query = variable.get("query", "")
    return query if isinstance(query, str) else query["query"]


def metrics():
    """Of the page of the host's own metrics: measurement: fields."""
    page = forecastd("schema", "--metrics").stdout.decode()
    return {section.split("`", 1)[0]: set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE))
            for section in page.split("\n## `")[1:]}


class Dashboards(TestCase):
    def boards(self):
        for language in LANGUAGES:
            with self.subTest(language):
                yield language, load(language)

    def test_panels_are_whole_and_beside_each_other(self):
        uids = set()
        for language, board in self.boards():
            self.assertEqual(sorted(path.stem for path in (ROOT / "configs/grafana").glob("*.json")), list(LANGUAGES))
            uids.add(board["uid"])
            ids = [panel["id"] for panel in board["panels"]]
            self.assertEqual(len(ids), len(set(ids)))
            places = set()
            for panel in board["panels"]:
                grid = panel["gridPos"]
                taken = {(x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])}
                self.assertLessEqual(grid["x"] + grid["w"], 24)
                self.assertFalse(taken & places, f"{panel['title']} lies on another one")
                places |= taken
            for panel in panels(board):
                self.assertTrue(panel["description"].endswith("."), panel["title"])
                self.assertEqual(panel["datasource"]["uid"], "${datasource}")
                references = [target["refId"] for target in panel["targets"]]
                self.assertEqual(len(references), len(set(references)))
            titles = [panel["title"] for panel in panels(board)]
            self.assertEqual(len(titles), len(set(titles)))
        self.assertEqual(len(uids), len(LANGUAGES))

    def test_each_language_has_the_same_panels(self):
        titles = [[panel["title"] for panel in board["panels"]] for _, board in self.boards()]
        self.assertGreater(len(titles[0]), 25)
        self.assertEqual(titles[0], titles[1])
        self.assertEqual(titles[0], titles[2])

    def test_variables_are_declared_before_they_are_used(self):
        for _, board in self.boards():
            known = set(MACROS)
            for variable in board["templating"]["list"]:
                used = {a or b for a, b in VARIABLE.findall(query_of(variable))}
                if variable["type"] == "query":
                    self.assertLessEqual(used, known, variable["name"])
                known.add(variable["name"])
            texts = [text_of(target) for panel in panels(board) for target in panel["targets"]]
            texts += [text_of(annotation["target"]) for annotation in board["annotations"]["list"]]
            used = {a or b for text in texts for a, b in VARIABLE.findall(text)}
            self.assertLessEqual(used, known)
            self.assertLessEqual({"measurement", "field", "host", "tag", "value", "lead", "gauge", "counter", "counters", "pipeline"},
                                 used)

    def test_every_metric_of_the_host_is_shown(self):
        own = metrics()
        for language, board in self.boards():
            shown = " ".join(text_of(target) for panel in panels(board) for target in panel["targets"])
            for name in own["forecastd"] - NOT_SHOWN:
                with self.subTest(name):
                    self.assertIn(f"forecastd_{name})" if language == "promql" else f'"{name}"', shown.replace("[$__rate_interval]", ""))

    def test_what_is_asked_of_the_host_is_written(self):
        own = metrics()
        known = set(own) | {f"{measurement}_{field}" for measurement, fields in own.items() for field in fields}
        rules = [path.read_text() for path in sorted((ROOT / "configs/alerts").glob("*.yaml"))]
        self.assertEqual(len(rules), 3)
        texts = [text_of(target) for _, board in self.boards() for panel in panels(board) for target in panel["targets"]]
        for text in texts + [line for rule in rules for line in rule.splitlines() if "uid:" not in line and "name:" not in line]:
            for name in re.findall(r"\bforecastd_\w+", text):
                self.assertIn(name, known, text)


if __name__ == "__main__":
    main()
