#!/usr/bin/env python3
"""Tries the report's page in a headless Chromium.

    run.py [--pictures FOLDER [--page FILE] | --uplot] [TEST...]

--pictures: does not test, but takes the documents' pictures. --page: of this report alone.
--uplot: does not test, but compares the plot library with its npm package.
"""

import argparse
import pathlib
import sys
import unittest

import browser_data_test
import browser_test
import chromium
import pictures
import uplot


def flat(tests):
    """The single tests of a suite."""
    for test in tests:
        if isinstance(test, unittest.TestSuite):
            yield from flat(test)
        else:
            yield test


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--page", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--uplot", action="store_true")
    parser.add_argument("tests", nargs="*", metavar="TEST")
    options = parser.parse_args()
    if options.uplot:
        uplot.check()
        return 0
    if chromium.missing():
        print(chromium.missing())
        return 0
    if options.pictures:
        pictures.take(options.pictures, options.page)
        return 0
    loader = unittest.TestLoader()
    tests = unittest.TestSuite()
    for module in (browser_test, browser_data_test):
        tests.addTests(loader.loadTestsFromModule(module))
    if options.tests:  # names of classes or tests
        tests = unittest.TestSuite(
            test for test in flat(tests) if set(options.tests) & {type(test).__name__, test.id().split(".")[-1]}
        )
    return not unittest.TextTestRunner(verbosity=2).run(tests).wasSuccessful()


if __name__ == "__main__":
    sys.exit(main())
