"""SIGKILL at random moments under load, also while it reloads its config or executes itself again."""

import signal
import subprocess
import threading
import time
import unittest

from rig import FORECASTD, FaultTest, PIPELINE, Running, Stream, saved


class Kills(FaultTest):
    def kill_again_and_again(self, disturb):
        stream = Stream()
        expected = stream.undisturbed(self.config({"pipelines": [PIPELINE]}, "undisturbed.json"))
        config, directory = self.with_state()
        kills = restored = lines = lost = 0
        while self.has_time():
            before = saved(directory) if directory.exists() else {}
            last = {f"m,host=h{host}": before.get(f"m,host=h{host}", 0) // 10 for host in range(stream.series)}
            if min(last.values()) > stream.steps - 1000:  # the stream is at its end
                subprocess.run(["rm", "-r", str(directory)], check=True)
                continue
            running = Running(FORECASTD, "run", config)
            fed = threading.Event()

            def feed():
                for step in range(min(last.values()) + 1, stream.steps):
                    data = b"".join(stream.line(step, host) for host in range(stream.series)
                                    if step > last[f"m,host=h{host}"])
                    if not running.feed(data):
                        break
                    fed.set()
                    time.sleep(0.0005)
            thread = threading.Thread(target=feed)
            thread.start()
            fed.wait()
            is_early = self.random.random() < 0.2  # perhaps before the saved series are there
            if not is_early:
                running.says(b"I! state: ")
            end = time.monotonic() + self.random.uniform(0, 0.1 if is_early else 2.5)
            while time.monotonic() < end:
                if disturb and not is_early:
                    running.process.send_signal(self.random.choice(disturb))
                time.sleep(self.random.uniform(0.01, 0.2))
            running.process.kill()
            running.process.wait()
            thread.join()
            running.end()
            kills += 1
            whole = running.out[:running.out.rfind(b"\n") + 1]
            strange = [line for line in whole.splitlines() if line not in expected]
            self.assertEqual(strange, [], (kills, last, running.messages))
            lines += whole.count(b"\n")
            if before and not is_early:
                self.assertIn(b"state: %d series go on" % len(before), running.messages)
                self.assertNotIn(b"damaged", running.messages)
                restored += 1
            lost += len(set(before) - set(saved(directory)))
            if (directory / "snapshot").exists():
                whole = subprocess.run([FORECASTD, "state", str(directory)], capture_output=True, check=False)
                self.assertEqual(whole.returncode, 0, whole.stderr)
        self.assertGreater(restored, 0)
        self.assertEqual(lost, 0)
        self.report(kills=kills, restarts_with_saved_series=restored, lines_compared=lines, series_lost=lost)

    def test_under_load(self):
        self.kill_again_and_again([])

    def test_while_it_reloads_and_executes_itself_again(self):
        self.kill_again_and_again([signal.SIGHUP, signal.SIGUSR2])


if __name__ == "__main__":
    unittest.main()
