"""SIGTERM while points flow, to Telegraf or to all of its process group: all that was sent to forecastd comes out as it was
sent, and it ends by itself."""

import os

from telegraf_test import TelegrafTest, figure, main, numbers

GRACE_S = 5  # Telegraf waits so long for its child before it sends a signal
# A forecast and an anomaly line for every point, so that there is more to hand over than came in.
CONFIG = {"pipelines": [{"namepass": ["seq"], "fieldpass": ["value"], "interval": "1s",
                         "forecast": {"plugin": "holt", "horizon": 1}, "detect": {"plugin": "zscore"}}],
          "metrics": {"every": "1h"}}  # and so once at the end


class Stop(TelegrafTest):
    def stop_in_a_flood(self, group):
        """A copy that takes another way tells what came as far as forecastd; its own last counters tell the same."""
        running = self.start_telegraf(self.from_generator(), self.clone("sent"),
                                      self.execd(CONFIG, 'namepass = ["seq"]'))
        running.wait_for(lambda: len(self.output_bytes()) > 2_000_000, "the flow")
        (child,) = running.children()
        self.assertEqual(os.getpgid(child), running.process.pid)
        seconds = running.stop(group)
        self.assert_no_errors(running.log())
        points = self.points()
        sent, came = numbers(points["sent"]), numbers(points["seq"])
        self.assertEqual(sent, list(range(len(sent))))
        self.assertEqual(came, sent)
        self.assert_same_points([{**point, "measurement": "seq"} for point in points["sent"]], points["seq"])
        self.assertEqual(len(points["seq_anomaly"]), len(sent))
        self.assertEqual(len(points["seq_forecast"]), len(sent))
        self.assertEqual(points["forecastd"][-1]["fields"]["points"]["value"], len(sent))
        self.assertLess(seconds, GRACE_S)
        figure(f"stop: SIGTERM in a flood{' to the group' if group else ''}: {len(sent)} points sent, "
               f"{len(sent) - len(came)} lost; ended after {seconds:.2f} s")

    def test_nothing_that_was_sent_is_lost(self):
        self.stop_in_a_flood(group=False)

    def test_nothing_is_lost_or_altered_when_the_process_group_is_stopped(self):
        """As by Ctrl-C or a service manager: forecastd gets the signal while Telegraf still sends what it has."""
        self.stop_in_a_flood(group=True)

    def test_a_trickle_is_stopped_at_once(self):
        running = self.start_telegraf(self.from_generator(rate=200), self.execd(CONFIG))
        running.wait_for(self.output_bytes, "the first points")
        seconds = running.stop()
        self.assert_no_errors(running.log())
        points = self.points()
        came = numbers(points["seq"])
        self.assertEqual(came, list(range(len(came))))
        self.assertEqual(len(points["seq_anomaly"]), len(came))
        self.assertLess(seconds, GRACE_S)


if __name__ == "__main__":
    main()
