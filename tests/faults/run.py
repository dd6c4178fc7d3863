#!/usr/bin/env python3
"""Runs every test of this folder, each for so many seconds (20), with a seed that is printed.

    run.py [--seconds N] [--seed N] [--series N] [NAME...]

A NAME leaves out the tests without it in their names.
"""

import argparse
import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20, help="how long each test goes on")
    parser.add_argument("--seed", type=int, help="of the random numbers")
    parser.add_argument("--series", type=int, help="the cap against which ten times as many come (20000)")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only tests with one of these in their names")
    arguments = parser.parse_args()
    os.environ["FAULT_SECONDS"] = str(arguments.seconds)
    if arguments.seed is not None:
        os.environ["FAULT_SEED"] = str(arguments.seed)
    if arguments.series is not None:
        os.environ["FAULT_SERIES"] = str(arguments.series)
    loader = unittest.TestLoader()
    if arguments.names:
        loader.testNamePatterns = [f"*{name}*" for name in arguments.names]
    result = unittest.TextTestRunner(verbosity=2).run(loader.discover(str(HERE), top_level_dir=str(HERE)))
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
