"""Labels in band: what an operator posts to Telegraf, or appends to a file that it reads, reaches forecastd, and the series
that it names raise no alarms until another label says so. A series that stops is an event, though nothing comes from it."""

import re
import sys
import time
import urllib.request

from telegraf_test import TelegrafTest, free_port, main, toml

CONFIG = {
    "control": {"measurement": "forecastd_control"},
    "pipelines": [{
        "name": "p", "namepass": ["m"], "interval": "100ms",
        "detect": {"plugin": "zscore", "params": {"z_threshold": 6}, "emit": "anomalies", "no_data_after": "3s"},
    }],
}

# Two hosts, ten points a second, with a value far off in every third second; host b stops when a file is there.
SOURCE = """
import pathlib, sys, time
i = 0
while True:
    spike = i % 30 == 29 and i > 60
    for host in "ab":
        if host == "b" and pathlib.Path(sys.argv[1]).exists(): continue
        print(f"m,host={host} v={1000 if spike else i % 3} {time.time_ns()}", flush=True)
    i += 1
    time.sleep(0.1)
"""


class Labels(TelegrafTest):
    def test_suppress_resume_and_a_series_that_stops(self):
        source, labels, stop = self.folder / "source.py", self.folder / "labels.lp", self.folder / "stop"
        source.write_text(SOURCE)
        labels.write_text("")
        port = free_port()
        running = self.start_telegraf(f"""
[[inputs.execd]]
  command = {toml([sys.executable, source, stop])}
  signal = "none"
  data_format = "influx"
[[inputs.tail]]
  files = [{toml(labels)}]
  watch_method = "poll"
  tagexclude = ["path"]
  data_format = "influx"
[[inputs.http_listener_v2]]
  service_address = "tcp://127.0.0.1:{port}"
  paths = ["/labels"]
  data_format = "influx"
""", self.execd(CONFIG))

        def post(text):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/labels", f"{text} {time.time_ns()}".encode(), timeout=30).close()

        def append(text):
            with labels.open("a") as file:
                file.write(f"{text} {time.time_ns()}\n")

        def alarms(host):
            return [point for point in self.points().get("m_anomaly", []) if point["tags"]["host"] == host]

        def labels_out():
            return self.points().get("forecastd_control", [])

        running.wait_for(lambda: alarms("a") and alarms("b"), "alarms of both hosts")
        post('forecastd_control,host=a action="suppress"')
        running.wait_for(labels_out, "the label")
        a, b = len(alarms("a")), len(alarms("b"))
        running.wait_for(lambda: len(alarms("b")) >= b + 2, "two more alarms of the other host")
        self.assertLessEqual(len(alarms("a")), a + 1)  # one may have been on its way
        append('forecastd_control,host=a action="resume"')
        a = len(alarms("a"))
        running.wait_for(lambda: len(alarms("a")) > a, "an alarm after it was resumed")

        stop.touch()
        events = running.wait_for(lambda: [point for point in self.points().get("m_event", [])
                                           if point["fields"]["reason"]["value"] == "no data"], "the event")
        self.assertEqual(events[0]["tags"]["host"], "b")
        self.assertEqual(events[0]["fields"]["state"]["value"], "open")
        stop.unlink()
        running.wait_for(lambda: [point for point in self.points()["m_event"] if point["fields"]["state"]["value"] == "closed"
                                  and point["tags"]["host"] == "b"], "its end")
        running.stop()
        # Telegraf may read from a source that it has ended already, and logs that as an error of inputs.execd.
        errors = [line for line in re.findall(r"E! .*", running.log()) if "[inputs.execd]" not in line]
        self.assertFalse(errors)


if __name__ == "__main__":
    main()
