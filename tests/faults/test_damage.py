"""Snapshots with random damage."""

import re
import subprocess
import unittest

from rig import FORECASTD, FaultTest, Stream


class Damage(FaultTest):
    def test_flipped_bits_missing_ends_and_other_files(self):
        stream = Stream(60, 100)
        config, directory = self.with_state()
        subprocess.run([FORECASTD, "run", str(config)], input=stream.lines(1, 40), capture_output=True, check=True)
        snapshot = directory / "snapshot"
        whole = snapshot.read_bytes()
        (directory / "snapshot.before").unlink(missing_ok=True)
        tries = told = kept = 0
        while self.has_time():
            damaged = bytearray(whole)
            kind = self.random.randrange(4)
            if kind == 0:
                damaged[self.random.randrange(len(damaged))] ^= 1 << self.random.randrange(8)
            elif kind == 1:
                del damaged[self.random.randrange(len(damaged)):]
            elif kind == 2:
                at = self.random.randrange(len(damaged))
                damaged[at:at + 100] = self.random.randbytes(100)
            else:
                damaged = bytearray(self.random.randbytes(self.random.randrange(5000)))
            for file in directory.glob("snapshot*"):
                file.unlink()
            snapshot.write_bytes(damaged)
            snapshot.chmod(0o600)
            done = subprocess.run([FORECASTD, "run", str(config)], input=stream.lines(40, 42), capture_output=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(sum(line.startswith(b"m,") for line in done.stdout.splitlines()), 120)
            tries += 1
            aside = list(directory.glob("snapshot.damaged-*")) + list(directory.glob("snapshot.foreign-*"))
            if damaged != whole:
                self.assertEqual([file.read_bytes() for file in aside], [bytes(damaged)], done.stderr)
                told += 1
            found = re.search(rb"state: (\d+) series go on", done.stderr)
            kept += int(found[1]) if found else 0
        self.assertEqual(tries, told)
        self.report(damaged_snapshots=tries, of_them_told=told, series_that_went_on_nevertheless=kept)


if __name__ == "__main__":
    unittest.main()
