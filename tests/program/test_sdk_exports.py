"""Every plugin that we build exports its entry point and nothing else."""

import pathlib
import subprocess
import unittest

import forecastd_test
from forecastd_test import BUILD


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

    def test_our_plugins(self):
        self.check(BUILD / "lib/forecastd/plugins")


if __name__ == "__main__":
    forecastd_test.main()
