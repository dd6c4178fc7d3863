"""Ten times as many series as there is room for come and go: memory stays where it is, and those that return go on."""

import os
import re
import subprocess
import time
import unittest

from rig import FORECASTD, FaultTest, resident_mb

CAP = int(os.environ.get("FAULT_SERIES", "20000"))


class ManySeries(FaultTest):
    def test_against_a_cap(self):
        """A tenth of the cap comes for three steps; nine steps later the next tenth: those before are idle by then."""
        config, directory = self.with_state(limits={"max_series": CAP, "max_memory": "100GB"}, metrics={"every": "1h"},
                                            state={"dir": str(self.folder / "state"), "checkpoint_interval": "1h"})
        part, steps = CAP // 10, 3
        with open(self.folder / "out", "wb") as out, open(self.folder / "messages", "wb") as messages:
            process = subprocess.Popen([FORECASTD, "run", str(config)], stdin=subprocess.PIPE, stdout=out, stderr=messages)
            at_cap, most, begin = 0.0, 0.0, time.monotonic()
            for group in range(100):
                for step in range(steps):
                    stamp = 10 * (12 * group + step)
                    process.stdin.write(b"".join(b"m,s=%08d v=%d %d000000000\n" % (one, one % 7, stamp)
                                                 for one in range(group * part, (group + 1) * part)))
                if group >= 9:
                    process.stdin.flush()
                    time.sleep(0.1)
                    now = resident_mb(process.pid)
                    at_cap = at_cap or now
                    most = max(most, now)
            took = time.monotonic() - begin
            # The first of the last series that are kept on disk come again.
            returning = range(100 * part - CAP - part, 100 * part - CAP)
            process.stdin.write(b"".join(b"m,s=%08d v=%d %d000000000\n" % (one, one % 7, 10 * 12 * 100) for one in returning))
            process.stdin.close()
            self.assertEqual(process.wait(), 0)
        originals, metrics = 0, b""
        with open(self.folder / "out", "rb") as out:
            for line in out:
                originals += line.startswith(b"m,")
                metrics = line if line.startswith(b"forecastd ") else metrics
        self.assertEqual(originals, 100 * steps * part + len(returning))
        counted = {name: int(re.search(rb"\b" + name.encode() + rb"=(\d+)i", metrics)[1])
                   for name in ("series", "evicted_series", "returned_series", "refused_series")}
        self.assertLessEqual(counted["series"], CAP)
        # Where the look for idle series meets many that are in use, a series has to come twice.
        self.assertLess(counted["refused_series"], 100 * part / 10_000)
        self.assertGreater(counted["returned_series"], 0.99 * len(returning))  # some are still in memory
        self.assertLess(most, 1.1 * at_cap)
        self.report(distinct_series=100 * part, cap=CAP, MB_at_the_cap=round(at_cap), MB_at_most=round(most),
                    s=round(took, 1), MB_on_disk=round(sum(file.stat().st_size for file in directory.iterdir()) / 2**20), **counted)


if __name__ == "__main__":
    unittest.main()
