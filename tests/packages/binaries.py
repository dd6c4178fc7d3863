"""What a portable program or plugin asks of the system, as its ELF file says: the C library of glibc 2.31 or later, and
libgcc_s. It must export nothing of C++, lest a plugin that brings another libstdc++ gets ours."""

import re
import subprocess

GLIBC = (2, 31)
LIBRARIES = re.compile(r"(libc\.so\.6|libm\.so\.6|libdl\.so\.2|libpthread\.so\.0|librt\.so\.1|libgcc_s\.so\.1|ld-linux-.*\.so\.[12])$")
MACHINES = {"amd64": "X86-64", "arm64": "AArch64"}


def readelf(option, file):
    done = subprocess.run(["readelf", "-W", option, str(file)], capture_output=True, text=True, check=True, env={"LC_ALL": "C"})
    return done.stdout


def number(version):
    return tuple(map(int, version.split(".")))


def faults(file, architecture):
    """A sentence each."""
    if MACHINES[architecture] not in (header := readelf("-h", file)):
        machine = re.search(r"Machine: *(.*)", header)[1]
        yield f"{file.name} is made for {machine}, expected {MACHINES[architecture]}"
    for library in re.findall(r"\(NEEDED\).*\[(.*)\]", readelf("-d", file)):
        if not LIBRARIES.match(library):
            yield f"{file.name} needs {library}, which not every system has; expected it to be linked in"
    if re.search(r"\((RPATH|RUNPATH)\)", readelf("-d", file)):
        yield f"{file.name} has a path to libraries of the machine that it was built on"
    needed = readelf("-V", file).partition("Version needs section")[2]
    for family, version in sorted(set(re.findall(r"Name: ([A-Z]+)_([0-9.]+)", needed))):
        if family == "GLIBC" and number(version) > GLIBC:
            yield f"{file.name} needs GLIBC_{version}, expected at most GLIBC_{'.'.join(map(str, GLIBC))}"
        elif family not in ("GLIBC", "GCC"):
            yield f"{file.name} needs {family}_{version} of a shared library of C++, expected it to be linked in"
    for line in readelf("--dyn-syms", file).splitlines():
        parts = line.split()
        if len(parts) >= 8 and parts[6] not in ("UND", "Ndx") and parts[7].startswith("_Z"):
            yield f"{file.name} exports {parts[7]}, expected no symbol of C++"
