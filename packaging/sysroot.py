#!/usr/bin/env python3
"""Makes a sysroot: what a portable build compiles and links against, in place of what this machine has.

    sysroot.py amd64|arm64 [FOLDER]

FOLDER is build/sysroot/ARCHITECTURE, if it is not given. It gets the C library of an old Debian, so that the program runs
on every system that has this one or a later one, and the other libraries of Debian 12 as headers and static libraries. The
packages come through apt, with lists of its own: nothing is installed on this machine, and no right is needed. NLopt and
date are there as shared libraries alone, so they are compiled here, from Debian's sources.

Nothing is done if FOLDER was made by the same script already. The packages come from the mirror that this machine's apt
uses; the environment variable DEBIAN_MIRROR names another one.
"""

import argparse
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
# glibc 2.31; its headers and libgcc_s fit each other.
OLD = "bullseye"
OLD_PACKAGES = "libc6 libc6-dev libcrypt1 libcrypt-dev linux-libc-dev libgcc-s1".split()
# The compiler's release. All but Boost's program_options and zlib are headers.
NEW = "bookworm"
NEW_PACKAGES = """libboost1.74-dev libboost-program-options1.74-dev libboost-filesystem1.74-dev libboost-system1.74-dev
    libboost-atomic1.74-dev zlib1g zlib1g-dev nlohmann-json3-dev libexpected-dev libfast-float-dev libxxhash-dev libeigen3-dev
    doctest-dev""".split()
# Source packages with a CMake project, and its options. NLopt without Luksan's code, which is LGPL and not used here.
SOURCES = {
    "nlopt": "-DNLOPT_LUKSAN=OFF -DNLOPT_CXX=OFF -DNLOPT_FORTRAN=OFF -DNLOPT_PYTHON=OFF -DNLOPT_OCTAVE=OFF -DNLOPT_MATLAB=OFF "
             "-DNLOPT_GUILE=OFF -DNLOPT_SWIG=OFF -DNLOPT_TESTS=OFF",
    "howardhinnant-date": "-DBUILD_TZ_LIB=ON -DUSE_SYSTEM_TZ_DB=ON",
}
TRIPLETS = {"amd64": ("x86_64-linux-gnu", ""), "arm64": ("aarch64-linux-gnu", "aarch64-linux-gnu-")}


