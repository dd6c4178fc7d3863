"""The installed SDK: sdk/examples builds against it, and the installed program loads what comes out."""

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

        # The same compilers and generator, but none of our flags: an author's build knows nothing of them. That
        # holds for sanitizers as well; a program that was built with them loads plugins that were not.
        shutil.copytree(ROOT / "sdk/examples", self.folder / "examples")
        self.command("cmake", "-S", self.folder / "examples", "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}",
                     "-G", self.cached("CMAKE_GENERATOR"), f"-DCMAKE_C_COMPILER={self.cached('CMAKE_C_COMPILER')}",
                     f"-DCMAKE_CXX_COMPILER={self.cached('CMAKE_CXX_COMPILER')}")
        self.command("cmake", "--build", build)

        result = self.command(prefix / "bin/forecastd", "plugins", env={"FORECASTD_PLUGIN_PATH": str(build / "examples")})
        self.assertEqual(result.stderr, "")
        place = result.stdout.splitlines()[0].index("FILE")
        files = {line.split()[0]: line[place:] for line in result.stdout.splitlines()[1:]}
        for name in ("ewma", "deviation", "last-value"):
            self.assertEqual(files.pop(f"example.{name}"), f"{build}/examples/example_{name.replace('-', '_')}.so")

        installed = sorted((prefix / "lib/forecastd/plugins").glob("*.so"))
        self.assertTrue(installed, "the build installs no plugins")
        self.assertEqual(sorted(set(files.values())), [str(file) for file in installed])


if __name__ == "__main__":
    forecastd_test.main()
