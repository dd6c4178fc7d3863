#!/usr/bin/env python3
"""Whether the packages hold what they should, and the program runs from where they are unpacked.

    check.py FOLDER [--root ROOT]

FOLDER has the packages. --root: a clean system, such as debootstrap makes; the Debian package is installed there with apt, and
the program runs in it.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import tempfile

CONFIG = '{"pipelines": [{"detect": {"plugin": "novelty", "false_alarms": "30d", "emit": "anomalies"}}]}'
PROGRAM = ("bin/forecastd", "lib/forecastd/plugins/novelty.so", "share/doc/forecastd/docs/operators.md",
           "share/doc/forecastd/docs/pictures/report.png", "share/doc/forecastd/LICENSE.uPlot",
           "share/doc/forecastd/configs/presets/cpu.json", "share/doc/forecastd/configs/grafana/forecastd.json",
           "share/man/man1/forecastd-run.1", "share/bash-completion/completions/forecastd")
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


def size(file):
    return f"{file.stat().st_size / 2**20:.1f} MiB"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--root", type=pathlib.Path)
    options = parser.parse_args()
    program, sdk = only(options.folder, "forecastd_*.deb"), only(options.folder, "forecastd-dev_*.deb")
    archive = only(options.folder, "forecastd-*.tar.gz")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for package, files, missing in ((program, PROGRAM, SDK), (sdk, SDK, PROGRAM)):
            prefix = folder / package.stem
            run("dpkg-deb", "-x", package, prefix)
            check_files(prefix / "usr", files, missing, package.name)
            print(f"{package.name}: {size(package)}, depends on {run('dpkg-deb', '-f', package, 'Depends').strip() or 'nothing'}")
        count = check_program(folder / program.stem / "usr/bin/forecastd", program.name)
        depends = run("dpkg-deb", "-f", program, "Depends")
        check(re.search(r"libc6 \(>= ", depends) and "libstdc++6" in depends and "tzdata" in depends,
              f"{program.name} depends on {depends}, expected the C and C++ libraries and tzdata")
        run("tar", "-xzf", archive, "-C", folder)
        (unpacked,) = [path for path in folder.iterdir() if path.name.endswith(("Linux", "linux"))]
        prefix = next(path.parent.parent for path in unpacked.rglob("bin/forecastd"))
        check_files(prefix, PROGRAM + SDK, (), archive.name)
        check_program(prefix / "bin/forecastd", archive.name)
        print(f"{archive.name}: {size(archive)}; from where it was unpacked, {count} algorithms were found")
    for package in sorted(options.folder.glob("*.rpm")):
        listed = run("rpm", "-qpl", package)
        wanted = SDK if "dev" in package.name else PROGRAM
        check(all(f"/usr/{file}\n" in listed for file in wanted), f"{package.name} does not hold all of {wanted}")
        print(f"{package.name}: {size(package)}")
    if options.root:
        shutil.copy(program, options.root / "tmp")
        run("chroot", options.root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", f"/tmp/{program.name}")
        (options.root / "tmp/config.json").write_text(CONFIG)
        found = run("chroot", options.root, "sh", "-c",
                    "forecastd simulate | forecastd run /tmp/config.json | grep -c 'state=\"open\"'")
        check(int(found) > 0, "in the clean root, no event was found in the beer")
        print(f"installed in {options.root}: {found.strip()} events were found in the beer")


if __name__ == "__main__":
    main()