def run(*command, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **more)
    if done.returncode:
        raise SystemExit(f"sysroot.py: {' '.join(map(str, command))} returned {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def mirror():
    """That of Debian's packages, without its security updates."""
    if named := os.environ.get("DEBIAN_MIRROR"):
        return named
    for line in run("apt-get", "indextargets", "--format", "$(SITE) $(CODENAME)").splitlines():
        site, codename = line.split()
        if codename == NEW:
            return site
    raise SystemExit(f"sysroot.py: apt has no sources of {NEW}; set DEBIAN_MIRROR to a mirror of Debian's packages")


class Apt:
    """apt with lists, a cache and an architecture of its own."""

    def __init__(self, folder, architecture):
        self.folder = folder
        for part in ("etc/preferences.d", "lists/partial", "cache/archives/partial", "packages", "sources"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / "status").touch()
        site = mirror()
        (folder / "sources.list").write_text("".join(
            f"{kind} [signed-by={KEYS}] {site} {release} main\n" for kind, release in
            (("deb", OLD), ("deb", NEW), ("deb-src", NEW))))
        (folder / "apt.conf").write_text(f'''
            APT::Architecture "{architecture}"; APT::Architectures "{architecture}"; APT::Sandbox::User "";
            Dir::Etc "{folder}/etc"; Dir::Etc::sourcelist "{folder}/sources.list"; Dir::Etc::sourceparts "-";
            Dir::State::status "{folder}/status"; Dir::State::lists "{folder}/lists"; Dir::Cache "{folder}/cache";
            Acquire::Languages "none"; Acquire::Retries "3"; APT::Get::List-Cleanup "false";
            ''')
        run("apt-get", "update", "-qq", **self.surroundings())

    def surroundings(self, part="."):
        return {"env": {**os.environ, "APT_CONFIG": str(self.folder / "apt.conf")}, "cwd": self.folder / part}

    def packages(self, names, release):
        """Downloads them; returns the files."""
        run("apt-get", "download", "-qq", *(f"{name}/{release}" for name in names), **self.surroundings("packages"))
        return [next((self.folder / "packages").glob(f"{name}_*.deb")) for name in names]

    def source(self, name):
        """Downloads and unpacks it; returns the folder."""
        run("apt-get", "source", "-qq", f"{name}/{NEW}", **self.surroundings("sources"))
        return next(path for path in (self.folder / "sources").glob(f"{name}-*") if path.is_dir())


def make_links_relative(root):
    """Links such as /lib/x86_64-linux-gnu/libm.so.6 would lead to this machine's files."""
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            link = pathlib.Path(folder, name)
            if link.is_symlink() and os.path.isabs(target := os.readlink(link)):
                link.unlink()
                link.symlink_to(os.path.relpath(root / target.lstrip("/"), folder))


def complete_libc(root, architecture):
    """As if the C library were a later one: glibc.c in its static part, and the threads in the library itself (since 2.34),
    which the static libstdc++ of Debian 12 takes for granted."""
    triplet, prefix = TRIPLETS[architecture]
    folder = root / "usr/lib" / triplet
    thing = folder / "glibc.o"
    run(f"{prefix}gcc", f"--sysroot={root}", "-std=gnu99", "-O2", "-fPIC", "-Wall", "-Wextra", "-Werror", "-c", HERE / "glibc.c", "-o", thing)
    run(f"{prefix}ar", "rs", folder / "libc_nonshared.a", thing)
    thing.unlink()
    script = folder / "libc.so"
    text, count = re.subn(r"(libc_nonshared\.a) ", rf"\1 AS_NEEDED ( /lib/{triplet}/libpthread.so.0 ) ", script.read_text())
    if count != 1:
        raise SystemExit(f"sysroot.py: {script} is not the linker script that was expected: it names libc_nonshared.a {count} times")
    script.write_text(text)


def compile_into(root, architecture, source, options, build):
    run("cmake", "-S", source, "-B", build, "-G", "Ninja", f"--toolchain={HERE}/{architecture}.cmake",
        f"-DFORECASTD_SYSROOT={root}", "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=OFF",
        "-DCMAKE_POSITION_INDEPENDENT_CODE=ON", "-DCMAKE_INSTALL_PREFIX=/usr", "-DCMAKE_INSTALL_LIBDIR=lib", *options.split())
    run("cmake", "--build", build)
    run("cmake", "--install", build, env={**os.environ, "DESTDIR": str(root)})


def make(root, architecture):
    shutil.rmtree(root, ignore_errors=True)
    work = root.with_name(root.name + ".work")
    shutil.rmtree(work, ignore_errors=True)
    root.mkdir(parents=True)
    apt = Apt(work, architecture)
    print(f"sysroot.py: packages for {architecture} from {mirror()}", file=sys.stderr)
    for package in apt.packages(OLD_PACKAGES, OLD) + apt.packages(NEW_PACKAGES, NEW):
        run("dpkg-deb", "-x", package, root)
    make_links_relative(root)
    complete_libc(root, architecture)
    for name, options in SOURCES.items():
        print(f"sysroot.py: compiling {name}", file=sys.stderr)
        source = apt.source(name)
        compile_into(root, architecture, source, options, work / "build" / name)
        licence = root / "usr/share/doc" / name
        licence.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / "debian/copyright", licence)
    shutil.rmtree(work)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("architecture", choices=("amd64", "arm64"))
    parser.add_argument("folder", type=pathlib.Path, nargs="?")
    options = parser.parse_args()
    root = (options.folder or HERE.parent / "build/sysroot" / options.architecture).resolve()
    made_by = hashlib.sha256()
    for file in ("sysroot.py", "glibc.c", "portable.cmake", f"{options.architecture}.cmake"):
        made_by.update((HERE / file).read_bytes())
    stamp = root / "made_by"
    if not stamp.exists() or stamp.read_text() != made_by.hexdigest():
        make(root, options.architecture)
        stamp.write_text(made_by.hexdigest())
    print(root)


if __name__ == "__main__":
    main()
