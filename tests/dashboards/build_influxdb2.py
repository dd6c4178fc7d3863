#!/usr/bin/env python3
"""Finds an InfluxDB 2 for the tests of the queries in Flux, or builds one, and prints its path.

    build_influxdb2.py

The environment variable INFLUXD2 names one that is there; else it is build/influxdb2/influxd, built from its source by Go and
Rust (some ten minutes). It has no user interface. Without both nothing is printed on standard output.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "build/influxdb2"
MODULE = "github.com/influxdata/influxdb/v2"
VERSION = "v2.7.12"
# Flux is written in Rust, with warnings as errors; today's compiler has more warnings than that of its day.
WRAPPER = """#!/bin/sh
case " $* " in *" --cap-lints "* | *" -vV "* | *"--print"*) exec "$@" ;; esac
exec "$@" --cap-lints allow
"""


def find():
    """The path of one that is there; None if it must be built."""
    if named := os.environ.get("INFLUXD2"):
        return pathlib.Path(named)
    return FOLDER / "influxd" if (FOLDER / "influxd").exists() else None


def run(*command, **more):
    return subprocess.run(command, check=True, text=True, **more)


def build():
    missing = [name for name in ("go", "cargo", "rustc") if not shutil.which(name)]
    if missing:
        print(f"there is no {' and no '.join(missing)} here to build InfluxDB 2 with: install them, or name an influxd with "
              "INFLUXD2=PATH", file=sys.stderr)
        return None
    print(f"building InfluxDB {VERSION} in {FOLDER}", file=sys.stderr)
    FOLDER.mkdir(parents=True, exist_ok=True)
    wrapper = FOLDER / "rustc-wrapper"
    wrapper.write_text(WRAPPER)
    wrapper.chmod(0o755)
    # Its go.mod asks for this program in place of pkg-config: it builds Flux.
    environment = {**os.environ, "GOBIN": str(FOLDER), "RUSTC_WRAPPER": str(wrapper), "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod",
                   "PKG_CONFIG": str(FOLDER / "pkg-config")}
    if shutil.which("rustup"):
        shown = run("rustup", "show", "active-toolchain", capture_output=True).stdout
        environment["RUSTUP_TOOLCHAIN"] = shown.split()[0]
    run("go", "install", "github.com/influxdata/pkg-config@v0.2.14", env=environment)
    # Its go.mod replaces a module, so it is no program that 'go install' takes by its name.
    source = FOLDER / "source"
    downloaded = json.loads(run("go", "mod", "download", "-json", f"{MODULE}@{VERSION}", capture_output=True, env=environment).stdout)
    if not source.exists():
        shutil.copytree(downloaded["Dir"], source)
        for path in [source, *source.rglob("*")]:
            path.chmod(path.stat().st_mode | 0o200)
    run("go", "build", "-tags", "sqlite_foreign_keys,sqlite_json", "-o", str(FOLDER / "influxd"), "./cmd/influxd", cwd=source,
        env=environment)
    return FOLDER / "influxd"


def main():
    try:
        influxd = find() or build()
        if influxd:
            subprocess.run([influxd, "version"], stdout=subprocess.DEVNULL, check=True)
            print(influxd)
    except (OSError, subprocess.CalledProcessError) as problem:
        print(f"no InfluxDB 2 to test with: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
