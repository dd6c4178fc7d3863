#!/usr/bin/env python3
"""Runs every tests/e2e/test_*.py, then prints what was measured.

    run.py [--no-skips] [--flood] [NAME...]

A NAME leaves out the tests without it in their names. --no-skips takes a test that cannot run here for one that failed.
--flood runs the flood alone, with a million points. TELEGRAF, INFLUXD, FORECASTD and FORECASTD_BUILD name programs and
the build with the broken plugins, if they are not where `./dev e2e` has them.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-skips", action="store_true", help="a test that cannot run here has failed")
    parser.add_argument("--flood", action="store_true", help="the flood alone, with a million points")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only tests with one of these in their names")
    arguments = parser.parse_args()
    if arguments.flood:
        os.environ["FLOOD_POINTS"] = "1000000"
        arguments.names = ["test_flood"]

    import telegraf_test  # it and the tests read the environment

    if telegraf_test.TELEGRAF:
        print(subprocess.run([telegraf_test.TELEGRAF, "--version"], capture_output=True, text=True, check=True).stdout.strip())
    loader = unittest.TestLoader()
    if arguments.names:
        loader.testNamePatterns = [f"*{name}*" for name in arguments.names]
    result = unittest.TextTestRunner(verbosity=2).run(loader.discover(str(HERE), top_level_dir=str(HERE)))
    telegraf_test.print_figures()
    if not result.testsRun:
        print(f"there is no test with {' or '.join(arguments.names)} in its name")
    if result.skipped and arguments.no_skips:
        print(f"{len(result.skipped)} tests cannot run here")
    return 0 if result.wasSuccessful() and result.testsRun and not (result.skipped and arguments.no_skips) else 1


if __name__ == "__main__":
    sys.exit(main())
