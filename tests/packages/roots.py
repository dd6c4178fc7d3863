#!/usr/bin/env python3
"""Installs the packages in clean systems, without a compiler, and runs the program there.

    roots.py PACKAGES [NAME...] [--roots FOLDER]

NAME is a system of the table below; without any it is all of them. Each is made once by debootstrap, in FOLDER (build/roots),
and the checks run in a copy, which is removed at the end. If there is a Telegraf that is linked statically
(tests/e2e/build_telegraf.py), it runs there with the config that 'forecastd telegraf-conf' prints. Needs root.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

from check import CONFIG, check, only

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The environment variable that names a mirror; without it debootstrap takes its own.
DEBIAN, UBUNTU = "DEBIAN_MIRROR", "UBUNTU_MIRROR"
# Name: what it is, its mirror, and the version of its C library.
SYSTEMS = {
    "bullseye": ("Debian 11", DEBIAN, "2.31"),
    "bookworm": ("Debian 12", DEBIAN, "2.36"),
    "trixie": ("Debian 13", DEBIAN, "2.41"),
    "focal": ("Ubuntu 20.04", UBUNTU, "2.31"),
    "noble": ("Ubuntu 24.04", UBUNTU, "2.39"),
}
UBUNTU_KEYS = pathlib.Path("/usr/share/keyrings/ubuntu-archive-keyring.gpg")
BEER = f"forecastd simulate > /tmp/beer.lp && forecastd run /tmp/config.json < /tmp/beer.lp | grep -c 'state=\"open\"'"
TELEGRAF = """
[agent]
  metric_batch_size = 5000
  metric_buffer_limit = 200000
  omit_hostname = true
[[inputs.file]]
  files = ["/tmp/beer.lp"]
  data_format = "influx"
[[outputs.file]]
  files = ["/tmp/output.lp"]
  data_format = "influx"
"""


def make(name, folder):
    """The system as debootstrap makes it; made once."""
    root = folder / name
    if (root / "made").exists():
        return root
    shutil.rmtree(root, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    _, mirror, _ = SYSTEMS[name]
    trust, script = [], []
    source = os.environ.get(mirror, "")
    if mirror == UBUNTU:
        script = ["gutsy"]  # that of every Ubuntu since, and here also for those that came after this debootstrap
        trust = [f"--keyring={UBUNTU_KEYS}"] if UBUNTU_KEYS.exists() else ["--no-check-gpg"]
    begin = time.monotonic()
    done = subprocess.run(["debootstrap", "--variant=minbase", *trust, name, str(root), source, *script], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    check(done.returncode == 0, f"debootstrap could not make {name}: {done.stdout[-2000:]}")
    (root / "made").touch()
    print(f"{name}: made by debootstrap in {time.monotonic() - begin:.0f} s", flush=True)
    return root


class System:
    """A clean system in which commands run, with processes of its own."""

    def __init__(self, name, root):
        self.name, self.root = name, root

    def run(self, command, code=0):
        inside = ["env", "-i", "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME=/root", "DEBIAN_FRONTEND=noninteractive",
                  "sh", "-c", command]
        done = subprocess.run(["unshare", "--mount", "--pid", "--fork", f"--mount-proc={self.root}/proc", "chroot", str(self.root),
                               *inside], capture_output=True, text=True, check=False, timeout=600)
        check(done.returncode == code,
              f"{self.name}: '{command}' returned {done.returncode}, expected {code}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout + (done.stderr if code else "")

    def put(self, text, path):
        (self.root / path).write_text(text)


def check_without_time_zones(system, program):
    """An archive needs no tzdata, unless a config names a time zone; then a sentence says what to do."""
    system.put(json.dumps({"pipelines": [{**json.loads(CONFIG)["pipelines"][0], "timezone": "Europe/Berlin"}]}), "tmp/zone.json")
    if (system.root / "usr/share/zoneinfo/Europe/Berlin").exists():
        system.run(f"{program} check /tmp/zone.json")
    else:
        told = system.run(f"{program} check /tmp/zone.json", code=1)
        check("install the package tzdata" in told, f"{system.name}: without tzdata, 'check' says: {told}")


def check_archive(system, archive):
    shutil.copy(archive, system.root / "tmp")
    system.run(f"mkdir /opt/forecastd && tar -xzf /tmp/{archive.name} -C /opt/forecastd --strip-components=1")
    program = "/opt/forecastd/bin/forecastd"
    check_without_time_zones(system, program)
    events = system.run(f"PATH=/opt/forecastd/bin:$PATH; {BEER}")
    check(int(events) > 0, f"{system.name}: from the archive, no event was found in the beer")
    # The child of a crash is the program again, from where it lies.
    system.run(f"{program} verify /opt/forecastd/lib/forecastd/plugins/novelty.so")
    system.run("rm -r /opt/forecastd")
    return int(events)


def check_package(system, package):
    shutil.copy(package, system.root / "tmp")
    system.run(f"apt-get update -qq && apt-get install -y -qq --no-install-recommends /tmp/{package.name}")
    version = system.run("forecastd --version").split()[1]
    check(f"_{version}_" in package.name, f"{system.name}: {package.name} has forecastd {version}")
    check(int(system.run(BEER)) > 0, f"{system.name}: no event was found in the beer")
    system.run("forecastd check /tmp/zone.json")


def check_telegraf(system, telegraf):
    """Telegraf reads the beer once, and forecastd's events are in what it writes."""
    shutil.copy(telegraf, system.root / "usr/local/bin/telegraf")
    section = system.run("forecastd telegraf-conf /tmp/config.json")
    system.put(TELEGRAF + section, "tmp/telegraf.conf")
    system.run("telegraf --once --config /tmp/telegraf.conf")
    output = (system.root / "tmp/output.lp").read_text().splitlines()
    points = sum(line.startswith("temperature,") for line in output)
    expected = len((system.root / "tmp/beer.lp").read_text().splitlines())
    check(points == expected, f"{system.name}: Telegraf wrote {points} of {expected} points")
    events = sum('state="open"' in line for line in output)
    check(events > 0, f"{system.name}: Telegraf wrote no event of {points} points")
    return f"{points} points and {events} events through Telegraf"


