#!/usr/bin/env python3
"""Compares tests/program/reference_parser.py with Telegraf's own stream parser on random texts.

    compare_parser.py [--count N] [--seed N]

builds the Go program beside it (which fetches Telegraf's source once), gives both the same texts and prints every
difference. The reference is asked to be strict. Texts that end in a CR or a backslash are left out: Telegraf would read
them for ever. Returns 1 if there is a difference.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "program"))

import lp_generator  # noqa: E402  (found through the path above)
import reference_parser  # noqa: E402


def telegraf_results(texts):
    """For each text a list of points and errors."""
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "telegraf_parser"
        subprocess.run([os.environ.get("GO", "go"), "build", "-o", program, "."], cwd=HERE, check=True)
        frames = b"".join(b"%d\n%s" % (len(text), text) for text in texts)
        lines = subprocess.run([program], input=frames, stdout=subprocess.PIPE, check=True).stdout.splitlines()
    # A byte that is not UTF-8 comes as a private character and two digits.
    surrogate = lambda match: chr(0xDC00 + int(match[1], 16))  # noqa: E731
    return [json.loads(re.sub("\U0010fffd([0-9a-f]{2})", surrogate, line.decode())) for line in lines]


def comparable(results):
    """Errors without their words, the rest as text, in which -0.0 is not 0.0 and 1 is not 1.0."""
    return ["error" if "error" in result else json.dumps(result, sort_keys=True) for result in results]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    texts = lp_generator.texts(arguments.seed, arguments.count)
    points = errors = differences = left_out = 0
    for text, theirs in zip(texts, telegraf_results(texts), strict=True):
        if theirs == [{"hangs": True}]:
            left_out += 1
            continue
        ours = reference_parser.parse(text, strict=True)
        points += sum("error" not in result for result in ours)
        errors += sum("error" in result for result in ours)
        if comparable(ours) != comparable(theirs):
            differences += 1
            print(f"{text!r}\n  reference: {ours}\n  Telegraf:  {theirs}")
    print(f"{len(texts)} texts ({left_out} left out), {points} points, {errors} errors, {differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
