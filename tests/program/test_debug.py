"""FORECASTD_DEBUG, for authors who look for a fault in a plugin: crashes that are left alone, and pages around states."""

import os
import re
import shutil
import signal
import subprocess
import time
import unittest

from forecastd_test import BUILD, FORECASTD, ROOT, TestCase, forecastd, is_sanitized, main

GOOD = {"name": "good", "interval": "1s", "detect": {"plugin": "zscore"}}
LIBASAN = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True,
                         check=False).stdout.strip() if shutil.which("gcc") else ""

# One double behind 16 bytes from malloc, or behind a state of 16 bytes.
FAULT = """
#include <forecastd/plugin.hpp>
#include <cstdlib>
struct Fault {
    static constexpr forecastd::About about{"acme.fault", "1.0.0", "Writes too far at the tenth point."};
    struct Series { double points = 0, last = 0; };
    bool ready(const Series& s) const { return s.points > 0; }
    [[gnu::noinline]] static void spoil(double* values) { static_cast<volatile double*>(values)[2] = 1; }
    void observe(Series& s, const forecastd::Point& p) const {
        s.last = p.value;
        if (++s.points == 10) WHERE;
    }
    void forecast(const Series& s, forecastd::Forecast& out) const {
        for (auto& step : out) step = {s.last, 1};
    }
};
FORECASTD_PLUGIN(Fault)
"""
ON_HEAP = "spoil(static_cast<double*>(std::malloc(16)))"
IN_STATE = "spoil(&s.points)"


def points(count=30):
    return b"".join(b"m,s=0 v=%d %d000000000\n" % (i % 5, i) for i in range(1, count + 1))


def originals(out):
    return b"".join(line for line in out.splitlines(keepends=True) if line.startswith(b"m,"))


