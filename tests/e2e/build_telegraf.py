#!/usr/bin/env python3
"""Finds a Telegraf for the tests, or builds one, and prints its path.

    build_telegraf.py

The environment variable TELEGRAF names one that is there; else it is build/telegraf/telegraf, an agent of just the
plugins below, built by Go from Telegraf's source (a few minutes the first time). Without Go nothing is printed on
standard output, and standard error says so. It is linked statically, so that it also runs in another system's root
(tests/packages/roots.py). Returns 1 if what is named or built does not run.
"""

import os
import pathlib
import shutil
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "build/telegraf"
VERSION = "1.39.3"
MODULE = "github.com/influxdata/telegraf"
PLUGINS = """
    inputs.cpu inputs.disk inputs.execd inputs.file inputs.http_listener_v2 inputs.mem inputs.mqtt_consumer inputs.net
    inputs.http inputs.tail
    processors.clone processors.enum processors.execd processors.starlark aggregators.basicstats aggregators.derivative
    outputs.discard outputs.file outputs.http outputs.influxdb outputs.influxdb_v2 outputs.prometheus_client
    parsers.influx parsers.json parsers.json_v2 parsers.value serializers.influx serializers.json
""".split()
INSTALL = ["install", "-tags", ",".join(["custom", *PLUGINS]), "-ldflags", f"-X {MODULE}/internal.Version={VERSION}",
           f"{MODULE}/cmd/telegraf@v{VERSION}"]
SURROUNDINGS = {"CGO_ENABLED": "0"}


def how():
    return " ".join([f"{name}={value}" for name, value in SURROUNDINGS.items()] + INSTALL)


def find():
    """The path of a Telegraf that is there; None if it must be built."""
    if named := os.environ.get("TELEGRAF"):
        return pathlib.Path(named)
    stamp = FOLDER / "built_as"
    built = stamp.exists() and stamp.read_text() == how()
    return FOLDER / "telegraf" if built else None


def build():
    """Builds it with Go; None if there is no Go."""
    go = os.environ.get("GO") or shutil.which("go")
    if not go:
        print("there is no Go here to build Telegraf with: install Go, or name a Telegraf with TELEGRAF=PATH",
              file=sys.stderr)
        return None
    print(f"building Telegraf {VERSION} in {FOLDER}", file=sys.stderr)
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run([go, *INSTALL], env={**os.environ, **SURROUNDINGS, "GOBIN": str(FOLDER)}, check=True)
    (FOLDER / "built_as").write_text(how())
    return FOLDER / "telegraf"


def main():
    try:
        telegraf = find() or build()
        if telegraf:
            subprocess.run([telegraf, "--version"], stdout=subprocess.DEVNULL, check=True)
            print(telegraf)
    except (OSError, subprocess.CalledProcessError) as problem:
        print(f"no Telegraf to test with: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
