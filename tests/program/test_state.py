"""What the series have learned outlives the process: an ordinary end, a kill, a crash of a plugin, a damaged snapshot, a
changed config; and what comes from elsewhere: recorded points."""

import gzip
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

from forecastd_test import BUILD, FORECASTD, TestCase, forecastd, main
from running import Running

PIPELINE = {"name": "p", "interval": "10s", "forecast": {"plugin": "holt"}, "detect": {"plugin": "zscore"}}


def lines(begin, end):
    return b"".join(b"m,host=h%d v=%d %d000000000\n" % (host, (i * (7 + host)) % 40 + (200 if i % 50 == 0 else 0), 10 * i)
                    for i in range(begin, end) for host in range(3))


class State(TestCase):
    def setUp(self):
        super().setUp()
        self.directory = pathlib.Path(self.folder) / "state"

    def config_of(self, *pipelines, more=None, **state):
        return self.config({"log": {"level": "info"}, "state": {"dir": str(self.directory), "checkpoint_interval": "1s", **state},
                            "pipelines": list(pipelines) or [PIPELINE], **(more or {})})

    def run_on(self, data, *pipelines, more=None, **state):
        result = forecastd("run", self.config_of(*pipelines, more=more, **state), stdin=data)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def derived(self, out):
        return [line for line in out.splitlines() if not line.startswith(b"m,")]

    def test_a_restart_is_seen_in_no_output(self):
        learned = {key: value for key, value in PIPELINE.items() if key != "interval"}
        # At 5 the interval is not learned yet; at 30 young series learn from each other how wide intervals must be.
        for pipeline, at in ((PIPELINE, 100), (PIPELINE, 30), (learned, 100), (learned, 5)):
            without = self.config({"pipelines": [pipeline]}, "without.json")
            through = forecastd("run", without, stdin=lines(1, 200)).stdout
            first = self.run_on(lines(1, at), pipeline)
            self.assertIn(b"nothing is saved", first.stderr)
            second = self.run_on(lines(at, 200), pipeline)
            self.assertIn(b"3 series go on", second.stderr)
            self.assertEqual(first.stdout + second.stdout, through)
            shutil.rmtree(self.directory)

    def test_a_plugin_with_migrate_gets_its_own_states_back_as_they_were(self):
        pipeline = {**PIPELINE, "forecast": {"plugin": "broken.migrates_nothing"}}
        more = {"plugin_dirs": [str(BUILD / "broken_plugins/migrates_nothing")]}
        through = forecastd("run", self.config({"pipelines": [pipeline], **more}, "without.json"), stdin=lines(1, 200)).stdout
        parts = [self.run_on(lines(begin, end), pipeline, more=more) for begin, end in ((1, 100), (100, 200))]
        self.assertIn(b"3 series go on", parts[1].stderr)
        self.assertEqual(parts[0].stdout + parts[1].stdout, through)

    def test_a_state_that_owns_memory_is_not_saved(self):
        more = {"plugin_dirs": [str(BUILD / "abi/1.0")]}
        pipelines = ({"name": "owner", "interval": "10s", "forecast": {"plugin": "abi.owner"}}, PIPELINE)
        self.run_on(lines(1, 100), *pipelines, more=more)
        result = self.run_on(lines(100, 200), *pipelines, more=more)
        self.assertIn(b"3 series go on", result.stderr)  # those of the other pipeline
        self.assertNotIn(b"abi.owner", result.stderr)
        self.assertIn(b"m_forecast,field=v,host=h0 yhat=", result.stdout)

    def test_an_event_stays_open_and_is_raised_once(self):
        def values(begin, end):
            return b"".join(b"m v=%d %d000000000\n" % (90 if 150 <= i < 170 else i * 7 % 10, 10 * i) for i in range(begin, end))
        pipeline = {**PIPELINE, "alarm": {"raise": 1, "clear": "2m"}}
        through = forecastd("run", self.config({"pipelines": [pipeline]}, "without.json"), stdin=values(1, 260)).stdout
        parts = [self.run_on(values(begin, end), pipeline).stdout for begin, end in ((1, 155), (155, 175), (175, 260))]
        events = re.findall(rb'^m_event.* event_id=(\d+i).*state="(\w+)"', b"".join(parts), re.MULTILINE) or re.findall(
            rb'^m_event.*state="(\w+)"', b"".join(parts), re.MULTILINE)
        self.assertTrue(events)
        self.assertEqual(b"".join(parts), through)

    def test_a_label_stays_in_force(self):
        more = {"control": {"measurement": "control"}}
        first = self.run_on(lines(1, 100) + b'control,host=h1 action="suppress" 1000000000000\n', more=more)
        self.assertIn(b"is_anomaly=true", first.stdout)
        # Of a series that begins later, too.
        new = b"".join(b"m,host=h1,new=yes v=%d %d000000000\n" % (200 if i % 50 == 0 else i % 7, 10 * i) for i in range(100, 300))
        second = self.run_on(lines(100, 300) + new, more=more).stdout.splitlines()
        anomalies = [line for line in second if b"is_anomaly=true" in line]
        self.assertTrue(anomalies)
        self.assertFalse([line for line in anomalies if b"host=h1" in line])

    def test_the_other_series_outlive_a_crash(self):
        """A plugin crashes on one series; what the others forecast, and whether they warm up, is as if it had not."""
        bad = {"name": "bad", "interval": "10s", "fieldpass": ["v"], "forecast": {"plugin": "broken.crashes"}}
        plugins = {"plugin_dirs": [str(BUILD / "broken_plugins/crashes")]}
        config = self.config({**plugins, "pipelines": [PIPELINE, bad]})
        without = self.config({"pipelines": [PIPELINE]}, "without.json")
        data = lines(1, 60)
        result = forecastd("run", config, stdin=data)
        self.assertGreaterEqual(result.stderr.count(b"no point is lost, and the other series go on"), 3, result.stderr)
        through = forecastd("run", without, stdin=data).stdout
        def rest(text):  # without the bad pipeline's forecasts, which are all 0
            return [line for line in text.splitlines() if b" yhat=0," not in line]
        self.assertEqual(rest(result.stdout), rest(through))

    def test_silence_that_passed_meanwhile_is_seen_soon(self):
        """Of three series that come each second, one is gone when the program runs again."""
        now = time.time_ns() // 10**9
        def at(second, hosts):
            return b"".join(b"m,host=h%d v=%d %d000000000\n" % (host, second % 9, second) for host in hosts)
        pipeline = {"name": "p", "interval": "1s", "detect": {"plugin": "zscore", "no_data_after": "4s"}}
        self.run_on(b"".join(at(now - 100 + i, range(3)) for i in range(100)), pipeline)
        time.sleep(1)
        with subprocess.Popen([FORECASTD, "run", self.config_of(pipeline)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            started = time.monotonic()
            out = b""
            while b"no data" not in out and time.monotonic() < started + 20:
                process.stdin.write(at(time.time_ns() // 10**9, range(2)))
                process.stdin.flush()
                time.sleep(0.5)
                os.set_blocking(process.stdout.fileno(), False)
                out += process.stdout.read() or b""
            process.stdin.close()
        silent = [line for line in out.splitlines() if b"no data" in line]
        self.assertEqual(len(silent), 1, out[-3000:])
        self.assertIn(b"host=h2", silent[0])

    def test_recorded_points_warm_series_that_are_not_saved(self):
        history = self.folder / "history.lp.gz"
        history.write_bytes(gzip.compress(lines(1, 100)))
        through = forecastd("run", self.config({"pipelines": [PIPELINE]}, "without.json"), stdin=lines(1, 200)).stdout
        rest = through[through.index(lines(100, 101).splitlines()[0]):]
        first = forecastd("run", self.config_of(), "--history", history, stdin=lines(100, 150))
        self.assertIn(b"history: 3 series have learned from 297 recorded points", first.stderr)
        # Now they are saved, and the recorded points older.
        second = self.run_on(lines(150, 200), history=["history.lp.gz", "missing.lp"])
        self.assertIn(b"history: 0 series", second.stderr)
        self.assertIn(b"missing.lp", second.stderr)
        self.assertEqual(first.stdout + second.stdout, rest)

    def test_recorded_points_are_learned_from_beside_the_flow(self):
        past = self.folder / "past.lp"
        past.write_bytes(lines(1, 20_000))
        running = Running(FORECASTD, "run", self.config({"log": {"level": "info"}, "pipelines": [PIPELINE]}), "--history-beside",
                          "--history", past)
        first = lines(20_000, 20_003)
        running.feed(first)
        running.answers(first)
        running.says(b"3 series go on with what recorded points have taught them")
        warm = len(running.out)
        running.feed(lines(20_003, 20_100))
        self.assertEqual(running.end(), 0)
        self.assertIn(b"warmup=true", running.out[:warm])
        self.assertNotIn(b"warmup=true", running.out[warm:])
        self.assertIn(b"59997 recorded points were read", running.messages)

    def test_a_series_that_has_learned_more_keeps_that(self):
        past = self.folder / "past.lp"
        past.write_bytes(lines(1, 10) + b"".join(b"other v=1 %d0000000000\n" % i for i in range(300_000)))  # takes a while
        config = self.config({"log": {"level": "info"}, "pipelines": [PIPELINE], "state": {
            "dir": str(self.directory), "history": [str(past)], "history_beside": True}})
        running = Running(FORECASTD, "run", config)
        running.feed(lines(100, 300))
        running.says(b"go on with what recorded points have taught them")
        running.feed(lines(300, 310))
        self.assertEqual(running.end(), 0)
        whole = forecastd("run", self.config({"pipelines": [PIPELINE]}, "whole.json"), stdin=lines(100, 310)).stdout
        last = [line for line in running.out.splitlines() if line.startswith(b"m_anomaly") and line.endswith(b" 3090000000000")]
        self.assertEqual(last, [line for line in whole.splitlines() if line in last])
        self.assertEqual(len(last), 3)

    def test_a_host_that_has_a_new_name(self):
        self.run_on(lines(1, 100))
        renamed = forecastd("state", str(self.directory), "--rename", "host=h1=new name")
        self.assertTrue(renamed.stdout.startswith(b"1 series are renamed; "), renamed.stderr)
        data = lines(100, 101).replace(b"host=h1", b"host=new\\ name")
        self.assertNotIn(b"warmup=true", self.run_on(data).stdout)
        self.assertIn(b"expected TAG=OLD=NEW", forecastd("state", str(self.directory), "--rename", "host=h1").stderr)

    def test_a_snapshot_is_pruned(self):
        self.run_on(lines(1, 100) + b"".join(b"m,host=new v=%d %d000000000\n" % (i % 5, 100000 + 10 * i) for i in range(50)))
        pruned = forecastd("state", str(self.directory), "--prune", "1h")
        self.assertEqual(pruned.returncode, 0, pruned.stderr)
        self.assertTrue(pruned.stdout.startswith(b"3 series are gone, 1 stay; "), pruned.stdout)
        self.assertIn(b"snapshot: written", forecastd("state", str(self.directory)).stdout)
        self.assertEqual(forecastd("state", str(self.directory), "--json").stdout.count(b'"key":"m,host=new"'), 1)

    def test_what_a_checkpoint_holds_outlives_a_kill(self):
        process = subprocess.Popen([FORECASTD, "run", self.config_of()], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdin.write(lines(1, 100))
        process.stdin.flush()
        deadline = time.monotonic() + 30
        while not (self.directory / "snapshot").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.assertIn(b"3 series go on", self.run_on(lines(100, 110)).stderr)

    def test_a_damaged_snapshot_is_told_and_kept(self):
        self.run_on(lines(1, 100))
        snapshot = self.directory / "snapshot"
        data = bytearray(snapshot.read_bytes())
        data[150] ^= 1
        snapshot.write_bytes(data)
        result = self.run_on(lines(100, 200))
        self.assertIn(b"is damaged", result.stderr)
        self.assertEqual(result.stdout.count(b"m,host="), 300)
        self.assertEqual(len(list(self.directory.glob("snapshot.damaged-*"))), 1)

    def test_a_second_process_runs_without_saving(self):
        with subprocess.Popen([FORECASTD, "run", self.config_of()], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as first:
            first.stdin.write(lines(1, 2))
            first.stdin.flush()
            first.stdout.readline()
            second = self.run_on(lines(1, 10))
            self.assertIn(b"another process saves to", second.stderr)
            first.stdin.close()
            first.wait()
        self.assertIn(b"3 series", forecastd("state", str(self.directory)).stdout)

    def test_a_directory_that_cannot_be_used(self):
        self.directory.mkdir()
        self.directory.chmod(0o777)
        result = self.run_on(lines(1, 10))
        self.assertIn(b"others than its owner may write to", result.stderr)
        self.assertEqual(result.stdout.count(b"m,host="), 27)
        self.assertEqual(forecastd("run", self.config_of(on_error="stop"), stdin=lines(1, 10)).returncode, 1)

    def test_the_command_tells_what_there_is(self):
        self.run_on(lines(1, 100))
        told = forecastd("state", str(self.directory))
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertRegex(told.stdout.decode(), r"snapshot: written \d+s ago, 3 series\n  pipeline 'p': 3 series, \d+ bytes each\n")
        exported = forecastd("state", str(self.directory), "--json", "--series", "host=h1").stdout.decode()
        self.assertEqual(exported.count("\n"), 1)
        self.assertIn('"key":"m,host=h1","field":"v","interval":"10s"', exported)
        self.assertEqual(forecastd("state", str(self.directory / "none")).returncode, 1)


if __name__ == "__main__":
    main()
