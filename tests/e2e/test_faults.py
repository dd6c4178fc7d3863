"""Whatever is wrong with the config or a plugin: the data flows on, and Telegraf's log says what it is."""

from telegraf_test import BUILD, TelegrafTest, figure, main, numbers

import reference_parser  # noqa: E402  (found through telegraf_test)

GOOD = {"name": "good", "namepass": ["seq"], "fieldpass": ["value"], "interval": "1s", "detect": {"plugin": "zscore"}}
POINTS = 500
DATA = b"".join(b"seq value=%d,n=%di %d000000000\n" % (n % 7, n, n) for n in range(1, POINTS + 1))


def broken(name):
    """A config with a pipeline that is good and one with a plugin that is not."""
    return {"plugin_dirs": [str(BUILD / "broken_plugins" / name)],
            "pipelines": [GOOD, {"name": "bad", "namepass": ["seq"], "fieldpass": ["value"], "interval": "1s",
                                 "forecast": {"plugin": f"broken.{name}"}}]}


class Faults(TelegrafTest):
    def assert_flows(self, config, message, good_pipeline=True):
        """The originals come out, the good pipeline works, and the log has an error with this message."""
        _, log = self.run_telegraf(self.from_file(DATA), self.execd(config))
        points = self.points()
        self.assert_same_points(points["seq"], reference_parser.parse(DATA))
        judged = len(points.get("seq_anomaly", []))
        self.assertEqual(judged, POINTS if good_pipeline else 0)
        self.assertTrue(any(message in line for line in self.lines_at("E", log)), log)
        self.assertNotIn("stderr:", log)  # what Telegraf writes before a line without a level
        self.assertNotIn("exited", log)
        return points

    def test_a_config_that_is_no_json(self):
        self.assert_flows('{"pipelines": [', "config.json", good_pipeline=False)

    def test_a_bad_pipeline(self):
        self.assert_flows({"pipelines": [GOOD, {"name": "bad", "interval": "1x", "detect": {"plugin": "zscore"}}]},
                          "pipelines[1].interval")

    def test_a_missing_plugin(self):
        self.assert_flows({"pipelines": [GOOD, {"name": "bad", "detect": {"plugin": "no-such-plugin"}}]},
                          "there is no algorithm 'no-such-plugin'")

    def test_a_plugin_file_that_is_refused(self):
        self.assert_flows(broken("unresolved"), "undefined symbol")

    def test_a_plugin_that_throws(self):
        points = self.assert_flows(broken("throws_late"), "the model broke down at point 10")
        self.assertEqual(len(points["seq_forecast"]), 9)

    def test_a_plugin_that_crashes(self):
        """The process goes on without it: Telegraf sees no exit, and the good pipeline goes on."""
        self.assert_flows(broken("crashes"), "plugin 'broken.crashes' crashed")

    def test_a_plugin_that_crashes_in_a_flood(self):
        running = self.start_telegraf(self.from_generator(), self.clone("sent"),
                                      self.execd(broken("crashes"), 'namepass = ["seq"]'))
        running.wait_for(lambda: len(self.output_bytes()) > 1_000_000, "the flow")
        running.stop()
        points = self.points()
        sent, came = numbers(points["sent"]), numbers(points["seq"])
        self.assertEqual(sent, list(range(len(sent))))
        self.assertEqual(came, sent)
        self.assertIn("plugin 'broken.crashes' crashed", running.log())
        self.assertNotIn("exited", running.log())
        figure(f"a plugin that crashes in a flood: {len(sent)} points sent, {len(sent) - len(came)} lost")


if __name__ == "__main__":
    main()
