"""Whatever breaks, the originals go on: configs, plugins, and what is said of them."""

from forecastd_test import BUILD, TestCase, forecastd, main

GOOD = {"name": "good", "interval": "1s", "detect": {"plugin": "zscore"}}
POINTS = "".join(f"m v={i % 5} {i}000000000\n" for i in range(1, 31))


def originals(result):
    return "".join(line + "\n" for line in result.stdout.decode().splitlines() if line.startswith("m "))


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
        self.assertEqual(result.stdout.count(b"m_anomaly"), 30, "those of the good pipeline alone")

    def test_a_refused_plugin_file_is_named(self):
        result = self.run_config({"plugin_dirs": [str(BUILD / "broken_plugins" / "no_symbol")], "pipelines": [GOOD]})
        self.assertEqual(len(self.errors(result)), 1)
        self.assertIn("no_symbol.so", self.errors(result)[0])


if __name__ == "__main__":
    main()
