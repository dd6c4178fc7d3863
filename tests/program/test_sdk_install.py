"""The SDK: installed with the program, by itself, from the source tree, and in a project in C alone."""

import os
import shutil
import subprocess

import forecastd_test
from forecastd_test import BUILD, ROOT


class Install(forecastd_test.TestCase):
    def command(self, *arguments, env=None):
        result = subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True,
                                env={**os.environ, **(env or {})}, check=False)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result

    def cached(self, name):
        """A value from the cache of the build that is tested."""
        for line in (BUILD / "CMakeCache.txt").read_text().splitlines():
            if line.startswith(name + ":"):
                return line.split("=", 1)[1]
        return ""

    def test_examples(self):
        prefix, build = self.folder / "prefix", self.folder / "build"
        self.command("cmake", "--install", BUILD, "--prefix", prefix)
        for page in ("README.md", "docs/authors.md", "docs/stability.md"):
            self.assertEqual((prefix / "share/doc/forecastd" / page).read_text(), (ROOT / page).read_text())

        # The same compilers and generator, but none of our flags: an author's build knows nothing of them. That
        # holds for sanitizers as well; a program that was built with them loads plugins that were not.
        shutil.copytree(prefix / "share/forecastd/examples", self.folder / "examples")
        self.command("cmake", "-S", self.folder / "examples", "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}",
                     "-G", self.cached("CMAKE_GENERATOR"), f"-DCMAKE_C_COMPILER={self.cached('CMAKE_C_COMPILER')}",
                     f"-DCMAKE_CXX_COMPILER={self.cached('CMAKE_CXX_COMPILER')}")
        self.command("cmake", "--build", build)

        result = self.command(prefix / "bin/forecastd", "plugins", env={"FORECASTD_PLUGIN_PATH": str(build / "examples")})
        self.assertEqual(result.stderr, "")
        place = result.stdout.splitlines()[0].index("FILE")
        files = {line.split()[0]: line[place:] for line in result.stdout.splitlines()[1:]}
        for example in (ROOT / "sdk/examples").glob("*.c*"):
            self.assertEqual(files.pop(f"example.{example.stem.replace('_', '-')}"), f"{build}/examples/example_{example.stem}.so")

        installed = sorted((prefix / "lib/forecastd/plugins").glob("*.so"))
        self.assertTrue(installed, "the build installs no plugins")
        self.assertEqual(sorted(set(files.values())), [str(file) for file in installed])


C_PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(x C)
%s
forecastd_add_plugin(x x.c)
"""

# Uses libm with a value that the compiler does not know.
C_PLUGIN = """
#include <forecastd/plugin.h>
#include <math.h>
double forecastd_test_power(double value) { return pow(value, 1.5) + cbrt(value); }
const fcd_library* forecastd_library_v1(const fcd_host* host) {
    static fcd_library library;
    library.algorithm_count = (uint32_t)forecastd_test_power(host->abi_minor);
    return &library;
}
"""


class Alone(forecastd_test.TestCase):
    """Nothing of the host's build: a copy of sdk/, compilers, and an environment without our variables."""

    def setUp(self):
        super().setUp()
        shutil.copytree(ROOT / "sdk", self.folder / "sdk")
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("FORECASTD", "CMAKE", "CFLAGS", "CXXFLAGS", "LDFLAGS"))}

    def command(self, *arguments):
        result = subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True,
                                env=self.environment, check=False)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def c_project(self, name, find, *arguments):
        """Builds a project in C alone; returns the commands of the build and the plugin."""
        source, build = self.folder / name, self.folder / name / "build"
        source.mkdir()
        (source / "CMakeLists.txt").write_text(C_PROJECT % find)
        (source / "x.c").write_text(C_PLUGIN)
        self.command("cmake", "-S", source, "-B", build, *arguments)
        return self.command("cmake", "--build", build, "--verbose"), build / "x.so"

    def check_flags(self, commands, optimised="-O3"):
        for flag in (optimised, "-fstack-protector-strong", "-D_FORTIFY_SOURCE=2"):
            self.assertIn(flag, commands)
        self.assertIn("-Wl,-z,relro,-z,now", commands)

    def test_configures_builds_and_installs(self):
        build, prefix = self.folder / "build", self.folder / "prefix"
        self.command("cmake", "-S", self.folder / "sdk", "-B", build)
        self.check_flags(self.command("cmake", "--build", build, "--verbose"))
        self.command("cmake", "--install", build, "--prefix", prefix)
        for example in (ROOT / "sdk/examples").glob("*.c*"):
            self.assertTrue((build / f"examples/example_{example.stem}.so").exists(), example)
        installed = {file.relative_to(prefix / "include") for file in (prefix / "include").rglob("*.h*")}
        headers = ROOT / "sdk/include"
        self.assertEqual(installed, {file.relative_to(headers) for file in headers.rglob("*.h*")})

        commands, plugin = self.c_project("installed", "find_package(forecastd-sdk 1.0 REQUIRED)",
                                          f"-DCMAKE_PREFIX_PATH={prefix}")
        self.check_flags(commands)
        self.assertNotEqual(plugin.stat().st_mode & 0o022, 0o022)

    def test_source_tree(self):
        self.c_project("found", "find_package(forecastd-sdk REQUIRED)",
                       f"-Dforecastd-sdk_DIR={self.folder}/sdk/cmake")
        self.c_project("added", f"add_subdirectory({self.folder}/sdk sdk)")

    def test_what_the_project_says_of_optimisation_counts(self):
        commands, _ = self.c_project("debug", f"add_subdirectory({self.folder}/sdk sdk)", "-DCMAKE_BUILD_TYPE=Debug")
        self.assertNotIn("-O3", commands)
        self.assertNotIn("FORTIFY", commands)
        commands, _ = self.c_project("flags", f"add_subdirectory({self.folder}/sdk sdk)", "-DCMAKE_C_FLAGS=-O1")
        self.assertNotIn("-O3", commands)
        self.check_flags(commands, "-O1")


if __name__ == "__main__":
    forecastd_test.main()
