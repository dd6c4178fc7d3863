"""SIGKILL to forecastd while points flow: Telegraf starts it again, and the flow goes on."""

import os
import signal

from telegraf_test import TelegrafTest, figure, main, numbers

RATE = 2_000
CONFIG = {"pipelines": [{"namepass": ["seq"], "fieldpass": ["value"], "interval": "1s",
                         "forecast": {"plugin": "holt", "horizon": 1}, "detect": {"plugin": "zscore"}}]}


class Death(TelegrafTest):
    def test_it_is_started_again_and_goes_on(self):
        running = self.start_telegraf(self.from_generator(rate=RATE), self.clone("sent"),
                                      self.execd(CONFIG, 'namepass = ["seq"]'))
        anomaly_lines = lambda: self.output_bytes().count(b"seq_anomaly,")  # noqa: E731
        running.wait_for(lambda: anomaly_lines() > RATE, "the flow")
        first, = running.children()
        os.kill(first, signal.SIGKILL)
        second, = running.wait_for(lambda: [pid for pid in running.children() if pid != first], "another child")
        self.assertNotEqual(second, first)
        before = anomaly_lines()
        running.wait_for(lambda: anomaly_lines() > before + RATE, "the flow to go on")
        running.stop()

        points = self.points()
        sent, came = numbers(points["sent"]), numbers(points["seq"])
        self.assertEqual(sent, list(range(len(sent))))
        self.assertEqual(len(set(came)), len(came), "a point came twice")
        lost = sorted(set(sent) - set(came))
        self.assertEqual(lost, list(range(lost[0], lost[0] + len(lost))), "one stretch, and nothing after the restart")
        self.assertIn(" E! ", running.log())
        figure(f"death: SIGKILL at {RATE} points/s with restart_delay 0.5 s: {len(lost)} of {len(sent)} points lost")


if __name__ == "__main__":
    main()
