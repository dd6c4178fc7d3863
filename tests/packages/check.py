#!/usr/bin/env python3
"""Whether the packages hold what they should, run on every system with glibc 2.31 or later by what their files ask for, and
the program runs from where they are unpacked. Clean systems are for roots.py.

    check.py FOLDER [--architecture amd64|arm64] [--sysroot FOLDER]

FOLDER has the packages. Those for arm64 run within packaging/emulated. --sysroot: what packaging/sysroot.py made; the archive
also runs in a system that has nothing but the C library from there, and libgcc_s.
"""

import argparse
import pathlib
import shutil
import subprocess
import tempfile

import binaries

CONFIG = '{"pipelines": [{"detect": {"plugin": "novelty", "false_alarms": "30d", "emit": "anomalies"}}]}'
PROGRAM = ("bin/forecastd", "lib/forecastd/plugins/novelty.so", "share/doc/forecastd/docs/operators.md",
           "share/doc/forecastd/docs/pictures/report.png", "share/doc/forecastd/LICENSE.uPlot",
           "share/doc/forecastd/configs/presets/cpu.json", "share/doc/forecastd/configs/grafana/influxql.json",
           "share/doc/forecastd/configs/alerts/prometheus.yaml", "share/doc/forecastd/docs/dashboards/series.png",
           "share/man/man1/forecastd-run.1", "share/bash-completion/completions/forecastd",
           "share/doc/forecastd/licenses/nlopt")
DEPENDS = "libc6 (>= 2.31), libgcc-s1, tzdata"
SDK = ("include/forecastd/plugin.hpp", "include/forecastd/testing.h", "lib/cmake/forecastd-sdk/forecastd-sdk-config.cmake",
       "share/pkgconfig/forecastd-sdk.pc", "share/forecastd/rust/forecastd-plugin/Cargo.toml", "share/forecastd/examples/ewma.cpp")


def run(*command, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **more)
    if done.returncode:
        raise SystemExit(f"check.py: {' '.join(map(str, command))} returned {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def only(folder, pattern):
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise SystemExit(f"check.py: {folder} has {len(found)} files {pattern}, expected one")
    return found[0]


def check(condition, what):
    if not condition:
        raise SystemExit(f"check.py: {what}")


def check_files(prefix, files, missing, name):
    for file in files:
        check((prefix / file).is_file(), f"{name} has no {file}")
    for file in missing:
        check(not (prefix / file).exists(), f"{name} has {file}, which belongs to the other package")


def check_binaries(prefix, architecture, name):
    """The program and its plugins ask the system for little enough. Returns how many there are."""
    files = [prefix / "bin/forecastd", *sorted((prefix / "lib/forecastd/plugins").glob("*.so"))]
    faults = [fault for file in files for fault in binaries.faults(file, architecture)]
    check(not faults, "\n".join([f"{name}:", *faults]))
    return len(files)


def check_program(forecastd, name):
    """It finds its plugins, and an anomaly in the beer."""
    algorithms = run(forecastd, "plugins").splitlines()[1:]
    check(len(algorithms) >= 14, f"{name}: the program finds {len(algorithms)} algorithms, expected at least 14")
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "config.json")
        config.write_text(CONFIG)
        found = run("sh", "-c", f"{forecastd} simulate | {forecastd} run {config} | grep -c 'state=\"open\"'")
    check(int(found) > 0, f"{name}: no event was found in the beer")
    return len(algorithms)


NAMESPACES = ("unshare", "--user", "--map-root-user", "--mount")


def can_make_namespaces():
    return subprocess.run([*NAMESPACES, "true"], capture_output=True, check=False).returncode == 0


