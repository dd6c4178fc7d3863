"""Every plugin that we build exports its entry point and nothing else."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import forecastd_test
from forecastd_test import BUILD, ROOT


def exports(file):
    """The names that a shared object defines for others."""
    lines = subprocess.run(["nm", "-D", "--defined-only", file], capture_output=True, check=True, text=True).stdout
    return [line.split()[-1] for line in lines.splitlines()]


class Exports(unittest.TestCase):
    def check(self, folder):
        files = sorted(pathlib.Path(folder).glob("*.so"))
        self.assertTrue(files, f"no plugins in {folder}")
        for file in files:
            with self.subTest(file=file.name):
                self.assertEqual(exports(file), ["forecastd_library_v1"])

    def test_examples(self):
        self.check(BUILD / "examples")

    def test_one_built_by_hand(self):
        """Default visibility, no version script: nothing that two plugins could share but the author's own."""
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "plugin.so"
            subprocess.run([os.environ.get("CXX", "c++"), "-std=c++20", "-shared", "-fPIC", "-I", ROOT / "sdk/include",
                            ROOT / "sdk/examples/ewma.cpp", "-o", file], check=True)
            shared = subprocess.run(["nm", "-DC", "--defined-only", file], capture_output=True, check=True, text=True)
            self.assertNotIn("forecastd::detail::Table", shared.stdout)
            self.assertNotIn("forecastd::detail::library", shared.stdout)
            self.assertNotIn("kept_host", shared.stdout)
            self.assertIn("forecastd_library_v1", shared.stdout)

    def test_our_plugins(self):
        self.check(BUILD / "lib/forecastd/plugins")


if __name__ == "__main__":
    forecastd_test.main()
