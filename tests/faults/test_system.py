"""A disk that fails with EIO, and a wall clock that jumps."""

import os
import subprocess
import time
import unittest

from rig import FORECASTD, FaultTest, PIPELINE, Running, Stream, saved

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "faulty_system.c")


class FaultySystem(FaultTest):
    def setUp(self):
        super().setUp()
        self.library = self.folder / "faulty_system.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", self.library, SOURCE, "-ldl"], check=True)

    def run_with(self, config, data, **variables):
        environment = {**os.environ, "LD_PRELOAD": str(self.library), **{name: str(value) for name, value in variables.items()}}
        done = subprocess.run([FORECASTD, "run", str(config)], input=data, capture_output=True, env=environment, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(b"".join(line for line in done.stdout.splitlines(keepends=True) if line.startswith(b"m,")), data)
        return done


class Disk(FaultySystem):
    def test_each_call_fails(self):
        stream = Stream(200, 60)
        tried = 0
        for call in ("open", "read", "write", "fsync", "rename", "link"):
            config, directory = self.with_state()
            subprocess.run(["rm", "-rf", str(directory)], check=True)
            self.run_with(config, stream.lines(1, 20))
            before = saved(directory)
            self.assertEqual(len(before), 200)
            done = self.run_with(config, stream.lines(20, 40), FAULT_CALL=call, FAULT_DIRECTORY=directory)
            if call != "link":  # then a file is renamed
                self.assertIn(b"Input/output error", done.stderr, call)
            kept = {name for name in os.listdir(directory) if name.startswith("snapshot") and "new" not in name}
            self.assertTrue(kept, call)
            after = self.run_with(config, stream.lines(40, 60))
            if call != "read":  # then what could not be read is kept aside
                self.assertIn(b"200 series go on", after.stderr, call)
            self.assertEqual(len(saved(directory)), 200, call)
            tried += 1
        self.report(calls_that_failed=tried, points_lost=0)


class Clock(FaultySystem):
    def test_it_jumps_while_points_come(self):
        """An hour, a day, ten years, there and back: what comes out is what the timestamps of the points say."""
        stream = Stream(20, 400)
        config, directory = self.with_state()
        expected = stream.undisturbed(self.config({"pipelines": [PIPELINE]}, "undisturbed.json"))
        offset = self.folder / "offset"
        offset.write_text("0")
        os.environ.update(LD_PRELOAD=str(self.library), FAULT_CLOCK=str(offset))
        try:
            running = Running(FORECASTD, "run", config)
        finally:
            del os.environ["LD_PRELOAD"], os.environ["FAULT_CLOCK"]
        jumps = [3600, -3600, 86_400, 0, 315_360_000, -86_400, 0]
        for i, jump in enumerate(jumps):
            offset.write_text(str(jump))
            part = stream.lines(1 + 50 * i, min(51 + 50 * i, stream.steps))
            running.feed(part)
            running.answers(part)
            time.sleep(0.3)
        self.assertEqual(running.end(), 0)
        self.assertEqual([line for line in running.out.splitlines() if line not in expected], [])
        self.assertEqual(len(saved(directory)), 20)
        self.report(jumps=len(jumps), lines_that_differ=0)

    def test_it_is_another_one_after_a_restart(self):
        stream = Stream(20, 100)
        config, _ = self.with_state()
        offset = self.folder / "offset"
        for number, jump in enumerate([86_400, 0, 315_360_000, -315_360_000]):
            offset.write_text(str(jump))
            done = self.run_with(config, stream.lines(1 + 20 * number, 21 + 20 * number), FAULT_CLOCK=offset)
            if number:
                self.assertIn(b"20 series go on", done.stderr)
                self.assertNotIn(b"no data", done.stdout)
            if number == 2:
                self.assertRegex(done.stderr, rb"as they were saved 36\d\dd")


if __name__ == "__main__":
    unittest.main()
