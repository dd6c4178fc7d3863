#!/usr/bin/env python3
"""Made-up points for inputs.execd, which starts this and reads its output.

    generator.py [--rate POINTS_A_SECOND] [--count N] [--time recorded|now]

writes points, numbered by the field n from 0 on, as fast as they are read or at a rate, until standard input ends: so
Telegraf stops its child. After --count points it only waits for that, since a child that ends is started again. The
points are one second apart and old, or, at a rate, have the time at which they are due.

SIGTERM is ignored: when a whole process group is stopped, what it writes must still end with a whole line.
"""

import argparse
import math
import select
import signal
import sys
import time

BLOCK = 20


def line(n, begin_ns, step_ns):
    return f"seq,source=generator value={20 + math.sin(n / 50):.6f},n={n}i {begin_ns + n * step_ns}\n"


def stopped(seconds):
    """Waits for so long. Whether standard input has ended."""
    readable, _, _ = select.select([sys.stdin], [], [], seconds)
    return bool(readable) and not sys.stdin.buffer.read1()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=float)
    parser.add_argument("--count", type=int)
    parser.add_argument("--time", choices=["recorded", "now"], default="recorded")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    begin_ns, step_ns = 1_700_000_000_000_000_000, 1_000_000_000
    if arguments.time == "now":
        begin_ns, step_ns = time.time_ns(), round(1e9 / arguments.rate)
    begin, n = time.monotonic(), 0
    while arguments.count is None or n < arguments.count:
        ahead = begin + n / arguments.rate - time.monotonic() if arguments.rate else 0
        if stopped(max(0, ahead)):
            return
        end = n + BLOCK if arguments.count is None else min(n + BLOCK, arguments.count)
        sys.stdout.write("".join(line(i, begin_ns, step_ns) for i in range(n, end)))
        sys.stdout.flush()
        n = end
    while not stopped(60):
        pass


if __name__ == "__main__":
    main()
