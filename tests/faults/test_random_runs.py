"""Random configs, random points, random restarts: points pass on whatever happens, and nothing is found by a sanitizer."""

import subprocess
import unittest

from rig import FORECASTD, FaultTest

FORECASTERS = [{"plugin": "naive"}, {"plugin": "ses"}, {"plugin": "holt"}, {"plugin": "holt-winters", "params": {"season_length": 6}},
               {"plugin": "theta", "params": {"season_length": 6}}, {"plugin": "auto"}, {"plugin": "trend"},
               {"plugin": "seasonal-naive", "params": {"season_length": 6}}, {"plugin": "lag", "params": {"season_length": 6}}]
DETECTORS = [{"plugin": "zscore"}, {"plugin": "mad"}, {"plugin": "novelty"}, {"plugin": "quantile"},
             [{"plugin": "zscore"}, {"plugin": "mad"}]]


class RandomRuns(FaultTest):
    def random_pipeline(self, name):
        pipeline = {"name": name, "interval": self.random.choice(["10s", "auto", "1m"])}
        what = self.random.randrange(3)
        if what != 1:
            pipeline["forecast"] = {**self.random.choice(FORECASTERS), "horizon": self.random.choice([1, 3, 12])}
        if what != 0:
            pipeline["detect"] = self.random.choice(DETECTORS)
        if self.random.random() < 0.2:
            pipeline["rate"] = True
        if self.random.random() < 0.2:
            pipeline["group_by"] = ["host"]
        return pipeline

    def random_points(self, begin, end):
        lines = []
        for step in range(begin, end):
            for host in range(4):
                if self.random.random() < 0.05:
                    continue
                time = 10 * step + self.random.choice([0, 0, 0, 0, 1, -30, 500])
                value = self.random.choice([str(step % 6), f"{step % 6}i", "1e300", "-0.0", f"{self.random.gauss(0, 1)}", '"text"',
                                            "true", "1e-300", str(step % 6), str(step % 6)])
                lines.append(f"m,host=h{host} v={value} {time}000000000\n".encode())
        return lines

    def test_whatever_comes(self):
        runs = points = 0
        while self.has_time():
            directory = self.folder / f"state{runs}"
            pipelines = [self.random_pipeline(name) for name in "abc"[:self.random.randint(1, 3)]]
            at = 0
            for _ in range(self.random.randint(1, 4)):
                value = {"state": {"dir": str(directory)}, "metrics": {"every": "1h"}, "pipelines": pipelines,
                         "limits": {"max_series": self.random.choice([2, 1000]), "ttl": self.random.choice(["0s", "1h"])}}
                lines = self.random_points(at, at + self.random.randint(1, 150))
                at += 150
                done = subprocess.run([FORECASTD, "run", str(self.config(value))], input=b"".join(lines), capture_output=True,
                                      check=False)
                shown = (value, done.stderr[-3000:])
                self.assertEqual(done.returncode, 0, shown)
                self.assertNotIn(b"Sanitizer", done.stderr, shown)
                self.assertNotIn(b"runtime error", done.stderr, shown)
                passed = [line for line in done.stdout.splitlines(keepends=True) if line.startswith(b"m,host=h")]
                self.assertEqual(passed, lines)
                self.assertNotRegex(done.stdout, rb"[=,](nan|inf)")
                runs += 1
                points += len(lines)
                if self.random.random() < 0.3:  # a changed config
                    pipelines[0] = self.random_pipeline(pipelines[0]["name"])
                if self.random.random() < 0.1 and (directory / "snapshot").exists():
                    data = bytearray((directory / "snapshot").read_bytes())
                    data[self.random.randrange(len(data))] ^= 1
                    (directory / "snapshot").write_bytes(data)
        self.report(runs=runs, points=points)


if __name__ == "__main__":
    unittest.main()
