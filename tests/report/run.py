#!/usr/bin/env python3
"""Tries the report's page in a headless Chromium.

    run.py [--pictures FOLDER [--page FILE] | --uplot] [TEST...]

--pictures: does not test, but takes the documents' pictures. --page: of this report, instead of made-up data.
--uplot: does not test, but compares the plot library with its npm package.
"""

import argparse
import pathlib
import sys
import unittest

import browser_test
import chromium
import pictures
import uplot


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
    tests = loader.loadTestsFromNames(options.tests, browser_test) if options.tests else loader.loadTestsFromModule(browser_test)
    return not unittest.TextTestRunner(verbosity=2).run(tests).wasSuccessful()


if __name__ == "__main__":
    sys.exit(main())
