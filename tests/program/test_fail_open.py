"""Whatever breaks, the originals go on: configs, plugins, and what is said of them."""

import subprocess
import unittest

from forecastd_test import BUILD, FORECASTD, TestCase, forecastd, is_sanitized, main

GOOD = {"name": "good", "interval": "1s", "detect": {"plugin": "zscore"}}
POINTS = "".join(f"m v={i % 5} {i}000000000\n" for i in range(1, 31))


def originals(result):
    return "".join(line + "\n" for line in result.stdout.decode().splitlines() if line.startswith("m "))


def without_proc(script):
    """Runs a shell script where /proc is empty. None: that cannot be done here."""
    for namespaces in ("-m", "-rm"):
        try:
            probe = subprocess.run(["unshare", namespaces, "mount", "-t", "tmpfs", "none", "/proc"], capture_output=True, check=False)
        except FileNotFoundError:
            return None
        if probe.returncode == 0:
            return subprocess.run(["unshare", namespaces, "sh", "-c", f"mount -t tmpfs none /proc && {script}"], timeout=30,
                                  input=POINTS.encode(), capture_output=True, check=False)
    return None


class FailOpen(TestCase):
    def run_config(self, value):
        result = forecastd("run", self.config(value), stdin=POINTS)
        self.assertEqual(result.returncode, 0)
        self.assertEqual(originals(result), POINTS)
        return result

    def errors(self, result):
        return [line for line in result.stderr.decode().splitlines() if line.startswith("E! ")]

    def test_a_bad_section_takes_nothing_along(self):
        result = self.run_config({"pipelines": [GOOD, {"name": "bad", "interval": "1x", "detect": {"plugin": "zscore"}}],
                                  "limits": {"max_serie": 5}})
        self.assertIn(b"m_anomaly", result.stdout)
        text = result.stderr.decode()
        self.assertIn("pipelines[1].interval", text)
        self.assertIn("did you mean 'max_series'", text)

    def test_a_missing_plugin(self):
        result = self.run_config({"pipelines": [GOOD, {"interval": "1s", "detect": {"plugin": "zscor"}}]})
        self.assertIn(b"m_anomaly", result.stdout)
        self.assertIn("did you mean 'zscore'", result.stderr.decode())

    def test_no_config_at_all(self):
        result = forecastd("run", self.folder / "none.json", stdin=POINTS)
        self.assertEqual((result.returncode, result.stdout.decode()), (0, POINTS))
        self.assertIn("none.json", self.errors(result)[0])

    def test_a_config_that_is_not_json(self):
        result = self.run_config('{"pipelines": [')
        self.assertEqual(result.stdout.decode(), POINTS)
        self.assertTrue(self.errors(result))

    def broken(self, kind, section):
        plugin = {"plugin": f"broken.{kind}"}
        return self.run_config({"plugin_dirs": [str(BUILD / "broken_plugins" / kind)],
                                "pipelines": [GOOD, {"name": "bad", "interval": "1s", section: plugin}]})

    def test_a_plugin_that_throws_sets_its_series_aside_with_one_error(self):
        result = self.broken("throws", "forecast")
        errors = self.errors(result)
        self.assertEqual(len(errors), 1, errors)
        self.assertRegex(errors[0], r"E! pipeline 'bad', series 'm', field 'v': plugin 'broken\.throws' failed: .+; this series is set aside")
        self.assertNotIn(b"m_forecast", result.stdout)
        self.assertEqual(result.stdout.count(b"m_anomaly"), 30)

    def test_a_plugin_that_throws_later_has_answered_until_then(self):
        result = self.broken("throws_late", "forecast")
        self.assertEqual(len(self.errors(result)), 1)
        self.assertEqual(result.stdout.count(b"m_forecast"), 9)

    def test_a_forecast_of_nan_is_an_error(self):
        result = self.broken("nan", "forecast")
        errors = self.errors(result)
        self.assertEqual(len(errors), 1, errors)
        self.assertIn("expected a finite mean", errors[0])
        self.assertNotIn(b"m_forecast", result.stdout)

    def test_an_infinite_score_is_an_error(self):
        result = self.broken("infinite", "detect")
        errors = self.errors(result)
        self.assertEqual(len(errors), 1, errors)
        self.assertIn("infinite", errors[0])
        self.assertEqual(result.stdout.count(b"m_anomaly"), 31, "those of the good pipeline, and the warm-up of the bad one")

    def assert_harmless(self, output):
        """Nothing in it moves a terminal's cursor: it is UTF-8 without control characters but newlines."""
        for character in output.decode():
            self.assertFalse(ord(character) < 0x20 and character != "\n" or 0x7f <= ord(character) < 0xa0, output)

    def test_control_characters_of_the_data_do_not_reach_a_terminal(self):
        point = b"m,host=\x1b]0;title\x07\xc2\x9b\xff v=%d %d000000000\n"
        data = b"".join(point % (i % 5, i) for i in range(1, 31))
        config = {"plugin_dirs": [str(BUILD / "broken_plugins" / "throws")],
                  "pipelines": [{"name": "bad", "interval": "1s", "forecast": {"plugin": "broken.throws"}}]}
        result = forecastd("run", self.config(config), stdin=data)
        self.assertEqual(result.stdout, data)
        self.assertIn(b"E! pipeline 'bad', series 'm,host=\\x1b]0;title\\x07\\xc2\\x9b\\xff'", result.stderr)
        self.assert_harmless(result.stderr)

    def test_control_characters_do_not_reach_a_terminal_from_any_command(self):
        evil = "\x1b[2J\udc9b\x9b\x07"
        bad = self.config({"pipelines": [{"name": "a" + evil.replace("\udc9b", ""), "forecast": {"plugin": evil.replace("\udc9b", "")}}],
                           evil.replace("\udc9b", ""): 1})
        good = self.config({"pipelines": [{"name": "good", "namepass": ["\x1b[2J\x9b"], "interval": "1s",
                                           "detect": {"plugin": "zscore"}}]}, "good.json")
        for arguments in ([evil], ["check", evil], ["check", bad], ["check", good], ["schema", "--" + evil], ["plugins", evil],
                          ["telegraf-conf", bad], ["telegraf-conf", good, "--wiring", evil], ["telegraf-conf", good, "--wiring", "shadow"],
                          ["simulate", "--scenario", evil], ["restamp", evil], ["restamp", "--interval", evil],
                          ["replay", evil], ["replay", "--speed", evil], ["run", evil], ["run", bad]):
            with self.subTest(arguments=arguments):
                result = forecastd(*arguments)
                self.assertTrue(result.stdout + result.stderr)
                self.assert_harmless(result.stdout + result.stderr)
        self.assert_harmless(forecastd("inspect", stdin="m,a=\x1b\x9b v=\"\x07\x9b\"\n").stdout)

    def with_streams(self, streams, stdin=POINTS, config=None):
        """Runs it from a shell, with redirections."""
        config = self.config(config or {"pipelines": [GOOD]})
        return subprocess.run(["sh", "-c", f"exec '{FORECASTD}' run '{config}' {streams}"], input=stdin.encode(), timeout=20,
                              capture_output=True, check=False)

    def test_a_closed_input_is_at_its_end(self):
        result = self.with_streams("<&-")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b"", b""))
        result = self.with_streams("<&- >&- 2>&-")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b"", b""))

    def test_a_closed_output_is_reported(self):
        result = self.with_streams(">&-")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr, b"E! standard output cannot be written: Bad file descriptor\n")

    def test_messages_to_a_closed_standard_error_go_nowhere_else(self):
        for streams in ("2>&-", ""):
            result = self.with_streams(streams, stdin=POINTS + "bad\n" + POINTS, config={"pipelines": [GOOD], "bad": 1})
            self.assertEqual(result.returncode, 0)
            self.assertEqual(originals(result), POINTS + POINTS)
            self.assertEqual(b"bad" in result.stdout + result.stderr, streams == "")

    @unittest.skipIf(is_sanitized(), "a sanitizer itself warns that there is no /proc")
    def test_without_proc(self):
        config = self.config({"pipelines": [GOOD], "metrics": {"every": "1h"}})
        result = without_proc(f"exec '{FORECASTD}' run '{config}'")
        if result is None:
            self.skipTest("/proc cannot be hidden here: 'unshare -m' or 'unshare -rm' with 'mount -t tmpfs none /proc' fails")
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertEqual(originals(result), POINTS)
        self.assertEqual(result.stdout.count(b"m_anomaly"), 30, "the plugins beside the program are found")
        self.assertIn(b"resident_bytes=0i", result.stdout)

    def test_without_a_current_directory(self):
        config = self.config({"plugin_dirs": ["relative"], "pipelines": [GOOD]})
        folder = self.folder / "removed"
        folder.mkdir()
        result = subprocess.run(["sh", "-c", f"rmdir '{folder}' && FORECASTD_PLUGIN_PATH=also/relative exec '{FORECASTD}' run '{config}'"],
                                cwd=folder, input=POINTS.encode(), timeout=20, capture_output=True, check=False)
        self.assertEqual(result.returncode, 0)
        self.assertEqual(originals(result), POINTS)
        self.assertIn(b"m_anomaly", result.stdout)

    def test_a_refused_plugin_file_is_named(self):
        result = self.run_config({"plugin_dirs": [str(BUILD / "broken_plugins" / "no_symbol")],
                                  "pipelines": [GOOD, {"interval": "1s", "detect": {"plugin": "acme.no-symbol"}}]})
        self.assertIn("no_symbol.so", self.errors(result)[0])
        self.assertIn(b"m_anomaly", result.stdout)

    def test_a_plugin_file_that_nothing_names_is_not_opened(self):
        for kind in ("no_symbol", "hangs_on_load", "crashes_on_load", "exits_on_load"):
            result = self.run_config({"plugin_dirs": [str(BUILD / "broken_plugins" / kind)], "pipelines": [GOOD]})
            self.assertEqual(result.stderr, b"")
            self.assertIn(b"m_anomaly", result.stdout)

    def test_a_plugin_that_writes_behind_its_state(self):
        result = self.broken("writes_too_far", "forecast")
        errors = self.errors(result)
        self.assertEqual(len(errors), 1, errors)
        self.assertIn("plugin 'broken.writes_too_far' failed: wrote behind the end of its state; this series is set aside",
                      errors[0])
        self.assertEqual(result.stdout.count(b"m_forecast"), 9)
        self.assertEqual(result.stdout.count(b"m_anomaly"), 30)

    def test_a_plugin_that_does_more_points_than_it_got(self):
        errors = self.errors(self.broken("does_more", "detect"))
        self.assertEqual(len(errors), 1, errors)
        self.assertRegex(errors[0], r"failed: said that it did \d+ points of \d+; this series is set aside")

    def test_a_score_below_0_is_an_error(self):
        result = self.broken("negative", "detect")
        errors = self.errors(result)
        self.assertEqual(len(errors), 1, errors)
        self.assertIn("a score or a deviation below 0", errors[0])
        self.assertEqual(result.stdout.count(b"m_anomaly"), 31)

    def test_a_detector_that_never_gives_a_score_is_reported_once(self):
        value = {"plugin_dirs": [str(BUILD / "broken_plugins/never_scores")],
                 "pipelines": [{"interval": "1s", "detect": {"plugin": "broken.never_scores"}}]}
        data = "".join(f"m v={i % 5} {i}000000000\n" for i in range(1, 3001))
        messages = forecastd("run", self.config(value), stdin=data).stderr.decode().splitlines()
        self.assertEqual(len(messages), 1, messages)
        self.assertRegex(messages[0], r"^W! plugin 'broken.never_scores' has given no score in \d+ points")
        data = "".join(f"m v={i % 5} {i}000000000\n" for i in range(1, 900))
        self.assertEqual(forecastd("run", self.config(value), stdin=data).stderr, b"")

    def test_a_throw_while_a_model_is_made(self):
        result = self.broken("throws_in_new", "forecast")
        self.assertIn("plugin 'broken.throws_in_new': ", self.errors(result)[0])
        self.assertIn("something that is not a std::exception", self.errors(result)[0])
        self.assertEqual(result.stdout.count(b"m_anomaly"), 30)

    def test_floating_point_mode_and_locale_are_put_back(self):
        usual = self.run_config({"pipelines": [GOOD]})
        bad = {"name": "bad", "interval": "1s", "forecast": {"plugin": "broken.rounds", "emit_every": "1h"}}
        result = self.run_config({"plugin_dirs": [str(BUILD / "broken_plugins/rounds")], "pipelines": [bad, GOOD]})
        judged = [line for line in result.stdout.splitlines() if line.startswith(b"m_anomaly")]
        self.assertEqual(judged, [line for line in usual.stdout.splitlines() if line.startswith(b"m_anomaly")])
        messages = result.stderr.decode().splitlines()
        self.assertIn("W! plugin 'broken.rounds' changed the floating point mode, which belongs to the whole process; "
                      "forecastd puts it back after each call", messages)
        self.assertIn("W! plugin 'broken.rounds' changed the locale, which belongs to the whole process; "
                      "forecastd puts it back after each call", messages)
        self.assertEqual(len(messages), 2)

    def test_messages_of_a_plugin_carry_its_name_and_are_limited(self):
        messages = self.broken("talks", "forecast").stderr.decode().splitlines()
        self.assertEqual(len(messages), 10, messages)
        self.assertRegex(messages[0], r"^W! plugin 'broken\.talks': the sensor.+is odd$")


if __name__ == "__main__":
    main()
