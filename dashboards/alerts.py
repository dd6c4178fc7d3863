"""The alert rules as files: for Grafana's provisioning, and for Prometheus."""

import re
import textwrap

import yaml

HEAD = "# Made by dashboards/make.py. docs/dashboards.md tells how to install it.\n"
GRAFANA = HEAD + textwrap.dedent("""\
    # $FORECASTD_DATASOURCE is the uid of the data source: a variable of Grafana's environment, or put the uid in its place.
    """)


class Text(str):
    """A string of several lines, or a long one, which is written as a block."""


def write_text(dumper, text):
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


class Dumper(yaml.SafeDumper):
    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)


Dumper.add_representer(Text, write_text)


def dumped(value):
    return yaml.dump(value, Dumper=Dumper, sort_keys=False, width=1000, allow_unicode=True)


def uid(language, rule):
    return f"forecastd-{language.NAME}-{rule.name.lower().replace(' ', '-')}"


def expression(reference, model, window):
    return {"refId": reference, "relativeTimeRange": {"from": window, "to": 0}, "datasourceUid": "__expr__",
            "model": {"refId": reference, "datasource": {"type": "__expr__", "uid": "__expr__"}, **model}}


def for_grafana(language):
    """Each rule asks its query (A), takes the last value of each series (B) and compares it (C)."""
    rules = []
    for rule in language.RULES:
        kind, limit = ("gt", rule.above) if rule.above is not None else ("lt", rule.below)
        rules.append({
            "uid": uid(language, rule)[:40], "title": f"forecastd: {rule.name}", "condition": "C",
            "data": [
                {"refId": "A", "relativeTimeRange": {"from": rule.window, "to": 0}, "datasourceUid": "$FORECASTD_DATASOURCE",
                 "model": {"refId": "A", "query": Text(rule.query), "rawQuery": True, "resultFormat": "time_series"}},
                expression("B", {"type": "reduce", "expression": "A", "reducer": "last", "settings": {"mode": "dropNN"}}, rule.window),
                expression("C", {"type": "threshold", "expression": "B",
                                 "conditions": [{"evaluator": {"type": kind, "params": [limit]}}]}, rule.window),
            ],
            "noDataState": rule.no_data, "execErrState": "Error", "for": "0s",
            "annotations": {"summary": rule.summary.replace("VALUE", "{{ $values.B.Value }}")},
            "labels": {"severity": rule.severity},
        })
    return GRAFANA + dumped({"apiVersion": 1, "groups": [
        {"orgId": 1, "name": f"forecastd-{language.NAME}", "folder": "forecastd", "interval": "1m", "rules": rules}]})


def for_prometheus(language):
    rules = []
    for rule in language.RULES:
        name = "Forecastd" + re.sub(r"(?:^| )(\w)", lambda found: found[1].upper(), rule.name)
        limit = f"> {rule.above}" if rule.above is not None else f"< {rule.below}"
        # Of two operands, the first is compared: a comparison binds more than 'and'.
        first, *others = rule.query.split(" and ")
        query = " and ".join([f"({first}) {limit}" if " + " in first else f"{first} {limit}", *others])
        rules.append({"alert": name, "expr": Text(query), "labels": {"severity": rule.severity},
                      "annotations": {"summary": rule.summary.replace("VALUE", "{{ $value }}")}})
        if rule.no_data == "Alerting":
            rules.append({"alert": f"{name}Wholly", "expr": "absent(forecastd_points)", "for": "15m",
                          "labels": {"severity": rule.severity}, "annotations": {"summary": "no forecastd is heard of"}})
    return HEAD + dumped({"groups": [{"name": "forecastd", "interval": "1m", "rules": rules}]})
