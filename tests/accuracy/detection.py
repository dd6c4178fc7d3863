#!/usr/bin/env python3
"""How good the detectors are: labelled, quiet and faulty series go through forecastd, and its events are scored.

    detection.py [--build DIR] [--shared DIR] [--part NAME ...] [--days N] [--seeds N] [--params JSON] [--json OUT]
    detection.py --check [--build DIR]

    nab, kpi   labelled series, with 'novelty'             quiet      telemetry in which nothing is wrong, with 'novelty'
    presets    the same with each preset                   defaults   the same with each other detector and forecaster
    fleet      made-up hosts with incidents                choices    the table of docs/choosing.md (no aims)
    start      many series that begin at once; needs no other folder

--shared (or FORECASTD_SHARED) names a folder with data/detection (nab, kpi: inputs and labels) and tools/ (det_score.py,
quiet.py, fleet.py). One table is printed, with an aim beside each figure. quiet.py and fleet.py need numpy. --params are
those of the detector 'novelty'. --check asserts what must be so of small made-up series, without any other folder.
"""

import argparse
import json
import os
import pathlib
import sys
import tempfile

from detection_check import check
from detection_choices import choices
from detection_fleet import fleet
from detection_host import Host, Table
from detection_labelled import labelled
from detection_presets import presets
from detection_quiet import defaults, quiet
from detection_start import start

ROOT = pathlib.Path(__file__).resolve().parents[2]
PARTS = ["nab", "kpi", "quiet", "presets", "defaults", "fleet", "start"]  # and choices, if asked for


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--shared", type=pathlib.Path, default=os.environ.get("FORECASTD_SHARED"))
    parser.add_argument("--part", nargs="+", choices=[*PARTS, "choices"], default=PARTS)
    parser.add_argument("--days", type=int, default=14, help="of quiet telemetry")
    parser.add_argument("--seeds", type=int, default=3, help="of quiet.py and fleet.py")
    parser.add_argument("--params", type=json.loads, default={}, help="of novelty, as JSON")
    parser.add_argument("--json", type=pathlib.Path, help="write the table there, too")
    parser.add_argument("--check", action="store_true", help="assert what must be so of made-up series")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="forecastd-detection-") as folder:
        host = Host(options.build.resolve(), pathlib.Path(folder), options.params)
        if options.check:
            check(host)
            return
        if options.part != ["start"] and (not options.shared or not (options.shared / "data/detection").is_dir()):
            raise SystemExit("detection.py: there are no labelled series: set FORECASTD_SHARED, or give --shared, a folder with "
                             "data/detection and tools; '--check' and '--part start' need none")
        table = Table()
        for part in options.part:
            print(f"{part} ...", file=sys.stderr, flush=True)
            if part in ("nab", "kpi"):
                labelled(host, options.shared, part, table)
            elif part == "fleet":
                fleet(host, options.shared, table, options.seeds)
            elif part == "start":
                start(host, table)
            elif part == "choices":
                choices(host, options.shared, options.days, options.seeds)
            else:
                {"quiet": quiet, "presets": presets, "defaults": defaults}[part](
                    host, options.shared, table, options.days, options.seeds)
        if table.rows:
            print(table)
        if options.json:
            options.json.write_text(json.dumps(table.rows, indent=1))


if __name__ == "__main__":
    main()
