"""The installed program and its plugins are hardened, as their ELF headers show; and they are installed in parts."""

import json
import re
import struct
import subprocess

from forecastd_test import BUILD, TestCase, main

PT_DYNAMIC, PT_INTERP, PT_GNU_STACK, PT_GNU_RELRO = 2, 3, 0x6474E551, 0x6474E552
DT_NEEDED, DT_STRTAB, DT_STRSZ, DT_FLAGS, DT_FLAGS_1, DT_TEXTREL = 1, 5, 10, 30, 0x6FFFFFFB, 22
ET_DYN, PF_X, DF_TEXTREL, DF_BIND_NOW, DF_1_NOW, DF_1_PIE = 3, 1, 4, 8, 1, 0x08000000


class Elf:
    """What is asked of a 64-bit little-endian ELF file."""

    def __init__(self, path):
        data = path.read_bytes()
        assert data[:6] == b"\x7fELF\x02\x01", path
        self.type, = struct.unpack_from("<H", data, 16)
        offset, = struct.unpack_from("<Q", data, 32)
        size, count = struct.unpack_from("<HH", data, 54)
        # type, flags, offset, address, physical address, size in the file
        self.segments = [struct.unpack_from("<IIQQQQ", data, offset + i * size) for i in range(count)]
        self.dynamic = {}
        for kind, _, at, _, _, length in self.segments:
            if kind == PT_DYNAMIC:
                for tag, value in struct.iter_unpack("<qQ", data[at:at + length]):
                    self.dynamic.setdefault(tag, value)
        address = self.dynamic[DT_STRTAB]
        place = next(at + address - start for kind, _, at, start, _, length in self.segments
                     if kind == 1 and start <= address < start + length)
        self.names = set(data[place:place + self.dynamic[DT_STRSZ]].split(b"\0"))  # of the dynamic symbols

    def segment(self, kind):
        return next((segment for segment in self.segments if segment[0] == kind), None)


def cached(name):
    for line in (BUILD / "CMakeCache.txt").read_text().splitlines():
        if line.startswith(name + ":"):
            return line.split("=", 1)[1]
    return ""


class Hardening(TestCase):
    def install(self, component):
        prefix = self.folder / component
        subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix, "--component", component], check=True,
                       stdout=subprocess.DEVNULL)
        return prefix, sorted(str(file.relative_to(prefix)) for file in prefix.rglob("*") if file.is_file())

    def test_every_file(self):
        runtime, program = self.install("runtime")
        self.assertEqual([file for file in program if not file.startswith("share/")], ["bin/forecastd"])
        folder, plugins = self.install("plugins")
        self.assertTrue(plugins)
        for plugin in plugins:
            self.assertRegex(plugin, r"^lib[^/]*/(.*/)?forecastd/plugins/[a-z_]+\.so$")
        _, sdk = self.install("sdk")
        self.assertTrue(any(file.startswith("include/forecastd/") for file in sdk), sdk)
        self.assertFalse(set(sdk) & set(program + plugins))

        for path in [runtime / program[0], *(folder / plugin for plugin in plugins)]:
            with self.subTest(path.name):
                elf = Elf(path)
                is_program = elf.segment(PT_INTERP) is not None
                self.assertEqual(is_program, path.name == "forecastd")
                self.assertEqual(elf.type, ET_DYN)
                self.assertEqual(bool(elf.dynamic.get(DT_FLAGS_1, 0) & DF_1_PIE), is_program)
                self.assertIsNotNone(elf.segment(PT_GNU_RELRO))
                self.assertTrue(elf.dynamic.get(DT_FLAGS, 0) & DF_BIND_NOW or elf.dynamic.get(DT_FLAGS_1, 0) & DF_1_NOW)
                self.assertFalse(elf.segment(PT_GNU_STACK)[1] & PF_X)
                self.assertNotIn(DT_TEXTREL, elf.dynamic)
                if is_program and not cached("FORECASTD_SANITIZE"):
                    self.assertIn(b"__stack_chk_fail", elf.names)
                    self.assertTrue([name for name in elf.names if name.endswith(b"_chk")], "no call is fortified")

    def test_every_file_is_compiled_so(self):
        """A small plugin may have no function that needs a check, so the files do not show it."""
        commands = json.loads((BUILD / "compile_commands.json").read_text())
        ours = [each for each in commands if re.search(r" -o (host|plugins)/", each["command"])]
        self.assertGreater(len(ours), 50)
        wanted = ["-fstack-protector-strong", "-fstack-clash-protection"]
        if not cached("FORECASTD_SANITIZE") and cached("CMAKE_BUILD_TYPE") != "Debug":
            wanted.append("-D_FORTIFY_SOURCE=2")
        for each in ours:
            for flag in wanted:
                self.assertIn(flag, each["command"], each["file"])


class Parts(TestCase):
    def configure(self, *options):
        build = self.folder / "build"
        names = ["CMAKE_TOOLCHAIN_FILE"] if cached("CMAKE_TOOLCHAIN_FILE") else ["CMAKE_C_COMPILER", "CMAKE_CXX_COMPILER"]
        subprocess.run(["cmake", "-S", self.folder / "outer", "-B", build, "-G", cached("CMAKE_GENERATOR"),
                        *(f"-D{name}={cached(name)}" for name in names), *options], check=True, capture_output=True)
        return build

    def test_inside_another_project(self):
        """A project that contains this one gets neither its tests nor its warnings; plugins go where its libraries go."""
        (self.folder / "outer").mkdir()
        source = cached("forecastd_SOURCE_DIR")
        (self.folder / "outer/CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(outer C CXX)\nenable_testing()\n"
            f"add_subdirectory({source} inner)\n")
        build = self.configure("-DCMAKE_INSTALL_LIBDIR=lib/some-triplet", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON")
        tests = subprocess.run(["ctest", "-N"], cwd=build, check=True, capture_output=True, text=True).stdout
        self.assertIn("Total Tests: 0", tests)
        self.assertNotIn("-Wall", (build / "compile_commands.json").read_text())
        self.assertIn('"../lib/some-triplet/forecastd/plugins"', (build / "inner/generated/version.hpp").read_text())
        self.assertIn("inner/lib/some-triplet/forecastd/plugins/naive.so", (build / "build.ninja").read_text()
                      if (build / "build.ninja").exists() else "inner/lib/some-triplet/forecastd/plugins/naive.so")


if __name__ == "__main__":
    main()
