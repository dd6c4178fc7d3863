"""Our messages stand in Telegraf's log at their own levels."""

from telegraf_test import TelegrafTest, main

CONFIG = {
    "pipelines": [{"name": "good", "interval": "1s", "forecast": {"plugin": "naive", "level": [0.95]}, "detect": {"plugin": "zscore"}},
                  {"name": "bad", "detect": {"plugin": "zscor"}}],
}


class LogLevels(TelegrafTest):
    def messages(self, level):
        """level -> the messages in Telegraf's log, with forecastd's log.level at this."""
        _, log = self.run_telegraf(self.from_file(b"m v=1 1\n"), self.execd({**CONFIG, "log": {"level": level}}),
                                   agent="skip_processors_after_aggregators = true\n  debug = true")
        self.assertNotIn("stderr:", log)  # what Telegraf writes before a line without a level
        return {level: self.lines_at(level, log) for level in "EWID"}

    def test_each_message_has_its_level(self):
        messages = self.messages("debug")
        for level, text in (("E", "did you mean 'zscore'"), ("W", "levels are percentages"), ("I", "pipeline 'good' runs")):
            for other in "EWID":
                self.assertEqual(any(text in message for message in messages[other]), other == level, (text, other, messages))

    def test_by_default_there_are_warnings_and_errors(self):
        messages = self.messages("warn")
        self.assertTrue(messages["E"])
        self.assertTrue(messages["W"])
        self.assertFalse([message for message in messages["I"] if "pipeline" in message])


if __name__ == "__main__":
    main()