def check_removal(system):
    system.run("apt-get purge -y -qq forecastd")
    left = [path for folder in ("usr/bin", "usr/lib", "usr/share") for path in (system.root / folder).rglob("*forecastd*")]
    check(not left, f"{system.name}: after 'apt-get purge', there are {left}")


def check_system(name, folder, packages, telegraf):
    pristine = make(name, folder)
    root = folder / f"{name}.copy"
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run(["cp", "-a", "--reflink=auto", str(pristine), str(root)], check=True)
    try:
        system = System(name, root)
        title, _, glibc = SYSTEMS[name]
        check(f" {glibc}" in system.run("ldd --version").splitlines()[0], f"{name} has another C library than glibc {glibc}")
        system.run("command -v cc || command -v gcc || command -v c++", code=127)
        system.put(CONFIG, "tmp/config.json")
        events = check_archive(system, only(packages, "forecastd-*.tar.gz"))
        check_package(system, only(packages, "forecastd_*.deb"))
        done = [f"archive and Debian package ran ({events} events in the beer)"]
        if telegraf:
            done.append(check_telegraf(system, telegraf))
        check_removal(system)
        print(f"{name} ({title}, glibc {glibc}): {'; '.join(done)}; removed", flush=True)
    finally:
        shutil.rmtree(root)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SYSTEMS))
    parser.add_argument("--roots", type=pathlib.Path, default=ROOT / "build/roots")
    options = parser.parse_args()
    if unknown := set(options.names) - set(SYSTEMS):
        parser.error(f"there is no system {', '.join(sorted(unknown))}; these are there: {', '.join(SYSTEMS)}")
    telegraf = pathlib.Path(os.environ["TELEGRAF"]) if os.environ.get("TELEGRAF") else None
    if telegraf and b"ld-linux" in telegraf.read_bytes()[:4096]:
        print(f"roots.py: {telegraf} is not linked statically: no Telegraf runs", file=sys.stderr)
        telegraf = None
    for name in options.names or SYSTEMS:
        check_system(name, options.roots.resolve(), options.packages, telegraf)


if __name__ == "__main__":
    main()
