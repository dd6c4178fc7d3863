"""A disk that is full, or cannot be written to."""

import os
import resource
import subprocess
import time
import unittest

from rig import FORECASTD, FaultTest, Running, Stream


class Disk(FaultTest):
    def disk(self, size):
        place = self.folder / "disk"
        place.mkdir()
        mount = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "none", str(place)],
                               capture_output=True, check=False)
        if mount.returncode != 0:
            self.skipTest(f"no disk can be mounted: {mount.stderr.decode().strip()}")
        self.addCleanup(subprocess.run, ["umount", str(place)], check=True)
        return place

    def run_with(self, directory, series=2000):
        config = self.config({"log": {"level": "info"}, "state": {"dir": str(directory), "checkpoint_interval": "1s"},
                              "pipelines": [{"name": "p", "interval": "10s", "forecast": {"plugin": "holt"},
                                             "detect": {"plugin": "zscore"}}]})
        return Stream(series, 100), Running(FORECASTD, "run", config)

    def test_a_full_disk(self):
        place = self.disk("2m")
        stream, running = self.run_with(place / "state", 200)
        running.feed(stream.lines(1, 20))
        deadline = time.monotonic() + 30
        while not (place / "state/snapshot").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        first = (place / "state/snapshot").read_bytes()
        (place / "other").write_bytes(b"x" * (os.statvfs(place).f_bavail * os.statvfs(place).f_bsize))
        running.feed(stream.lines(20, 30))
        running.says(b"No space left on device")
        self.assertEqual((place / "state/snapshot").read_bytes()[:64], first[:64] if first else b"")
        time.sleep(2.5)  # further ones fail too, and are not told
        (place / "other").unlink()
        running.says(b"snapshots are written again")
        running.feed(stream.lines(30, 40))
        self.assertEqual(running.end(), 0)
        self.assertEqual(running.messages.count(b"No space left on device"), 1)
        self.assertEqual(sum(line.startswith(b"m,") for line in running.out.splitlines()), 39 * 200)
        self.assertEqual(subprocess.run([FORECASTD, "state", place / "state"], capture_output=True, check=False).returncode, 0)

    def test_a_disk_that_cannot_be_written_to(self):
        place = self.disk("20m")
        stream, running = self.run_with(place / "state", 200)
        running.feed(stream.lines(1, 20))
        self.assertEqual(running.end(), 0)
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        stream, running = self.run_with(place / "state", 200)
        running.feed(stream.lines(20, 30))
        self.assertEqual(running.end(), 0)
        self.assertIn(b"Read-only file system", running.messages)
        self.assertEqual(sum(line.startswith(b"m,") for line in running.out.splitlines()), 10 * 200)
        subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)

    def test_a_limit_on_the_size_of_files(self):
        """The system sends a signal then, which ends a program that does not expect it."""
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        config, directory = self.with_state()
        stream = Stream(2000, 100)
        done = subprocess.run([FORECASTD, "run", str(config)], input=stream.lines(1, 20), capture_output=True, preexec_fn=limit,
                              check=False)
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"File too large", done.stderr)
        self.assertEqual(sum(line.startswith(b"m,") for line in done.stdout.splitlines()), 19 * 2000)
        self.assertFalse((directory / "snapshot").exists())


if __name__ == "__main__":
    unittest.main()