class Debug(TestCase):
    def broken(self, name, **more):
        """A config with a good pipeline and a broken forecaster."""
        pipelines = [GOOD, {"name": "bad", "interval": "1s", "forecast": {"plugin": f"broken.{name}"}}]
        return self.config({"plugin_dirs": [str(BUILD / "broken_plugins" / name)], "pipelines": pipelines, **more})

    def compiled(self, where, *flags):
        """A config with a plugin of our own."""
        folder = self.folder / "plugins"
        folder.mkdir(exist_ok=True)
        (folder / "fault.cpp").write_text(FAULT.replace("WHERE", where))
        subprocess.run(["g++", "-std=c++20", "-g", "-O1", "-fPIC", "-shared", *flags, "-I", ROOT / "sdk/include",
                        folder / "fault.cpp", "-o", folder / "fault.so"], check=True)
        return self.config({"plugin_dirs": [str(folder)], "pipelines": [{"interval": "1s", "forecast": {"plugin": "acme.fault"}}]})

    def run_with(self, words, config, data=None, **env):
        return subprocess.run([FORECASTD, "run", str(config)], input=data or points(), capture_output=True, timeout=60,
                              cwd=self.folder, env={**os.environ, "FORECASTD_DEBUG": words, **env}, check=False)

    def test_a_word_that_is_not_known(self):
        config = self.broken("crashes")
        for arguments in (["run", config], ["check", config], ["plugins"], ["schema"], ["state", self.folder]):
            result = forecastd(*arguments, env={"FORECASTD_DEBUG": "guards,crashed"})
            self.assertEqual((result.returncode, result.stdout), (2, b""), result.stderr)
            self.assertEqual(result.stderr.decode(),
                             f"E! forecastd {arguments[0]}: FORECASTD_DEBUG: there is no word 'crashed', did you mean 'crashes'? "
                             "Known: crashes, guards; several have commas between them\n")
        plugin = BUILD / "broken_plugins/leaks/leaks.so"
        result = forecastd("verify", plugin, "--only", "tables", env={"FORECASTD_DEBUG": "crashes,guards"})
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_without_the_variable_nothing_is_said(self):
        for words in ("", ","):
            result = self.run_with(words, self.config({"pipelines": [GOOD]}))
            self.assertEqual((result.returncode, result.stderr), (0, b""))

    # ---- crashes --------------------------------------------------------------------------------------------------

    @unittest.skipIf(is_sanitized(), "a sanitizer handles the signal before")
    def test_a_crash_is_left_alone(self):
        for name, number in (("crashes", signal.SIGSEGV), ("aborts", signal.SIGABRT), ("crashes_at_once", signal.SIGSEGV)):
            result = self.run_with("crashes", self.broken(name))
            self.assertEqual(result.returncode, -number, result.stderr)
            self.assertEqual(result.stderr.decode(),
                             "W! FORECASTD_DEBUG=crashes: crashes are left alone: a plugin that crashes ends forecastd, and one "
                             "that hangs holds it up. This is for debugging only\n")

    def test_an_exit_is_left_alone(self):
        for name, code in (("exits", 3), ("exits_at_once", 4)):
            self.assertEqual(self.run_with("crashes", self.broken(name)).returncode, code)

    def test_a_crash_while_the_file_is_loaded(self):
        folder = BUILD / "broken_plugins/crashes_on_load"
        config = self.config({"plugin_dirs": [str(folder)],
                              "pipelines": [{"interval": "1s", "detect": {"plugin": "acme.crashes-on-load"}}]})
        self.assertEqual(self.run_with("crashes", config).returncode, -signal.SIGABRT)
        result = forecastd("plugins", "--plugin-dir", folder, env={"FORECASTD_DEBUG": "crashes"})
        self.assertEqual(result.returncode, -signal.SIGABRT)

    @unittest.skipIf(is_sanitized(), "a sanitizer handles the signal before")
    def test_commands_that_print(self):
        result = forecastd("check", self.config({"pipelines": [GOOD]}), env={"FORECASTD_DEBUG": "crashes"})
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertTrue(result.stdout.endswith(b"the config is valid\n"), result.stdout)
        result = forecastd("check", self.broken("crashes_at_once"), env={"FORECASTD_DEBUG": "crashes"})
        self.assertEqual(result.returncode, -signal.SIGSEGV)

    @unittest.skipIf(is_sanitized(), "a sanitizer handles the signal before")
    def test_a_core_file(self):
        script = f"ulimit -c unlimited && exec '{FORECASTD}' run '{self.broken('crashes')}'"
        result = subprocess.run(["sh", "-c", script], cwd=self.folder, input=points(), capture_output=True, timeout=60,
                                env={**os.environ, "FORECASTD_DEBUG": "crashes"}, check=False)
        if b"ulimit" in result.stderr:
            self.skipTest("the system allows no core files")
        self.assertEqual(result.returncode, -signal.SIGSEGV, result.stderr)
        with open("/proc/sys/kernel/core_pattern", encoding="utf-8") as pattern:
            if pattern.read().strip() == "core":
                self.assertTrue(list(self.folder.glob("core*")))

    def test_a_call_may_last_for_ever(self):
        with subprocess.Popen([FORECASTD, "run", str(self.broken("hangs", plugins={"deadline": "1s"}))], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env={**os.environ, "FORECASTD_DEBUG": "crashes"}) as process:
            process.stdin.write(points())
            process.stdin.flush()
            time.sleep(3)
            self.assertIsNone(process.poll())
            process.send_signal(signal.SIGTERM)
            with self.assertRaises(subprocess.TimeoutExpired):
                process.wait(timeout=2)
            process.kill()
            self.assertEqual(process.wait(timeout=10), -signal.SIGKILL)
            self.assertNotIn(b"did not return", process.stderr.read())

    def test_a_changed_config_is_still_taken_over(self):
        config = self.config({"pipelines": [GOOD]})
        with subprocess.Popen([FORECASTD, "run", str(config)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, env={**os.environ, "FORECASTD_DEBUG": "crashes,guards"}) as process:
            def answer(line):
                process.stdin.write(line)
                process.stdin.flush()
                while process.stdout.readline() != line:
                    pass
            answer(b"m v=1 1\n")
            self.config({"pipelines": [{**GOOD, "name": "other"}]})
            process.send_signal(signal.SIGHUP)
            time.sleep(1)
            answer(b"m v=1 2\n")
            process.stdin.close()
            self.assertEqual(process.wait(timeout=10), 0)

    @unittest.skipUnless(shutil.which("gdb"), "gdb is not there")
    @unittest.skipIf(is_sanitized(), "a sanitizer handles the signal before")
    def test_gdb_stops_in_the_plugin(self):
        config = self.compiled(IN_STATE)
        result = subprocess.run(["gdb", "-nx", "-batch", "-iex", "set debuginfod enabled off", "-ex", "run", "-ex", "bt", "--args",
                                 FORECASTD, "run", str(config)], input=points().decode(), capture_output=True, text=True,
                                timeout=60, env={**os.environ, "FORECASTD_DEBUG": "crashes,guards"}, check=False)
        if "ptrace" in result.stderr or "not permitted" in result.stderr:
            self.skipTest("no process may be traced here")
        self.assertIn("received signal SIGSEGV", result.stdout, result.stderr)
        self.assertRegex(result.stdout, r"#0 .*Fault::spoil \(.*fault\.cpp:")
        self.assertRegex(result.stdout, r"#1 .*Fault::observe \(.*fault\.cpp:")

    @unittest.skipUnless(os.path.isabs(LIBASAN), "AddressSanitizer is not there")
    @unittest.skipIf(is_sanitized(), "the program has a sanitizer of its own")
    def test_a_plugin_with_address_sanitizer(self):
        asan = {"LD_PRELOAD": LIBASAN, "ASAN_OPTIONS": "detect_leaks=0"}
        result = self.run_with("crashes", self.compiled(ON_HEAP, "-fsanitize=address"), **asan)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(b"AddressSanitizer: heap-buffer-overflow", result.stderr)
        self.assertRegex(result.stderr, rb"#0 .* in Fault::spoil\(double\*\) .*fault\.cpp:")
        # States are the host's memory: it sees nothing there, and the word behind the state tells later.
        config = self.compiled(IN_STATE, "-fsanitize=address")
        result = self.run_with("crashes", config, **asan)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn(b"AddressSanitizer", result.stderr)
        self.assertIn(b"wrote behind the end of its state", result.stderr)
        result = self.run_with("crashes,guards", config, **asan)
        self.assertIn(b"AddressSanitizer: SEGV on unknown address", result.stderr)
        self.assertRegex(result.stderr, rb"#0 .* in Fault::spoil\(double\*\) .*fault\.cpp:")

    # ---- guards ---------------------------------------------------------------------------------------------------

    @unittest.skipIf(is_sanitized(), "a sanitizer handles the signal before")
    def test_a_write_behind_a_state_crashes(self):
        data = points()
        result = self.run_with("guards", self.broken("writes_too_far"), data)
        self.assertEqual((result.returncode, originals(result.stdout)), (0, data))
        self.assertEqual(result.stdout.count(b"m_anomaly"), 30)
        messages = result.stderr.decode()
        self.assertIn("W! FORECASTD_DEBUG=guards: pages that nobody may touch stand around the state of each series: at least "
                      "12 KiB more for each state", messages)
        self.assertRegex(messages, r"E! plugin 'broken\.writes_too_far' crashed \(Segmentation fault\)")
        self.assertRegex(messages, r"at pipeline 'bad', series 'm,s=0', field 'v'; this series is set aside")
        self.assertEqual(self.run_with("crashes,guards", self.broken("writes_too_far")).returncode, -signal.SIGSEGV)

    def test_a_write_into_what_the_alignment_leaves(self):
        """Behind a state of 8 bytes are 8 more before the page: they are looked at with each batch."""
        folder = self.folder / "small"
        folder.mkdir()
        source = (ROOT / "tests/broken_plugins/writes_too_far.cpp").read_text()
        (folder / "small.cpp").write_text(source.replace("points = 0, last = 0", "points = 0").replace("s.last = p.value", "(void)p"))
        subprocess.run(["g++", "-std=c++20", "-fPIC", "-shared", "-I", ROOT / "sdk/include", folder / "small.cpp", "-o",
                        folder / "small.so"], check=True)
        config = self.config({"plugin_dirs": [str(folder)], "pipelines": [
            GOOD, {"interval": "1s", "forecast": {"plugin": "broken.writes_too_far"}}]})
        result = self.run_with("guards", config)
        self.assertEqual((result.returncode, originals(result.stdout)), (0, points()))
        self.assertEqual(result.stderr.count(b"wrote behind the end of its state; this series is set aside"), 1, result.stderr)
        self.assertNotIn(b"crashed", result.stderr)

    def test_memory_counts_the_pages(self):
        config = self.config({"pipelines": [GOOD]})
        plain, guarded = (int(re.search(rb": (\d+) of state", forecastd("check", config, env={"FORECASTD_DEBUG": words}).stdout)[1])
                          for words in ("", "guards"))
        self.assertGreaterEqual(guarded, plain + 3 * 4096)
        self.assertEqual(guarded % 4096, 0)
        small = self.config({"limits": {"max_memory": "2MB"}, "pipelines": [GOOD]})
        data = b"".join(b"m,s=%d v=1 %d000000000\n" % (n, i) for i in range(1, 5) for n in range(200))
        result = self.run_with("guards", small, data)
        self.assertEqual((result.returncode, originals(result.stdout)), (0, data))
        self.assertIn(b"limits.max_memory (2000000 bytes) is reached", result.stderr)

    def test_sound_plugins_write_the_same(self):
        """Every plugin that comes with forecastd, on a beer that begins again in the middle."""
        listed = forecastd("plugins").stdout.decode().splitlines()[1:]
        pipelines = []
        for line in listed:
            name = line.split()[0]
            if "required" in forecastd("plugins", name).stdout.decode():
                continue
            for part in ("forecast", "detect"):
                if re.search(rf"\b{part}s\b", line):
                    pipelines.append({"name": f"{part} {name}", "interval": "1s", part: {"plugin": name}})
        self.assertGreater(len(pipelines), 10)
        pipelines += [
            {"name": "both", "forecast": {"plugin": "holt"}, "detect": {"plugin": "zscore"}},
            {"name": "auto", "interval": "1s", "forecast": {"plugin": "auto", "horizon": 5, "diagnostics_every": "1m"},
             "detect": {"plugin": "novelty"}, "alarm": {"raise": 3}},
            {"name": "votes", "interval": "1s", "output": {"state": "{measurement}_state"},
             "detect": [{"plugin": "zscore"}, {"plugin": "quantile"}, {"plugin": "novelty"}]}]
        beer = forecastd("simulate", "--points", 1500).stdout.splitlines(keepends=True)
        halves = b"".join(beer[:800]), b"".join(beer[800:])
        written = {}
        for words in ("", "guards"):
            config = self.config({"state": {"dir": str(self.folder / f"state {words}"), "checkpoint_interval": "1s"},
                                  "pipelines": pipelines})
            written[words] = []
            for half in halves:
                result = self.run_with(words, config, half)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertNotIn(b"E! ", result.stderr)
                written[words].append(result.stdout)
        self.assertEqual(written[""], written["guards"])
        self.assertGreater(written[""][1].count(b"\n"), 10_000)


if __name__ == "__main__":
    main()
