#!/usr/bin/env python3
"""Hours of load with series that come and go, restarts and reloads, and a curve of the memory.

    soak.py [--hours H] [--series N] [--rate N]

Series live for some minutes of the data's time each, so that many times as many come as there are at once; they give way to others,
or limits.ttl forgets them. Every ten minutes the program is reloaded, every half hour started again. A line is printed each minute:
minutes, points, series, resident memory, checkpoints. Returns 1 if the memory at the end is more than a tenth above
that after the first tenth.
"""

import argparse
import json
import pathlib
import signal
import sys
import tempfile
import time

from rig import FORECASTD, Running, resident_mb


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=2)
    parser.add_argument("--series", type=int, default=20_000, help="at once")
    parser.add_argument("--rate", type=float, default=0, help="points a second; 0: as many as can be")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "config.json"
        config.write_text(json.dumps({
            "log": {"level": "info"}, "state": {"dir": folder + "/state", "checkpoint_interval": "30s"},
            "limits": {"ttl": "30m", "max_series": arguments.series + arguments.series // 50}, "pipelines": [{"interval": "10s", "forecast": {"plugin": "holt"},
                                                     "detect": {"plugin": "zscore", "emit": "anomalies"}}]}))
        begin, step, points, told, curve = time.monotonic(), 0, 0, 0, []
        running = Running(FORECASTD, "run", config)
        while time.monotonic() - begin < 3600 * arguments.hours:
            step += 1
            # A hundredth of the series goes each 30 steps, and as many come.
            first = step // 30 * (arguments.series // 100)
            running.feed(b"".join(b"m,s=%d v=%d %d000000000\n" % (one, (one * 7 + step) % 50, 10 * step)
                                  for one in range(first, first + arguments.series)))
            points += arguments.series
            if arguments.rate > 0:
                time.sleep(max(0.0, begin + points / arguments.rate - time.monotonic()))
            minutes = (time.monotonic() - begin) / 60
            if minutes > told + 1:
                told = int(minutes)
                curve.append(resident_mb(running.process.pid))
                print(f"{told} min, {points} points, {first + arguments.series} series so far, {curve[-1]:.0f} MB", flush=True)
                if told % 30 == 0:
                    assert running.end() == 0, running.messages[-2000:]
                    running = Running(FORECASTD, "run", config)
                elif told % 10 == 0:
                    running.process.send_signal(signal.SIGHUP)
        assert running.end() == 0, running.messages[-2000:]
        early, late = curve[max(len(curve) // 10, 1)], sum(curve[-5:]) / len(curve[-5:])
        print(f"memory: {early:.0f} MB after a tenth of the time, {late:.0f} MB at the end, {max(curve):.0f} MB at most")
        return 1 if late > 1.1 * early else 0


if __name__ == "__main__":
    sys.exit(main())