def check_alone(prefix, sysroot, root):
    """The program runs beside the oldest C library, and nothing else: no shell, no time zones, no other library."""
    if not can_make_namespaces():
        print("not checked: the archive in a root of its own, since nobody may make namespaces here (some containers)")
        return
    for folder in ("lib", "lib64"):
        if (sysroot / folder).is_dir():
            shutil.copytree(sysroot / folder, root / folder, symlinks=True)
    shutil.copytree(prefix, root / "opt", symlinks=True)
    for folder in ("dev", "proc", "tmp"):
        (root / folder).mkdir()
    (root / "tmp/config.json").write_text(CONFIG)
    inside = f"mount --rbind /dev {root}/dev && mount --rbind /proc {root}/proc && exec chroot {root} /opt/bin/forecastd \"$@\""

    def alone(*arguments, **more):
        return run(*NAMESPACES, "sh", "-c", inside, "sh", *arguments, **more)

    output = alone("run", "/tmp/config.json", input=alone("simulate"))
    check('state="open"' in output, "beside the oldest C library alone, no event was found in the beer")
    alone("verify", "/opt/lib/forecastd/plugins/novelty.so")


def check_debian(package, folder, files, missing):
    """Unpacks it; returns where."""
    run("dpkg-deb", "-x", package, folder)
    check_files(folder / "usr", files, missing, package.name)
    print(f"{package.name}: {size(package)}, depends on {run('dpkg-deb', '-f', package, 'Depends').strip() or 'nothing'}")
    return folder / "usr"


def check_archive(archive, folder):
    """Unpacks it; returns where."""
    folder.mkdir()
    listed = run("tar", "--numeric-owner", "-tvzf", archive).splitlines()
    others = [line for line in listed if line.split()[1] != "0/0"]
    check(not others, f"{archive.name} has files of another user than root, whose plugins would be refused: {others[:3]}")
    run("tar", "-xzf", archive, "-C", folder)
    (prefix,) = folder.iterdir()
    check(archive.name == f"{prefix.name}.tar.gz", f"{archive.name} unpacks to {prefix.name}")
    check_files(prefix, PROGRAM + SDK, (), archive.name)
    return prefix


def check_rpm(package, root, architecture):
    """What it needs, and whether rpm installs and erases it; there is no system here in which it would be used."""
    name, wanted = ("forecastd-dev", SDK) if "-dev" in package.name else ("forecastd", PROGRAM)
    needed = run("rpm", "-qp", "--requires", package)
    check("libstdc++" not in needed and "boost" not in needed, f"{package.name} needs what is linked in: {needed}")
    root.mkdir()
    rpm = [*(NAMESPACES if can_make_namespaces() else ()), "rpm", "--root", root]
    run(*rpm, "-i", "--nodeps", "--ignorearch", package)
    check_files(root / "usr", wanted, (), package.name)
    if name == "forecastd":
        check_binaries(root / "usr", architecture, package.name)
        check_program(root / "usr/bin/forecastd", package.name)
    run(*rpm, "-e", "--nodeps", name)
    left = [path for path in root.rglob("*forecastd*") if path.is_file()]
    check(not left, f"{package.name}: after 'rpm -e' there are {left}")
    print(f"{package.name}: {size(package)}")


def size(file):
    return f"{file.stat().st_size / 2**20:.1f} MiB"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--architecture", choices=sorted(binaries.MACHINES), default="amd64")
    parser.add_argument("--sysroot", type=pathlib.Path)
    options = parser.parse_args()
    program, sdk = only(options.folder, "forecastd_*.deb"), only(options.folder, "forecastd-dev_*.deb")
    archive = only(options.folder, "forecastd-*.tar.gz")
    check(program.name.endswith(f"_{options.architecture}.deb"), f"{program.name} is not for {options.architecture}")
    check(run("dpkg-deb", "-f", program, "Depends").strip() == DEPENDS, f"{program.name} does not depend on {DEPENDS}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        installed = check_debian(program, folder / "program", PROGRAM, SDK)
        check_debian(sdk, folder / "sdk", SDK, PROGRAM)
        unpacked = check_archive(archive, folder / "archive")
        for prefix, name in ((installed, program.name), (unpacked, archive.name)):
            files = check_binaries(prefix, options.architecture, name)
            count = check_program(prefix / "bin/forecastd", name)
        if options.sysroot:
            check_alone(unpacked, options.sysroot, folder / "root")
        print(f"{archive.name}: {size(archive)}; {files} files need glibc 2.31 and libgcc_s alone; "
              f"{count} algorithms were found from where it was unpacked")
        for package in sorted(options.folder.glob("*.rpm")):
            check_rpm(package, folder / package.stem, options.architecture)


if __name__ == "__main__":
    main()
