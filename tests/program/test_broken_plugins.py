"""Each fault of a plugin that shows when it is loaded: the sentence that `forecastd plugins` prints for it."""

import os
import shutil

import forecastd_test
from forecastd_test import BUILD, emulator_cannot, forecastd

FOLDER = BUILD / "broken_plugins"
NO_LEAKS = {"ASAN_OPTIONS": "detect_leaks=0"}  # a child that a plugin ends has freed nothing, which a sanitizer reports


class BrokenPlugins(forecastd_test.TestCase):
    def problems(self, *directories):
        """What `plugins` says on stderr with these directories."""
        options = [part for directory in directories for part in ("--plugin-dir", directory)]
        result = forecastd("plugins", *options, env=NO_LEAKS)
        self.assertEqual(result.returncode, 0, result.stderr)
        return [line for line in result.stderr.decode().splitlines() if not line.startswith("E! there is no algorithm")]

    def check(self, name, reason):
        self.assertEqual(self.problems(FOLDER / name), [f"E! {FOLDER}/{name}/{name}.so: {reason}"])

    def test_no_symbol(self):
        self.check("no_symbol",
                   "exports no forecastd_library_v1, so it is no forecastd plugin; end a C++ plugin with "
                   "FORECASTD_PLUGIN(Model), or move the file elsewhere")

    def test_wrong_major(self):
        self.check("wrong_major",
                   "is built for plugin interface version 2, this forecastd speaks version 1: rebuild it with this SDK")

    def test_entry_null(self):
        version = forecastd("--version").stdout.decode().split()[1]
        self.check("entry_null",
                   f"forecastd_library_v1 returned NULL: it cannot run in forecastd {version} with plugin interface 1.0; "
                   "ask its author what it needs")

    def test_entry_throws(self):
        self.check("entry_throws",
                   "forecastd_library_v1 threw an exception, which an entry point must not: "
                   "the licence server does not answer")

    def test_unresolved(self):
        self.check("unresolved", "cannot be loaded: undefined symbol: forecastd_broken_nowhere")

    @emulator_cannot("qemu reports the crash, too")
    def test_crashes_on_load(self):
        self.check("crashes_on_load", "crashed while it was loaded (Aborted)")

    def test_exits_on_load(self):
        self.check("exits_on_load", "ended the process while it was loaded (exit code 7), or closed descriptors that are "
                                    "not its own")

    def test_hangs_on_load(self):
        """In a command that reads a config, which can shorten the deadline."""
        value = {"plugin_dirs": [str(FOLDER / "hangs_on_load")], "plugins": {"deadline": "300ms"},
                 "pipelines": [{"interval": "1s", "detect": {"plugin": "broken.hangs_on_load"}}]}
        for command in ("check", "telegraf-conf", "run"):
            result = forecastd(command, self.config(value), stdin="m v=1 1\n")
            self.assertIn("hangs_on_load.so: did not finish loading within 0.3s, the deadline of a call; it hangs, or "
                          "waits for something", result.stderr.decode())
        self.assertEqual(result.stdout, b"m v=1 1\n")

    def test_unknown_bits(self):
        self.check("unknown_bits",
                   "algorithm 'broken.sound': its abilities are 10, which has bits that version 1.0 of the plugin "
                   "interface does not define, expected at most 3")

    @emulator_cannot("qemu reports the crash, too")
    def test_a_file_that_crashes_does_not_take_along_those_behind_it(self):
        result = forecastd("plugins", "--plugin-dir", FOLDER / "crashes_on_load", "--plugin-dir", FOLDER / "nan",
                           "--plugin-dir", FOLDER / "exits_on_load", env=NO_LEAKS)
        self.assertIn("broken.nan", result.stdout.decode())
        self.assertIn("zscore", result.stdout.decode())
        self.assertEqual(len(result.stderr.decode().splitlines()), 2)

    def test_a_state_larger_than_the_memory(self):
        value = {"plugin_dirs": [str(FOLDER / "huge")], "limits": {"max_memory": "5MB"},
                 "pipelines": [{"interval": "1s", "forecast": {"plugin": "broken.huge"}}]}
        result = forecastd("check", self.config(value))
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr.decode(), r"E! limits\.max_memory: pipeline 'pipeline 1' needs 8000\d\d\d bytes for "
                                                 r"each series, which is more than 5000000, the memory for all series")

    def test_short_library(self):
        self.check("short_library",
                   "its fcd_library says that it is 16 bytes long, expected at least 56; "
                   "set struct_size to sizeof(fcd_library)")

    def test_short_algorithm(self):
        self.check("short_algorithm",
                   "algorithm 1 of 1: its fcd_algorithm says that it is 16 bytes long, expected at least 144; "
                   "set struct_size to sizeof(fcd_algorithm)")

    def test_missing_function(self):
        self.check("missing_function",
                   "algorithm 'broken.sound': has no function forecast, which an algorithm with FCD_FORECASTS needs")

    def test_bad_default(self):
        self.check("bad_default",
                   "algorithm 'broken.sound': parameter 'weight': its default 5 is outside its range from 0 to 1")

    def test_duplicate(self):
        self.assertEqual(self.problems(FOLDER / "duplicate_a", FOLDER / "duplicate_b"),
                         [f"E! {FOLDER}/duplicate_b/duplicate_b.so: algorithm 'broken.duplicate' is there already, from "
                          f"{FOLDER}/duplicate_a/duplicate_a.so; remove one of the two"])

    def test_writable_by_others(self):
        file = self.folder / "nan.so"
        shutil.copy(FOLDER / "nan/nan.so", file)
        os.chmod(file, 0o666)
        self.assertEqual(self.problems(self.folder),
                         [f"E! {file}: may be written to by its group or by others (mode 0666), who could change what "
                          f"forecastd runs; forbid that with 'chmod go-w {file}'"])

    def test_refuses_its_defaults(self):
        result = forecastd("plugins", "broken.refuses", "--plugin-dir", FOLDER / "refuses")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("unknown, since its default parameters are refused: plugin 'broken.refuses': these parameters do not go together",
                      result.stdout.decode())

    def test_faults_at_run_time_load(self):
        names = ["throws", "throws_late", "crashes", "refuses", "nan", "infinite"]
        self.assertEqual(self.problems(*[FOLDER / name for name in names]), [])

    def test_one_bad_plugin_does_not_stop_another(self):
        result = forecastd("plugins", "--plugin-dir", FOLDER / "unresolved", "--plugin-dir", FOLDER / "nan")
        self.assertIn("broken.nan", result.stdout.decode())
        self.assertIn("undefined symbol", result.stderr.decode())


if __name__ == "__main__":
    forecastd_test.main()
