"""What Grafana does with a dashboard, as far as its queries go: variables are filled from the store one after the other, and
each panel's queries are asked with them.

A store has values(query), the texts of a variable's query, and frames(target, view), what a panel's query gives.
"""

import dataclasses
import json
import re

from forecastd_test import ROOT

PLACE = re.compile(r"\$\{(\w+)(?::(\w+))?\}|\$(\w+)|\[\[(\w+)\]\]")


@dataclasses.dataclass
class View:
    """The time range that is looked at, in seconds, and the distance of two points."""
    begin: int
    end: int
    step: int


@dataclasses.dataclass
class Frame:
    """A series: (seconds, number) each. Of a table, rows: a dict each."""
    name: str
    labels: dict
    points: list = dataclasses.field(default_factory=list)
    rows: list = dataclasses.field(default_factory=list)

    def __bool__(self):
        return any(value is not None for _, value in self.points) or bool(self.rows)


def load(language):
    return json.loads((ROOT / f"configs/grafana/{language}.json").read_text())


def panels(board):
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def regex_escaped(text):
    return re.sub(r"[\\^$*+?.()|[\]{}/-]", lambda found: "\\" + found[0], text)


def as_regex(values):
    escaped = [regex_escaped(value) for value in values]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


def in_promql(values):
    """How the data source of Prometheus writes a variable with many values, within the quotes of a text."""
    escaped = [re.sub(r"[$^*{}\[\]'+?.()|]", lambda found: "\\\\" + found[0], value.replace("\\", 4 * "\\")) for value in values]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


def filled(text, values, many=(), in_language=as_regex):
    """values: {variable: [value]}; what is not among them stays, such as a macro of the data source. many: the variables
    that may have several values, which in_language writes where no format is given."""
    def one(found):
        name = found[1] or found[3] or found[4]
        if name not in values:
            return found[0]
        if found[2] == "regex":
            return as_regex(values[name])
        if name in many and not found[2]:
            return in_language(values[name])
        assert found[2] in (None, "raw"), found[0]
        return values[name][0]
    return PLACE.sub(one, text)


def options(variable, texts):
    """What a query variable offers, by its expression: the first group of each match, else all of it."""
    offered = []
    if not variable.get("regex"):
        offered = list(texts)
    else:
        expression, flags = re.fullmatch(r"/(.*)/(g?)", variable["regex"], re.DOTALL).groups()
        for text in texts:
            matches = list(re.finditer(expression, text))[:None if flags else 1]
            offered += [match[1] if match.re.groups else match[0] for match in matches]
    offered = list(dict.fromkeys(offered))
    order = variable.get("sort", 0)
    return sorted(offered, reverse=order == 2) if order in (1, 2) else offered


class Board:
    def __init__(self, language, store, now, **chosen):
        """now: in seconds. chosen: values of variables that are not taken from the store, such as a bucket."""
        self.now = now
        self.json = load(language)
        self.store = store
        self.chosen = {name: [value] for name, value in chosen.items()}
        self.cache = {}
        self.many = {variable["name"] for variable in self.variables() if variable["multi"]}
        self.in_language = in_promql if language == "promql" else as_regex

    def filled(self, text, values):
        return filled(text, values, self.many, self.in_language) if isinstance(text, str) else text

    def variables(self):
        return [variable for variable in self.json["templating"]["list"] if variable["type"] != "datasource"]

    def offered(self, variable, values):
        if variable["type"] == "custom":
            return [option.split(" : ")[1] for option in variable["query"].split(", ")]
        text = variable["query"] if isinstance(variable["query"], str) else variable["query"]["query"]
        query = self.filled(text, values)
        if query not in self.cache:
            self.cache[query] = self.store.values(query)
        return options(variable, self.cache[query])

    def selection(self, **wanted):
        """The values of all variables, the first that is offered unless one is wanted; '' where nothing is."""
        values = dict(self.chosen)
        for variable in self.variables():
            name = variable["name"]
            if name in values:
                continue
            offered = self.offered(variable, values)
            if name in wanted:
                assert wanted[name] in offered, f"{name}: {wanted[name]} is not among {offered}"
                values[name] = [wanted[name]]
            else:
                values[name] = (offered if variable["multi"] else offered[:1]) or [""]
        return values

    def choices(self, name, **wanted):
        """What a variable offers, those before it chosen so."""
        values = dict(self.chosen)
        for variable in self.variables():
            offered = self.offered(variable, values) if variable["name"] not in values else []
            if variable["name"] == name:
                return offered
            if variable["name"] not in values:
                values[variable["name"]] = [wanted.get(variable["name"]) or (offered or [""])[0]]
        raise KeyError(name)

    def panel(self, title):
        found, = [panel for panel in panels(self.json) if panel["title"] == title]
        return found

    def targets(self, panel, values):
        """Each query of a panel, filled in; a panel that is repeated once for each value."""
        for value in values[panel["repeat"]] if panel.get("repeat") else [None]:
            here = {**values, panel["repeat"]: [value]} if panel.get("repeat") else values
            for target in panel["targets"]:
                yield {key: self.filled(part, here) for key, part in target.items()}

    def ask(self, panel, values, view):
        """[the frames of each query]. A panel with a time of its own looks back from now."""
        if panel.get("timeFrom"):
            assert panel["timeFrom"] == "24h", panel["timeFrom"]
            view = View(self.now - 24 * 3600, self.now, view.step)
        return [self.store.frames(target, view) for target in self.targets(panel, values)]

    def annotations(self, values, view):
        for annotation in self.json["annotations"]["list"]:
            target = {key: self.filled(part, values) for key, part in annotation["target"].items()}
            yield annotation["name"], self.store.frames(target, view)
