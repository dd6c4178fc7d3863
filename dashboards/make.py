#!/usr/bin/env python3
"""Makes the dashboards in configs/grafana and the alert rules in configs/alerts, one for each language of queries.

    make.py [--check]

--check writes nothing, and returns 1 if a file is not what would be written. It needs Grafana's foundation SDK, which
requirements.txt names; './dev dashboards' installs it into a folder of its own and runs this.
"""

import argparse
import json
import pathlib
import sys

import alerts
import board
import flux
import influxql
import promql

CONFIGS = pathlib.Path(__file__).resolve().parents[1] / "configs"
LANGUAGES = (influxql, flux, promql)


def files():
    """path: text"""
    made = {}
    for language in LANGUAGES:
        made[CONFIGS / f"grafana/{language.NAME}.json"] = json.dumps(board.board_of(language), indent=1) + "\n"
        rules = alerts.for_prometheus if language is promql else alerts.for_grafana
        name = "prometheus" if language is promql else f"grafana-{language.NAME}"
        made[CONFIGS / f"alerts/{name}.yaml"] = rules(language)
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only tell whether the files are what would be written")
    arguments = parser.parse_args()
    wrong = 0
    for path, text in files().items():
        if arguments.check:
            if path.suffix == ".json" and (unknown := board.what_grafana_does_not_know(json.loads(text))):
                print(f"{path}: Grafana's SDK does not know all of the panels {unknown}", file=sys.stderr)
                wrong = 1
            if not path.is_file() or path.read_text() != text:
                print(f"{path} is not what the script makes; run './dev dashboards'", file=sys.stderr)
                wrong = 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
